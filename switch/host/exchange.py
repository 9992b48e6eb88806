"""The spine: one request, from its bytes to what happens on the transport.

Read :meth:`Host.exchange` from top to bottom. Everything else here is an entrance of its own:
a connection opened or closed, a delivery that left or did not, a held response released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from switch import elements as de
from switch import masking
from switch.acquirer import Book, World
from switch.acquirer.queue import ALL, SILENCE, Place
from switch.chance import Chance, Told
from switch.clock import Clock, in_seconds
from switch.dialect import Answer, Dialect
from switch.dialect.file import check_security, with_options
from switch.errors import MessageError, Refusal
from switch.faults import describe
from switch.host.delivery import Outgoing, Sender, carries_mac, signs
from switch.host.desk import SHED, Desk
from switch.host.flows import answer_to
from switch.host.numbers import Numbers
from switch.host.payer import check_payer
from switch.host.telling import Request, Teller, tell_change
from switch.host.terminals import Facts, Terminals
from switch.host.unasked import as_if_asked, envelope, unasked
from switch.masking import Tokens
from switch.message import Message
from switch.records import Delivery, EventLog, Exchange, Pause, Piece
from switch.scenario.model import Reply
from switch.scenario.plan import OWN, Director, Plan, Streams
from switch.wire import Frame

UNASKED = Facts("absent", "absent")  # of the request that nobody made


def _waiting(place: Place, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """What leaves, after its wait in the queue."""
    return (Pause(place.wait), *pieces) if place.wait else pieces


class Host:
    """The acquirer, sans I/O.

    Args:
        dialect, book: what it speaks and what it knows.
        clock, chance, tokens: time, chance and secrecy, handed in.
        director: who plans replies.
        log: where events go.
        mac_policy: ``check``, ``report`` (a wrong MAC is said, not refused) or ``off``.
        before: the host of the case before, when one outside terminal goes through many: its
            terminals live on, its ledger only answers late reversals.
        beside: the host at another line of the same acquirer, whose world, terminals and
            numbers this one shares.
    """

    def __init__(
        self,
        dialect: Dialect,
        book: Book,
        clock: Clock,
        chance: Chance,
        tokens: Tokens,
        director: Director,
        log: EventLog,
        mac_policy: str = "check",
        before: Host | None = None,
        beside: Host | None = None,
    ) -> None:
        check_security(dialect)
        self.dialect = with_options(dialect, book.options)
        last = beside or before
        self._numbers: Numbers = last._numbers if last else Numbers(chance)
        past = before.world.ledger.merged(before.world.past) if before else None
        self.world: World = beside.world if beside else World(book, clock, dialect.pin_tries, past)
        self.terminals: Terminals = (
            last.terminals.carried(self.world)
            if last
            else Terminals(book, self.world, self.dialect)
        )
        self.director = director
        self.log = log
        self.mac_policy = mac_policy
        self._teller = Teller(log, self.dialect, tokens)
        self._tokens = tokens
        self._clock = clock
        self._chance = chance
        self._streams: dict[str, Chance] = {}
        self._held: dict[int, Delivery] = {}
        self._earlier: dict[str, bytes] = {}

    # ---- the spine ---------------------------------------------------------------------

    def exchange(self, frame: Frame, conn: int, now: int) -> Exchange:
        """Answer one frame.

        Args:
            frame: as the framer cut it.
            conn: number of the connection it came on.
            now: nanoseconds.
        """
        if not self.dialect.routed(frame.tpdu, frame.header):  # 1.2: dropped in silence
            text = f"TPDU {frame.tpdu} or header {frame.header} is not ours: no answer"
            return self._unreadable(frame, conn, text)
        try:
            message = self.dialect.decode(frame.body)  # step 1
        except MessageError as error:
            return self._undecodable(frame, conn, now, error)
        if self.dialect.direction(message) == "response":
            return self._unreadable(frame, conn, f"MTI {message.mti} is a response: no answer")
        request = self._request(frame, conn, message)  # step 2
        received = self._teller.received(request, residue=self._is_residue(request))
        plan = self.director.plan(received, self._draws(request))  # step 3
        for change in plan.changes:
            self.change(change.rule, change.what, change.id, change.changes)
        if plan.reply.unheard:
            return self._unheard(request, plan)
        request = self._queued(request)
        if request.place.shed == SILENCE:
            return self._unheard(request, plan)
        sealable = carries_mac(self.dialect, message, request.terminal)
        answer, reply = self._answer(request, plan)  # steps 4 and 5
        self._decided(request, plan, answer, reply)
        if reply.none:
            return self._said(request, answer, plan, unsaid="not answered")
        sealed = sealable and signs(self.dialect, answer)
        sender = self._sender(request, plan.step)
        outgoing = sender.outgoing(message, frame, answer, reply, sealed=sealed)  # steps 6 to 10
        deliveries = self._deliveries(request, outgoing, reply, now)
        return self._said(request, answer, plan, deliveries, outgoing)

    def _request(self, frame: Frame, conn: int, message: Message) -> Request:
        """Step 2: the terminal, and what its keys say of the bytes."""
        terminal = self.terminals.of(message.get(de.TERMINAL_ID), message.get(de.MERCHANT_ID))
        message = terminal.in_clear(message)
        facts = terminal.inspect(message, frame.body, self._pin_of)
        card = self.world.cards.get(message.pan)
        facts = replace(facts, arqc=self.world.issuer.verdict(card, message))
        if message.get(de.STAN):
            terminal.record.last_stan = message[de.STAN]
        return Request(self._numbers.exchange(), conn, frame, message, terminal, facts)

    def _queued(self, request: Request) -> Request:
        """The request with its place in the queue: what it says is decided at arrival (row 1)."""

        percent = partial(self._draws(request)("").below, "queue", ALL)
        place = self.world.queue.arrive(self._clock.now(), percent)
        return replace(request, place=place)

    def _draws(self, request: Request) -> Streams:
        """One seeded stream per step; each draw for this request is an event."""

        def stream(step: str) -> Chance:
            source = self._streams.setdefault(step, self._chance.child(step))
            return Told(source, partial(self._teller.drawn, request, step))

        return stream

    def _answer(self, request: Request, plan: Plan) -> tuple[Answer, Reply]:
        """Steps 4 and 5, or the refusal of steps 1, 2 or 4, which no plan lifts."""
        try:
            self._check_complete(request)
            if request.terminal.record.stranger:
                raise Refusal("unknown_terminal", "this TID is not in the book")
            kind = self.dialect.class_of(request.message)
            new = kind.new_business or kind.name == "sign_on"
            self.world.check_terminal(request.tid, new_business=new)  # 7.1 step 3
            request.terminal.verify(request.facts, self.mac_policy)
        except Refusal as refusal:
            self._skip(request, plan, f"the host refused the request: {refusal.because}")
            return self._refused(request, refusal), OWN
        decision, reply = plan.decision or self._magic(request.message), plan.reply
        if decision == "none":
            decision, reply = "", replace(reply, none=True)
        amount = str(reply.set.get("amount", ""))
        approved = int(amount) if amount.isdigit() else None
        desk = self._desk(request, decision, approved)
        return answer_to(desk), reply

    def _check_complete(self, request: Request) -> None:
        """7.1 step 2: without these elements nothing can be answered."""
        message = request.message
        absent = self.dialect.absent(message)
        if self.mac_policy != "check":
            absent = [number for number in absent if number != self.dialect.mac_element]
        if absent:
            named = ", ".join(str(self.dialect.codec.fields[number]) for number in absent)
            raise Refusal("format_error", f"{named} missing or not readable")
        check_payer(message, card=self.dialect.class_of(message).card)

    def _refused(self, request: Request, refusal: Refusal) -> Answer:
        mapped = self.dialect.refusals.get(refusal.reason)
        outcome = mapped.outcome if mapped else refusal.reason
        return Answer(
            outcome,
            self._desk(request, "").host_fields(),
            because=refusal.because,
            own=outcome,
            sealed=mapped.sealed if mapped else True,
            requirement=mapped.requirement if mapped else "",
        )

    def _desk(self, request: Request, decision: str, approved: int | None = None) -> Desk:
        return Desk(
            number=request.number,
            request=request.message,
            terminal=request.terminal,
            facts=request.facts,
            decision=decision,
            approved_amount=approved,
            local=self._clock.local(),
            world=self.world,
            dialect=self.dialect,
            numbers=self._numbers,
            chance=self._chance,
            log=self.log,
            place=request.place,
        )

    def _magic(self, message: Message) -> str:
        """The outcome that the last three digits of the amount choose, if the book says so."""
        kind = self.dialect.class_of(message)
        if not self.world.book.magic_amounts or not (kind.books or kind.reversible):
            return ""
        return self.dialect.magic_amounts.get(message.get(de.AMOUNT)[-3:], "")

    def _pin_of(self, pan: str) -> str | None:
        card = self.world.cards.get(pan)
        return card.pin or None if card else None

    def _sender(self, request: Request, step: str = "") -> Sender:
        earlier = self._earlier.get(request.terminal.record.tid)
        chance = self._draws(request)(step)
        return Sender(self.dialect, request.terminal, self._tokens, chance, earlier)

    def _deliveries(
        self, request: Request, outgoing: Outgoing, reply: Reply, now: int
    ) -> tuple[Delivery, ...]:
        """What leaves now; a held response waits in ``_held`` instead."""
        for fault, why in outgoing.skipped:
            self._teller.skipped(request, fault, why)
        self._earlier[request.terminal.record.tid] = outgoing.wire
        delivery = Delivery(
            request.number,
            request.conn,
            now,
            _waiting(request.place, outgoing.pieces),
            request.tid,
            outgoing.sent,
            tuple(outgoing.applied),
        )
        if reply.hold_until is None:
            return (delivery,)
        held = replace(delivery, faults=(*delivery.faults, "timing reply held back"))
        self._held[request.number] = held
        self._teller.held(request)
        return ()

    # ---- what is told ------------------------------------------------------------------

    def _is_residue(self, request: Request) -> bool:
        """A reversal whose original is older than this case."""
        if self.dialect.class_of(request.message).group != "reversal":
            return False
        return self.world.is_residue(self._desk(request, "").own_key)

    def _decided(self, request: Request, plan: Plan, answer: Answer, reply: Reply) -> None:
        response = "none" if reply.none else "leaves" if reply.hold_until is None else "held"
        self._teller.decided(request, answer, response, "" if reply is OWN else plan.step)
        if reply.none:
            self._teller.applied(request, "reply none", plan.step)

    def _unheard(self, request: Request, plan: Plan) -> Exchange:
        """The request was lost on its way: nothing is decided, booked or said."""
        because = SHED if request.place.shed else ""
        self._teller.decided(request, Answer("", because=because), "unheard", plan.step)
        self._teller.applied(request, "reply unheard", plan.step)
        return self._said(request, Answer(""), plan, unsaid="not heard")

    def _skip(self, request: Request, plan: Plan, why: str) -> None:
        if plan.reply != OWN:
            for fault in [describe(fault) for fault in plan.reply.faults] or ["reply"]:
                self._teller.skipped(request, fault, why)

    def _said(
        self,
        request: Request,
        answer: Answer,
        plan: Plan,
        deliveries: tuple[Delivery, ...] = (),
        outgoing: Outgoing | None = None,
        *,
        unsaid: str = "",
    ) -> Exchange:
        """The exchange as whoever reads along sees it."""
        message, facts = request.message, request.facts
        notes = list(facts.format)
        passed = facts.mac in {"wrong", "absent"} and request.terminal.keys is not None
        if self.mac_policy == "report" and passed:
            notes.append(f"MAC {facts.mac}: answered as if it were right (--mac report)")
        if answer.because:
            notes.append(answer.because)
        if request.place.wait:
            waits = in_seconds(request.place.wait)
            notes.append(f"answered in {waits}: {request.place.ahead} messages are ahead of it")
        if plan.step:
            did = [unsaid] if unsaid else []
            if outgoing is not None:
                did += outgoing.applied
                did += [f"{fault} has no effect: {why}" for fault, why in outgoing.skipped]
            notes += [f"{plan.step}: {what}" for what in did]
        return Exchange(
            number=request.number,
            deliveries=deliveries,
            kind=message.kind,
            terminal=request.tid,
            stan=message.get(de.STAN),
            amount=message.amount if de.AMOUNT in message else None,
            outcome=answer.outcome,
            code=self.dialect.code(answer.outcome),
            mac=facts.mac,
            notes=tuple(notes),
            unsaid=unsaid,
        )

    # ---- bytes that are no request -----------------------------------------------------

    def _unreadable(self, frame: Frame, conn: int, text: str) -> Exchange:
        return Exchange(0, notes=(self._teller.unreadable(text, conn, len(frame.body)),))

    def _undecodable(self, frame: Frame, conn: int, now: int, error: MessageError) -> Exchange:
        """7.1: a format error where the key elements could be read, else silence."""
        where = error.moved(len(self.dialect.framing.wrap(frame)) - len(frame.body))
        needed = (de.STAN, de.TERMINAL_ID, de.MERCHANT_ID)
        exchange = self._unreadable(frame, conn, str(where))
        if not error.mti or any(number not in error.fields for number in needed):
            return exchange
        partial = self.dialect.classified(Message(error.mti, error.fields))
        if self.dialect.direction(partial) == "response":
            return exchange
        request = self._request(frame, conn, partial)
        answer = self._refused(request, Refusal("format_error", masking.text(str(where))))
        self._teller.decided(request, answer, "leaves", "")
        outgoing = self._sender(request).outgoing(partial, frame, answer, OWN, sealed=False)
        deliveries = self._deliveries(request, outgoing, OWN, now)
        return self._said(request, answer, Plan(), deliveries)

    # ---- the other entrances -----------------------------------------------------------

    def push(
        self, tid: str, kind: str, values: Mapping[str, Any], conn: int, step: str
    ) -> tuple[Delivery, ...]:
        """A message that nobody asked for; none leaves where it cannot be as it is told to be.

        Args:
            tid: the terminal it is for.
            kind: message class; its request where the host may make it, else its response.
            values: value name or element -> what it says.
            conn: the open connection of the terminal; 0 if there is none.
            step: who sends it.
        """
        terminal, frame = self.terminals.of(tid, ""), envelope(self.dialect)
        message = as_if_asked(kind, terminal, self.dialect)
        request = Request(self._numbers.exchange(), conn, frame, message, terminal, UNASKED)
        sealed = carries_mac(self.dialect, message, terminal)
        reply = Reply(set=values)
        said = unasked(self._desk(request, ""))
        outgoing = self._sender(request, step).leaving(said, frame, reply, sealed=sealed)
        sent = {**outgoing.sent, "step": step}
        now = self._clock.now()
        delivery = Delivery(request.number, conn, now, outgoing.pieces, tid, sent, step=step)
        why = "; ".join(f"{what}: {why}" for what, why in outgoing.skipped)
        if why or not conn:
            self.delivered(delivery, why or "the terminal has no open connection")
            return ()
        return (delivery,)

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
        self._teller.released(delivery)
        return (delivery,)

    def stalled(self, delivery: Delivery) -> Delivery:
        """A delivery stopped on its way: a stall in it took effect; returns what is left of it."""
        return self._teller.stalled(delivery)

    def delivered(self, delivery: Delivery, undelivered: str = "") -> None:
        """A delivery ended: its last piece has left, or ``undelivered`` says why not."""
        self._teller.delivered(delivery, undelivered)

    def holds_keys(self, tid: str) -> bool:
        """This terminal has signed on here."""
        return self.terminals.of(tid, "").keys is not None

    def change(self, step: str, what: str, id_: str, changes: Mapping[str, Any]) -> None:
        """Change the acquirer's world; see ``World.change``."""
        self.world.change(what, id_, changes)
        tell_change(self.log, step, what, id_, changes)
