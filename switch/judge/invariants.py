"""The reconciliation invariants of protocol 7.6, over the event log of one case.

Four of them compare with the terminal's own totals, which only a settlement makes known:
without one they are "not checked", never green.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from switch.judge.settled import Settled, settled
from switch.records import Event
from switch.totals import money

LOOKS_LIKE_PAN = re.compile(r"(?<![0-9A-Fa-f])[0-9]{13,19}(?![0-9A-Fa-f])")
# A number of 13 to 19 digits in these is no card number: MID, totals, control, bytes as hex.
# keys, a MAC in ASCII: 8 characters are 16 digits).
NOT_CARDS = frozenset({"42", "48", "53", "55", "59", "60", "61", "62", "64", "96", "128"})
UNDONE = frozenset({"reversed", "declined"})  # states in which no money has moved


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of one invariant.

    Attributes:
        checked: it could be checked.
        breaches: in sentences.
        why: why it could not be checked.
        notes: what people have to look into; they change no verdict.
    """

    checked: bool
    breaches: tuple[str, ...] = ()
    why: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The terminal under test: TID, its registered MID, most attempts at one reversal."""

    tid: str
    mid: str = ""
    reversal_attempts: int = 3


Weigh = Callable[[Sequence[Event], Judged], Weighed]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One invariant: its sentence, and the function that weighs it."""

    name: str
    text: str
    weigh: Weigh


INVARIANTS: dict[str, Invariant] = {}


def invariant(text: str) -> Callable[[Weigh], None]:
    """Register the decorated function under its name."""

    def register(weigh: Weigh) -> None:
        INVARIANTS[weigh.__name__] = Invariant(weigh.__name__, text, weigh)

    return register


def _of_batches(
    log: Sequence[Event], judged: Judged, breaches: Callable[[Settled], list[str]]
) -> Weighed:
    """One invariant over every batch that the terminal asked to settle."""
    batches = settled(log, judged.tid)
    if not batches:
        return Weighed(False, why="no settlement in this case: the terminal's totals are unknown")
    return Weighed(True, tuple(text for batch in batches for text in breaches(batch)))


@invariant("every approved STAN is either in the terminal's total or reversed")
def counted_or_reversed(log: Sequence[Event], judged: Judged) -> Weighed:
    return _of_batches(log, judged, Settled.differences)


@invariant("no STAN is both in the terminal's total and reversed on the host")
def no_lost_money(log: Sequence[Event], judged: Judged) -> Weighed:
    return _of_batches(log, judged, _lost)


@invariant("no approved STAN is neither in the total nor reversed")
def no_silent_debit(log: Sequence[Event], judged: Judged) -> Weighed:
    given_up = _given_up(log, judged)
    weighed = _of_batches(log, judged, lambda batch: _silent(batch, given_up))
    notes = tuple(
        f"{one}: its reversal was tried {judged.reversal_attempts} times, to be handled by hand"
        for batch in settled(log, judged.tid)
        for one in batch.booked
        if (batch.batch, one.stan) in given_up and one.status == "approved"
    )
    return replace(weighed, notes=notes)


@invariant("the host's net amount equals that of DE 48")
def net_equal(log: Sequence[Event], judged: Judged) -> Weighed:
    return _of_batches(log, judged, _net)


def _lost(batch: Settled) -> list[str]:
    """What the terminal counts beyond the host, if a transaction that the host undid is as much."""
    return [
        f"batch {batch.batch}: {one} is {one.status} on the host, and the terminal counts it"
        for gap in batch.gaps
        for one in batch.booked
        if gap.concerns(one) and one.status in UNDONE and one.amount == gap.amount > 0
    ]


def _silent(batch: Settled, given_up: Container[tuple[str, str]]) -> list[str]:
    """What the host counts beyond the terminal, but for what the terminal gave up reversing."""
    out = []
    for gap in batch.gaps:
        stands = [one for one in batch.booked if gap.concerns(one) and one.status not in UNDONE]
        by_hand = sum(one.amount for one in stands if (batch.batch, one.stan) in given_up)
        missing = -gap.amount - by_hand
        if missing > 0:
            named = next((str(one) for one in stands if one.amount == missing), money(missing))
            out.append(
                f"batch {batch.batch}: {named} is booked on the host, and neither reversed nor "
                f"among the terminal's {gap.group} {gap.books}s"
            )
    return out


def _given_up(log: Sequence[Event], judged: Judged) -> set[tuple[str, str]]:
    """Batch and STAN of what was reversed in vain as often as the terminal does."""
    tried = Counter(
        (event["values"].get("original.batch"), event["values"].get("original.stan"))
        for event in log
        if event.kind == "received" and event.terminal == judged.tid
        and event["class"] == "reversal"
    )  # fmt: skip
    return {one for one, times in tried.items() if times >= judged.reversal_attempts}


def _net(batch: Settled) -> list[str]:
    told = sum(totals.net for totals in batch.told.values())
    held = sum(totals.net for totals in batch.after.values())
    if told == held:
        return []
    return [f"batch {batch.batch}: net {money(told)} at the terminal, {money(held)} at the host"]


@invariant("the payee of every booked transaction is the merchant registered for the terminal")
def right_payee(log: Sequence[Event], judged: Judged) -> Weighed:
    booked = [e for e in log if e.kind == "ledger_changed" and e["status"] == "approved"]
    breaches = tuple(
        f"STAN {event['stan']} was credited to {event['payee']}, not to {judged.mid}"
        for event in booked
        if judged.mid and event["payee"] != judged.mid
    )
    return Weighed(bool(booked), breaches, "" if booked else "nothing was booked")


@invariant("no card number and no PIN is in the log")
def no_secret_in_log(log: Sequence[Event], judged: Judged) -> Weighed:
    messages = [e for e in log if e.kind in {"received", "sent"}]
    breaches = tuple(
        f"event {event.seq}: DE {number} holds a number that looks like a PAN"
        for event in messages
        for number, value in (event["fields"] or {}).items()
        if isinstance(value, str) and number not in NOT_CARDS and LOOKS_LIKE_PAN.search(value)
    )
    return Weighed(bool(messages), breaches, "" if messages else "no message in the log")
