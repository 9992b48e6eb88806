"""Parameters that the host has downloaded to the terminal, and what they change (protocol 2.11)."""

from __future__ import annotations

from switch.clock import NS_PER_SECOND
from switch.message import Message
from switch.terminal.desk import Desk

PREFIX = "parameter."  # of the dialect's value names
RANGES = {"timeout": (20, 90), "resends": (1, 9)}  # seconds (1.6), messages


def problem(desk: Desk, response: Message) -> str:
    """Why a response holds no parameters at all; empty if it does."""
    return "" if _told(desk, response) else "DE 62: no parameters in it"


def usable(desk: Desk, response: Message) -> dict[str, str]:
    """The parameters of a response that make sense; of the others the old value stays (H4)."""
    told = _told(desk, response)
    return {name: value for name, value in told.items() if _sensible(desk, name, value)}


def _told(desk: Desk, response: Message) -> dict[str, str]:
    values = desk.dialect.values(response)
    return {
        name.removeprefix(PREFIX): value.rstrip()
        for name, value in values.items()
        if name.startswith(PREFIX)
    }


def _sensible(desk: Desk, name: str, value: str) -> bool:
    if name not in RANGES:
        return bool(value)
    least, most = RANGES[name]
    return value.isdigit() and (least <= int(value) <= most or not desk.habits.checks_parameters)


def response_timeout(desk: Desk) -> int:
    """How long it waits for a response, nanoseconds."""
    told = desk.record.parameters.get("timeout")
    return int(told) * NS_PER_SECOND if told else desk.settings.response_timeout


def reversal_attempts(desk: Desk) -> int:
    """At most so many 0400 for one transaction (R9): the resends of 2.11."""
    told = desk.record.parameters.get("resends")
    return int(told) if told else desk.settings.reversal_attempts


def in_use(desk: Desk) -> dict[str, str]:
    """Every parameter as a status upload tells it."""
    timeout = min(response_timeout(desk) // NS_PER_SECOND, 99)  # two digits
    own = {"timeout": f"{timeout:02d}", "resends": str(reversal_attempts(desk))}
    return own | desk.record.parameters
