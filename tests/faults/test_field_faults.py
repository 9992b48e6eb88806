"""What elements say and how they are written; the MAC stays valid throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from switch.dialect import Dialect
from switch.errors import MessageError
from switch.faults import FaultSkipped, FieldFault
from switch.faults.field_faults import Absent, NotEchoed, Value
from switch.faults.form_faults import (
    BadCharset,
    BadLengthPrefix,
    FlipBit,
    TooLong,
    TooShort,
    Unparseable,
    WrongBitmap,
)
from switch.faults.places import length_prefix
from switch.message import Message, Parts

if TYPE_CHECKING:
    from tests.faults.conftest import Path, PathOf


def element(parts: Parts, number: int) -> str:
    """Prefix and value of one element as hex."""
    part = parts.get(number)
    return f"{part.prefix.hex()}:{part.value.hex()}".upper() if part else "absent"


@pytest.mark.parametrize(
    ("fault", "number", "before", "after"),
    [
        (NotEchoed("amount"), 4, ":000000000100", ":000000000101"),
        (NotEchoed("stan"), 11, ":000002", ":000003"),
        (NotEchoed("original.stan"), 11, "", ""),
        (NotEchoed("terminal_id"), 41, ":3132333435363738", ":3132333435363739"),
        (NotEchoed("41"), 41, ":3132333435363738", ":3132333435363739"),
        (NotEchoed("de.41"), 41, ":3132333435363738", ":3132333435363739"),
        (NotEchoed("pan"), 2, "19:62121420000000000120", "19:62121420000000000130"),
        (NotEchoed("batch"), 60, "0011:220000010000", "0011:220000020000"),
        (NotEchoed("44.1"), 44, "22:303330383030303020202034383532303030302020",
         "22:303330383030303120202034383532303030302020"),
        (Absent("response_code"), 39, ":3030", "absent"),
        (Value("response_code", "03"), 39, ":3030", ":3033"),
        (Value("network_code", "201"), 60, "0011:220000010000", "0011:220000012010"),
        (Value("43", "SHOP"), 43, "absent", ":" + "SHOP".ljust(40).encode().hex().upper()),
        (Value("55", "9F36020001"), 55, "absent", "0005:9F36020001"),
        (TooLong("pan"), 2, "19:62121420000000000120", "20:62121420000000000120"),
        (TooLong("batch"), 60, "0011:220000010000", "0018:220000010000000000"),
        (TooLong("amount"), 4, ":000000000100", ":00000000010000"),
        (TooLong("approval_code"), 38, ":413030303031", ":41303030303130"),
        (TooLong("63"), 63, "0003:435550", "0164:435550" + "30" * 161),
        (TooShort("pan"), 2, "19:62121420000000000120", "18:621214200000000001"),
        (TooShort("amount"), 4, ":000000000100", ":0000000001"),
        (TooShort("63"), 63, "0003:435550", "0002:4355"),
        (TooShort("condition"), 25, ":00", ":"),
        (BadCharset("amount"), 4, ":000000000100", ":F00000000100"),
        (BadCharset("rrn"), 37, ":313033313035303030303032", ":FF3033313035303030303032"),
        (BadLengthPrefix("pan"), 2, "19:62121420000000000120", "FF:62121420000000000120"),
        (BadLengthPrefix("60"), 60, "0011:220000010000", "FFFF:220000010000"),
        (FlipBit("amount"), 4, ":000000000100", ":100000000100"),
        (FlipBit("terminal_id"), 41, ":3132333435363738", ":3032333435363738"),
    ],
    ids=lambda value: "" if isinstance(value, str | int) else f"{value.kind}-{value.name}",
)  # fmt: skip
def test_one_element_changes_and_nothing_else(
    fault: FieldFault, number: int, before: str, after: str, path: Path
) -> None:
    parts = path.parts()
    if not before:
        with pytest.raises(FaultSkipped, match=r"original\.stan: not in a sale of cup-pos"):
            fault.apply(parts, path.dialect, "sale")
        return
    spoiled = fault.apply(parts, path.dialect, "sale")
    assert element(parts, number).startswith(before)
    assert element(spoiled, number).startswith(after)
    others = [part for part in parts.elements if part.element != number]
    assert [part for part in spoiled.elements if part.element != number] == others
    assert [p.element for p in spoiled.elements] == sorted(p.element for p in spoiled.elements)


def test_a_value_goes_to_its_place_with_its_bit(path: Path) -> None:
    parts = path.parts()
    added = Value("43", "SHOP").apply(parts, path.dialect, "sale")
    decoded = path.dialect.decode(path.seal(added.join()))
    assert decoded[43] == "SHOP".ljust(40)
    assert decoded.without(43, 64).fields == path.response.fields
    gone = Absent("43").apply(added, path.dialect, "sale")
    assert gone == parts


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (NotEchoed("52"), r"DE 52 \(PIN block\): not in this response"),
        (NotEchoed("nonsense"), "nonsense: not in a sale of cup-pos"),
        (NotEchoed("65"), "65: not in a sale of cup-pos"),
        (NotEchoed("64"), r"DE 64 \(MAC\): a fault of moment mac spoils it"),
        (NotEchoed("60.5"), "too short to have part 60.5"),
        (NotEchoed("4.1"), "has no part 4.1"),
        (Absent("52"), r"DE 52 \(PIN block\): not in this response anyway"),
        (Value("stan", "000002"), r"DE 11 \(STAN\): has that value anyway"),
        (Value("stan", "2"), "1 digits, exactly 6 belong there"),
        (Value("batch", "1"), "part 60.2 holds 6, not 1"),
        (Value("44.1", "\N{GRINNING FACE}"), "the value is no GBK text"),
        (Value("44", "\N{GRINNING FACE}"), "is no GBK character"),
        (Value("90", "0" * 42), "DE 90: this response has no second bitmap"),
        (BadLengthPrefix("stan"), "has a fixed length and no prefix"),
        (WrongBitmap(90), "DE 90: this response has no second bitmap"),
    ],
    ids=lambda value: "" if isinstance(value, str) else value.kind,
)
def test_what_cannot_take_effect_is_skipped(fault: FieldFault, reason: str, path: Path) -> None:
    with pytest.raises(FaultSkipped, match=reason):
        fault.apply(path.parts(), path.dialect, "sale")


def test_binary_elements_allow_every_byte(path_of: PathOf, response: Message) -> None:
    path = path_of({**response.fields, 55: "910A00"})
    with pytest.raises(FaultSkipped, match=r"DE 55 \(IC data\)"):
        BadCharset("ic").apply(path.parts(), path.dialect, "sale")


def test_empty_elements_cannot_be_shortened(path_of: PathOf, response: Message) -> None:
    path = path_of({**response.fields, 63: ""})
    for fault in (TooShort("63"), FlipBit("63"), NotEchoed("63"), BadCharset("63")):
        with pytest.raises(FaultSkipped):
            fault.apply(path.parts(), path.dialect, "sale")


def test_another_text_has_as_many_bytes(path_of: PathOf, response: Message) -> None:
    path = path_of({**response.fields, 63: "CUP商户  "})
    spoiled = NotEchoed("63").apply(path.parts(), path.dialect, "sale")
    assert path.dialect.decode(path.seal(spoiled.join()))[63] == "CUP商00  "


def test_the_digit_of_a_left_padded_element_is_spoiled_not_its_pad(
    path_of: PathOf, response: Message
) -> None:
    path = path_of({**response.fields, 23: "001"})
    spoiled = BadCharset("23").apply(path.parts(), path.dialect, "sale")
    assert element(spoiled, 23) == ":000F"
    assert element(FlipBit("23").apply(path.parts(), path.dialect, "sale"), 23) == ":0000"


@pytest.mark.parametrize(("number", "had"), [(5, False), (42, True)])
def test_bitmap_and_elements_disagree(number: int, had: bool, path: Path) -> None:
    parts = path.parts()
    spoiled = WrongBitmap(number).apply(parts, path.dialect, "sale")
    assert spoiled.elements == parts.elements
    flipped = int.from_bytes(parts.bitmap, "big") ^ int.from_bytes(spoiled.bitmap, "big")
    assert flipped == 1 << (64 - number)
    assert bool(int.from_bytes(spoiled.bitmap, "big") & flipped) is not had
    with pytest.raises(MessageError):
        path.dialect.decode(path.seal(spoiled.join()))


def test_nothing_between_bitmap_and_mac_can_be_read(path: Path) -> None:
    sealed = path.sealed()
    spoiled = path.seal(Unparseable().apply(path.parts(), path.dialect, "sale").join())
    assert len(spoiled) == len(sealed)
    assert spoiled[:10] == sealed[:10]
    assert set(spoiled[10:-8]) == {0xFF}
    with pytest.raises(MessageError):
        path.dialect.decode(spoiled)
    empty = Parts(b"\x02\x10", bytes(8), ())
    with pytest.raises(FaultSkipped, match="no elements"):
        Unparseable().apply(empty, path.dialect, "sale")


@pytest.mark.parametrize(
    ("count", "size", "lengths", "prefix"),
    [
        (19, 1, "bcd", b"\x19"),
        (100, 1, "bcd", b"\x99"),
        (1000, 2, "bcd", b"\x10\x00"),
        (1000, 3, "ascii", b"999"),
        (7, 2, "ascii", b"07"),
        (300, 2, "binary", b"\x01\x2c"),
        (300, 1, "binary", b"\xff"),
    ],
)
def test_a_length_prefix_says_what_it_can(
    count: int, size: int, lengths: str, prefix: bytes
) -> None:
    assert length_prefix(count, size, lengths) == prefix


def test_every_element_fault_leaves_the_mac_area(path: Path, dialect: Dialect) -> None:
    room = path.parts().elements[-1]
    for fault in (TooLong("amount"), TooShort("amount"), Absent("44"), Value("43", "SHOP")):
        spoiled = fault.apply(path.parts(), dialect, "sale")
        assert spoiled.elements[-1] == room
        body = path.seal(spoiled.join())
        assert body == path.seal(body)
