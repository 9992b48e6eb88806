"""What is wrong with an element, in our words."""

from __future__ import annotations

import re

import iso8583

from switch.message.spec import BINARY, NUMERIC, Coding, FieldSpec

NOT_DIGIT = re.compile(r"[^0-9]")
NOT_HEX = re.compile(r"[^0-9A-F]")


def wrong_digit(field: FieldSpec, value: str) -> str:
    """Why ``value`` is not digits, if its element must be; else empty."""
    if field.type != NUMERIC:
        return ""
    found = NOT_DIGIT.search(value)
    return f"{field}: {found[0]!r} is not a digit" if found else ""


def wrong_prefix(field: FieldSpec, prefix: bytes, coding: Coding) -> str:
    """Why a length prefix is no number: ``+5`` and ``-1`` are, to pyiso8583; else empty."""
    if coding.lengths != "ascii" or not prefix or prefix.isdigit():
        return ""
    return f"{field}: length prefix {prefix.hex().upper()} is not a number"


def wrong_characters(field: FieldSpec, value: str) -> str:
    """Why ``value`` cannot be packed into digits or bytes; empty if it can."""
    numeric = field.type == NUMERIC
    found = (NOT_DIGIT if numeric else NOT_HEX).search(value)
    if found:
        return f"{field}: {found[0]!r} is not {'a digit' if numeric else 'a hex digit'}"
    if field.type == BINARY and len(value) % 2:
        return f"{field}: {len(value)} hex digits, an even number makes bytes"
    return ""


def wrong_size(field: FieldSpec, size: int) -> str:
    """Why an element does not hold so many digits or bytes; empty if it does."""
    if field.prefix and size > field.length:
        return f"{field}: {size} {field.unit}, at most {field.length}"
    if not field.prefix and size != field.length:
        return f"{field}: {size} {field.unit}, exactly {field.length} belong there"
    return ""


def sentence(field: FieldSpec, error: iso8583.DecodeError, coding: Coding) -> str:
    """pyiso8583's words in ours."""
    pieces = error.doc_enc.get(str(field.number), {"len": b"", "data": b""})
    numbers = [int(number) for number in re.findall(r"\d+", error.msg)]
    if error.msg.startswith("Field length is"):
        return f"{field}: the message ends inside its length prefix"
    wrong = wrong_prefix(field, pieces["len"], coding)
    if wrong or "field length" in error.msg:
        return wrong or f"{field}: length prefix {pieces['len'].hex().upper()} is not a number"
    if "larger than maximum" in error.msg:
        return f"{field}: {numbers[0]} {field.unit}, at most {numbers[1]}"
    have = len(pieces["data"]) * (2 if field.packed else 1)
    if len(numbers) == 2 and have < numbers[1]:
        return f"{field}: the message ends after {have} of {numbers[1]} {field.unit}"
    digits = pieces["data"].hex().upper()
    pad = digits[:1] if field.pad == "left" else digits[-1:]
    return f"{field}: pad digit {pad!r} on the {field.pad}, 0 expected"
