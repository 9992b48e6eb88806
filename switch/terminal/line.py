"""The terminal's side of one connection, and the events that a procedure waits for."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

from switch.terminal.port import Port
from switch.wire import Frame, Framer, Framing


@dataclass(frozen=True, slots=True)
class Connected:
    """The connection is open."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The connection could not be opened."""

    why: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A whole frame came in."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Broken:
    """A length came in that no frame has: the stream cannot go on."""

    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The host ended the connection; ``partial``: in the middle of a frame."""

    by: str
    partial: bool


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The wait has ended."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The operator pressed cancel."""


Event = Connected | Failed | Arrived | Broken | Lost | TimedOut | Cancelled


@dataclass(frozen=True, slots=True)
class Wait:
    """What a procedure yields: it goes on with the first event of this kind.

    Attributes:
        what: ``connection``, ``reply`` or ``time``.
        until: nanoseconds of the clock; then it gets :class:`TimedOut`.
        cancellable: the operator's cancel ends it, too.
    """

    what: Literal["connection", "reply", "time"]
    until: int
    cancellable: bool = False

    def takes(self, event: Event) -> bool:
        """Whether the event ends this wait."""
        match event:
            case Connected() | Failed():
                return self.what == "connection"
            case Arrived() | Broken() | Lost():
                return self.what == "reply"
            case Cancelled():
                return self.cancellable
        return True


T = TypeVar("T")
Steps = Generator[Wait, Event, T]
"""A procedure, or a part of one, that ends with a ``T``."""


class Line:
    """Closed, connecting or open; cuts what arrives into frames."""

    def __init__(self, port: Port, framing: Framing) -> None:
        self._port = port
        self._framing = framing
        self.state: Literal["closed", "connecting", "open"] = "closed"
        self.framer = Framer(framing)

    @property
    def clean(self) -> bool:
        """Open, and not in the middle of a frame that somebody owes."""
        return self.state == "open" and not self.framer.pending

    def connect(self) -> None:
        """Begin to open a new connection."""
        self.close()
        self.state = "connecting"
        self._port.connect()

    def opened(self) -> None:
        """The connection is there; nothing has arrived on it."""
        self.state = "open"
        self.framer = Framer(self._framing)

    def send(self, frame: Frame) -> None:
        """Put one frame on the wire."""
        self._port.send(self._framing.wrap(frame))

    def close(self) -> None:
        """End the connection, or the attempt to open one."""
        if self.state != "closed":
            self.state = "closed"
            self._port.close()
