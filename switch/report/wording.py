"""The lines that failure texts are made of: labels, messages, conditions."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from switch import masking
from switch.dialect import Dialect
from switch.judge.matching import Outcome, Seen
from switch.scenario.expecting import SECRETS, TOKEN, seconds
from switch.scenario.state import NearMiss

WIDTH = 100  # columns; a text that nearly fits on one line may take
LONGEST = 112
NAME_COLUMNS = 14
UNSHOWABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def showable(text: str) -> str:
    """Text with what a screen cannot show, or would obey, escaped; line ends stay."""
    return UNSHOWABLE.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02X}", text)


def line(label: str, text: str) -> list[str]:
    """A labelled text; nothing where there is no text."""
    return wrapped(f"  {label:<10}", text) if text else []


def command(label: str, text: str) -> list[str]:
    """A labelled command on one line, to be copied; nothing where there is none."""
    return [f"  {label:<10}{text}"] if text else []


def wrapped(head: str, text: str) -> list[str]:
    """The text after ``head``, further lines under its beginning."""
    if len(head) + len(text) <= LONGEST:
        return [head + text]
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def bracketed(*pieces: str) -> str:
    """`` (note, rule P4)``, or nothing."""
    kept = ", ".join(piece for piece in pieces if piece)
    return f" ({kept})" if kept else ""


def place(message: Seen) -> str:
    """``#14  +60.0s  conn 3  0400``."""
    conn = f"conn {message.conn}  " if message.conn is not None else ""
    return f"#{message.seq}  {seconds(message.at)}  {conn}{message.mti}"


def who(message: Seen, dialect: Dialect) -> str:
    """``sale 000103``."""
    known = dialect.classes.get(message.kind)
    title = known.title if known else f"{message.mti} message"
    return f"{title} {message.value('stan') or 'without STAN'}"


def plain(text: str, name: str = "") -> str:
    """A value without what stands for a secret in the log; a scenario may even spell one out."""
    return TOKEN.sub("as before", masking.text(text) if name in SECRETS else text)


# ---- conditions -------------------------------------------------------------------------------


def met(near: NearMiss) -> int:
    """How many of the conditions held."""
    return sum(outcome.holds for outcome in near.outcomes)


def weighed(label: str, near: NearMiss) -> Iterator[str]:
    """A message with one line per condition, the class first, and the hints."""
    message, outcomes = near.message, near.outcomes
    columns = max([NAME_COLUMNS, *(len(one.name) for one in outcomes)])
    count = f"{met(near) + 1} of {len(outcomes) + 1} conditions"
    yield from line(label, f"{place(message)}   {count}")
    yield _condition("ok", "class", message.kind, columns)
    for outcome in outcomes:
        yield from _outcome(outcome, columns)
    for hint in dict.fromkeys(one.hint for one in outcomes if one.hint and not one.holds):
        yield from wrapped(f"{'':14}hint: ", hint)


def unmet(near: NearMiss) -> str:
    """Why a message was not taken."""
    return ", ".join(
        f"{one.name} is {plain(one.got, one.name)}, not {plain(one.expected, one.name)}"
        for one in near.outcomes
        if not one.holds
    )


def _outcome(outcome: Outcome, columns: int) -> Iterator[str]:
    name, got = outcome.name, plain(outcome.got, outcome.name)
    wanted = f"expected {plain(outcome.expected, name)}"
    if outcome.holds:
        yield _condition("ok", name, got, columns)
        return
    both = _condition("--", name, f"{wanted}   got {got}", columns)
    if len(both) <= WIDTH:
        yield both
        return
    yield from wrapped(_condition("--", name, "", columns), wanted)
    yield from wrapped(_condition("  ", "", "", columns), f"got {got}")


def _condition(sign: str, name: str, text: str, columns: int) -> str:
    return f"{'':14}{sign}  {name:<{columns}}  {text}"
