"""One connection of a terminal: bytes in, deliveries out. It decides nothing.

It is an ``asyncio.Protocol``; the in-memory link speaks the same interface, so that the
whole path is the same in memory and over TCP.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from switch.clock import Clock, Timer
from switch.errors import FrameError
from switch.host import Host
from switch.records import Delivery, Exchange, Order, Pause, Piece, Write
from switch.wire import Framer

# RST instead of FIN: close with unsent bytes discarded (SO_LINGER on, zero seconds).
LINGER_ZERO = struct.pack("ii", 1, 0)


class Observer(Protocol):
    """Whoever reads along: the printed lines of ``serve``, the runner of a case."""

    def exchanged(self, exchange: Exchange, conn: int) -> None:
        """One request was answered, or not."""


class HostConnection(asyncio.Protocol):
    """The host's side of one connection.

    Args:
        number: counts from 1.
        host, clock: what it serves.
        observer: is told of every exchange.
        gone: called when the connection ended.

    Attributes:
        closes_at_once: it is closed as soon as it is open (``accept_then_close``).
    """

    __slots__ = (
        "_by",
        "_clock",
        "_framer",
        "_gone",
        "_half_closed",
        "_host",
        "_observer",
        "_open",
        "_stalled",
        "_transport",
        "_waiting",
        "closes_at_once",
        "number",
        "terminal",
    )

    def __init__(
        self,
        number: int,
        host: Host,
        clock: Clock,
        observer: Observer,
        gone: Callable[[HostConnection], None],
    ) -> None:
        self.number = number
        self.terminal = ""
        self.closes_at_once = False
        self._host = host
        self._clock = clock
        self._observer = observer
        self._gone = gone
        self._framer = Framer(host.dialect.framing)
        self._transport: asyncio.Transport | None = None
        self._open = False
        self._by = "terminal"
        self._half_closed = False
        self._stalled = False
        self._waiting: list[tuple[Delivery, int]] = []

    @property
    def is_open(self) -> bool:
        """Neither side has ended it."""
        return self._open

    def serve(self, host: Host, clock: Clock, observer: Observer) -> None:
        """From now on serve another host: the next case of a suite with an outside terminal."""
        self._host, self._clock, self._observer = host, clock, observer

    # ---- asyncio.Protocol --------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open = True
        peer = transport.get_extra_info("peername")
        # Without the port, which the system draws: a run repeats byte for byte.
        self._host.opened(self.number, str(peer[0]) if peer else "memory")
        if self.closes_at_once:
            self.order(Order("close"))

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._framer.receive(data):
                exchange = self._host.exchange(frame, self.number, self._clock.now())
                self.terminal = exchange.terminal or self.terminal
                self._observer.exchanged(exchange, self.number)
                for delivery in exchange.deliveries:
                    self.deliver(delivery)
                if not self._open:
                    return
        except FrameError as error:
            self._host.log.write(
                "unreadable", {"text": f"{error}: connection closed"}, conn=self.number
            )
            self._observer.exchanged(
                Exchange(0, notes=(f"{error}: connection closed",)), self.number
            )
            self.order(Order("close"))

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._open:
            self._open = False
            self._host.closed(self.number, self._by, self.terminal)
        for delivery, _ in self._waiting:
            self._host.delivered(delivery, "the connection ended while it was stalled")
        self._waiting.clear()
        self._gone(self)

    # ---- deliveries --------------------------------------------------------------------

    def deliver(self, delivery: Delivery, start: int = 0) -> None:
        """Put a delivery on the transport, from piece ``start`` on."""
        for place in range(start, len(delivery.pieces)):
            piece = delivery.pieces[place]
            if isinstance(piece, Pause):
                self._later(delivery, place + 1, piece.ns)
                return
            if not self._open or (self._half_closed and isinstance(piece, Write)):
                self._host.delivered(delivery, self._why_not())
                return
            if self._stalled and isinstance(piece, Write):
                self._waiting.append((self._host.stalled(delivery), place))
                return
            self._put(piece)
        ended_by_terminal = not self._open and self._by == "terminal"
        self._host.delivered(delivery, self._why_not() if ended_by_terminal else "")

    def _why_not(self) -> str:
        if self._open:
            return "the host had ended its side of the connection"
        return f"the {self._by} had closed the connection"

    def _later(self, delivery: Delivery, place: int, ns: int) -> Timer:
        when = self._clock.now() + ns
        return self._clock.call_at(when, lambda: self.deliver(delivery, place))

    def _put(self, piece: Piece) -> None:
        assert self._transport is not None
        if isinstance(piece, Write):
            self._transport.write(piece.data)
        elif isinstance(piece, Order):
            self.order(piece)

    def order(self, order: Order) -> None:
        """Act on the connection: close, reset, half_close, stall, resume."""
        if not self._open or self._transport is None:
            return
        if order.verb == "stall":
            self._stalled = True
            if order.ns:
                self._clock.call_at(self._clock.now() + order.ns, self._resume)
        elif order.verb == "resume":
            self._resume()
        elif order.verb == "half_close" and self._transport.can_write_eof():
            self._half_closed = True
            self._transport.write_eof()
        else:
            self._end(reset=order.verb == "reset")

    def _end(self, *, reset: bool) -> None:
        assert self._transport is not None
        self._by = "host"
        self._open = False
        self._host.closed(self.number, "host", self.terminal)
        if not reset:
            self._transport.close()
            return
        raw = self._transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self._transport.abort()

    def _resume(self) -> None:
        self._stalled = False
        waiting, self._waiting = self._waiting, []
        for delivery, place in waiting:
            self.deliver(delivery, place)

    def close(self) -> None:
        """End the connection, as the host goes down."""
        self.order(Order("close"))
