"""What provokes each defect of counting, uploading and closing a batch."""

from tests.terminal.bench import SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene

NOT_BALANCED = Say(flags="21")


def settled(*asked: str, wait: float = 1, **on: Say | tuple[Say, ...]) -> Scene:
    """What is asked one after the other, then a settlement and another sale."""

    def drive(bench: Bench) -> None:
        bench.signed_on()
        for kind, says in on.items():
            bench.on(kind, *(says if isinstance(says, tuple) else (says,)))
        for do in asked:
            bench.ask(do)
            bench.run(wait)
        bench.ask("settle")
        bench.run(400)
        bench.ask("next_transaction")
        bench.run(400)

    return drive


def cut_off(bench: Bench) -> None:
    """Power is cut while the end of the upload awaits its answer."""
    bench.signed_on().on("settlement", NOT_BALANCED).on("batch_end", SILENCE).sells()
    bench.ask("settle")
    bench.run(5)
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run(5)
    bench.ask("next_transaction")
    bench.run(5)


def two_days(bench: Bench) -> None:
    settled("sale")(bench)
    bench.ask("settle")
    bench.run()


NINE_SALES = ("sale",) * 9
PROVOKED: dict[str, Scene] = {
    "leaves-voided-sales-out": settled("sale", "void"),
    "takes-foreign-cards-for-local-ones": settled("sale", sale=Say(set={63: "VIS"})),
    "uploads-one-block-only": settled(*NINE_SALES, settlement=NOT_BALANCED),
    "leaves-refunds-and-advices-out": settled(
        "preauth", "completion_advice", settlement=NOT_BALANCED
    ),
    "counts-declined-sales": settled("sale", sale=Say("51")),
    "counts-reversed-sales": settled("sale", wait=61, sale=SILENCE),
    "settles-before-reversal": settled("sale", wait=61, sale=SILENCE),
    "wants-a-code-in-the-settlement-response": settled("sale"),
    "clears-the-batch-when-the-host-cannot-compare": settled("sale", settlement=Say(flags="33")),
    "uploads-nothing": settled("sale", settlement=NOT_BALANCED),
    "uploads-a-balanced-batch": settled("sale"),
    "ends-every-batch-as-balanced": settled("sale", settlement=NOT_BALANCED),
    "one-stan-for-the-whole-upload": settled(*NINE_SALES, settlement=NOT_BALANCED),
    "counts-messages-in-the-end": settled(*NINE_SALES, settlement=NOT_BALANCED),
    "skips-a-lost-block": settled("sale", settlement=NOT_BALANCED, batch_upload=SILENCE),
    "takes-a-refused-block-for-accepted": settled(
        "sale", settlement=NOT_BALANCED, batch_upload=Say("96")
    ),
    "never-stops-uploading": settled("sale", batch_end=(SILENCE,) * 5),
    "sells-before-the-batch-is-closed": settled("sale", batch_end=(SILENCE,) * 3),
    "forgets-the-settlement-at-power-off": cut_off,
    "keeps-the-batch-number": settled("sale"),
    "keeps-the-settled-log": two_days,
}
