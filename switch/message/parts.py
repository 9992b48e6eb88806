"""An encoded message that still knows where each element begins.

Field faults edit these parts before the message is sealed, so that the result carries a
valid MAC over wrong contents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from switch.errors import MessageError


@dataclass(frozen=True, slots=True)
class Part:
    """One element on the wire: its length prefix (empty if fixed) and its value."""

    element: int
    prefix: bytes
    value: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.prefix) + len(self.value)


@dataclass(frozen=True, slots=True)
class Parts:
    """MTI, bitmap and elements in wire order.

    ``bitmap`` is kept apart from ``elements`` on purpose: a fault may make them disagree.
    """

    mti: bytes
    bitmap: bytes
    elements: tuple[Part, ...]

    def join(self) -> bytes:
        """The body: MTI, bitmap, then each prefix and value."""
        out = [self.mti, self.bitmap]
        for part in self.elements:
            out += (part.prefix, part.value)
        return b"".join(out)

    def spans(self) -> dict[int, tuple[int, int, int]]:
        """Where each element is, as ``Decoded.spans`` of the joined body."""
        out: dict[int, tuple[int, int, int]] = {}
        place = len(self.mti) + len(self.bitmap)
        for part in self.elements:
            value = place + len(part.prefix)
            out[part.element] = (place, value, place + part.size)
            place += part.size
        return out

    def get(self, element: int) -> Part | None:
        """The part of one element, if it is there."""
        return next((part for part in self.elements if part.element == element), None)

    def with_part(self, new: Part) -> Parts:
        """The same message with one part exchanged; the bitmap stays."""
        parts = tuple(new if part.element == new.element else part for part in self.elements)
        return replace(self, elements=parts)

    def without(self, element: int) -> Parts:
        """The same message without one element, its bit cleared."""
        parts = tuple(part for part in self.elements if part.element != element)
        return replace(self, elements=parts).with_bit(element, on=False)

    def with_bit(self, element: int, *, on: bool) -> Parts:
        """The same message with one bit of a binary bitmap set or cleared; no part moves.

        Raises:
            MessageError: a bit to set that lies beyond the bitmap.
        """
        size = len(self.bitmap) * 8
        if element > size:
            if not on:
                return self
            raise MessageError(f"DE {element}: the bitmap has {size} bits", element=element)
        bits = int.from_bytes(self.bitmap, "big")
        bit = 1 << (size - element)
        bits = bits | bit if on else bits & ~bit
        return replace(self, bitmap=bits.to_bytes(len(self.bitmap), "big"))
