"""Faults of the frame, after the MAC: length prefix, TPDU, header, and how the bytes are cut."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Annotated, ClassVar

from switch.clock import NS_PER_SECOND, in_seconds
from switch.composites import ListOf
from switch.faults.fault import Fault, FaultSkipped, Nanoseconds, fault
from switch.records import Pause, Piece, Write
from switch.shapes import Number
from switch.wire import Framing
from switch.wire.framing import TPDU_BYTES
from switch.wire.lengths import LENGTHS

Count = Annotated[int, Number(1, 65535)]
Counts = Annotated[tuple[int, ...], ListOf(Number(1, 65535), single=True, least=1)]


@dataclass(frozen=True, slots=True)
class FrameFault(Fault):
    """Base: the wire bytes of one response, length prefix included, become pieces."""

    moment: ClassVar[str] = "frame"
    whole: ClassVar[bool] = False

    @abstractmethod
    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        """What leaves instead of ``wire``; raises FaultSkipped."""


@fault
@dataclass(frozen=True, slots=True)
class ShortLength(FrameFault):
    """The length prefix says one byte less than follows."""

    kind: ClassVar[str] = "short_length"

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        return (Write(_relabelled(wire, framing, lambda size: size - 1)),)


@fault
@dataclass(frozen=True, slots=True)
class LongLength(FrameFault):
    """The length prefix says one byte more than follows; the terminal waits for it (rule T5)."""

    kind: ClassVar[str] = "long_length"

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        return (Write(_relabelled(wire, framing, lambda size: size + 1)),)


@fault
@dataclass(frozen=True, slots=True)
class ZeroLength(FrameFault):
    """The length prefix says 0; the bytes follow all the same."""

    kind: ClassVar[str] = "zero_length"

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        return (Write(_relabelled(wire, framing, lambda _: 0)),)


@fault
@dataclass(frozen=True, slots=True)
class BadHeader(FrameFault):
    """The application class, the first byte of the header, is none: its bits are inverted."""

    kind: ClassVar[str] = "bad_header"

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        if not framing.header:
            raise FaultSkipped("this dialect has no header")
        at = LENGTHS[framing.length].size + framing.envelope - framing.header
        return (Write(wire[:at] + bytes([wire[at] ^ 0xFF]) + wire[at + 1 :]),)


@fault
@dataclass(frozen=True, slots=True)
class SwappedAddress(FrameFault):
    """Source and destination of the TPDU are swapped once more, or left as they came.

    Hosts in the field do so, and a terminal must not reject it (protocol 1.2): the response
    counts as whole.
    """

    kind: ClassVar[str] = "swapped_address"
    whole: ClassVar[bool] = True

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        if framing.tpdu == "none":
            raise FaultSkipped("this dialect has no TPDU")
        start = LENGTHS[framing.length].size + 1  # the first byte is the identifier, 60
        end = start + TPDU_BYTES - 1
        to, source = wire[start : start + 2], wire[start + 2 : end]
        if to == source:
            raise FaultSkipped("both addresses of the TPDU are the same")
        return (Write(wire[:start] + source + to + wire[end:]),)


@fault
@dataclass(frozen=True, slots=True)
class Split(FrameFault):
    """All bytes arrive, in several pieces; a correct terminal puts them together.

    Without ``at`` and ``sizes`` the cut is inside the length prefix, after its first byte.

    Keys:
        at: one byte offset or a list: where the frame is cut, counted from its first byte.
        sizes: instead of ``at``: bytes of each piece; what is left over is the last one.
        pause: between the pieces; 100ms if absent.
    """

    kind: ClassVar[str] = "split"
    whole: ClassVar[bool] = True
    at: Counts = ()
    sizes: Counts = ()
    pause: Nanoseconds = NS_PER_SECOND // 10

    def __post_init__(self) -> None:
        if self.at and self.sizes:
            raise ValueError("split takes at or sizes, not both")

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        wanted = set(self.at or accumulate(self.sizes)) or {1}
        cuts = sorted(cut for cut in wanted if cut < len(wire))
        if not cuts:
            raise FaultSkipped(f"the frame has only {len(wire)} bytes")
        pieces: list[Piece] = []
        for start, end in pairwise([0, *cuts, len(wire)]):
            pieces += (Pause(self.pause), Write(wire[start:end]))
        return tuple(pieces[1:])

    def options(self) -> str:
        cuts = ", ".join(map(str, self.at or accumulate(self.sizes))) or "1"
        return f"after byte {cuts}, {in_seconds(self.pause)} apart"


@fault
@dataclass(frozen=True, slots=True)
class Coalesce(FrameFault):
    """The response and a copy of it leave in one write; a correct terminal takes the first."""

    kind: ClassVar[str] = "coalesce"
    whole: ClassVar[bool] = True

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        return (Write(wire + wire),)


@fault
@dataclass(frozen=True, slots=True)
class Truncate(FrameFault):
    """Only the first bytes of the frame leave, then nothing more (rule T5).

    Keys:
        bytes: how many; 20 if absent: length, TPDU, header and the start of the message.
    """

    kind: ClassVar[str] = "truncate"
    bytes_: Annotated[int, Number(0, 65535)] = 20

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        if self.bytes_ >= len(wire):
            raise FaultSkipped(f"the frame has only {len(wire)} bytes")
        return (Write(wire[: self.bytes_]),) if self.bytes_ else ()

    def options(self) -> str:
        return f"after {self.bytes_} bytes"


@fault
@dataclass(frozen=True, slots=True)
class TrailingBytes(FrameFault):
    """The right frame is followed by zero bytes that belong to none, in the same write.

    Keys:
        bytes: how many; 1 if absent.
    """

    kind: ClassVar[str] = "trailing_bytes"
    whole: ClassVar[bool] = True
    bytes_: Count = 1

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        return (Write(wire + bytes(self.bytes_)),)

    def options(self) -> str:
        return f"{self.bytes_} bytes"


@fault
@dataclass(frozen=True, slots=True)
class Garbage(FrameFault):
    """Bytes that are no frame leave instead of the response: FF, which no length can begin with.

    Keys:
        bytes: how many; 32 if absent.
    """

    kind: ClassVar[str] = "garbage"
    bytes_: Count = 32

    def apply(self, wire: bytes, framing: Framing) -> tuple[Piece, ...]:
        return (Write(b"\xff" * self.bytes_),)

    def options(self) -> str:
        return f"{self.bytes_} bytes"


def _relabelled(wire: bytes, framing: Framing, change: Callable[[int], int]) -> bytes:
    """The same bytes behind another length prefix."""
    prefix = LENGTHS[framing.length]
    return prefix.write(change(len(wire) - prefix.size)) + wire[prefix.size :]
