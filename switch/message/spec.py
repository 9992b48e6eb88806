"""How data elements are coded, and the same as a pyiso8583 specification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NUMERIC, TRACK, BINARY = "n", "z", "b"
TYPES = ("n", "z", "an", "ans", "b")
PACKED = frozenset({NUMERIC, TRACK})
# What counts a length: digits for packed elements, bytes for all others (protocol 2.1).
UNIT_WORDS = {True: "digits", False: "bytes"}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One data element.

    Attributes:
        number: 2 to 128.
        name: in words, as errors show it.
        type: ``n`` digits, ``z`` track (hex digits, ``=`` written D), ``an`` and ``ans`` text,
            ``b`` bytes (shown as hex).
        length: its length if fixed, its greatest length if variable; digits or bytes.
        prefix: digits of the length prefix: 0 (fixed), 2 (LL) or 3 (LLL).
        pad: the side on which an odd number of digits is filled up: ``left`` or ``right``.
        lenient: pads and paddings that real peers send are read, with a note.
    """

    number: int
    name: str
    type: str
    length: int
    prefix: int = 0
    pad: str = "right"
    lenient: bool = True

    @property
    def packed(self) -> bool:
        """Two digits travel in a byte."""
        return self.type in PACKED

    @property
    def text(self) -> bool:
        """One byte per character, in the text encoding of the dialect."""
        return self.type in {"an", "ans"}

    @property
    def unit(self) -> str:
        """What its length counts: digits or bytes."""
        return UNIT_WORDS[self.packed]

    def __str__(self) -> str:
        return f"DE {self.number} ({self.name})"


@dataclass(frozen=True, slots=True)
class Coding:
    """What all elements of a dialect share.

    Attributes:
        text: the character encoding of ``an`` and ``ans`` elements.
        mti: ``bcd`` (2 bytes) or ``ascii`` (4 bytes).
        bitmap: ``binary`` (8 bytes) or ``hex`` (16 characters).
        lengths: ``bcd``, ``ascii`` or ``binary`` length prefixes.
    """

    text: str = "gbk"
    mti: str = "bcd"
    bitmap: str = "binary"
    lengths: str = "bcd"


PREFIX_BYTES = {
    "bcd": {0: 0, 2: 1, 3: 2},
    "ascii": {0: 0, 2: 2, 3: 3},
    "binary": {0: 0, 2: 1, 3: 2},
}
LENGTH_CODING = {"bcd": "bcd", "ascii": "ascii", "binary": "b"}


def text_is_ascii(coding: Coding) -> bool:
    """ASCII characters travel as themselves in this encoding, one byte each."""
    return "0".encode(coding.text) == b"0"


def pyiso8583_spec(fields: Mapping[int, FieldSpec], coding: Coding) -> dict[str, dict[str, Any]]:
    """The same table as pyiso8583 wants it (``iso8583.specs``)."""
    plain = {"len_enc": "ascii", "len_type": 0}
    bitmap = {"data_enc": "b" if coding.bitmap == "binary" else "ascii", "max_len": 16, **plain}
    if coding.bitmap == "binary":
        bitmap["max_len"] = 8
    spec: dict[str, dict[str, Any]] = {
        "h": {"data_enc": "b", "max_len": 0, **plain, "desc": "header"},
        "t": {"data_enc": "b" if coding.mti == "bcd" else "ascii", "max_len": 4, **plain},
        "p": {**bitmap, "desc": "bitmap"},
        "1": {**bitmap, "desc": "second bitmap"},
    }
    for field in fields.values():
        entry: dict[str, Any] = {
            # Text goes through as latin-1: pyiso8583 takes no errors=, so the layer converts.
            "data_enc": "latin-1" if field.text else "b",
            "len_enc": LENGTH_CODING[coding.lengths],
            "len_type": PREFIX_BYTES[coding.lengths][field.prefix],
            "len_count": "nibbles" if field.packed else "bytes",
            "max_len": field.length,
            "desc": field.name,
        }
        if field.packed:
            entry["left_pad" if field.pad == "left" else "right_pad"] = "0"
        spec[str(field.number)] = entry
    return spec


def wire_size(field: FieldSpec, value: str, coding: Coding) -> tuple[int, int]:
    """Bytes of the length prefix and of the value, of an element on the wire.

    >>> wire_size(FieldSpec(2, "PAN", "n", 19, 2), "6212142000000000012", Coding())
    (1, 10)
    """
    if field.text:
        size = len(value.encode(coding.text, "surrogateescape"))
    else:
        size = (len(value) + 1) // 2
    return PREFIX_BYTES[coding.lengths][field.prefix], size
