"""From bytes to events: what our own host would have written, had it been there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from switch import elements as de
from switch.acquirer import Book
from switch.capture.stream import UNKNOWN, Chunk, Closed, Opened, Piece
from switch.dialect import Dialect
from switch.errors import FrameError, KeyProblem, MessageError
from switch.host.portrait import masked_wire, portray
from switch.host.telling import Request, Teller
from switch.host.terminals import HostTerminal
from switch.masking import Tokens
from switch.message import Message
from switch.records import Event, EventLog, TerminalRecord
from switch.wire import Frame, Framer

UNCHECKED = "unchecked"  # a verdict that needs keys nobody has
LOST = "frame lost from the recording"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that awaits its response."""

    number: int
    message: Message


class Retelling:
    """Tells recorded traffic as events.

    Args:
        dialect: that both sides speak.
        book: whose TMKs unwrap the keys of recorded sign-ons; None checks no MAC.

    Attributes:
        foreign: connections whose first bytes are not of this dialect; they are passed over.
    """

    def __init__(self, dialect: Dialect, book: Book | None) -> None:
        self._dialect = dialect
        self._book = book
        self._now = 0
        self._log = EventLog(lambda: self._now)
        self._tokens = Tokens(secrets.token_bytes(32))
        self._teller = Teller(self._log, dialect, self._tokens)
        self._framers: dict[tuple[int, int], Framer] = {}
        self._waiting: dict[int, list[Asked]] = {}
        self._terminals: dict[str, HostTerminal] = {}
        self._ended: set[int] = set()
        self._count = 0
        self.foreign: set[int] = set()

    def tell(self, pieces: Iterable[Piece]) -> list[Event]:
        """The events of a recording."""
        for piece in pieces:
            self._now = max(self._now, piece.at)
            if isinstance(piece, Chunk):
                self._chunk(piece)
            elif isinstance(piece, Opened):
                self._log.write("connection_opened", {"peer": "recorded"}, conn=piece.conn)
            elif isinstance(piece, Closed):
                self._closed(piece)
            else:
                self._lost(piece.conn)
        return self._log.events

    # ---- a connection ------------------------------------------------------------------

    def _chunk(self, chunk: Chunk) -> None:
        conn = chunk.conn
        if conn in self.foreign | self._ended:
            return
        framer = self._framers.setdefault((conn, chunk.side), Framer(self._dialect.framing))
        try:
            for frame in framer.receive(chunk.content):
                self._frame(frame, conn)
        except FrameError as error:
            self._unreadable(str(error), conn, len(chunk.content))
            self._ended.add(conn)

    def _unreadable(self, text: str, conn: int, size: int) -> None:
        """Bytes that are no message; a connection that begins with such is none of ours."""
        if conn != UNKNOWN and conn not in self._waiting:
            self.foreign.add(conn)
        else:
            self._teller.unreadable(text, conn, size)

    def _closed(self, closed: Closed) -> None:
        waiting = self._waiting.get(closed.conn, [])
        begun = self._framers.get((closed.conn, 1))
        if waiting and begun and begun.pending:
            self._log.write("sent", _broken(waiting[0], begun.pending), conn=closed.conn)
        self._log.write("connection_closed", {"by": closed.by}, conn=closed.conn)
        self._ended.add(closed.conn)

    def _lost(self, conn: int) -> None:
        """Bytes are missing: what was waiting may have been answered."""
        for asked in self._waiting.get(conn, []):
            self._log.write("fault_applied", {"exchange": asked.number, "fault": LOST}, conn=conn)
        self._ended.add(conn)

    # ---- a message ---------------------------------------------------------------------

    def _frame(self, frame: Frame, conn: int) -> None:
        dialect = self._dialect
        if not dialect.routed(frame.tpdu, frame.header):
            text = f"TPDU {frame.tpdu} or header {frame.header} is not of {dialect.name}"
            self._unreadable(text, conn, len(frame.body))
            return
        try:
            message = dialect.decode(frame.body)
        except MessageError as error:
            self._waiting.setdefault(conn, [])
            self._undecodable(frame, conn, error)
            return
        if dialect.direction(message) == "request":
            self._request(frame, conn, message)
        elif asked := self._asked(conn, message):
            self._response(frame, conn, asked)

    def _undecodable(self, frame: Frame, conn: int, error: MessageError) -> None:
        partial = Message(error.mti, error.fields)
        asked = self._asked(conn, partial) if error.mti else None
        if asked and self._dialect.direction(partial) == "response":
            self._log.write("sent", _broken(asked, len(frame.body)), conn=conn)
        else:
            self._teller.unreadable(str(error), conn, len(frame.body))

    def _request(self, frame: Frame, conn: int, message: Message) -> None:
        self._count += 1
        terminal = self._terminal(message)
        found = terminal.inspect(message, frame.body, lambda pan: None)
        facts = replace(found, mac=_known(found.mac))
        request = Request(self._count, conn, frame, message, terminal, facts)
        self._teller.received(request, residue=False)
        self._waiting.setdefault(conn, []).append(Asked(self._count, message))

    def _asked(self, conn: int, response: Message) -> Asked | None:
        """The request that a response answers: by its numbers, or the next one on its line."""
        waiting = self._waiting.get(conn, [])
        numbers = (de.STAN, de.TERMINAL_ID)
        same = [a for a in waiting if all(a.message.get(n) == response.get(n) for n in numbers)]
        fitting = same or (waiting if conn != UNKNOWN else [])
        if not fitting:
            return None
        waiting.remove(fitting[0])
        return fitting[0]

    def _response(self, frame: Frame, conn: int, asked: Asked) -> None:
        dialect = self._dialect
        response = dialect.decode(frame.body, asked.message.kind)
        terminal = self._terminal(asked.message)
        mac = _known(terminal.inspect(response, frame.body, lambda pan: None).mac)
        wire = dialect.framing.wrap(frame)
        body: dict[str, Any] = {"exchange": asked.number}
        body |= portray(response, dialect, self._tokens) | {"facts": {"mac": mac}}
        body["wire"] = masked_wire(wire, len(wire) - len(frame.body), response, response.spans)
        body |= {"bytes": len(wire), "whole": True}
        self._log.write("sent", body, conn=conn, terminal=asked.message.get(de.TERMINAL_ID))
        if asked.message.kind == "sign_on" and dialect.approves(response.get(de.RESPONSE_CODE)):
            self._new_keys(asked.message, response)

    # ---- keys --------------------------------------------------------------------------

    def _terminal(self, request: Message) -> HostTerminal:
        tid = request.get(de.TERMINAL_ID)
        if tid not in self._terminals:
            entry = self._book.terminals.get(tid) if self._book else None
            tmk = bytes.fromhex(entry.tmk) if entry else b""
            record = TerminalRecord(tid, request.get(de.MERCHANT_ID), tmk)
            self._terminals[tid] = HostTerminal(record, self._dialect)
        return self._terminals[tid]

    def _new_keys(self, request: Message, response: Message) -> None:
        """A recorded sign-on: its DE 62 under the TMK of the book."""
        record = self._terminal(request).record
        layout = self._dialect.key_layouts.get(request.part("60.3"), "")
        keys = response.get(de.KEYS)
        fresh = replace(record, working_keys=keys, layout=layout, signed_on=bool(layout))
        terminal = HostTerminal(fresh, self._dialect)
        try:
            usable = bool(record.tmk and terminal.keys)
        except KeyProblem:
            usable = False
        fresh.signed_on = usable
        self._terminals[record.tid] = terminal


def _known(mac: str) -> str:
    """A MAC verdict; without the key there is none."""
    return UNCHECKED if mac == "no_key" else mac


def _broken(asked: Asked, size: int) -> dict[str, Any]:
    """The body of a ``sent`` event for bytes that are no whole response."""
    empty: dict[str, Any] = {name: {} for name in ("fields", "values", "facts")}
    head = {"exchange": asked.number, "class": asked.message.kind, "mti": ""}
    return head | empty | {"wire": "FF" * size, "bytes": size, "whole": False}
