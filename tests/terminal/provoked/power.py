"""What provokes each defect of power cuts."""

from __future__ import annotations

from switch.security import WorkingKeys
from tests.terminal.bench import PIK, SILENCE, Bench
from tests.terminal.provoked.scenes import Scene
from tests.terminal.provoked.sign_on import OTHER_MAK


def cut(bench: Bench) -> None:
    """The power goes for a moment."""
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run(1)


def sale_then_void(bench: Bench) -> None:
    bench.signed_on().sells(2)
    cut(bench)
    bench.ask("void")
    bench.run(10)


def sale_then_sale(bench: Bench) -> None:
    bench.signed_on().sells(2)
    cut(bench)
    bench.sells(10)


def cut_sign_on(bench: Bench) -> None:
    bench.signed_on()
    bench.next_keys = [WorkingKeys(PIK, OTHER_MAK)]
    bench.on("sign_on", SILENCE)
    bench.ask("sign_on")
    bench.run(2)
    cut(bench)
    bench.sells(10)


PROVOKED: dict[str, Scene] = {
    "forgets-sales-at-power-off": sale_then_void,
    "reverses-while-it-prints": sale_then_sale,
    "forgets-the-last-stan": sale_then_sale,
    "stays-signed-on-while-signing-on": cut_sign_on,
}
