"""The compiled twin of the careful codec: straight-line code, written once for each shape.

A shape is a bitmap (decoding) or the tuple of elements that are present (encoding). The twin
knows ordinary messages only: on anything else it returns None, and the careful codec reads or
refuses the same bytes, so that every error is its own. Peers choose bitmaps, so the number of
compiled shapes is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from switch.message.careful import Decoded
from switch.message.decoding import Decode, bitmap_bytes, decoder
from switch.message.encoding import Encode, encoder
from switch.message.spec import Coding, FieldSpec

SHAPES = 1024  # of each kind; a real terminal park shows a few dozen
ANOMALY = (KeyError, IndexError, ValueError, TypeError, AttributeError)


class Twin:
    """Decodes and encodes ordinary messages of one table of elements."""

    def __init__(self, fields: Mapping[int, FieldSpec], coding: Coding) -> None:
        start = 2 if coding.mti == "bcd" else 4
        self._start = start
        self._key = slice(start, start + bitmap_bytes(coding, second=False))
        self._long_key = slice(start, start + bitmap_bytes(coding, second=True))
        self._more = 0x80 if coding.bitmap == "binary" else ord("8")
        self._decoder: Callable[[bytes], Decode | None] = lru_cache(SHAPES)(
            partial(decoder, fields, coding)
        )
        self._encoder: Callable[[tuple[int, ...]], Encode | None] = lru_cache(SHAPES)(
            partial(encoder, fields, coding)
        )

    def decode(self, body: bytes) -> Decoded | None:
        """The values of an ordinary body; None for the careful codec to read."""
        try:
            long = body[self._start] >= self._more
            decode = self._decoder(body[self._long_key if long else self._key])
            return decode(body) if decode else None
        except ANOMALY:
            return None

    def encode(self, mti: str, fields: Mapping[int, str]) -> bytes | None:
        """The body of an ordinary message; None for the careful codec to make."""
        try:
            encode = self._encoder(tuple(fields))
            return encode(mti, fields) if encode else None
        except ANOMALY:
            return None
