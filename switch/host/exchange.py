"""The spine: one request, from its bytes to what happens on the transport.

Read :meth:`Host.exchange` from top to bottom. Everything else here is an entrance of its own:
a connection opened or closed, a delivery that left or did not, a held response released.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from switch import elements as de
from switch import masking
from switch.acquirer import Book, World
from switch.chance import Chance
from switch.clock import Clock
from switch.dialect import Answer, Dialect
from switch.dialect.file import with_options
from switch.errors import MessageError, Refusal
from switch.faults import describe
from switch.host.delivery import Outgoing, Sender, carries_mac, signs
from switch.host.desk import Desk, Numbers
from switch.host.flows import flow_of
from switch.host.portrait import masked_wire, portray
from switch.host.terminals import Facts, HostTerminal, Terminals
from switch.masking import Tokens
from switch.message import Message
from switch.records import Delivery, Event, EventLog, Exchange
from switch.scenario.model import Reply
from switch.scenario.plan import OWN, Director, Plan
from switch.wire import Frame

UNREADABLE_SHOWN = 64  # bytes of an unreadable frame that the log keeps


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the spine carries it."""

    number: int
    conn: int
    frame: Frame
    message: Message
    terminal: HostTerminal
    facts: Facts


class Host:
    """The acquirer, sans I/O.

    Args:
        dialect, book: what it speaks and what it knows.
        clock, chance, tokens: time, chance and secrecy, handed in.
        director: who plans replies.
        log: where events go.
        mac_policy: ``check``, ``report`` (a wrong MAC is said, not refused) or ``off``.
    """

    def __init__(
        self, dialect: Dialect, book: Book, clock: Clock, chance: Chance, tokens: Tokens,
        director: Director, log: EventLog, mac_policy: str = "check",
    ) -> None:  # fmt: skip
        self.dialect = with_options(dialect, book.options)
        self.world = World(book, dialect.pin_tries)
        self.terminals = Terminals(book, self.world, self.dialect)
        self.director = director
        self.log = log
        self.mac_policy = mac_policy
        self._clock = clock
        self._chance = chance
        self._tokens = tokens
        self._numbers = Numbers(chance)
        self._exchanges = 0
        self._held: dict[int, Delivery] = {}
        self._earlier: dict[str, bytes] = {}

    # ---- the spine ---------------------------------------------------------------------

    def exchange(self, frame: Frame, conn: int, now: int) -> Exchange:
        """Answer one frame; see design.md, section 1.

        Args:
            frame: as the framer cut it.
            conn: number of the connection it came on.
            now: nanoseconds.
        """
        if not self.dialect.routed(frame.tpdu, frame.header):  # 1.2: dropped in silence
            return self._unreadable(frame, conn, f"TPDU {frame.tpdu} or header {frame.header} "
                                                 "is not ours: no answer, as a real host")  # fmt: skip
        try:
            message = self.dialect.decode(frame.body)  # step 1
        except MessageError as error:
            return self._undecodable(frame, conn, now, error)
        if self.dialect.direction(message) == "response":
            return self._unreadable(frame, conn, f"MTI {message.mti} is a response: no answer")
        request = self._request(frame, conn, message)  # step 2
        plan = self.director.plan(self._received(request))  # step 3
        if plan.reply.unheard:
            return self._unheard(request, plan)
        sealable = carries_mac(self.dialect, message, request.terminal)
        answer, reply = self._answer(request, plan)  # steps 4 and 5
        sealed = sealable and signs(self.dialect, answer)
        self._decided(request, plan, answer, reply)
        if reply.none:
            return self._said(request, answer, ())
        sender = self._sender(request)
        outgoing = sender.outgoing(message, frame, answer, reply, sealed=sealed)  # steps 6 to 10
        return self._said(request, answer, self._deliveries(request, outgoing, reply, now))

    def _request(self, frame: Frame, conn: int, message: Message) -> Request:
        """Step 2: the terminal, and what its keys say of the bytes."""
        self._exchanges += 1
        terminal = self.terminals.of(message.get(de.TERMINAL_ID), message.get(de.MERCHANT_ID))
        facts = terminal.inspect(message, frame.body, self._pin_of)
        if message.get(de.STAN):
            terminal.record.last_stan = message[de.STAN]
        return Request(self._exchanges, conn, frame, message, terminal, facts)

    def _answer(self, request: Request, plan: Plan) -> tuple[Answer, Reply]:
        """Steps 4 and 5, or the refusal of steps 1, 2 or 4, which no plan lifts."""
        try:
            self._check_complete(request)
            if request.terminal.record.stranger:
                raise Refusal("unknown_terminal", "this TID is not in the book")
            request.terminal.verify(request.facts, self.mac_policy)
        except Refusal as refusal:
            self._skip(request, plan, f"the host refused the request: {refusal.because}")
            return self._refused(request, refusal), OWN
        decision = plan.decision or self._magic(request.message)
        if decision == "none":
            decision, plan = "", replace(plan, reply=replace(plan.reply, none=True))
        answer = flow_of(request.message.kind)(self._desk(request, decision))
        return answer, plan.reply

    def _check_complete(self, request: Request) -> None:
        """7.1 step 2: without these elements nothing can be answered."""
        absent = self.dialect.absent(request.message)
        if self.mac_policy != "check" or self.dialect.mac_element not in absent:
            absent = [number for number in absent if number != self.dialect.mac_element]
        if absent:
            named = ", ".join(str(self.dialect.codec.fields[number]) for number in absent)
            raise Refusal("format_error", f"{named} missing")

    def _refused(self, request: Request, refusal: Refusal) -> Answer:
        mapped = self.dialect.refusals.get(refusal.reason)
        outcome = mapped.outcome if mapped else refusal.reason
        fields = self._desk(request, "").host_fields()
        return Answer(
            outcome, fields, because=refusal.because, own=outcome,
            sealed=mapped.sealed if mapped else True,
            requirement=mapped.requirement if mapped else "",
        )  # fmt: skip

    def _desk(self, request: Request, decision: str) -> Desk:
        return Desk(
            request.number, request.message, request.terminal, request.facts, decision,
            self._clock.local(), self.world, self.dialect, self._numbers, self._chance, self.log,
        )  # fmt: skip

    def _magic(self, message: Message) -> str:
        """The outcome that the last three digits of the amount choose, if the book says so."""
        kind = self.dialect.class_of(message)
        if not self.world.book.magic_amounts or not kind.books:
            return ""
        return self.dialect.magic_amounts.get(message.get(de.AMOUNT)[-3:], "")

    def _pin_of(self, pan: str) -> str | None:
        card = self.world.cards.get(pan)
        return card.pin or None if card else None

    def _sender(self, request: Request) -> Sender:
        earlier = self._earlier.get(request.terminal.record.tid)
        return Sender(self.dialect, request.terminal, self._tokens, self._chance, earlier)

    def _deliveries(
        self, request: Request, outgoing: Outgoing, reply: Reply, now: int
    ) -> tuple[Delivery, ...]:
        """What leaves now; a held response waits in ``_held`` instead."""
        for fault, why in outgoing.skipped:
            body = {"exchange": request.number, "fault": fault, "why": why}
            self.log.write("fault_skipped", body, terminal=request.terminal.record.tid)
        tid = request.terminal.record.tid
        self._earlier[tid] = outgoing.wire
        delivery = Delivery(
            request.number, request.conn, now, outgoing.pieces, tid, outgoing.sent,
            tuple(outgoing.applied),
        )  # fmt: skip
        if reply.hold_until is None:
            return (delivery,)
        self._held[request.number] = replace(
            delivery, faults=(*delivery.faults, "reply held back")
        )
        self.log.write("held", {"exchange": request.number}, conn=request.conn, terminal=tid)
        return ()

    # ---- what the log is told ----------------------------------------------------------

    def _received(self, request: Request) -> Event:
        body: dict[str, Any] = {"exchange": request.number}
        body |= portray(request.message, self.dialect, self._tokens)
        facts = request.facts
        body["facts"] = {"mac": facts.mac, "pin": facts.pin, "format": list(facts.format)}
        wire = self.dialect.framing.wrap(request.frame)
        envelope = len(wire) - len(request.frame.body)
        body["wire"] = masked_wire(wire, envelope, request.message, self.dialect)
        body["bytes"] = len(wire)
        return self.log.write("received", body, conn=request.conn,
                              terminal=request.message.get(de.TERMINAL_ID))  # fmt: skip

    def _decided(self, request: Request, plan: Plan, answer: Answer, reply: Reply) -> None:
        response = "none" if reply.none else "held" if reply.hold_until is not None else "leaves"
        self._write_decided(request, plan, answer, response, applied=reply is not OWN)
        if reply.none:
            self._applied(request, "reply none", plan.step)

    def _write_decided(
        self, request: Request, plan: Plan, answer: Answer, response: str, *, applied: bool
    ) -> None:
        body = {
            "exchange": request.number, "class": request.message.kind, "outcome": answer.outcome,
            "own": answer.own or answer.outcome, "code": self.dialect.code(answer.outcome),
            "because": answer.because, "response": response, "replay": answer.replay,
            "planned": plan.step if applied else "",
        }  # fmt: skip
        tid = request.terminal.record.tid
        self.log.write("decided", body, conn=request.conn, terminal=tid)

    def _unheard(self, request: Request, plan: Plan) -> Exchange:
        """The request was lost on its way: nothing is decided, booked or said."""
        self._write_decided(request, plan, Answer(""), "unheard", applied=True)
        self._applied(request, "reply unheard", plan.step)
        return self._said(request, Answer(""), ())

    def _applied(self, request: Request, fault: str, step: str) -> None:
        body = {"exchange": request.number, "fault": fault, "step": step}
        self.log.write("fault_applied", body, conn=request.conn,
                       terminal=request.terminal.record.tid)  # fmt: skip

    def _skip(self, request: Request, plan: Plan, why: str) -> None:
        if plan.reply == OWN:
            return
        planned = [describe(fault) for fault in plan.reply.faults] or ["reply"]
        for fault in planned:
            body = {"exchange": request.number, "fault": fault, "why": why}
            self.log.write("fault_skipped", body, terminal=request.terminal.record.tid)

    def _said(
        self, request: Request, answer: Answer, deliveries: tuple[Delivery, ...]
    ) -> Exchange:
        message = request.message
        notes = [*request.facts.format, *self._mac_notes(request)]
        if answer.because:
            notes.append(answer.because)
        return Exchange(
            number=request.number, deliveries=deliveries, kind=message.kind,
            terminal=message.get(de.TERMINAL_ID), stan=message.get(de.STAN),
            amount=message.amount if de.AMOUNT in message else None, outcome=answer.outcome,
            code=self.dialect.code(answer.outcome), mac=request.facts.mac, notes=tuple(notes),
        )  # fmt: skip

    def _mac_notes(self, request: Request) -> list[str]:
        if self.mac_policy == "report" and request.facts.mac in {"wrong", "absent"}:
            return [f"MAC {request.facts.mac}: answered as if it were right (--mac report)"]
        return []

    # ---- bytes that are no request -----------------------------------------------------

    def _unreadable(self, frame: Frame, conn: int, text: str) -> Exchange:
        shown = masking.text(text)
        size = min(len(frame.body), UNREADABLE_SHOWN)
        body = {"text": shown, "wire": "F" * (2 * size), "bytes": len(frame.body)}
        self.log.write("unreadable", body, conn=conn)
        return Exchange(0, notes=(shown,))

    def _undecodable(self, frame: Frame, conn: int, now: int, error: MessageError) -> Exchange:
        """7.1: 30 where the key elements could be read, else silence."""
        where = error.moved(len(self.dialect.framing.wrap(frame)) - len(frame.body))
        needed = (de.STAN, de.TERMINAL_ID, de.MERCHANT_ID)
        exchange = self._unreadable(frame, conn, str(where))
        if not error.mti or any(number not in error.fields for number in needed):
            return exchange
        partial = self.dialect.classified(Message(error.mti, error.fields))
        if self.dialect.direction(partial) == "response":
            return exchange
        request = self._request(frame, conn, partial)
        answer = self._refused(request, Refusal("format_error", str(where)))
        self._write_decided(request, Plan(), answer, "leaves", applied=False)
        sender = self._sender(request)
        outgoing = sender.outgoing(partial, frame, answer, OWN, sealed=False)
        return self._said(request, answer, self._deliveries(request, outgoing, OWN, now))

    # ---- the other entrances -----------------------------------------------------------

    def opened(self, conn: int, peer: str) -> None:
        """A connection was accepted."""
        self.log.write("connection_opened", {"peer": peer}, conn=conn)

    def closed(self, conn: int, by: str, terminal: str = "") -> None:
        """A connection ended; ``by`` is ``terminal``, ``host`` or ``refused``."""
        self.log.write("connection_closed", {"by": by}, conn=conn, terminal=terminal or None)

    def release(self, exchange: int) -> tuple[Delivery, ...]:
        """Let a held response go."""
        delivery = self._held.pop(exchange, None)
        if delivery is None:
            return ()
        self.log.write("released", {"exchange": exchange}, conn=delivery.conn,
                       terminal=delivery.terminal)  # fmt: skip
        return (delivery,)

    def delivered(self, delivery: Delivery, undelivered: str = "") -> None:
        """A delivery ended: its last piece has left, or ``undelivered`` says why not."""
        place = {"conn": delivery.conn, "terminal": delivery.terminal}
        body: dict[str, Any] = {"exchange": delivery.exchange}
        if undelivered:
            self.log.write("undelivered", body | {"why": undelivered}, **place)  # type: ignore[arg-type]
            return
        self.log.write("sent", body | dict(delivery.sent or {}), **place)  # type: ignore[arg-type]
        for fault in delivery.faults:
            self.log.write("fault_applied", body | {"fault": fault}, **place)  # type: ignore[arg-type]

    def holds_keys(self, tid: str) -> bool:
        """This terminal has signed on here."""
        return self.terminals.of(tid, "").keys is not None

    def change(self, step: str, what: str, id_: str, changes: dict[str, str]) -> None:
        """Change the acquirer's world; see ``World.change``."""
        self.world.change(what, id_, changes)
        shown = {key: value for key, value in changes.items() if key != "pin"}
        self.log.write(
            "world_changed", {"step": step, "what": what, "id": masking.text(id_), "changes": shown}
        )
