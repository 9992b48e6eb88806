"""Bits of an encoded bitmap, in either coding."""

from __future__ import annotations

from switch.faults.fault import FaultSkipped
from switch.message import Coding


def has_bit(bitmap: bytes, coding: Coding, element: int) -> bool:
    """Whether the bit of ``element`` is set; False where the bitmap has no room for it."""
    raw = _raw(bitmap, coding)
    size = len(raw) * 8
    return element <= size and bool(int.from_bytes(raw, "big") >> (size - element) & 1)


def with_bit(bitmap: bytes, coding: Coding, element: int, *, on: bool) -> bytes:
    """The bitmap with one bit set or cleared.

    Raises:
        FaultSkipped: the element belongs to a second bitmap, and there is none.
    """
    raw = _raw(bitmap, coding)
    size = len(raw) * 8
    if element > size:
        raise FaultSkipped(f"DE {element}: this response has no second bitmap")
    bit = 1 << (size - element)
    bits = int.from_bytes(raw, "big")
    changed = (bits | bit if on else bits & ~bit).to_bytes(len(raw), "big")
    return changed if coding.bitmap == "binary" else changed.hex().upper().encode("ascii")


def split_body(body: bytes, coding: Coding) -> tuple[bytes, bytes, bytes]:
    """MTI, bitmap (the second one included) and the rest of an encoded body."""
    start = 2 if coding.mti == "bcd" else 4
    one = 8 if coding.bitmap == "binary" else 16  # 64 bits as bytes, or as hex characters
    second = has_bit(body[start : start + one], coding, 1)
    end = start + (2 * one if second else one)
    return body[:start], body[start:end], body[end:]


def _raw(bitmap: bytes, coding: Coding) -> bytes:
    return bitmap if coding.bitmap == "binary" else bytes.fromhex(bitmap.decode("ascii"))
