"""Faults of the connection while a response leaves."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar

from switch.clock import NS_PER_SECOND, in_seconds
from switch.faults.fault import Fault, Nanoseconds, fault
from switch.faults.pieces import cut
from switch.records import Order, Pause, Piece, Write
from switch.shapes import Number

WRITES_PER_SECOND = 10
ByteCount = Annotated[int, Number(0, 65535)]


@dataclass(frozen=True, slots=True)
class TransportFault(Fault):
    """Base: something happens to the connection after some bytes of the response."""

    moment: ClassVar[str] = "transport"

    @abstractmethod
    def apply(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """The pieces of the response with the act among them."""


@dataclass(frozen=True, slots=True)
class Ending(TransportFault):
    """Base: the connection ends, and what is left of the response never leaves."""

    after_bytes: ByteCount = 0

    def apply(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        head, _ = cut(pieces, self.after_bytes)
        return (*head, Order(self.kind))

    def options(self) -> str:
        return f"after {self.after_bytes} bytes"


@fault
@dataclass(frozen=True, slots=True)
class Close(Ending):
    """The connection is closed in an orderly way (FIN both ways) instead of the rest.

    Keys:
        after_bytes: bytes of the response that leave before; 0 if absent.
    """

    kind: ClassVar[str] = "close"


@fault
@dataclass(frozen=True, slots=True)
class Reset(Ending):
    """The connection is reset (RST) instead of the rest.

    Keys:
        after_bytes: bytes of the response that leave before; 0 if absent.
    """

    kind: ClassVar[str] = "reset"


@fault
@dataclass(frozen=True, slots=True)
class HalfClose(Ending):
    """The host ends its own side (FIN) instead of the rest, and goes on reading.

    Keys:
        after_bytes: bytes of the response that leave before; 0 if absent.
    """

    kind: ClassVar[str] = "half_close"


@fault
@dataclass(frozen=True, slots=True)
class Stall(TransportFault):
    """The connection stays open and nothing is written for a while; then the rest follows.

    Keys:
        after_bytes: bytes of the response that leave before; 0 if absent.
        for: how long; absent or 0s, until the script resumes the connection.
    """

    kind: ClassVar[str] = "stall"
    after_bytes: ByteCount = 0
    for_: Nanoseconds = 0

    def apply(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        head, tail = cut(pieces, self.after_bytes)
        return (*head, Order(self.kind, self.for_), *tail)

    def options(self) -> str:
        lasting = f"for {in_seconds(self.for_)}" if self.for_ else "until resumed"
        return f"after {self.after_bytes} bytes {lasting}"


@fault
@dataclass(frozen=True, slots=True)
class Slow(TransportFault):
    """All bytes arrive, but slowly.

    They leave in up to ten equal writes a second, each at the end of the time that it takes.

    Keys:
        rate: bytes per second.
        after_bytes: bytes of the response that leave at once; 0 if absent.
    """

    kind: ClassVar[str] = "slow"
    rate: Annotated[int, Number(1, 1_000_000)]
    after_bytes: ByteCount = 0

    def apply(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        head, tail = cut(pieces, self.after_bytes)
        out: list[Piece] = [*head]
        for piece in tail:
            out += self._slowed(piece.data) if isinstance(piece, Write) else (piece,)
        return tuple(out)

    def _slowed(self, wire: bytes) -> list[Piece]:
        step = max(1, self.rate // WRITES_PER_SECOND)
        out: list[Piece] = []
        for start in range(0, len(wire), step):
            chunk = wire[start : start + step]
            out += (Pause(len(chunk) * NS_PER_SECOND // self.rate), Write(chunk))
        return out

    def options(self) -> str:
        return f"{self.rate} bytes per second after {self.after_bytes} bytes"
