"""What provokes each defect of stored transactions."""

from tests.terminal.bench import SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene


def stored(*says: Say, then: tuple[str, ...] = ("sale", "settle"), power: bool = False) -> Scene:
    """An offline sale whose upload is answered so, and what is asked afterwards."""

    def drive(bench: Bench) -> None:
        bench.signed_on().on("offline_sale", *says)
        for do in ("offline_sale", *(("power_off", "power_on") if power else ()), *then):
            bench.ask(do, amount=500)
            bench.run(400)

    return drive


TWICE = ("sale", "next_transaction", "settle")
PROVOKED: dict[str, Scene] = {
    "settles-before-upload": stored(then=("settle",)),
    "forgets-stored-sales-at-power-off": stored(power=True),
    "takes-duplicate-for-a-refusal": stored(Say("94")),
    "uploads-a-refused-sale-again": stored(Say("14"), then=TWICE),
    "counts-refused-uploads": stored(Say("14")),
    "uploads-once": stored(SILENCE, then=TWICE),
    "never-stops-uploading-a-sale": stored(*[SILENCE] * 5),
    "new-stan-for-a-repeated-upload": stored(SILENCE, then=TWICE),
    "reverses-an-upload": stored(SILENCE),
    "believes-any-answer-to-an-upload": stored(Say(mac="wrong"), then=TWICE),
    "counts-the-adjusted-sale-too": stored(then=("tip", "settle")),
    "voids-an-adjusted-sale": stored(then=("sale", "tip", "void")),
}
