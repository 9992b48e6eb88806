"""What provokes each needless message."""

from tests.terminal.bench import SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene, two_sales


def printer(bench: Bench) -> None:
    bench.signed_on().ask("print_fails")
    bench.sells().sells()


def balance(bench: Bench) -> None:
    bench.signed_on().on("balance", SILENCE).ask("balance")
    bench.run(61)
    bench.sells()


def unsent(bench: Bench) -> None:
    bench.signed_on()
    bench.terminal.lost("host")
    bench.refuse = 1
    bench.sells(5)
    bench.sells(5)


def voids(bench: Bench) -> None:
    bench.signed_on().sells()
    bench.ask("void")
    bench.ask("void")
    bench.run()


PROVOKED: dict[str, Scene] = {
    "reverses-a-decline": two_sales(Say("51")),
    "reverses-unsent": unsent,
    "reverses-unknown-balance": balance,
    "reverses-when-printer-fails": printer,
    "reverses-too-early": two_sales(Say(after=30)),
    "waits-too-long": two_sales(SILENCE, wait=120),
    "resends-the-sale": two_sales(SILENCE, wait=130),
    "retries-invalid-merchant": two_sales(Say("03")),
    "sale-before-reversal": two_sales(SILENCE),
    "voids-twice": voids,
    "gives-up-seconds-early": two_sales(Say(after=58)),
    "retries-after-a0": two_sales(Say("A0")),
}
