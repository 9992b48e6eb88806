"""What a log says of settled batches: the totals of both sides, and what was booked then.

The host writes its own totals, and those it was told, into ``batch_changed``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from switch.records import Event
from switch.totals import Totals, money

SIDES = ("debit", "credit")
COUNTED = frozenset({"approved", "voided"})  # B3, B4


@dataclass(frozen=True, slots=True)
class Booked:
    """One transaction of the ledger; amounts in minor units."""

    stan: str
    kind: str
    amount: int
    status: str
    books: str
    group: str

    def __str__(self) -> str:
        return f"{self.kind} {self.stan} of {money(self.amount)}"


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the terminal's totals exceed the host's, on one side of one group.

    Attributes:
        amount: minor units; less than 0 where the host has more.
        count: transactions, likewise.
    """

    group: str
    books: str
    amount: int
    count: int

    def concerns(self, one: Booked) -> bool:
        """The transaction belongs to this side of this group."""
        return (one.group, one.books) == (self.group, self.books)


@dataclass(frozen=True, slots=True)
class Settled:
    """One batch that the terminal asked to settle.

    Attributes:
        seq, at: of the last comparison.
        batch: its number.
        told: group -> the terminal's totals.
        held: group -> the host's, at the comparison.
        after: group -> the host's when the batch was closed; as ``held`` if it was not.
        booked: everything booked in the batch, as it stood at the comparison.
        closed: the end of the upload was answered.
    """

    seq: int
    at: int
    batch: str
    told: Mapping[str, Totals]
    held: Mapping[str, Totals]
    after: Mapping[str, Totals]
    booked: tuple[Booked, ...]
    closed: bool = False

    @property
    def gaps(self) -> list[Gap]:
        """Where the totals differed at the comparison."""
        each = [_gap(group, side, told, self.held) for group, side, told in self._sides()]
        return [gap for gap in each if gap.amount or gap.count]

    def differences(self) -> list[str]:
        """Where the totals still differ at the end, in sentences."""
        return [
            f"batch {self.batch}, {group} {side}s: the terminal has {_sum(told, side)}, the host "
            f"{_sum(self.after[group], side)}"
            for group, side, told in self._sides()
            if _pair(told, side) != _pair(self.after[group], side)
        ]

    def _sides(self) -> list[tuple[str, str, Totals]]:
        return [(group, side, told) for group, told in self.told.items() for side in SIDES]


def settled(log: Sequence[Event], tid: str) -> list[Settled]:
    """The batches that terminal ``tid`` asked to settle, in the order of the log."""
    booked: dict[tuple[str, int, str], Booked] = {}
    out: dict[str, Settled] = {}
    for event in log:
        if event.terminal != tid:
            continue
        if event.kind == "ledger_changed":
            key = event["batch"], event["exchange"], event["stan"]  # an end books many at once
            older, booked[key] = booked.get(key), _booked(event)
            if event["batch"] in out and out[event["batch"]].closed:
                out[event["batch"]] = _moved(out[event["batch"]], older, booked[key])
        elif event.kind == "batch_changed" and event["stage"] == "compared":
            batch = event["batch"]
            held = _totals(event["held"])
            then = tuple(one for (number, *_), one in booked.items() if number == batch)
            out[batch] = Settled(
                event.seq, event.at, batch, _totals(event["told"]), held, held, then
            )
        elif event.kind == "batch_changed" and event["batch"] in out:
            found = out[event["batch"]]
            out[found.batch] = replace(found, after=_totals(event["held"]), closed=True)
    return list(out.values())


def _moved(batch: Settled, older: Booked | None, newer: Booked) -> Settled:
    """The batch after a booking that came, or was undone, when it was closed already."""
    after = {group: asdict(totals) for group, totals in batch.after.items()}
    for one, sign in ((older, -1), (newer, 1)):
        if one is not None and one.books and one.status in COUNTED:
            after[one.group][f"{one.books}_amount"] += sign * one.amount
            after[one.group][f"{one.books}_count"] += sign
    return replace(batch, after=_totals(after))


def _booked(event: Event) -> Booked:
    names = ("stan", "class", "amount", "status", "books", "group")
    return Booked(*(event[name] for name in names))


def _totals(groups: Mapping[str, Mapping[str, int]]) -> dict[str, Totals]:
    return {group: Totals(**values) for group, values in groups.items()}


def _pair(totals: Totals, side: str) -> tuple[int, int]:
    if side == "debit":
        return totals.debit_amount, totals.debit_count
    return totals.credit_amount, totals.credit_count


def _gap(group: str, side: str, told: Totals, held: Mapping[str, Totals]) -> Gap:
    (amount, count), (of_host, host_count) = _pair(told, side), _pair(held[group], side)
    return Gap(group, side, amount - of_host, count - host_count)


def _sum(totals: Totals, side: str) -> str:
    amount, count = _pair(totals, side)
    return f"{count} for {money(amount)}"
