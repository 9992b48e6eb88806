"""Rules about pre-authorizations, completions and refunds (protocol 6.13)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn

FOLLOWS = frozenset({"preauth_void", "completion", "completion_advice"})


@lint("U5")
def completes_what_was_authorized(story: Story, turn: Turn) -> Iterator[Found]:
    """A completion, or the void of a pre-authorization, carries its approval code."""
    original = turn.original
    if turn.name not in FOLLOWS or original is None or original.name != "preauth":
        return
    means = "the host cannot find the authorization: the hold on the card stays"
    given, sent = original.told("approval_code"), turn.value("approval_code")
    if story.declined(original):
        text = f"{turn.shown} is about {original.shown}, which was declined {story.said(original)}"
        yield must("U5", text, means)
    elif story.approved(original) and given and sent != given:
        text = f"{turn.shown} has another approval code than the answer to {original.shown}"
        yield must("U5", text, means)


@lint("U4")
def refunds_no_more_than_was_paid(story: Story, turn: Turn) -> Iterator[Found]:
    """A refund does not exceed its original, and is not sent twice when its outcome is unknown."""
    original, last = turn.original, story.last
    if turn.name != "refund":
        return
    means = "the merchant gives back more than was paid"
    if original and story.approved(original) and turn.value("amount") > original.value("amount"):
        text = f"{turn.shown} gives back more than {original.shown} was for"
        yield must("U4", text, means)
    if last and last.name == "refund" and last.heard in {"nothing", "late", "broken"}:
        names = ("amount", "pan", "original.rrn")
        if all(last.value(name) == turn.value(name) for name in names):
            text = f"{turn.shown} repeats {last.shown}, whose outcome is unknown"
            yield warn("U4", text, means)
