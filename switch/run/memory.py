"""The in-memory link: a fixed latency each way, everything else as over TCP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from switch.clock import Clock
from switch.host import Host
from switch.net.connection import HostConnection, Observer
from switch.records import Delivery, Order
from switch.run.stage import Far

LATENCY = 5_000_000  # nanoseconds each way (scenario-format 5)


class MemoryTransport(asyncio.Transport):
    """The host's end of one connection."""

    def __init__(self, clock: Clock, peer: MemoryLine) -> None:
        super().__init__()
        self._clock = clock
        self._peer = peer
        self._closing = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_closing(self) -> bool:
        return self._closing

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._closing:
            sent = bytes(data)
            self._later(lambda: self._peer.arrived(self, sent))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self._later(lambda: self._peer.ended(self, "host"))

    def close(self) -> None:
        self._end("host")

    def abort(self) -> None:
        self._end("reset")

    def _end(self, by: str) -> None:
        if not self._closing:
            self._closing = True
            self._later(lambda: self._peer.ended(self, by))

    def _later(self, callback: Callable[[], None]) -> None:
        self._clock.call_at(self._clock.now() + LATENCY, callback)


class MemoryLine:
    """The terminal's end: what a model terminal's port does with its line."""

    def __init__(self, network: MemoryNetwork, far: Far) -> None:
        self._network = network
        self._far = far
        self._transport: MemoryTransport | None = None
        self._protocol: HostConnection | None = None
        self._attempt = 0

    def connect(self) -> None:
        self._attempt += 1
        attempt = self._attempt
        self._network.later(lambda: self._reach(attempt))

    def _reach(self, attempt: int) -> None:
        """The attempt arrives at the host."""
        if attempt != self._attempt:
            return
        if self._network.refuses():
            self._network.later(lambda: self._refused(attempt))
            return
        protocol = self._network.accept()
        transport = MemoryTransport(self._network.clock, self)
        self._transport, self._protocol = transport, protocol
        protocol.closes_at_once = self._network.closes_at_once()
        self._network.later(lambda: self._open(attempt))
        protocol.connection_made(transport)

    def _refused(self, attempt: int) -> None:
        if attempt == self._attempt:
            self._far.connect_failed("connection refused")

    def _open(self, attempt: int) -> None:
        if attempt == self._attempt and self._transport is not None:
            self._far.connected()

    def send(self, data: bytes) -> None:
        protocol = self._protocol
        if protocol is not None:
            self._network.later(lambda: self._deliver(protocol, data))

    @staticmethod
    def _deliver(protocol: HostConnection, data: bytes) -> None:
        if protocol.is_open:
            protocol.data_received(data)

    def close(self) -> None:
        self._attempt += 1
        protocol, self._protocol, self._transport = self._protocol, None, None
        if protocol is not None:
            self._network.later(lambda: protocol.connection_lost(None))

    # ---- from the host -----------------------------------------------------------------

    def arrived(self, transport: MemoryTransport, data: bytes) -> None:
        """Bytes of the host arrive."""
        if transport is self._transport:
            self._far.received(data)

    def ended(self, transport: MemoryTransport, by: str) -> None:
        """The host ended the connection."""
        if transport is not self._transport:
            return
        protocol, self._protocol, self._transport = self._protocol, None, None
        if protocol is not None:
            protocol.connection_lost(None)
        self._far.lost(by)


class MemoryNetwork:
    """All connections of one case in memory."""

    def __init__(self, clock: Clock, host: Host, observer: Observer) -> None:
        self.clock = clock
        self._host = host
        self._observer = observer
        self._count = 0
        self._connections: dict[int, HostConnection] = {}
        self._refuse_next = 0
        self._refuse_until = 0
        self._close_next = 0

    def line(self, far: Far) -> MemoryLine:
        """A line for a terminal."""
        return MemoryLine(self, far)

    def later(self, callback: Callable[[], None]) -> None:
        """After the latency of one way."""
        self.clock.call_at(self.clock.now() + LATENCY, callback)

    def accept(self) -> HostConnection:
        """A new connection on the host's side."""
        self._count += 1
        connection = HostConnection(
            self._count,
            self._host,
            self.clock,
            self._observer,
            self._gone,
        )
        self._connections[self._count] = connection
        return connection

    def _gone(self, connection: HostConnection) -> None:
        self._connections.pop(connection.number, None)

    def refuses(self) -> bool:
        """Whether this attempt is refused; counted and logged."""
        if self._refuse_next > 0:
            self._refuse_next -= 1
        elif self.clock.now() >= self._refuse_until:
            return False
        self._count += 1
        self._host.closed(self._count, "refused")
        return True

    def closes_at_once(self) -> bool:
        """Whether this connection is accepted and closed; counted."""
        if self._close_next > 0:
            self._close_next -= 1
            return True
        return False

    def order(self, verb: str, ns: int, terminal: str) -> bool:
        """Carry out a ``connection`` step."""
        if verb == "refuse_next":
            self._refuse_next += 1
        elif verb == "refuse":
            self._refuse_until = self.clock.now() + ns
        elif verb == "accept_then_close":
            self._close_next += 1
        else:
            connection = self.connection(terminal)
            if connection is None:
                return False
            connection.order(Order(verb, ns))
        return True

    def connection(self, terminal: str) -> HostConnection | None:
        """The connection that a terminal holds open; of several the last."""
        mine = [c for c in self._connections.values() if c.terminal == terminal and c.is_open]
        return mine[-1] if mine else None

    def deliver(self, delivery: Delivery) -> None:
        """Send a delivery that was held, or that nobody asked for."""
        connection = self._connections.get(delivery.conn)
        if connection is None:
            self._host.delivered(delivery, "the terminal had closed the connection")
        else:
            connection.deliver(delivery)

    def close(self) -> None:
        """Nothing to tidy up in memory."""
