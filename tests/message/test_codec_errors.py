"""Every sentence of the codec: bytes or values -> exact text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.dialect import Dialect
from switch.errors import MessageError
from switch.message import Codec, Coding, FieldSpec

ASCII = Codec(
    {
        37: FieldSpec(37, "RRN", "an", 12),
        44: FieldSpec(44, "additional response", "ans", 25, 2),
        63: FieldSpec(63, "remarks", "ans", 163, 3),
    },
    Coding(text="ascii", mti="ascii", bitmap="hex", lengths="ascii"),
)

# bytes of a body (blanks for the eye), the element, the sentence
DECODED = [
    ("", None, "MTI: 0 of 2 bytes are there, at byte 0"),
    ("02", None, "MTI: 1 of 2 bytes are there, at byte 0"),
    ("0A00 0000000000000000", None, "MTI: '0A00' is not four digits, at byte 0"),
    ("0200", None, "bitmap: 0 of 8 bytes are there, at byte 2"),
    ("0200 20000000", None, "bitmap: 4 of 8 bytes are there, at byte 2"),
    ("0200 8000000000000000 00", None, "bitmap: 1 of 8 bytes are there, at byte 10"),
    ("0200 8000000000000000 8000000000000000", 65,
     "DE 65: its bit is set and this dialect has no such element, at byte 10"),
    ("0200 8000000000000000 0000000010000000", 100,
     "DE 100 (receiver): the message ends inside its length prefix, at byte 18"),
    ("0200 8000000000000000 0000000020000000", 99,
     "DE 99: its bit is set and this dialect has no such element, at byte 14"),
    ("0200 2000000000000000", 3,
     "DE 3 (processing code): the message ends after 0 of 6 digits, at byte 10"),
    ("0200 2000000000000000 0000", 3,
     "DE 3 (processing code): the message ends after 4 of 6 digits, at byte 10"),
    ("0200 2000000000000000 00C000", 3,
     "DE 3 (processing code): 'C' is not a digit, at byte 10"),
    ("0200 2000000000000000 000000 00", None, "1 byte after the last element, at byte 13"),
    ("0200 2000000000000000 000000 0000", None, "2 bytes after the last element, at byte 13"),
    ("0200 0000000020000000", 35,
     "DE 35 (track 2): the message ends inside its length prefix, at byte 10"),
    ("0200 0000000020000000 38 62", 35, "DE 35 (track 2): 38 digits, at most 37, at byte 10"),
    ("0200 0000000020000000 3A 62", 35,
     "DE 35 (track 2): length prefix 3A is not a number, at byte 10"),
    ("0200 0000000020000000 37 6212", 35,
     "DE 35 (track 2): the message ends after 4 of 37 digits, at byte 10"),
    ("0200 0000000020000000 03 1235", 35,
     "DE 35 (track 2): pad digit '5' on the right, 0 expected, at byte 10"),
    ("0200 0000020000000000 1001", 23,
     "DE 23 (card sequence): pad digit '1' on the left, 0 expected, at byte 10"),
    ("0200 0000000000000200 00", 55,
     "DE 55 (IC data): the message ends inside its length prefix, at byte 10"),
    ("0200 0000000000000200 0256", 55, "DE 55 (IC data): 256 bytes, at most 255, at byte 10"),
    ("0200 0000000000000200 0003 9F26", 55,
     "DE 55 (IC data): the message ends after 2 of 3 bytes, at byte 10"),
    ("0200 0000000000800000 3132", 41,
     "DE 41 (TID): the message ends after 2 of 8 bytes, at byte 10"),
    ("0200 0000000000000001 0011", 64,
     "DE 64 (MAC): the message ends after 2 of 8 bytes, at byte 10"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "element", "sentence"), DECODED)
def test_decoding(body: str, element: int | None, sentence: str, dialect: Dialect) -> None:
    with pytest.raises(MessageError) as refused:
        dialect.codec.decode(bytes.fromhex(body))
    assert str(refused.value) == sentence
    assert refused.value.element == element


def test_an_error_carries_what_was_read_before_it(dialect: Dialect) -> None:
    body = bytes.fromhex("0200" + "3000000000000001" + "000000" + "000000000100" + "00")
    with pytest.raises(MessageError) as refused:
        dialect.codec.decode(body)
    error = refused.value
    assert (error.mti, error.bitmap) == ("0200", "3000000000000001")
    assert error.fields == {3: "000000", 4: "000000000100"}
    assert error.moved(13).offset == error.offset + 13 == 32  # type: ignore[operator]
    assert str(error.moved(13)).endswith("at byte 32")


ASCII_DECODED = [
    (b"020", None, "MTI: 3 of 4 bytes are there, at byte 0"),
    (b"02O0" + b"0" * 16, None, "MTI: '02O0' is not four digits, at byte 0"),
    (b"0200" + b"0" * 15, None, "bitmap: 15 of 16 bytes are there, at byte 4"),
    (b"0200" + b"00000000000000 0", None, "bitmap: '00000000000000 0' is not hex, at byte 4"),
    (b"0210" + b"0000000000100000" + b"+5CUP  ", 44,
     "DE 44 (additional response): length prefix 2B35 is not a number, at byte 20"),
    (b"0210" + b"0000000000100000" + b"-1CUP", 44,
     "DE 44 (additional response): length prefix 2D31 is not a number, at byte 20"),
    (b"0210" + b"0000000000100000" + b"xxCUP", 44,
     "DE 44 (additional response): length prefix 7878 is not a number, at byte 20"),
    (b"0210" + b"0000000000100000" + b"26" + b"x" * 26, 44,
     "DE 44 (additional response): 26 bytes, at most 25, at byte 20"),
    (b"0210" + b"0000000000000002" + b"1_0" + b"x" * 10, 63,
     "DE 63 (remarks): length prefix 315F30 is not a number, at byte 20"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "element", "sentence"), ASCII_DECODED)
def test_decoding_characters(body: bytes, element: int | None, sentence: str) -> None:
    with pytest.raises(MessageError) as refused:
        ASCII.decode(body)
    assert str(refused.value) == sentence
    assert refused.value.element == element


ANY_CHARACTERS = st.binary(max_size=60)


@given(ANY_CHARACTERS | ANY_CHARACTERS.map(lambda end: b"02000000000000100000" + end))
def test_any_characters_decode_and_encode_or_raise_a_message_error(body: bytes) -> None:
    try:
        decoded = ASCII.decode(body)
    except MessageError as error:
        assert error.offset is not None
        return
    again = ASCII.encode(decoded.mti, decoded.fields).join()
    assert again.lower() == body.lower()  # hex digits of the bitmap may be small


# element, value, sentence
ENCODED = [
    (1, "00", "DE 1: this dialect has no such element"),
    (65, "0", "DE 65: this dialect has no such element"),
    (4, "1", "DE 4 (amount): 1 digits, exactly 12 belong there"),
    (4, "0000000001000", "DE 4 (amount): 13 digits, exactly 12 belong there"),
    (4, "0000000010.0", "DE 4 (amount): '.' is not a digit"),
    (4, "００００００００００００", "DE 4 (amount): '０' is not a digit"),
    (2, "6" * 20, "DE 2 (PAN): 20 digits, at most 19"),
    (35, "1" * 38, "DE 35 (track 2): 38 digits, at most 37"),
    (35, "621X", "DE 35 (track 2): 'X' is not a hex digit"),
    (52, "00112233445566", "DE 52 (PIN block): 7 bytes, exactly 8 belong there"),
    (52, "001122334455667", "DE 52 (PIN block): 15 hex digits, an even number makes bytes"),
    (52, "00112233445566zz", "DE 52 (PIN block): 'Z' is not a hex digit"),
    (55, "00" * 256, "DE 55 (IC data): 256 bytes, at most 255"),
    (41, "123456789", "DE 41 (TID): 9 bytes, exactly 8 belong there"),
    (41, "银联银联银", "DE 41 (TID): 10 bytes, exactly 8 belong there"),
    (44, "x" * 26, "DE 44 (additional response): 26 bytes, at most 25"),
    (63, "\U0001f600", "DE 63 (operator and remarks): '\U0001f600' is no GBK character"),
    (63, "\ud800", "DE 63 (operator and remarks): '\\ud800' is no GBK character"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "value", "sentence"), ENCODED)
def test_encoding(number: int, value: str, sentence: str, dialect: Dialect) -> None:
    with pytest.raises(MessageError) as refused:
        dialect.codec.encode("0200", {number: value})
    assert str(refused.value) == sentence
    assert refused.value.element == number
    assert refused.value.offset is None


@pytest.mark.parametrize("mti", ["", "020", "02000", "02A0", "０２００"])
def test_encoding_an_mti(mti: str, dialect: Dialect) -> None:
    with pytest.raises(MessageError) as refused:
        dialect.codec.encode(mti, {})
    assert str(refused.value) == f"MTI: {mti!r} is not four digits"


@given(st.integers(-1, 130), st.text(max_size=60))
def test_any_value_encodes_or_raises_a_message_error(number: int, value: str) -> None:
    from switch.dialect import load

    codec = load("cup-pos").codec
    try:
        body = codec.encode("0200", {number: value}).join()
    except MessageError:
        return
    codec.decode(body)
