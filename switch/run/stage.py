"""What a case needs of the world around host and terminal: a link between them."""

from __future__ import annotations

from typing import Protocol

from switch.net.connection import HostConnection
from switch.records import Delivery


class Far(Protocol):
    """The terminal's end of a line, as a link calls it."""

    def connected(self) -> None:
        """The connection is open."""

    def connect_failed(self, why: str) -> None:
        """It could not be opened."""

    def received(self, data: bytes) -> None:
        """Bytes arrived, in any pieces."""

    def lost(self, by: str) -> None:
        """The host ended it."""


class Line(Protocol):
    """What a terminal may do with its line."""

    def connect(self) -> None:
        """Open a connection; later ``Far.connected`` or ``Far.connect_failed``."""

    def send(self, data: bytes) -> None:
        """Put bytes on the connection."""

    def close(self) -> None:
        """End the connection or the attempt."""


class Network(Protocol):
    """The host's side of the link: what a script may do with the transport."""

    def line(self, far: Far) -> Line:
        """A line for a model terminal that shares our process."""

    def order(self, verb: str, ns: int, terminal: str) -> bool:
        """Act on the terminal's connection or the listener; False if there is none to act on."""

    def connection(self, terminal: str) -> HostConnection | None:
        """The connection that a terminal holds open; of several the last."""

    def deliver(self, delivery: Delivery) -> None:
        """Send a delivery that was held."""

    def close(self) -> None:
        """The case is over."""
