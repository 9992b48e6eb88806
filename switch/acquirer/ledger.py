"""The ledger: what was booked, and how an original is found again (protocol 7.3, 7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from switch.totals import LOCAL

Key = tuple[str, str, str, str]  # TID, MID, batch, STAN
REFUNDABLE = frozenset(
    {"sale", "completion", "completion_advice", "offline_sale", "ic_offline_sale"}
    | {"adjustment", "tip"}
)
BatchKey = tuple[str, str, str]  # TID, MID, batch


@dataclass(slots=True)
class Entry:
    """One transaction as the acquirer booked it.

    Attributes:
        exchange: number of the exchange that brought it.
        at: nanoseconds; when it was booked.
        kind: message class.
        key: TID, MID, batch and STAN.
        amount: minor units that moved; of a partial approval less than was asked.
        asked: minor units that the request named.
        pan: card number.
        rrn, approval: as answered.
        date, settlement_date: MMDD, of the calendar and of the acquirer's books.
        outcome: what was answered.
        status: ``approved``, ``declined``, ``reversed``, ``voided``, ``completed`` for an
            authorization whose completion is booked, or ``adjusted`` for a sale in whose place
            an adjustment or a tip stands.
        content: fingerprint of the request, to tell a repeat from a clash.
        payee: MID whose account was credited.
        answer: elements of the answer, for a replay.
        original: the entry that a void, completion, increment or refund refers to.
        ended_by: the void or completion that ended it, while that stands.
        reversal_seen: a reversal was acknowledged while the entry stood voided or completed.
        added: minor units that increments have added to this authorization.
        refunded: minor units of it that refunds have given back.
        books: ``debit`` or ``credit`` in the totals of its batch (B2); empty counts nothing.
        group: currency group of its card, see ``totals.GROUPS``.
    """

    exchange: int
    kind: str
    key: Key
    amount: int
    pan: str = field(repr=False)
    rrn: str
    approval: str
    date: str
    settlement_date: str
    outcome: str
    status: str
    content: str
    payee: str
    asked: int
    answer: Mapping[int, str] = field(repr=False)
    original: Entry | None = None
    at: int = 0
    ended_by: Entry | None = field(default=None, repr=False, compare=False)
    books: str = ""
    group: str = LOCAL
    reversal_seen: bool = False
    added: int = 0
    refunded: int = 0

    @property
    def total(self) -> int:
        """Minor units of an authorization with its increments."""
        return self.amount + self.added

    @property
    def counts(self) -> bool:
        """It is in the totals of its batch: B3, a voided sale as well as its void; B4."""
        return bool(self.books) and self.status in {"approved", "voided"}

    def chain(self) -> list[Entry]:
        """The entry, its original, and so on."""
        return [self, *(self.original.chain() if self.original else ())]


@dataclass(frozen=True, slots=True)
class Slip:
    """An older transaction as its slip names it.

    Attributes:
        number: the approval code, or the RRN.
        mid: DE 42.
        pan: card number.
        date: MMDD; empty or zeros match any day.
    """

    number: str
    mid: str
    pan: str = field(repr=False)
    date: str

    def names(self, entry: Entry) -> bool:
        """Merchant, card and day are those of the entry."""
        if (self.mid, self.pan) != (entry.key[1], entry.pan):
            return False
        return not self.date.strip("0") or self.date == entry.date


class Ledger:
    """All entries, newest last, found by terminal and STAN."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._by_stan: dict[tuple[str, str, str], list[Entry]] = {}
        self._by_approval: dict[str, list[Entry]] = {}
        self._by_rrn: dict[str, list[Entry]] = {}
        self._by_batch: dict[BatchKey, list[Entry]] = {}
        self._reversed_early: set[Key] = set()
        self._inquiries: dict[Key, Entry] = {}

    def add(self, entry: Entry) -> None:
        """Book an entry."""
        self.entries.append(entry)
        tid, mid, batch, stan = entry.key
        self._by_stan.setdefault((tid, mid, stan), []).append(entry)
        self._by_approval.setdefault(entry.approval, []).append(entry)
        self._by_rrn.setdefault(entry.rrn, []).append(entry)
        self._by_batch.setdefault((tid, mid, batch), []).append(entry)

    def of_batch(self, key: BatchKey) -> list[Entry]:
        """Everything that was booked in a batch, oldest first."""
        return self._by_batch.get(key, [])

    def repeat_of(self, key: Key) -> Entry | None:
        """The entry with the same terminal, batch and STAN."""
        booked = next((e for e in self._newest(key) if e.key == key), None)
        return booked or self._inquiries.get(key)

    def original(self, key: Key) -> Entry | None:
        """What a reversal or void refers to: newest first (7.3).

        A batch of zeros matches any batch: some terminals do not send it.
        """
        batch = key[2]
        for entry in self._newest(key):
            if entry.key[2] == batch or not batch.strip("0"):
                return entry
        return None

    def authorization(self, slip: Slip) -> Entry | None:
        """What an increment, a completion or a void of an authorization refers to (7.3).

        The key is DE 38, date and card: the terminal may be another one of the merchant.
        """
        found = self._by_approval.get(slip.number, [])
        return next((e for e in found[::-1] if e.kind == "preauth" and slip.names(e)), None)

    def paid(self, slip: Slip) -> Entry | None:
        """What a refund refers to: by RRN, date and card (7.3), in whatever batch it was."""
        found = self._by_rrn.get(slip.number, [])
        return next((e for e in found[::-1] if e.kind in REFUNDABLE and slip.names(e)), None)

    def _newest(self, key: Key) -> list[Entry]:
        tid, mid, _, stan = key
        return self._by_stan.get((tid, mid, stan), [])[::-1]

    def merged(self, other: Ledger | None) -> Ledger:
        """This ledger with the entries of an older one before its own."""
        out = Ledger()
        for entry in [*(other.entries if other else ()), *self.entries]:
            out.add(entry)
        return out

    def remember_inquiry(self, entry: Entry) -> None:
        """Keep the answer to an inquiry for its repeat; it is booked nowhere."""
        self._inquiries[entry.key] = entry

    def remember_reversal(self, key: Key) -> None:
        """A reversal came before what it reverses (7.4): that must not be booked later."""
        self._reversed_early.add(key)

    def was_reversed_early(self, key: Key) -> bool:
        """Its reversal has been here already."""
        return key in self._reversed_early
