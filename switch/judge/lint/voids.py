"""Rules about voids (protocol 6.12, 6.13)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn

BACK_TWICE = "the cardholder gets money back that was never taken, or gets it back twice"


def _sale(turn: Turn) -> Turn | None:
    """The sale that a void names, if this log has it and its outcome is plain."""
    sale = turn.original
    if turn.name != "void" or sale is None or sale.name != "sale":
        return None
    same_batch = turn.value("original.batch") in {"", sale.value("batch")}
    return sale if same_batch else None


@lint("U1", "U3", "D1")
def voids_what_stands(story: Story, turn: Turn) -> Iterator[Found]:
    """A void names a sale that was approved, and neither reversed nor voided."""
    sale = _sale(turn)
    if sale is None:
        return
    if story.declined(sale):
        text = f"{turn.shown} voids {sale.shown}, which was declined {story.said(sale)}"
        yield must("U1", text, BACK_TWICE)
    elif sale.reversed:
        yield must("U1", f"{turn.shown} voids {sale.shown}, which was reversed", BACK_TWICE)
    elif sale.voided and not sale.voided.cut:
        text = f"{turn.shown} voids {sale.shown}, which {sale.voided.shown} has voided"
        yield must("U3", text, BACK_TWICE)


@lint("U1", "D10")
def voids_the_whole_amount(story: Story, turn: Turn) -> Iterator[Found]:
    """A void is for the card and the whole approved amount of its sale."""
    sale = _sale(turn)
    if sale is None or not story.approved(sale):
        return
    booked = sale.told("amount") or sale.value("amount")
    if turn.value("amount") != booked:
        partly = booked != sale.value("amount")
        text = f"{turn.shown} voids {turn.value('amount')}, {sale.shown} was approved for {booked}"
        means = "the wrong amount of money moves"
        yield warn("D10", text, means) if partly else must("U1", text, means)
    if turn.value("pan") and sale.value("pan") and turn.value("pan") != sale.value("pan"):
        text = f"{turn.shown} is for another card than {sale.shown}"
        yield must("U1", text, "somebody else gets the money back")


@lint("N4")
def has_a_number_of_its_own(story: Story, turn: Turn) -> Iterator[Found]:
    """A void names its original in DE 61 and has a STAN of its own."""
    named, stan = turn.value("original.stan"), turn.value("stan")
    if turn.name == "void" and stan and named == stan:
        text = f"{turn.shown} has the STAN of the sale that it voids"
        yield must("N4", text, "another sale than the one meant is taken back")
