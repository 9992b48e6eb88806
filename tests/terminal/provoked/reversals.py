"""What provokes each wrong reversal."""

from tests.terminal.bench import SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene, two_sales


def always_96(bench: Bench) -> None:
    bench.on("reversal", *[Say("96")] * 200)
    two_sales(SILENCE, wait=130)(bench)


def lost_void(bench: Bench) -> None:
    bench.signed_on().sells()
    bench.on("void", SILENCE).ask("void")
    bench.run(61)
    bench.sells()


PROVOKED: dict[str, Scene] = {
    "new-stan-in-reversal": two_sales(SILENCE),
    "changes-amount-in-reversal": two_sales(SILENCE),
    "strips-the-reversal": two_sales(SILENCE),
    "wrong-reason": two_sales(SILENCE),
    "pin-in-reversal": two_sales(SILENCE),
    "track-in-reversal": two_sales(SILENCE),
    "repeats-as-0401": two_sales(SILENCE, wait=130, reversal=SILENCE),
    "gives-up-after-one-try": two_sales(SILENCE, wait=130, reversal=SILENCE),
    "never-stops-reversing": always_96,
    "reverses-after-acknowledged": two_sales(SILENCE),
    "repeats-after-not-found": two_sales(SILENCE, reversal=Say("25")),
    "repeats-after-invalid": two_sales(SILENCE, reversal=Say("12")),
    "reverses-the-sale-instead-of-the-void": lost_void,
    "ends-on-any-reversal-response": two_sales(SILENCE, reversal=Say("96")),
}
