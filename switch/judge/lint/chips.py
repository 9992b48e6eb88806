"""Rules about chip transactions and issuer scripts (protocol 2.8, 6.11)."""

from __future__ import annotations

from collections.abc import Iterator

from switch import elements as de
from switch.errors import MessageError
from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.reversals import LOST
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn
from switch.message.tlv import read_tags
from switch.security.chip import refused

REDUCED = frozenset({"95", "9F1E", "9F10", "9F36", "DF31"})  # R6
MOST_REPORTS = 3  # I3, X15
NOT_TOLD = "the issuer does not learn whether its command to the card took effect"


@lint("R6")
def reverses_with_few_tags(story: Story, turn: Turn) -> Iterator[Found]:
    """DE 55 of a reversal holds only the reduced set of tags."""
    value = turn.element(de.IC_DATA)
    if turn.group != "reversal" or not value or value.startswith("token:"):
        return
    try:
        extra = read_tags(value).keys() - REDUCED
    except MessageError:
        return
    if extra:
        text = f"{turn.shown}: DE 55 holds {', '.join(sorted(extra))} besides the reduced set"
        yield must("R6", text, "a stricter host refuses this reversal, and the debit stays")


@lint("2.8")
def draws_a_new_number(story: Story, turn: Turn) -> Iterator[Found]:
    """The unpredictable number (tag 9F37) is another one in each chip transaction."""
    drawn, last = turn.value("unpredictable_number"), story.last_drawn
    fresh = turn.kind is not None and turn.kind.new_business
    if drawn and fresh and last and last.value("unpredictable_number") == drawn:
        text = f"{turn.shown} has the unpredictable number of {last.shown}"
        yield must("2.8", text, "a recorded cryptogram of the card can be used again")


@lint("4.7", keys=True)
def sends_a_cryptogram_that_verifies(story: Story, turn: Turn) -> Iterator[Found]:
    """The cryptogram of the card (tag 9F26) covers what the message says."""
    if turn.facts.get("arqc") == "wrong":
        text = f"{turn.shown}: the ARQC does not verify (right if the card has other keys)"
        yield warn("4.7", text, "the issuer declines every chip transaction")


@lint("P3", "W6")
def reports_scripts_first(story: Story, turn: Turn) -> Iterator[Found]:
    """The result of an issuer script goes out before the next transaction and settlement."""
    told = story.script
    trades = turn.kind is not None and turn.kind.mac and turn.kind.new_business
    if told is None or not (trades or turn.name == "settlement"):
        return
    text = f"{turn.shown} comes before the result of the issuer script for {told.shown}"
    if told.cut:
        yield warn("W6", f"{text} (right if the power was cut before it ran)", NOT_TOLD)
    else:
        yield must("P3", text, NOT_TOLD)


@lint("I2")
def reports_about_the_original(story: Story, turn: Turn) -> Iterator[Found]:
    """A script result carries the reference number and approval code of its original."""
    original = turn.original
    if turn.name != "script_result" or original is None or not original.sound:
        return
    for name, element in (("rrn", de.RRN), ("approval_code", de.APPROVAL_CODE)):
        sent = turn.value(name)
        if sent and original.told(name) and sent != original.told(name):
            where = story.dialect.codec.fields[element]
            text = f"{turn.shown}: {where} is not that of the answer to {original.shown}"
            yield must("I2", text, NOT_TOLD)


@lint("I3")
def stops_reporting(story: Story, turn: Turn) -> Iterator[Found]:
    """A script result is sent once to three times, and ends at 00, 12 or 25."""
    if turn.name != "script_result" or turn.original is None or not turn.original.reports:
        return
    earlier = turn.original.reports[-1]
    means = "the terminal blocks the line with a result that nobody asks for again"
    if earlier.sound and earlier.code in story.dialect.reversal_done and not earlier.cut:
        text = f"{turn.shown} comes although {earlier.shown} was answered {story.said(earlier)}"
        yield warn("I3", text, means)
    elif len(turn.original.reports) == MOST_REPORTS:
        yield warn("I3", f"{turn.shown} is report {MOST_REPORTS + 1} about one script", means)


@lint("I4")
def keeps_the_sale_whatever_the_script_did(story: Story, turn: Turn) -> Iterator[Found]:
    """A script that failed does not change the approved sale; a card that refuses it does (R17)."""
    original, last = turn.original, story.last
    if turn.group != "reversal" or original is None or not story.approved(original):
        return
    if refused(turn.value("issuer_application")):
        return
    if last and last.name == "script_result" and last.original is original and not original.cut:
        yield must("I4", f"{turn.shown} reverses a sale after its script result was sent", LOST)
