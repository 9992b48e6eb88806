"""Looking inside an element."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.dialect import Dialect
from switch.errors import MessageError
from switch.message import Message
from switch.message.subfields import KINDS, Layout, Sub, divide
from switch.message.tlv import read_tags, write_tags

CONTROL = Layout(
    "digits", (Sub("60.1", "type", 2), Sub("60.2", "batch", 6), Sub("60.3", "code", 3))
)


def test_positions() -> None:
    assert divide("22000001000", CONTROL, "gbk") == {
        "60.1": "22", "60.2": "000001", "60.3": "000",
    }  # fmt: skip


def test_a_short_value_ends_early_and_a_rest_is_not_shown() -> None:
    assert divide("2200", CONTROL, "gbk") == {"60.1": "22", "60.2": "00"}
    assert divide("", CONTROL, "gbk") == {}
    assert divide("22000001000" + "6500", CONTROL, "gbk").keys() == {"60.1", "60.2", "60.3"}


def test_text_counts_bytes() -> None:
    remarks = Layout("text", (Sub("63.1", "organisation", 3), Sub("63.2", "remark", 4)))
    assert divide("CUP银联商", remarks, "gbk") == {"63.1": "CUP", "63.2": "银联"}
    assert divide("CU银联", remarks, "gbk") == {"63.1": "CU\udcd2", "63.2": "\udcf8联"}


def test_text_inside_hex() -> None:
    sign_on = Layout("hex-text", (Sub("62.1", "word", 11), Sub("62.2", "length", 2)))
    value = b"Sequence No16".hex().upper()
    assert divide(value, sign_on, "gbk") == {"62.1": "Sequence No", "62.2": "16"}


def test_records() -> None:
    subs = (Sub("48.1", "records", 2), Sub("48.2", "class", 2), Sub("48.3", "number", 3))
    details = Layout("records", subs)
    assert divide("02" + "00001" + "01002", details, "gbk") == {
        "48.1": "02", "48.2[1]": "00", "48.3[1]": "001", "48.2[2]": "01", "48.3[2]": "002",
    }  # fmt: skip
    assert divide("02" + "00001" + "01", details, "gbk").keys() == {"48.1", "48.2[1]", "48.3[1]"}


def test_tags_that_do_not_parse_divide_into_nothing() -> None:
    assert divide("9F2701", Layout("tags"), "gbk") == {}


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40))
def test_no_value_breaks_a_division(kind: str, value: str) -> None:
    try:
        value.encode("gbk", "surrogateescape")
    except UnicodeEncodeError:
        return
    divide(value, Layout(kind, CONTROL.subs), "gbk")


def test_settlement_totals(dialect: Dialect) -> None:
    totals = "000000000200002" + "000000000100001" + "0" + "000000000000000" * 2 + "0"
    fields = {11: "000006", 48: totals, 60: "00000001201"}
    message = dialect.classified(Message("0500", fields))
    assert message.kind == "settlement"
    assert message.part("48.1") == "000000000200"
    assert message.part("48.4") == "001"
    assert message.part("48.10") == "0"


# ---- tags ----------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.sampled_from(["82", "95", "9F26", "5F2A", "9F10", "DF31", "DF8101"]),
        st.binary(max_size=300).map(lambda raw: raw.hex().upper()),
    )
)
def test_tags_round_trip(tags: dict[str, str]) -> None:
    assert read_tags(write_tags(tags)) == tags


@pytest.mark.parametrize(
    ("tags", "written"),
    [
        ({"95": "00" * 127}, "957F" + "00" * 127),
        ({"95": "00" * 128}, "958180" + "00" * 128),
        ({"95": "00" * 256}, "95820100" + "00" * 256),
    ],
)
def test_the_length_of_a_tag(tags: dict[str, str], written: str) -> None:
    assert write_tags(tags) == written


def test_padding_between_tags_is_skipped() -> None:
    assert read_tags("00FF" + "9A03230101" + "0000") == {"9A": "230101"}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("9F", "the value ends inside a tag, at byte 0"),
        ("9F81", "the value ends inside a tag, at byte 0"),
        ("95", "tag 95: the value ends before its length, at byte 1"),
        ("9500" + "9F26", "tag 9F26: the value ends before its length, at byte 4"),
        ("95050000", "tag 95: 2 of 5 bytes are there, at byte 0"),
        ("9580", "tag 95: length byte 80 is not possible, at byte 1"),
        ("958201", "tag 95: length byte 82 is not possible, at byte 1"),
    ],
)
def test_tags_that_end_too_early(value: str, sentence: str) -> None:
    with pytest.raises(MessageError) as refused:
        read_tags(value)
    assert str(refused.value) == sentence


@given(st.binary(max_size=60))
def test_any_bytes_are_tags_or_a_message_error(raw: bytes) -> None:
    try:
        read_tags(raw.hex())
    except MessageError as error:
        assert error.offset is not None
        assert error.offset <= len(raw)
