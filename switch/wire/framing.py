"""Frames of the cup-pos family: length, TPDU, header, body (protocol 1.1 to 1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from switch.errors import FrameError
from switch.wire.lengths import LENGTHS

TPDU_BYTES = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """One message with its envelope.

    Attributes:
        tpdu: 10 digits, or empty where the dialect has none.
        header: hex digits, or empty.
        body: the message from its MTI on.
    """

    tpdu: str
    header: str
    body: bytes

    def __repr__(self) -> str:
        return f"Frame(tpdu={self.tpdu}, header={self.header}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Framing:
    """How a dialect frames its messages.

    Attributes:
        length: a name in ``lengths.LENGTHS``.
        tpdu: ``swap``, ``echo`` or ``none``: what a response does with the addresses.
        header: bytes of the header; 0 for none.
        least, most: what a length may say; anything else ends the connection.
    """

    length: str = "binary-2"
    tpdu: str = "swap"
    header: int = 6
    least: int = 21
    most: int = 4096

    @property
    def envelope(self) -> int:
        """Bytes between the length prefix and the MTI."""
        return (TPDU_BYTES if self.tpdu != "none" else 0) + self.header

    def open(self, inner: bytes) -> Frame:
        """A frame without its length prefix, taken apart."""
        split = TPDU_BYTES if self.tpdu != "none" else 0
        end = split + self.header
        return Frame(inner[:split].hex().upper(), inner[split:end].hex().upper(), inner[end:])

    def wrap(self, frame: Frame) -> bytes:
        """The bytes of a frame on the wire, length prefix first.

        Raises:
            FrameError: more bytes than the prefix can count.
        """
        inner = bytes.fromhex(frame.tpdu + frame.header) + frame.body
        prefix = LENGTHS[self.length]
        if len(inner) > prefix.most:
            raise FrameError(f"frame of {len(inner)} bytes, its prefix counts to {prefix.most}")
        return prefix.write(len(inner)) + inner

    def answer(self, request: Frame, body: bytes) -> Frame:
        """The frame of a response: addresses swapped (protocol 1.2), header repeated (1.4).

        >>> Framing().answer(Frame("6000030000", "603100310000", b""), b"").tpdu
        '6000000003'
        """
        tpdu = request.tpdu
        if self.tpdu == "swap":
            tpdu = tpdu[:2] + tpdu[6:10] + tpdu[2:6]
        return replace(request, tpdu=tpdu, body=body)


# What other protocols begin with, where a length belongs (RFC 8446 5.1; RFC 9110 9).
OPENINGS = {
    b"\x16\x03": ": a TLS handshake, and this port speaks plain TCP",
    b"GE": ": an HTTP request, and this port speaks ISO 8583",
    b"PO": ": an HTTP request, and this port speaks ISO 8583",
    b"HE": ": an HTTP request, and this port speaks ISO 8583",
}


class Framer:
    """Cuts a stream into frames; bytes may arrive in any pieces.

    Sans I/O: feed it what arrived, take the frames that became complete.
    """

    def __init__(self, framing: Framing) -> None:
        self.framing = framing
        self._held = bytearray()

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not complete yet."""
        return len(self._held)

    def receive(self, chunk: bytes) -> Iterator[Frame]:
        """Keep ``chunk``; the frames that it completes, in order.

        Raises:
            FrameError: a length prefix that is no number, or outside ``least..most``; frames
                before it were yielded, the stream cannot go on.
        """
        self._held += chunk  # here, not in the generator: kept even if nobody looks yet
        return self._complete()

    def _complete(self) -> Iterator[Frame]:
        prefix = LENGTHS[self.framing.length]
        while len(self._held) >= prefix.size:
            raw = bytes(self._held[: prefix.size])
            size = prefix.read(raw)
            if size is None or not self.framing.least <= size <= self.framing.most:
                self._held.clear()
                found = raw.hex().upper() if size is None else str(size)
                limits = f"{self.framing.least} to {self.framing.most} bytes"
                hint = OPENINGS.get(raw[:2], "")
                raise FrameError(f"frame length {found}, {limits} are possible{hint}")
            end = prefix.size + size
            if len(self._held) < end:
                return
            inner = bytes(self._held[prefix.size : end])
            del self._held[:end]
            yield self.framing.open(inner)
