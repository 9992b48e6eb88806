"""Rules about a transaction whose outcome the terminal does not know (protocol 6.2 to 6.4)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn

USUAL_ATTEMPTS = 3  # R9
DEBITED = "the cardholder may stay debited for a sale that the merchant does not have"
IN_DOUBT = "new money moves while an older sale is in doubt, and that cardholder may stay debited"


@lint("T2", "T4", "T6", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V10", "X6", "R14")
def reversed_before_the_next(story: Story, turn: Turn) -> Iterator[Found]:
    """What is unresolved is reversed before the next transaction, and before settlement."""
    owed = story.owed
    if owed is None or owed.reversals or not (turn.reversible or turn.name == "settlement"):
        return
    rule, why, sure = _cause(owed)
    if turn.name == "settlement":
        rule = "R14"
    text = f"{turn.shown} comes before a reversal of {owed.shown}: {why}"
    yield (must if sure else warn)(rule, text, DEBITED)


def _cause(owed: Turn) -> tuple[str, str, bool]:
    """Rule, clause, and whether every terminal has to reverse for it."""
    if owed.heard == "answer":
        worst = next((flaw for flaw in owed.flaws if flaw.sure), owed.flaws[0])
        return worst.rule, f"an answer came, but {worst.text}", worst.sure
    if owed.heard == "late":
        return "T6", "its answer came long after every response timer", True
    if owed.heard == "broken":
        return "V1", "what came was no whole message", True
    if owed.ended_by:
        return "T4", "its connection ended without an answer", True
    return "T2", "it was never answered", True


@lint("R9", "R11")
def reversed_often_enough(story: Story, turn: Turn) -> Iterator[Found]:
    """A reversal that nobody acknowledged is tried up to the maximum, usually three times."""
    owed = story.owed
    if owed is None or not turn.reversible or not 0 < len(owed.reversals) < USUAL_ATTEMPTS:
        return
    last, times = owed.reversals[-1], len(owed.reversals)
    said = f"answered {story.said(last)}" if last.code else "not acknowledged"
    text = (
        f"{turn.shown} comes although the reversal of {owed.shown} was {said} and tried only "
        f"{'once' if times == 1 else 'twice'} (right only where its maximum is {times})"
    )
    yield warn("R11" if last.code else "R9", text, DEBITED)


@lint("T1")
def waits_before_it_reverses(story: Story, turn: Turn) -> Iterator[Found]:
    """The wait for a response lasts as long as the response timer."""
    original = turn.original
    if turn.group != "reversal" or original is None or original.reversals:
        return
    waited = turn.at - original.at
    alone = original.heard == "nothing" and not original.ended_by and not original.undelivered
    if alone and waited < story.limits.least and not original.cut:
        text = (
            f"{turn.shown} comes {waited / 1e9:.1f}s after its original, while the answer could "
            "still come (right where the operator cancelled, or the connection was lost)"
        )
        yield warn("T1", text, "a sale that the host may still approve is undone")
