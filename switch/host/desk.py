"""What a flow may use: one request at the acquirer's desk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from switch import elements as de
from switch.acquirer import Entry, World
from switch.acquirer.ledger import BatchKey, Key
from switch.acquirer.queue import AT_ONCE, Place
from switch.acquirer.risk import Asked
from switch.chance import Chance
from switch.dialect import Answer, Dialect
from switch.errors import Refusal
from switch.host.numbers import Numbers
from switch.host.payer import payer
from switch.host.terminals import Facts, HostTerminal
from switch.message import Message
from switch.message.tlv import write_tags
from switch.records import EventLog
from switch.totals import Totals, group_of

PARTIAL = "partial"
SHED = "the queue is full: shed"
NOT_IN_CONTENT = frozenset({de.MAC, de.PIN_BLOCK, de.LOCAL_TIME, de.LOCAL_DATE})


@dataclass(frozen=True, slots=True)
class Desk:
    """One request and everything that may be asked about it.

    Attributes:
        number: of the exchange.
        request, terminal, facts: who asks for what.
        decision: the outcome that a scenario put in place of the acquirer's; empty for none.
        approved_amount: minor units that the scenario lets a partial approval grant; None for
            the acquirer's own choice.
        local: what the calendar of the host shows.
        place: where the request stands in the queue.
    """

    number: int
    request: Message
    terminal: HostTerminal
    facts: Facts
    decision: str
    approved_amount: int | None
    local: datetime
    world: World
    dialect: Dialect
    numbers: Numbers
    chance: Chance
    log: EventLog
    place: Place = AT_ONCE

    # ---- deciding ----------------------------------------------------------------------

    def decide(self, check: Callable[[], None]) -> tuple[str, str, str]:
        """Run the acquirer's checks: (outcome, because, the acquirer's own outcome)."""
        own, because = "approved", ""
        try:
            self._check_open()
            check()
        except Refusal as refusal:
            own, because = refusal.reason, refusal.because
        if self.decision:
            return self.decision, f"the scenario decided {self.decision}", own
        return own, because, own

    def _check_open(self) -> None:
        if self.place.shed:
            raise Refusal(self.place.shed, SHED)
        kind = self.dialect.class_of(self.request)
        self.world.check_open(kind.name, new_business=kind.new_business)

    def approves(self, outcome: str) -> bool:
        """The outcome is an approval in this dialect."""
        return self.dialect.approves(self.dialect.code(outcome))

    def granted(self, outcome: str) -> int:
        """Minor units that an approval grants: all, or with a partial approval (10) less.

        Without a word of the scenario half of what was asked.
        """
        asked = self.request.amount
        if self.dialect.code(outcome) != self.dialect.code(PARTIAL):
            return asked
        if de.AMOUNT not in self.dialect.class_of(self.request).host:
            return asked  # its response has no way to say less: a void, a refund, an advice
        return asked // 2 if self.approved_amount is None else min(self.approved_amount, asked)

    @property
    def pan(self) -> str:
        """The number of the card that pays; see :func:`payer`."""
        return payer(self.request, self.world)

    @property
    def asked(self) -> Asked:
        """The request as risk control looks at it."""
        request = self.request
        return Asked(
            self.world.now,
            f"{self.local:%Y-%m-%d}",
            request[de.MERCHANT_ID],
            request.get(de.TERMINAL_ID),
            self.pan,
            request.amount,
        )

    # ---- numbers and dates -------------------------------------------------------------

    @property
    def settlement_date(self) -> str:
        """MMDD; already tomorrow's after the cut-over."""
        day = self.local + timedelta(days=f"{self.local:%H:%M}" >= self.world.cut_over)
        return f"{day:%m%d}"

    def host_fields(self, rrn: str = "") -> dict[int, str]:
        """What the host knows for any response; the dialect picks what belongs in it."""
        request = self.request
        institution = self.world.book.institution
        out = {
            de.LOCAL_TIME: f"{self.local:%H%M%S}",
            de.LOCAL_DATE: f"{self.local:%m%d}",
            de.SETTLEMENT_DATE: self.settlement_date,
            de.ACQUIRER: institution,
            de.RRN: rrn or self.numbers.rrn(self.local),
            de.ADDITIONAL_RESPONSE: f"{institution:<11}{institution:<11}",
            de.REMARKS: self.world.organisation(self.pan),
        }
        if request.get(de.CONTROL):
            out[de.CONTROL] = request[de.CONTROL][:11]  # 7.2: the first three parts
        if request.pan:
            out[de.PAN] = request.pan
        if request.expiry and de.TRACK_2 in request:
            out[de.EXPIRY] = request.expiry
        return out

    def issuer_fields(self, outcome: str) -> dict[int, str]:
        """DE 55 of the response: the issuer's answer to a good ARQC (2.8)."""
        card = self.world.cards.get(self.request.pan)
        if card is None or self.facts.arqc != "valid":
            return {}
        tags = self.world.issuer.answer(card, self.request, self.dialect.code(outcome))
        return {de.IC_DATA: write_tags(tags)}

    # ---- the ledger --------------------------------------------------------------------

    def key(self, batch: str, stan: str) -> Key:
        """How the ledger finds a transaction of this terminal."""
        request = self.request
        return (request.get(de.TERMINAL_ID), request.get(de.MERCHANT_ID), batch, stan)

    @property
    def own_key(self) -> Key:
        """The key of the request itself."""
        return self.key(self.request.part("60.2"), self.request.get(de.STAN))

    @property
    def batch_key(self) -> BatchKey:
        """The batch that the request names."""
        tid, mid, batch, _ = self.own_key
        return (tid, mid, batch)

    @property
    def content(self) -> str:
        """Fingerprint of the request: equal for a repeat, different for a reused STAN."""
        pieces = [
            f"{number}={self.request[number]}"
            for number in sorted(self.request)
            if number not in NOT_IN_CONTENT
        ]
        return hashlib.sha256(
            "|".join([self.request.mti, *pieces]).encode("utf-8", "surrogateescape")
        ).hexdigest()

    def repeated(self) -> Answer | None:
        """7.4 and 7.1 step 8: the answer to a repeat or to a reused STAN; None for new business."""
        ledger = self.world.ledger
        entry = ledger.repeat_of(self.own_key)
        if entry is not None and entry.content != self.content:
            return Answer(
                "duplicate",
                self.host_fields(),
                own="duplicate",
                because="this STAN was used in this batch with other content (7.4)",
            )
        if ledger.was_reversed_early(self.own_key):
            return Answer(
                "invalid_transaction",
                self.host_fields(entry.rrn if entry else ""),
                own="invalid_transaction",
                because="its reversal was here before: not booked (7.1, 7.4)",
            )
        if entry is None:
            return None
        return Answer(
            entry.outcome,
            entry.answer,
            own=entry.outcome,
            replay=True,
            because="a repeat: the stored answer again (7.4)",
        )

    def book(self, outcome: str, fields: dict[int, str], original: Entry | None = None) -> Entry:
        """Book the request with its outcome, do what an approval does, and tell the log."""
        entry = self.entry(outcome, fields, original)
        self.world.ledger.add(entry)
        if self.dialect.class_of(self.request).books == "debit":
            self.world.risk.sold(self.asked, entry)
        changed = self.world.post(entry) if entry.status == "approved" else []
        for one in (entry, *changed):
            self.tell(one)
        return entry

    def remember(self, outcome: str, fields: dict[int, str]) -> None:
        """Keep the answer to an inquiry for a repeat (7.1 step 8); nothing is booked."""
        self.world.ledger.remember_inquiry(self.entry(outcome, fields, None))

    def entry(self, outcome: str, fields: dict[int, str], original: Entry | None) -> Entry:
        """The request as the ledger keeps it."""
        approved = self.approves(outcome)
        return Entry(
            exchange=self.number,
            kind=self.request.kind,
            key=self.own_key,
            amount=self.granted(outcome),
            asked=self.request.amount,
            pan=self.pan,
            rrn=fields[de.RRN],
            approval=fields.get(de.APPROVAL_CODE, ""),
            date=fields[de.LOCAL_DATE],
            settlement_date=self.settlement_date,
            outcome=outcome,
            status="approved" if approved else "declined",
            content=self.content,
            payee=self.request[de.MERCHANT_ID],
            answer=fields,
            original=original,
            at=self.world.now,
            books=self.dialect.class_of(self.request).books,
            group=group_of(self.world.organisation(self.pan)),
        )

    def tell(self, entry: Entry) -> None:
        """Write what became of an entry into the log."""
        tid, _, batch, stan = entry.key
        body = {
            "exchange": entry.exchange,
            "by": self.number,
            "class": entry.kind,
            "status": entry.status,
            "amount": entry.amount,
            "stan": stan,
            "batch": batch,
            "payee": entry.payee,
            "books": entry.books,
            "group": entry.group,
        }
        self.log.write("ledger_changed", body, terminal=tid)

    def tell_batch(
        self,
        stage: str,
        flags: Mapping[str, str],
        told: Mapping[str, Totals],
        held: Mapping[str, Totals],
        because: str,
    ) -> None:
        """Write the totals of both sides into the log.

        Args:
            stage: ``compared`` or ``closed``.
            flags: group -> what the comparison came to.
            told, held: group -> the totals of the terminal (none if it never told them) and ours.
            because: one sentence.
        """
        tid, _, batch = self.batch_key
        body = {
            "exchange": self.number,
            "batch": batch,
            "stage": stage,
            "flags": dict(flags),
            "told": {group: asdict(totals) for group, totals in told.items()},
            "held": {group: asdict(totals) for group, totals in held.items()},
            "because": because,
        }
        self.log.write("batch_changed", body, terminal=tid)
