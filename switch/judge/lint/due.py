"""Whether a terminal has to sign on before its next transaction, and in which batch it trades."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switch import elements as de
from switch.dialect import Dialect
from switch.records import Event
from switch.security.layouts import LAYOUTS
from switch.wire.lengths import LENGTHS

if TYPE_CHECKING:
    from switch.judge.lint.turn import Turn

LAST_BATCH = 999_999  # B10
SIGN_ON_AGAIN = "3"  # 1.4
KEYS_SPOILT = re.compile(r"field .*\b62\b")
# Processing requirement -> the DE 60.3 of the messages that fulfil it (1.4, 2.9).
WISHES = {
    "1": ("360", "364"),
    "2": ("362",),
    "4": ("370", "372"),
    "5": ("380", "382"),
    "7": ("390",),
}
# Outcome -> the rule that demands a sign-on after it.
FORCING = {"mac_error": "D8", "pin_error": "D8", "sign_on_required": "D8"}


@dataclass(frozen=True, slots=True)
class Due:
    """A sign-on is due.

    Attributes:
        rule: that demands it.
        why: a clause.
    """

    rule: str
    why: str


def sign_on_due(turn: Turn, before: Due | None, dialect: Dialect) -> Due | None:
    """Whether a sign-on is due after this turn; ``before`` where it changes nothing."""
    approves = dialect.approves(turn.code)
    if turn.name == "sign_on":
        return _after_sign_on(turn, before, dialect)
    if turn.name == "sign_off" and turn.sound and approves:
        return Due("S1", f"{turn.shown} was answered")
    if {flaw.rule for flaw in turn.flaws if flaw.sure} == {"V6"}:  # a mismatch may be seen first
        return Due("R19", f"the answer to {turn.shown} had a wrong MAC")
    if not turn.sound:
        return before
    rule = FORCING.get(dialect.outcome(turn.code))
    if rule:
        return Due(rule, f"{turn.shown} was answered {turn.code} {dialect.in_words(turn.code)}")
    if requirement(turn.response, dialect) == SIGN_ON_AGAIN:
        return Due("H1", f"the answer to {turn.shown} asked for it (header digit 6 = 3)")
    return before


def _after_sign_on(turn: Turn, before: Due | None, dialect: Dialect) -> Due | None:
    if turn.heard in {"nothing", "late", "broken"}:
        return before
    if any(KEYS_SPOILT.match(fault) for fault in turn.faults):
        return Due("S3", f"the keys in the answer to {turn.shown} were spoilt")
    if turn.heard == "unsure":
        return None
    if not dialect.approves(turn.code):
        said = f"{turn.code} {dialect.in_words(turn.code)}"
        return Due("S4", f"{turn.shown} was refused {said}") if turn.sound else before
    if turn.flaws:
        return Due("S3", f"the answer to {turn.shown} was not right: {turn.flaws[0].text}")
    size, wanted = _key_bytes(turn), _bytes_wanted(turn, dialect)
    if wanted and size != wanted:
        return Due("S3", f"DE 62 of the answer to {turn.shown} has {size} bytes, not {wanted}")
    return None


def _key_bytes(turn: Turn) -> int:
    response = turn.response
    fields: Mapping[str, Any] = (response["fields"] or {}) if response else {}
    keys = fields.get(str(de.KEYS), {"masked": ""})
    return len(keys["masked"] if isinstance(keys, Mapping) else keys) // 2


def _bytes_wanted(turn: Turn, dialect: Dialect) -> int:
    """Bytes that the announced layout has; 0 where the dialect knows none."""
    layout = dialect.key_layouts.get(turn.value("network_code"), "")
    return LAYOUTS[layout].length if layout in LAYOUTS else 0


def requirement(response: Event | None, dialect: Dialect) -> str:
    """The processing requirement in the header of a response; empty if nobody knows it."""
    wire = str(response["wire"] or "") if response else ""
    framing = dialect.framing
    place = 2 * (LENGTHS[framing.length].size + framing.envelope - framing.header)
    digit = wire[place + dialect.requirement_digit - 1 : place + dialect.requirement_digit]
    return digit if digit.isdigit() else ""


def wish(turn: Turn, before: Turn | None, dialect: Dialect) -> Turn | None:
    """The turn whose answer asked for a download or a status upload that has not begun."""
    if before and turn.value("network_code") in WISHES[requirement(before.response, dialect)]:
        return None
    asked = requirement(turn.response, dialect) if turn.sound else ""
    return turn if asked in WISHES else before


def batch_now(turn: Turn, before: str, dialect: Dialect) -> str:
    """The batch number after this turn, six digits; empty if nobody knows it."""
    if turn.name == "sign_on":
        if turn.sound and dialect.approves(turn.code):
            return turn.told("batch")
        return "" if turn.heard == "unsure" or turn.flaws else before
    if turn.name == "batch_end" and turn.heard == "answer":
        settled = int(turn.value("batch") or 0)
        return f"{settled % LAST_BATCH + 1:06}" if settled else ""
    return "" if turn.name == "batch_end" else before
