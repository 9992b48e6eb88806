"""The TCP link of a case: a real listener, and lines to it for terminals of our own process."""

from __future__ import annotations

import asyncio

from switch.clock import Clock
from switch.host import Host
from switch.net.connection import HostConnection, Observer
from switch.net.link import TcpLine
from switch.net.server import Server
from switch.records import Delivery, Order
from switch.run.stage import Far


class GatedLine(TcpLine):
    """A line whose attempts the script may refuse: loopback TCP would hide who refused."""

    def __init__(self, network: TcpNetwork, loop: asyncio.AbstractEventLoop, far: Far) -> None:
        super().__init__(loop, network.address, far)
        self._network = network
        self._gate_far = far

    def connect(self) -> None:
        if self._network.refuses():
            self._loop.call_soon(self._gate_far.connect_failed, "connection refused")
            return
        super().connect()


class TcpNetwork:
    """One listener and its connections."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, clock: Clock, host: Host, observer: Observer
    ) -> None:
        self._loop = loop
        self._clock = clock
        self.server = Server(host, clock, observer)
        self.address = ("127.0.0.1", 0)

    async def start(self, listen: tuple[str, int]) -> tuple[str, int]:
        """Listen; the address with the port the system picked."""
        self.address = await self.server.start(listen)
        return self.address

    def line(self, far: Far) -> GatedLine:
        """A line for a model terminal of this process."""
        return GatedLine(self, self._loop, far)

    def refuses(self) -> bool:
        """Whether an attempt of our own terminal is refused now."""
        return self.server.refuses()

    def order(self, verb: str, ns: int, terminal: str) -> bool:
        """Carry out a ``connection`` step."""
        if verb == "refuse_next":
            self.server.refuse_next += 1
        elif verb == "refuse":
            self.server.refuse_until = self._clock.now() + ns
        elif verb == "accept_then_close":
            self.server.close_next += 1
        else:
            connection = self.connection(terminal)
            if connection is None:
                return False
            connection.order(Order(verb, ns))
        return True

    def connection(self, terminal: str) -> HostConnection | None:
        """The connection that a terminal holds open; of several the last."""
        mine = [c for c in self.server.connections.values() if c.terminal == terminal and c.is_open]
        return mine[-1] if mine else None

    def deliver(self, delivery: Delivery) -> None:
        """Send a delivery that was held, or that nobody asked for."""
        self.server.deliver(delivery)

    def close(self) -> None:
        """Stop listening when the loop gets to it."""

    async def stop(self) -> None:
        """Stop listening and end every connection."""
        await self.server.stop()
