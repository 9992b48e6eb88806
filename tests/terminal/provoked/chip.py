"""What provokes each defect of chip cards."""

from tests.terminal.bench import SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene

WRONG_ARPC = Say(tags={"91": "00" * 10})
SCRIPT = Say(tags={"72": "9F180400000001860504DA9F7900"})
BAD_SCRIPT = Say(tags={"72": "9F180400000002860504FF000000"})


def chip_sale(*says: Say, entry: str = "chip", **on: tuple[Say, ...]) -> Scene:
    """A sale with the chip and these answers, then a swiped one; more answers by class."""

    def drive(bench: Bench) -> None:
        bench.signed_on().on("sale", *says)
        for kind, more in on.items():
            bench.on(kind, *more)
        bench.sells(61, card="chip", entry=entry)
        bench.ask("next_transaction")
        bench.run(2000)

    return drive


def refusing_card(bench: Bench) -> None:
    bench.ask("card_refuses")
    chip_sale()(bench)


def power_cut(bench: Bench) -> None:
    bench.signed_on().on("sale", SCRIPT).on("script_result", SILENCE)
    bench.sells(2, card="chip", entry="chip")
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run().sells()


def settled_chips(flags: str = "11") -> Scene:
    """A chip sale, one that the card refuses, and a settlement."""

    def drive(bench: Bench) -> None:
        bench.signed_on().on("sale", Say(), WRONG_ARPC).on("settlement", Say(flags=flags))
        for _ in range(2):
            bench.sells(card="chip", entry="chip", amount=4_200)
        bench.ask("settle")
        bench.run(30)

    return drive


def offline_chip(bench: Bench) -> None:
    bench.signed_on()
    bench.ask("offline_sale", card="chip", entry="chip", amount=4_200)
    bench.run().sells()


PROVOKED: dict[str, Scene] = {
    "ignores-card-refusal": refusing_card,
    "no-reversal-after-card-refusal": chip_sale(WRONG_ARPC),
    "skips-issuer-authentication": chip_sale(WRONG_ARPC),
    "full-chip-data-in-reversal": chip_sale(SILENCE),
    "hides-why-the-card-refused": chip_sale(WRONG_ARPC),
    "fixed-unpredictable-number": chip_sale(),
    "cryptogram-over-no-amount": chip_sale(),
    "never-reports-scripts": chip_sale(SCRIPT),
    "reports-script-late": chip_sale(SCRIPT),
    "reverses-before-script-report": chip_sale(Say(tags={"71": "860504DA9F7900", "91": "00" * 10})),
    "reports-script-under-old-number": chip_sale(SCRIPT),
    "reports-only-scripts-that-ran": chip_sale(BAD_SCRIPT),
    "reverses-after-failed-script": chip_sale(BAD_SCRIPT),
    "never-stops-reporting-scripts": chip_sale(SCRIPT, script_result=(SILENCE,) * 30),
    "forgets-script-at-power-off": power_cut,
    "swipes-a-declined-chip": chip_sale(Say("63")),
    "uploads-no-chip-details": settled_chips(),
    "keeps-refused-chips-to-itself": settled_chips(),
    "uploads-chips-as-balanced": settled_chips("21"),
    "uploads-offline-chip-without-certificate": offline_chip,
    "passes-typed-cards-for-swiped": chip_sale(entry="manual"),
    "hides-fallback": chip_sale(entry="fallback"),
}
