"""The compiled twin of the careful codec: straight-line code, written once for each shape.

A shape is a bitmap (decoding) or the tuple of elements that are present (encoding). The twin
knows ordinary messages only: on anything else it returns None, and the careful codec reads or
refuses the same bytes, so that every error is its own. Peers choose bitmaps, so the number of
compiled shapes is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from switch.message.careful import Decoded
from switch.message.decoding import Decode, bitmap_bytes, decoder
from switch.message.encoding import Encode, encoder
from switch.message.spec import Coding, FieldSpec

SHAPES = 1024  # of each kind; a real terminal park shows a few dozen
ANOMALY = (KeyError, IndexError, ValueError, TypeError, AttributeError)
Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Shapes(dict[Key, Made], Generic[Key, Made]):
    """Functions by shape, written when first asked for; all are forgotten when there are too many.

    A dict, because looking one up is on the path of every message.
    """

    def __init__(self, write: Callable[[Key], Made]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, key: Key) -> Made:
        if len(self) >= SHAPES:
            self.clear()
        made = self[key] = self._write(key)
        return made


class Twin:
    """Decodes and encodes ordinary messages of one table of elements."""

    def __init__(self, fields: Mapping[int, FieldSpec], coding: Coding) -> None:
        self._fields, self._coding = fields, coding
        start = 2 if coding.mti == "bcd" else 4
        self._first = slice(start, start + bitmap_bytes(coding, second=False))
        self._both = slice(start, start + bitmap_bytes(coding, second=True))
        self._more = 0x80 if coding.bitmap == "binary" else ord("8")
        self._decoders: Shapes[bytes, Decode] = Shapes(self._decoder)
        self._longer: Shapes[bytes, Decode] = Shapes(self._long_decoder)
        self._encoders: Shapes[tuple[int, ...], Encode] = Shapes(self._encoder)

    def decode(self, body: bytes) -> Decoded | None:
        """The values of an ordinary body; None for the careful codec to read."""
        try:
            return self._decoders[body[self._first]](body)
        except ANOMALY:
            return None

    def encode(self, mti: str, fields: Mapping[int, str]) -> bytes | None:
        """The body of an ordinary message; None for the careful codec to make."""
        try:
            return self._encoders[tuple(fields)](mti, fields)
        except ANOMALY:
            return None

    def _decoder(self, bitmap: bytes) -> Decode:
        """By the first bitmap; where it announces a second, that decides."""
        if bitmap[0] >= self._more:
            return lambda body: self._longer[body[self._both]](body)
        return self._known(bitmap, self._first)

    def _long_decoder(self, bitmaps: bytes) -> Decode:
        return self._known(bitmaps, self._both)

    def _known(self, bitmap: bytes, place: slice) -> Decode:
        whole = len(bitmap) == place.stop - place.start
        found = decoder(self._fields, self._coding, bitmap) if whole else None
        return found or (lambda body: None)

    def _encoder(self, numbers: tuple[int, ...]) -> Encode:
        return encoder(self._fields, self._coding, numbers) or (lambda mti, fields: None)
