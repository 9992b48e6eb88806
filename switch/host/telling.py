"""What the log is told of a request: everything a judge without keys will need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from switch import elements as de
from switch import masking
from switch.acquirer.keys import shown
from switch.acquirer.queue import AT_ONCE, Place
from switch.dialect import Answer, Dialect
from switch.host.portrait import masked_wire, portray
from switch.host.terminals import Facts, HostTerminal
from switch.masking import Tokens
from switch.message import Message
from switch.records import Delivery, Event, EventLog
from switch.wire import Frame

UNREADABLE_SHOWN = 64  # bytes of an unreadable frame whose place the log keeps


def tell_change(log: EventLog, step: str, what: str, id_: str, changes: Mapping[str, Any]) -> None:
    """The acquirer's world was changed; ``step`` is empty if the acquirer did it itself."""
    named = masking.text(id_) if what == "card" else id_  # a card may be named by its number
    body = {"step": step, "what": what, "id": named, "changes": shown(changes)}
    log.write("world_changed", body)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the spine carries it; ``place`` is where it stands in the host's queue."""

    number: int
    conn: int
    frame: Frame
    message: Message
    terminal: HostTerminal
    facts: Facts
    place: Place = AT_ONCE

    @property
    def tid(self) -> str:
        """TID as sent."""
        return self.message.get(de.TERMINAL_ID)


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes the events of one host."""

    log: EventLog
    dialect: Dialect
    tokens: Tokens

    def received(self, request: Request, *, residue: bool) -> Event:
        """A message arrived, with the facts that only the key holder knows."""
        message, facts = request.message, request.facts
        wire = self.dialect.framing.wrap(request.frame)
        envelope = len(wire) - len(request.frame.body)
        body: dict[str, Any] = {"exchange": request.number}
        body |= portray(message, self.dialect, self.tokens)
        told = {"mac": facts.mac, "pin": facts.pin, "arqc": facts.arqc}
        body["facts"] = {**told, "format": list(facts.format)}
        if facts.details:
            body["facts"]["details"] = [dict(detail) for detail in facts.details]
        body["wire"] = masked_wire(wire, envelope, message, message.spans)
        body["bytes"] = len(wire)
        if residue:
            body["residue"] = True
        return self.log.write("received", body, conn=request.conn, terminal=request.tid)

    def drawn(self, request: Request, step: str, purpose: str, value: float) -> None:
        """A number was drawn about one request, for a step or rule; empty: for the host."""
        body = {"exchange": request.number, "step": step, "purpose": purpose, "value": value}
        self.log.write("draw", body, conn=request.conn, terminal=request.tid)

    def decided(self, request: Request, answer: Answer, response: str, planned: str) -> None:
        """The acquirer decided.

        Args:
            request: what it decided on.
            answer: its decision.
            response: ``leaves``, ``none``, ``held`` or ``unheard``.
            planned: the step or rule whose plan was applied; empty if none.
        """
        body: dict[str, Any] = {
            "exchange": request.number,
            "class": request.message.kind,
            "outcome": answer.outcome,
            "own": answer.own or answer.outcome,
            "code": self.dialect.code(answer.outcome),
            "because": answer.because,
            "response": response,
            "replay": answer.replay,
            "planned": planned,
        }
        if request.place.wait:
            body["queued"] = request.place.wait
        self.log.write("decided", body, conn=request.conn, terminal=request.tid)

    def applied(self, request: Request, fault: str, step: str) -> None:
        """A fault took effect at once: a reply is left unsaid."""
        body = {"exchange": request.number, "fault": fault, "step": step}
        self.log.write("fault_applied", body, conn=request.conn, terminal=request.tid)

    def skipped(self, request: Request, fault: str, why: str) -> None:
        """A planned fault could not take effect."""
        body = {"exchange": request.number, "fault": fault, "why": why}
        self.log.write("fault_skipped", body, terminal=request.tid)

    def held(self, request: Request) -> None:
        """A response waits for its release."""
        body = {"exchange": request.number}
        self.log.write("held", body, conn=request.conn, terminal=request.tid)

    def released(self, delivery: Delivery) -> None:
        """It need not wait any longer."""
        body = {"exchange": delivery.exchange}
        self.log.write("released", body, conn=delivery.conn, terminal=delivery.terminal)

    def unreadable(self, text: str, conn: int, size: int) -> str:
        """Bytes that are no request; returns the sentence as it may be shown."""
        shown = masking.text(text)
        wire = "F" * (2 * min(size, UNREADABLE_SHOWN))
        self.log.write("unreadable", {"text": shown, "wire": wire, "bytes": size}, conn=conn)
        return shown

    def stalled(self, delivery: Delivery) -> Delivery:
        """A stall met the terminal when the bytes stopped, whether or not the rest ever leaves."""
        met = tuple(fault for fault in delivery.faults if fault.startswith("transport stall"))
        for fault in met:
            body = {"exchange": delivery.exchange, "fault": fault}
            self.log.write("fault_applied", body, conn=delivery.conn, terminal=delivery.terminal)
        if delivery.step:
            body = {"exchange": delivery.exchange, "step": delivery.step}
            self.log.write("held", body, conn=delivery.conn, terminal=delivery.terminal)
        return replace(delivery, faults=tuple(f for f in delivery.faults if f not in met))

    def delivered(self, delivery: Delivery, undelivered: str) -> None:
        """A delivery ended: its last piece has left, or why it has not."""
        conn, terminal = delivery.conn or None, delivery.terminal
        body: dict[str, Any] = {"exchange": delivery.exchange}
        body |= {"step": delivery.step} if delivery.step else {}
        if undelivered:
            body["why"] = undelivered
            self.log.write("undelivered", body, conn=conn, terminal=terminal)
            return
        self.log.write("sent", body | dict(delivery.sent or {}), conn=conn, terminal=terminal)
        for fault in delivery.faults:
            self.log.write("fault_applied", body | {"fault": fault}, conn=conn, terminal=terminal)
