"""Rules about sign-on, keys and the MAC (protocol 6.7, 4.4, 4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.clock import NS_PER_SECOND
from switch.judge.lint.due import requirement
from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn

LOOP = 5  # failed sign-ons in a row: more than any parameter allows (R9, S6)
LOOP_WITHIN = 60 * NS_PER_SECOND
OLD_KEYS = "the terminal trades under keys that the host does not take, or has not given it"
FORGED = "anybody on the line could have written this message"


def _trades(turn: Turn) -> bool:
    """New business that needs keys; what was stored before does not count."""
    return bool(turn.kind and turn.kind.mac and turn.kind.new_business)


@lint("S1", "S3", "S4", "D8", "R19", "H1", "P2")
def signs_on_first(story: Story, turn: Turn) -> Iterator[Found]:
    """A terminal that has no keys, or may not use those it has, signs on before it trades."""
    if not _trades(turn):
        return
    due = story.sign_on_due
    if due is not None:
        yield must(due.rule, f"{turn.shown} comes before a sign-on: {due.why}", OLD_KEYS)
    elif turn.facts.get("mac") == "no_key":
        text = f"{turn.shown}: the host has no keys of this terminal (right if it restarted)"
        yield warn("P2", text, OLD_KEYS)


@lint("H1")
def does_what_the_host_asks_for(story: Story, turn: Turn) -> Iterator[Found]:
    """What the response header asks for begins after the transaction, before the next one."""
    wish = story.wish
    if _trades(turn) and wish and story.last is wish:
        digit = requirement(wish.response, story.dialect)
        text = f"{turn.shown} comes before what the answer to {wish.shown} asked for"
        means = "the terminal works on with old tables or parameters"
        yield warn("H1", f"{text} (header digit 6 = {digit})", means)


@lint("S4", "S6")
def gives_up_signing_on(story: Story, turn: Turn) -> Iterator[Found]:
    """A sign-on that was refused or never answered is not repeated endlessly."""
    begun = story.failed_sign_ons
    if turn.name != "sign_on" or len(begun) != LOOP - 1:
        return
    if turn.at - begun[0].at > LOOP_WITHIN or story.asked_since(begun[0]):
        return
    means = "the terminal keeps the line busy and helps nobody"
    if all(story.declined(one) for one in begun):
        text = f"{turn.shown} is sign-on number {LOOP} in a row; {story.said(begun[-1])} stands"
        yield must("S4", text, means)
    else:
        yield warn("S6", f"{turn.shown} is sign-on number {LOOP} in a row without success", means)


@lint("4.6")
def writes_its_mac_in_capitals(story: Story, turn: Turn) -> Iterator[Found]:
    """The MAC is written as upper-case hexadecimal characters."""
    if _in_small_letters(story, turn):
        means = "no host but the developer's own accepts a single message"
        yield must("4.6", f"{turn.shown}: its MAC is written in small letters", means)


def _in_small_letters(story: Story, turn: Turn) -> bool:
    if turn.kind is None or not turn.kind.mac:
        return False
    try:
        text = bytes.fromhex(turn.element(story.dialect.mac_element)).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return False
    return text != text.upper() and all(mark in "0123456789abcdef" for mark in text)


@lint("R7", "4.4", "S7", keys=True)
def signs_what_it_sends(story: Story, turn: Turn) -> Iterator[Found]:
    """Every message of a class with a MAC carries a right one, under the key in force."""
    mac = turn.facts.get("mac")
    if turn.kind is None or not turn.kind.mac or mac not in {"wrong", "absent"}:
        return
    if mac == "absent":
        yield must("4.4", f"{turn.shown} carries no MAC", FORGED)
    elif _in_small_letters(story, turn):
        return  # which has a rule of its own
    elif story.keys_reached:
        rule = "R7" if turn.group == "reversal" else "4.4"
        yield must(rule, f"{turn.shown}: its MAC is wrong under the key of its sign-on", FORGED)
    else:
        text = f"{turn.shown}: its MAC is wrong (right if the last sign-on answer was lost)"
        yield warn("S7", text, OLD_KEYS)


@lint("S2", "B10")
def trades_in_the_batch_it_was_given(story: Story, turn: Turn) -> Iterator[Found]:
    """The batch number of the sign-on response is used; it grows by one after a settlement."""
    batch = turn.value("batch")
    if not _trades(turn) or not story.batch or not batch or batch == story.batch:
        return
    rule = "B10" if story.settled else "S2"
    text = f"{turn.shown} is in batch {batch}, the batch is {story.batch}"
    yield must(rule, text, "terminal and host settle different batches, and no total agrees")
