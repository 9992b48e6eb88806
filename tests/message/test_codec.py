"""Bytes to values and back: round trips, lenient pads, text that is no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.dialect import Dialect, load
from switch.errors import MessageError
from switch.message import Codec, Coding, FieldSpec, Message
from switch.testing import Mutation, bodies, fields, messages, mutated

CUP = load("cup-pos")


@given(messages(CUP) | messages(CUP, responses=True))
def test_a_valid_message_survives_encoding_and_decoding(message: Message) -> None:
    body = CUP.codec.encode(message.mti, message.fields).join()
    decoded = CUP.decode(body)
    assert decoded == message
    assert decoded.parts == message.parts
    assert decoded.notes == tuple(CUP.undivided(message))  # a drawn DE 62 may be no item list
    assert CUP.codec.encode(decoded.mti, decoded.fields).join() == body


@pytest.mark.parametrize("number", sorted(CUP.codec.fields))
def test_every_element_round_trips_alone(number: int) -> None:
    @given(fields(CUP, number))
    def check(value: str) -> None:
        body = CUP.codec.encode("0200", {number: value}).join()
        assert CUP.codec.decode(body).fields == {number: value}

    check()


@given(bodies(CUP))
def test_spans_tile_the_body(body: bytes) -> None:
    decoded = CUP.codec.decode(body)
    place = 2 + len(decoded.bitmap) // 2
    for prefix, value, end in decoded.spans.values():
        assert prefix == place <= value <= end
        place = end
    assert place == len(body)


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_raise_a_message_error(body: bytes) -> None:
    check_that_it_survives(body)


@given(mutated(CUP))
def test_mutated_bodies_decode_or_raise_a_message_error(one: Mutation) -> None:
    check_that_it_survives(one.body)


def check_that_it_survives(body: bytes) -> None:
    try:
        decoded = CUP.decode(body)
    except MessageError as error:
        assert error.offset is not None
        assert 0 <= error.offset <= len(body)
        assert str(error).endswith(f", at byte {error.offset}")
        # What was read before the fault is sound: it can be encoded again.
        if error.mti:
            CUP.codec.encode(error.mti, error.fields)
        return
    again = CUP.codec.encode(decoded.mti, decoded.fields)
    assert CUP.codec.decode(again.join()).fields == decoded.fields


@given(bodies(CUP))
def test_a_body_cut_anywhere_is_refused(body: bytes) -> None:
    for size in range(len(body)):
        with pytest.raises(MessageError) as refused:
            CUP.codec.decode(body[:size])
        assert refused.value.offset is not None
        assert refused.value.offset <= size


def test_the_first_fault_is_the_one_reported(dialect: Dialect) -> None:
    # DE 3 holds a hex digit, and DE 11 is cut off as well.
    body = bytes.fromhex("0200" + "2020000000000000" + "00A000" + "0001")
    with pytest.raises(MessageError) as refused:
        dialect.codec.decode(body)
    assert str(refused.value) == "DE 3 (processing code): 'A' is not a digit, at byte 10"
    assert refused.value.fields == {}


# ---- text ----------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=163))
def test_any_bytes_of_a_text_element_survive(raw: bytes) -> None:
    size = len(raw)
    body = bytes.fromhex("0210" + "0000000000000002" + f"{size:04d}") + raw
    decoded = CUP.codec.decode(body)
    assert CUP.codec.encode(decoded.mti, decoded.fields).join() == body


def test_bytes_that_are_no_text_are_noted(dialect: Dialect) -> None:
    body = bytes.fromhex("0210" + "0000000000000002" + "0005") + b"CUP\xff\x80"
    decoded = dialect.codec.decode(body)
    assert decoded.fields[63] == "CUP\udcff\udc80"
    assert decoded.notes == ("DE 63 (operator and remarks): holds bytes that are no GBK text",)


def test_chinese_counts_two_bytes_a_character(dialect: Dialect) -> None:
    (remarks,) = dialect.codec.encode("0210", {63: "银联"}).elements
    assert remarks.prefix.hex() == "0004"
    assert remarks.value == "银联".encode("gbk")


def test_fixed_text_is_filled_up_with_spaces(dialect: Dialect) -> None:
    body = dialect.codec.encode("0800", {41: "1234"}).join()
    assert dialect.codec.decode(body).fields[41] == "1234    "


def test_the_fill_is_a_space_of_the_encoding() -> None:
    ebcdic = Codec({41: FieldSpec(41, "TID", "ans", 8)}, Coding(text="cp500"))
    (tid,) = ebcdic.encode("0800", {41: "1234"}).elements
    assert tid.value.hex().upper() == "F1F2F3F440404040"


def test_an_equals_sign_of_a_track_travels_as_d(dialect: Dialect) -> None:
    body = dialect.codec.encode("0200", {35: "6212142000000000012=3012"}).join()
    assert dialect.codec.decode(body).fields[35] == "6212142000000000012D3012"


# ---- pads (protocol 2.1, X3) ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("bits", "hex_element", "number", "value", "note"),
    [
        ("4000000000000000", "05" + "12345F", 2, "12345",
         "DE 2 (PAN): padded with F, 0 is usual"),
        ("0000000100000000", "07" + "01234567", 32, "1234567",
         "DE 32 (acquirer): padded on the left, this dialect: right"),
        ("0000000020000000", "05" + "12D45F", 35, "12D45",
         "DE 35 (track 2): padded with F, 0 is usual"),
        ("0000020000000000", "F001", 23, "001",
         "DE 23 (card sequence): padded with F, 0 is usual"),
        ("0000040000000000", "021F", 22, "021",
         "DE 22 (entry mode): padded with F, 0 is usual"),
    ],
)  # fmt: skip
def test_pads_of_others_are_read_with_a_note(
    bits: str, hex_element: str, number: int, value: str, note: str, dialect: Dialect
) -> None:
    body = bytes.fromhex("0200" + bits + hex_element)
    decoded = dialect.codec.decode(body)
    assert decoded.fields == {number: value}
    assert decoded.notes == (note,)
    assert decoded.spans[number][2] == len(body)


def test_two_odd_pads_in_one_message(dialect: Dialect) -> None:
    body = bytes.fromhex("0200" + "4000000100000000" + "05" + "12345F" + "03" + "0123")
    decoded = dialect.codec.decode(body)
    assert decoded.fields == {2: "12345", 32: "123"}
    assert len(decoded.notes) == 2


def test_a_strict_dialect_refuses_them(dialect: Dialect) -> None:
    strict = Codec({2: FieldSpec(2, "PAN", "n", 19, 2, lenient=False)}, dialect.coding)
    body = bytes.fromhex("0200" + "4000000000000000" + "05" + "12345F")
    with pytest.raises(MessageError) as refused:
        strict.decode(body)
    assert str(refused.value) == "DE 2 (PAN): pad digit 'F' on the right, 0 expected, at byte 10"
