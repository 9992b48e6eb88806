"""What a decline leaves behind: in a correct terminal nothing (D1, D2, D7)."""

from __future__ import annotations

from collections.abc import Iterable

from switch.clock import NS_PER_SECOND
from switch.message import Message
from switch.terminal.desk import Desk

REST = 60 * NS_PER_SECOND


def among(desk: Desk, code: str, outcomes: Iterable[str]) -> bool:
    """A DE 39 is that of one of these outcomes."""
    return code in {desk.dialect.code(name) for name in outcomes}


def remember_decline(desk: Desk, request: Message, code: str) -> None:
    """What the defects of the declines keep of one."""
    habits, record = desk.habits, desk.record
    if among(desk, code, habits.locks_after):
        desk.refusals += 1
    if among(desk, code, habits.rests_after):
        desk.rests_until = desk.clock.now() + REST
    if among(desk, code, habits.clears_log_after):
        record.log.clear()
    if habits.marks_refused_voids and request.kind == "void":
        for entry in record.log:
            entry.voided |= entry.stan == request.part("61.2")
    desk.save()


def held_back(desk: Desk) -> str:
    """Why a decline of before lets nothing start; empty if it does not."""
    habits = desk.habits
    if desk.refusals and desk.refusals >= habits.locks_after_times:
        return "locked after a refusal"
    return "resting" if desk.clock.now() < desk.rests_until else ""
