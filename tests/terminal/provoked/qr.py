"""What provokes each defect of QR sales."""

from tests.terminal.bench import SILENCE
from tests.terminal.provoked.authorizations import acts
from tests.terminal.provoked.scenes import Scene

PROVOKED: dict[str, Scene] = {
    "never-reverses-a-qr-sale": acts("qr_sale", wait=61, qr_sale=SILENCE),
    "shows-a-card-in-a-qr-sale": acts("qr_sale"),
}
