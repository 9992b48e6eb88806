"""What a terminal keeps across power loss (protocol 6.1), without any secret in clear.

Working keys stay as the DE 62 cryptograms under the TMK. Card numbers stay out: the record
names the card, and DE 2 and DE 14 are read from the card again when a message needs them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from switch.totals import LOCAL

RECORD_FORMAT = 2


@dataclass
class Stored:
    """A message that is kept until the host has answered it (O1).

    Attributes:
        kind: its message class.
        stan: its DE 11.
        fields: its elements, without card number and expiry.
        from_card: elements that it carries and the card still shows (2, 14).
        card: name of the card.
        attempts: how often it left so far (O4).
    """

    kind: str
    stan: str
    fields: dict[int, str]
    from_card: list[int]
    card: str
    attempts: int = 0


@dataclass
class Pending(Stored):
    """A reversal that may be due: written before its request leaves (R2).

    Class and STAN are those of the original, the elements what a reversal copies (R4);
    ``reason`` is a name of the dialect's reversal reasons, ``attempts`` counts 0400 (R9).
    """

    reason: str = "timeout"


@dataclass
class Approved:
    """One approved transaction, as whatever may refer to it later needs it.

    Attributes:
        stan, rrn, approval_code: DE 11, 37 and 38.
        batch: DE 60.2.
        amount: minor units.
        card: name of the card.
        date: DE 13 of the reply, MMDD.
        kind: message class.
        voided: an approved void followed.
        group: currency group of its card, see ``totals.GROUPS``.
        adjusted: an adjustment or a tip took its place.
        refused: the host refused its upload (O3).
        original: STAN of the sale that it adjusts.
        entry_mode, chip: DE 22, and DE 55 after the card's last word, of a chip; else empty.
        completed: of an authorization: an approved completion followed.
        authorization: of a completion: DE 11 of the authorization that it completes.
        refunded: minor units that refunds have given back.
        in_doubt: a refund of it got no answer (U4).
    """

    stan: str
    batch: int
    amount: int
    card: str
    rrn: str
    approval_code: str
    date: str
    kind: str = "sale"
    voided: bool = False
    group: str = LOCAL
    adjusted: bool = False
    refused: bool = False
    original: str = ""
    entry_mode: str = ""
    chip: str = ""
    completed: bool = False
    authorization: str = ""
    refunded: int = 0
    in_doubt: bool = False


@dataclass
class Settling:
    """A settlement that is under way, so that it goes on at the same step (B9, W5).

    Attributes:
        flags: the check flags of both groups, local first; empty before the totals are compared.
        blocks: so many messages of the upload were answered.
        stan: DE 11 of the message that awaits its answer; empty when the next has none yet.
    """

    flags: str = ""
    blocks: int = 0
    stan: str = ""


@dataclass
class ScriptResult:
    """What became of an issuer script, to be reported by a 0620 (I2).

    Attributes:
        card: name of the card.
        fields: what the 0620 takes from the transaction, without card number and expiry.
        stan, batch, date, rrn, approval_code: of the transaction.
        ic_condition: its DE 60.5.
        tags: DE 55 of the 0620, hex.
        attempts: 0620 that left so far.
    """

    card: str
    fields: dict[int, str]
    stan: str
    batch: int
    date: str
    rrn: str
    approval_code: str
    ic_condition: str
    tags: str
    attempts: int = 0


@dataclass
class Record:
    """The permanent memory of one terminal.

    Attributes:
        signed_on: a sign-on succeeded and nothing has asked for another since.
        keys: DE 62 of the last sign-on response, hex.
        layout: name of its key layout.
        batch: 1 to 999999.
        stan: the last one used; 0 before the first.
        required: what the host asked for in a header and is not done yet, in order (H2); a
            sign-on is not among it: ``signed_on`` is.
        parameters: as downloaded, by the dialect's names after ``parameter.``.
        capks, aids: as downloaded; their names in hex -> the record, hex.
        blacklist: names of the cards that it must not take.
        pending: the one reversal that may be due (P6).
        chips_refused: approvals of this batch that a chip refused.
        script: the one script result that is to be reported (6.1).
        counter: application transaction counter of the last chip that was read.
        log: approved transactions of this batch, newest last.
        settling: the settlement that is under way.
        queue: messages that wait for their upload, oldest first.
        authorizations: pre-authorizations, newest last; they outlive their batch.
        paid: the last sale or completion that may be refunded, as its slip has it.
    """

    signed_on: bool = False
    keys: str = field(default="", repr=False)
    layout: str = ""
    batch: int = 1
    stan: int = 0
    required: list[str] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)
    capks: dict[str, str] = field(default_factory=dict)
    aids: dict[str, str] = field(default_factory=dict)
    blacklist: list[str] = field(default_factory=list)
    pending: Pending | None = None
    script: ScriptResult | None = None
    counter: int = 0
    log: list[Approved] = field(default_factory=list)
    chips_refused: list[Approved] = field(default_factory=list)
    settling: Settling | None = None
    queue: list[Stored] = field(default_factory=list)
    authorizations: list[Approved] = field(default_factory=list)
    paid: Approved | None = None

    def last(self, kind: str) -> Approved | None:
        """The last transaction of this class, if it is of this batch (U1)."""
        found = next((entry for entry in reversed(self.log) if entry.kind == kind), None)
        return found if found and found.batch == self.batch else None

    @property
    def authorization(self) -> Approved | None:
        """The last pre-authorization that is neither voided nor completed."""
        is_open = (a for a in reversed(self.authorizations) if not (a.voided or a.completed))
        return next(is_open, None)

    def void(self, entry: Approved) -> None:
        """An approved void followed: nothing is left of it to refund."""
        entry.voided = True
        if self.paid and (self.paid.batch, self.paid.stan) == (entry.batch, entry.stan):
            self.paid = None

    def kept(self) -> Iterator[Stored | ScriptResult | Approved | Settling]:
        """The records within this one."""
        yield from self.log
        yield from self.chips_refused
        yield from self.authorizations
        yield from self.queue
        for one in (self.pending, self.script, self.settling, self.paid):
            if one is not None:
                yield one

    def to_json(self) -> str:
        """The record as text."""
        return json.dumps({"format": RECORD_FORMAT} | asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Record:
        """The record in a text that :meth:`to_json` made.

        Raises:
            ValueError: another format, or no record at all.
        """
        read = json.loads(text)
        if not isinstance(read, dict) or read.pop("format", None) != RECORD_FORMAT:
            raise ValueError(f"not a terminal record of format {RECORD_FORMAT}")
        pending = _numbered(Pending, read.pop("pending"))
        script = _numbered(ScriptResult, read.pop("script", None))
        lists: dict[str, Any] = {
            name: [Approved(**one) for one in read.pop(name)]
            for name in ("log", "chips_refused", "authorizations")
        }
        settling = read.pop("settling")
        settling = settling and Settling(**settling)
        queue = [Stored(**_with_numbers(stored)) for stored in read.pop("queue")]
        paid = read.pop("paid")
        paid = paid and Approved(**paid)
        return Record(
            **read, **lists, pending=pending, script=script, settling=settling, queue=queue,
            paid=paid,
        )  # fmt: skip


Kept = TypeVar("Kept", Pending, ScriptResult)


def _numbered(kind: type[Kept], read: dict[str, Any] | None) -> Kept | None:
    """A record with ``fields``, if there is one."""
    return None if read is None else kind(**_with_numbers(read))


def _with_numbers(read: dict[str, Any]) -> dict[str, Any]:
    """What was saved, with element numbers as such: JSON has made texts of them."""
    return {**read, "fields": {int(name): value for name, value in read["fields"].items()}}
