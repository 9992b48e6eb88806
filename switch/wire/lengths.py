"""Length prefixes, by name. To add one, write one entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LengthPrefix:
    """How the number of bytes that follow is written.

    Attributes:
        size: bytes of the prefix itself, which it does not count.
        most: the greatest number it can say.
        read: prefix -> number of bytes; None if the prefix is no number.
        write: number of bytes -> prefix.
    """

    size: int
    most: int
    read: Callable[[bytes], int | None]
    write: Callable[[int], bytes]


def _digits(raw: bytes) -> int | None:
    return int(raw) if raw.isdigit() else None


LENGTHS: dict[str, LengthPrefix] = {
    "binary-2": LengthPrefix(
        2, 65535, lambda raw: int.from_bytes(raw, "big"), lambda count: count.to_bytes(2, "big")
    ),
    "ascii-4": LengthPrefix(4, 9999, _digits, lambda count: b"%04d" % count),
}
