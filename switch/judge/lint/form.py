"""Rules about what a message holds (protocol 1.5, 3.1, 3.3, 3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn

HAS_A_RULE = ("(R5)", "(R6)")
STRICTER = "a stricter host refuses this message, and the merchant cannot sell there"
MANAGED = frozenset({"management", "batch"})


@lint("3.3", "3.5")
def is_well_formed(story: Story, turn: Turn) -> Iterator[Found]:
    """Every message carries the elements that its class needs, each of the right form."""
    section = "3.5" if turn.group in MANAGED else "3.3"
    for problem in turn.facts.get("format") or ():
        if not str(problem).endswith(HAS_A_RULE):
            yield must(section, f"{turn.shown}: {problem}", STRICTER)


@lint("3.1")
def is_a_known_message(story: Story, turn: Turn) -> Iterator[Found]:
    """Every message belongs to a flow of the dialect."""
    if turn.kind is None and turn.event["mti"] not in {"0401", "0403", "0405"}:
        code = turn.value("processing_code")
        about = f" with processing code {code}" if code else ""
        yield warn("3.1", f"{turn.shown}{about} belongs to no flow of this dialect", STRICTER)


@lint("1.5")
def waits_for_the_answer(story: Story, turn: Turn) -> Iterator[Found]:
    """No message is sent while another one awaits its response on the same connection."""
    last = story.last
    if last is None or turn.group == "reversal" or last.responses or last.faults:
        return
    same = bool(turn.event.conn) and last.event.conn == turn.event.conn
    waits = same and not last.ended_by and not last.undelivered
    if waits and turn.at - last.at < story.limits.least:
        text = f"{turn.shown} is sent while {last.shown} awaits its answer on this connection"
        yield warn("1.5", text, "a response can be taken for the answer to another message")
