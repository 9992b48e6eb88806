"""The MAC area before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from switch.dialect import Dialect
from switch.faults import FaultSkipped, MacFault
from switch.faults.mac_faults import Absent, StaleKey, Valid, Wrong, Zero
from switch.message import Codec, Coding, FieldSpec
from switch.message.parts import Part, Parts

if TYPE_CHECKING:
    from tests.faults.conftest import Path

# Vector V076 ends in this MAC.
RIGHT = b"0CE12294"


@pytest.mark.parametrize(
    ("fault", "mac"), [(Valid(), RIGHT), (Wrong(), b"0CE12295"), (Zero(), bytes(8))]
)
def test_the_mac_is_exchanged(fault: MacFault, mac: bytes, path: Path) -> None:
    sealed = path.sealed()
    spoiled = fault.apply(sealed, path.dialect, None)
    assert sealed[-8:] == RIGHT
    assert (spoiled[:-8], spoiled[-8:]) == (sealed[:-8], mac)


@pytest.mark.parametrize("last", range(16))
def test_a_wrong_mac_stays_upper_case_hex(last: int, path: Path) -> None:
    sealed = path.sealed()[:-1] + b"%X" % last
    spoiled = Wrong().apply(sealed, path.dialect, None)
    assert spoiled[:-1] == sealed[:-1]
    assert spoiled[-1] != sealed[-1]
    assert spoiled[-1] in b"0123456789ABCDEF"


def test_a_raw_mac_loses_one_bit(path: Path) -> None:
    sealed = path.sealed()[:-8] + bytes.fromhex("A1C72E74EA3FA9B6")
    assert Wrong().apply(sealed, path.dialect, None)[-8:].hex().upper() == "A1C72E74EA3FA9B7"


def test_an_absent_mac_takes_its_bit_along(path: Path) -> None:
    sealed = path.sealed()
    bare = Absent().apply(sealed, path.dialect, None)
    assert len(bare) == len(sealed) - 8
    assert path.dialect.decode(bare).fields == path.response.fields
    assert bare == path.dialect.encode(path.response).join()


def test_an_older_key_makes_another_mac(path: Path) -> None:
    def stale(body: bytes) -> bytes:
        return path.seal(body, bytes.fromhex("0123456789ABCDEF"))

    sealed = path.sealed()
    spoiled = StaleKey().apply(sealed, path.dialect, stale)
    assert spoiled == stale(sealed)
    assert spoiled[:-8] == sealed[:-8]
    assert spoiled[-8:] != RIGHT
    with pytest.raises(FaultSkipped, match="no MAC key before this one"):
        StaleKey().apply(sealed, path.dialect, None)


@pytest.mark.parametrize("fault", [Valid(), Wrong(), Absent(), Zero(), StaleKey()])
def test_a_response_without_a_mac_is_left_alone(fault: MacFault, path: Path) -> None:
    body = path.dialect.encode(path.response).join()
    with pytest.raises(FaultSkipped, match="carries no MAC"):
        fault.apply(body, path.dialect, lambda sealed: sealed)


@pytest.mark.parametrize("element", [64, 128])
def test_bitmaps_in_hex_and_second_bitmaps(element: int, dialect: Dialect) -> None:
    coding = Coding(text="ascii", mti="ascii", bitmap="hex", lengths="ascii")
    code = FieldSpec(3, "processing code", "an", 6)
    fields = {3: code, element: FieldSpec(element, "MAC", "b", 8)}
    ascii_dialect = replace(
        dialect, coding=coding, codec=Codec(fields, coding), mac_element=element
    )
    sealed = ascii_dialect.codec.encode("0210", {3: "000000", element: "0102030405060708"}).join()
    bare = Absent().apply(sealed, ascii_dialect, None)
    first = "2000000000000000" if element == 64 else "A0000000000000000000000000000000"
    assert bare == b"0210" + first.encode() + b"000000"
    assert Zero().apply(sealed, ascii_dialect, None) == sealed[:-8] + bytes(8)


def test_parts_with_an_empty_body_carry_no_mac(dialect: Dialect) -> None:
    short = Parts(b"\x02\x10", bytes(7) + b"\x01", (Part(64, b"", b"\x00"),)).join()
    with pytest.raises(FaultSkipped):
        Zero().apply(short, dialect, None)
