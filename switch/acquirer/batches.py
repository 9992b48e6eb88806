"""Batches: the totals of both sides, and the uploaded details that decide (protocol 7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from switch.acquirer.ledger import BatchKey, Entry, Ledger
from switch.totals import BALANCED, GROUPS, NOT_BALANCED, Totals, add_up


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction as a terminal says that it has it.

    Attributes:
        stan: of the transaction.
        amount: minor units.
        group: a name in ``totals.GROUPS``.
        pan: card number.
        books: ``debit`` or ``credit``.
    """

    stan: str
    amount: int
    group: str
    pan: str = field(default="", repr=False)
    books: str = "debit"


@dataclass(slots=True)
class Settlement:
    """One batch between its settlement request and the end of its upload.

    Attributes:
        told: group -> the terminal's totals; empty when it never said any.
        flags: group -> what the comparison came to (2.7).
        details: STAN -> what was uploaded; a block that comes again changes nothing.
    """

    told: Mapping[str, Totals] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    details: dict[str, Detail] = field(default_factory=dict)

    @property
    def disputed(self) -> list[str]:
        """The groups whose totals differ: there the details decide."""
        return [group for group, flag in self.flags.items() if flag == NOT_BALANCED]


@dataclass(frozen=True, slots=True)
class Differences:
    """What details and ledger do not agree on.

    Attributes:
        unclaimed: booked and approved, and not among the details; newest first.
        unknown: among the details, and never booked.
        refused: among the details, and booked as reversed, declined or with another amount.
    """

    unclaimed: tuple[Entry, ...] = ()
    unknown: tuple[Detail, ...] = ()
    refused: tuple[Detail, ...] = ()


class Batches:
    """The batches of one host.

    Args:
        ledger: of this case.
        past: of the cases before it: a batch of an outside terminal may have begun there.
    """

    def __init__(self, ledger: Ledger, past: Ledger | None = None) -> None:
        self._ledgers = [past, ledger] if past else [ledger]
        self._settling: dict[BatchKey, Settlement] = {}

    def entries(self, key: BatchKey) -> list[Entry]:
        """Everything that was booked in a batch, oldest first."""
        return [entry for ledger in self._ledgers for entry in ledger.of_batch(key)]

    def totals(self, key: BatchKey) -> dict[str, Totals]:
        """Group -> the host's totals (B2 to B4)."""
        return add_up((e.group, e.books, e.amount) for e in self.entries(key) if e.counts)

    def compare(self, key: BatchKey, told: Mapping[str, Totals]) -> Settlement:
        """A settlement request came: compare, group by group. What was uploaded before is void."""
        held = self.totals(key)
        flags = {g: BALANCED if told[g] == held[g] else NOT_BALANCED for g in GROUPS}
        self._settling[key] = Settlement(told, flags)
        return self._settling[key]

    def settlement(self, key: BatchKey) -> Settlement:
        """The settlement of a batch; one without totals if the terminal never asked for it."""
        return self._settling.setdefault(key, Settlement())

    def differences(self, key: BatchKey) -> Differences:
        """What the uploaded details and the ledger do not agree on, in the disputed groups."""
        settlement = self.settlement(key)
        disputed = settlement.disputed
        entries = {entry.key[3]: entry for entry in self.entries(key)}
        claimed = [d for d in settlement.details.values() if d.group in disputed]
        known = [detail for detail in claimed if detail.stan in entries]
        return Differences(
            tuple(
                entry
                for entry in reversed(entries.values())
                if entry.group in disputed and entry.counts
                and entry.key[3] not in settlement.details
            ),
            tuple(detail for detail in claimed if detail.stan not in entries),
            tuple(
                detail
                for detail in known
                if not entries[detail.stan].counts
                or entries[detail.stan].amount != detail.amount
            ),
        )  # fmt: skip
