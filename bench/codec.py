"""The codec beside pyiso8583: decode (values; positions on demand) and encode."""

from __future__ import annotations

from typing import Any

import iso8583

from bench.rounds import Row, compare
from switch.dialect import load

# A sale request of a chip card with PIN, as cup-pos terminals send it, and an echo test.
SALE = {
    2: "6212142000000000012", 3: "000000", 4: "000000010000", 11: "000101", 14: "3012",
    22: "051", 23: "001", 25: "00", 26: "12", 35: "6212142000000000012D3012201123456789",
    41: "12345678", 42: "898310012345678", 49: "156", 52: "AF5DABE4951A8715",
    53: "2600000000000000", 55: "9F2608" + "11" * 8 + "9F10" + "13" + "00" * 19 + "9F3704AABBCCDD",
    60: "2200000100060000", 64: "3831303041423437",
}  # fmt: skip
ECHO = {41: "12345678", 42: "898310012345678", 60: "00000001301"}


def rows() -> list[Row]:
    """Both directions of both messages."""
    codec = load("cup-pos").codec
    spec = codec.careful.spec
    found = []
    for name, mti, fields, goal in (("sale", "0200", SALE, 7), ("echo test", "0820", ECHO, 15)):
        body = codec.body(mti, fields)
        found.append(decoding(name, codec, spec, body, goal))
        found.append(encoding(name, codec, spec, mti, fields))
    return found


def decoding(name: str, codec: Any, spec: Any, body: bytes, goal: float) -> Row:
    """One message, read."""
    sides = {
        "compiled": lambda: codec.decode(body).fields,
        "pyiso8583": lambda: iso8583.decode(body, spec),
    }
    return compare(f"decode {name}, {len(body)} bytes", sides, goal)


def encoding(name: str, codec: Any, spec: Any, mti: str, fields: dict[int, str]) -> Row:
    """One message, written."""
    values = {"t": mti} | {str(number): value for number, value in fields.items()}
    sides = {
        "compiled": lambda: codec.body(mti, fields),
        "pyiso8583": lambda: iso8583.encode(values, spec),
    }
    return compare(f"encode {name}", sides, 15)
