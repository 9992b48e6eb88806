"""What pyiso8583 does that our layer puts right; each quirk shown, then guarded.

If an upgrade of pyiso8583 mends one of them, the first half of its test says so.
"""

from __future__ import annotations

import iso8583
import pytest

from switch.dialect import Dialect
from switch.errors import MessageError


def body(bitmap: str, rest: str = "") -> bytes:
    return bytes.fromhex("0200" + bitmap + rest)


def test_a_bit_without_a_field_is_a_key_error(dialect: Dialect) -> None:
    raw = body("8000000000000000" + "4000000000000000" + "4000000000000000")[:18]
    with pytest.raises(KeyError):
        iso8583.decode(body("8000000000000000" + "0000000020000000"), dialect.codec.careful.spec)
    with pytest.raises(MessageError, match="DE 99: its bit is set"):
        dialect.codec.decode(body("8000000000000000" + "0000000020000000"))
    assert len(raw) == 18


def test_hex_digits_pass_in_numbers(dialect: Dialect) -> None:
    raw = body("2000000000000000", "00C0DE")
    assert iso8583.decode(raw, dialect.codec.careful.spec)[0]["3"] == "00C0DE"
    with pytest.raises(MessageError, match="'C' is not a digit"):
        dialect.codec.decode(raw)


def test_the_pads_of_others_are_refused(dialect: Dialect) -> None:
    raw = body("4000000000000000", "05" + "12345F")
    with pytest.raises(iso8583.DecodeError):
        iso8583.decode(raw, dialect.codec.careful.spec)
    assert dialect.codec.decode(raw).fields == {2: "12345"}


def test_bit_65_is_a_third_bitmap(dialect: Dialect) -> None:
    raw = body("8000000000000000" + "8000000000000000" + "0000000000000000")
    assert iso8583.decode(raw, dialect.codec.careful.spec)[0]["1"] == "8000000000000000" + "0" * 16
    with pytest.raises(MessageError, match="DE 65: its bit is set"):
        dialect.codec.decode(raw)


def test_fixed_text_is_not_filled_up(dialect: Dialect) -> None:
    with pytest.raises(iso8583.EncodeError):
        iso8583.encode({"t": "0200", "41": "1234"}, dialect.codec.careful.spec)
    assert dialect.codec.encode("0200", {41: "1234"}).elements[0].value == b"1234    "


def test_text_that_is_no_text_ends_the_decoding(dialect: Dialect) -> None:
    raw = body("0000000000000002", "0001" + "FF")
    spec = {
        **dialect.codec.careful.spec,
        "63": {**dialect.codec.careful.spec["63"], "data_enc": "gbk"},
    }
    with pytest.raises(iso8583.DecodeError):
        iso8583.decode(raw, spec)
    assert dialect.codec.decode(raw).fields == {63: "\udcff"}


def test_the_table_is_a_valid_specification(dialect: Dialect) -> None:
    fields = {name: "" for name in dialect.codec.careful.spec if name.isdigit() and name != "1"}
    assert {int(name) for name in fields} == set(dialect.codec.fields)
    values = {3: "000000", 11: "000001", 22: "021", 23: "001", 64: "00" * 8, 102: "A1"}
    named = {str(number): value for number, value in values.items()}
    raw, _ = iso8583.encode({"t": "0200", **named}, dialect.codec.careful.spec)
    assert dialect.codec.encode("0200", values).join() == bytes(raw)
