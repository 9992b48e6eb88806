"""The reconciliation invariants of protocol 7.6, over the event log of one case.

Four of them compare with the terminal's own totals, which only a settlement makes known:
without one they are "not checked", never green.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from switch.records import Event

LOOKS_LIKE_PAN = re.compile(r"(?<![0-9A-Fa-f])[0-9]{13,19}(?![0-9A-Fa-f])")
# A number of 13 to 19 digits in these is no card number: MID, totals, control, bytes as hex.
# keys, a MAC in ASCII: 8 characters are 16 digits).
NOT_CARDS = frozenset({"42", "48", "53", "55", "59", "60", "61", "62", "64", "96", "128"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of one invariant; ``why`` says why it could not be checked."""

    checked: bool
    breaches: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One invariant: its sentence, and the function that weighs it."""

    name: str
    text: str
    weigh: Callable[[Sequence[Event], str], Weighed]


INVARIANTS: dict[str, Invariant] = {}


def invariant(text: str) -> Callable[[Callable[[Sequence[Event], str], Weighed]], None]:
    """Register the decorated function under its name."""

    def register(weigh: Callable[[Sequence[Event], str], Weighed]) -> None:
        INVARIANTS[weigh.__name__] = Invariant(weigh.__name__, text, weigh)

    return register


def _needs_settlement(log: Sequence[Event], mid: str) -> Weighed:
    return Weighed(False, why="no settlement in this case: the terminal's totals are unknown")


for _name, _text in {
    "counted_or_reversed": "every approved STAN is either in the terminal's total or reversed",
    "no_lost_money": "no STAN is both in the terminal's total and reversed on the host",
    "no_silent_debit": "no approved STAN is neither in the total nor reversed",
    "net_equal": "the host's net amount equals that of DE 48",
}.items():
    INVARIANTS[_name] = Invariant(_name, _text, _needs_settlement)


@invariant("the payee of every booked transaction is the merchant registered for the terminal")
def right_payee(log: Sequence[Event], mid: str) -> Weighed:
    booked = [e for e in log if e.kind == "ledger_changed" and e["status"] == "approved"]
    breaches = tuple(
        f"STAN {event['stan']} was credited to {event['payee']}, not to {mid}"
        for event in booked
        if mid and event["payee"] != mid
    )
    return Weighed(bool(booked), breaches, "" if booked else "nothing was booked")


@invariant("no card number and no PIN is in the log")
def no_secret_in_log(log: Sequence[Event], mid: str) -> Weighed:
    messages = [e for e in log if e.kind in {"received", "sent"}]
    breaches = tuple(
        f"event {event.seq}: DE {number} holds a number that looks like a PAN"
        for event in messages
        for number, value in (event["fields"] or {}).items()
        if isinstance(value, str) and number not in NOT_CARDS and LOOKS_LIKE_PAN.search(value)
    )
    return Weighed(bool(messages), breaches, "" if messages else "no message in the log")
