"""What provokes each defect of the table of missing reversals."""

from switch import elements as de
from tests.terminal.bench import CLOSE, SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene, changed, two_sales

HALF = Say(raw=bytes.fromhex("0073600000000360"))  # of 117 bytes, and no more


def plug(bench: Bench) -> None:
    bench.signed_on().on("sale", SILENCE).sells(10)
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run()
    bench.sells()


def cancel(bench: Bench) -> None:
    bench.signed_on().on("sale", SILENCE).sells(10)
    bench.ask("cancel")
    bench.run()
    bench.sells()


def sign_on_between(bench: Bench) -> None:
    bench.signed_on().on("sale", Say(mac="wrong")).sells()
    bench.sells()


def late(bench: Bench) -> None:
    bench.signed_on().on("sale", Say(after=65)).sells(70)
    bench.sells()


def no_line(bench: Bench) -> None:
    bench.signed_on().on("sale", CLOSE)
    bench.refuse = 9
    bench.sells(30)
    bench.sells(30)
    bench.refuse = 0
    bench.sells(30)


PROVOKED: dict[str, Scene] = {
    "never-reverses": two_sales(SILENCE),
    "no-reversal-after-lost-connection": two_sales(CLOSE),
    "no-reversal-after-mismatch": changed(de.MERCHANT_ID, "898310012345679"),
    "no-reversal-after-bad-mac": two_sales(Say(mac="wrong")),
    "cancel-drops-reversal": cancel,
    "forgets-reversal-at-power-off": plug,
    "forgets-reversal-at-sign-on": sign_on_between,
    "accepts-late-approval": late,
    "no-reversal-after-half-an-answer": two_sales(Say(cut=20)),
    "waits-for-the-rest": two_sales(HALF, wait=120),
    "forgets-reversal-without-a-line": no_line,
}
