"""What provokes each defect, one module per table of the catalogue, and what is then heard."""

from tests.terminal.bench import Bench
from tests.terminal.provoked import (
    authorizations,
    chip,
    declines,
    downloads,
    forwarding,
    missing_reversals,
    needless,
    power,
    qr,
    replies,
    reversals,
    settlement,
    sign_on,
)
from tests.terminal.provoked.scenes import Scene

# defect -> what provokes it
PROVOKED: dict[str, Scene] = {
    **missing_reversals.PROVOKED,
    **needless.PROVOKED,
    **reversals.PROVOKED,
    **replies.PROVOKED,
    **declines.PROVOKED,
    **sign_on.PROVOKED,
    **settlement.PROVOKED,
    **authorizations.PROVOKED,
    **chip.PROVOKED,
    **forwarding.PROVOKED,
    **downloads.PROVOKED,
    **power.PROVOKED,
    **qr.PROVOKED,
}


def heard(name: str, style: str, defect: str = "") -> Bench:
    """The scene of this defect, played by a terminal that has it, or by a correct one."""
    bench = Bench(style, defect)
    PROVOKED[name](bench)
    return bench


def kinds(name: str, style: str = "eager") -> list[str]:
    return [one.kind for one in heard(name, style, name).requests if one.kind != "sign_on"]
