"""The scenes that several themes share."""

from collections.abc import Callable

from tests.terminal.bench import Bench, Say

Scene = Callable[[Bench], None]

A0 = Say("A0", mac="absent")


def two_sales(*says: Say, wait: float = 61, **on: Say) -> Scene:
    """A sale with these answers, then another; more answers by class."""

    def drive(bench: Bench) -> None:
        bench.signed_on().on("sale", *says)
        for kind, say in on.items():
            bench.on(kind, say)
        bench.sells(wait)
        bench.ask("next_transaction")
        bench.run(300)

    return drive


def changed(element: int, value: str) -> Scene:
    return two_sales(Say(set={element: value}))
