"""Parts of an encoded message: edited one by one, the bitmap kept apart."""

from __future__ import annotations

import pytest

from switch.dialect import Dialect
from switch.errors import MessageError
from switch.message import Part, Parts


@pytest.fixture
def parts(dialect: Dialect) -> Parts:
    return dialect.codec.encode("0200", {3: "000000", 11: "000001", 35: "621=12"})


def test_join(parts: Parts) -> None:
    assert parts.join().hex().upper() == "0200" + "2020000020000000" + "000000" + "000001" + (
        "06" + "621D12"
    )


def test_get_and_size(parts: Parts) -> None:
    track = parts.get(35)
    assert track == Part(35, b"\x06", bytes.fromhex("621D12"))
    assert track.size == 4
    assert parts.get(4) is None


def test_with_part_keeps_the_bitmap(parts: Parts) -> None:
    other = parts.with_part(Part(11, b"", b"\0\0\x02"))
    assert other.bitmap == parts.bitmap
    assert other.get(11) == Part(11, b"", b"\0\0\x02")
    assert other.get(3) == parts.get(3)


def test_without_clears_the_bit(parts: Parts, dialect: Dialect) -> None:
    assert dialect.codec.decode(parts.without(11).join()).fields.keys() == {3, 35}


def test_with_bit_moves_no_part(parts: Parts) -> None:
    assert parts.with_bit(64, on=True).bitmap.hex() == "2020000020000001"
    assert parts.with_bit(11, on=False).elements == parts.elements
    assert parts.with_bit(11, on=True).bitmap == parts.bitmap


def test_a_bit_beyond_the_bitmap(parts: Parts) -> None:
    assert parts.with_bit(100, on=False) is parts
    assert parts.without(100) == parts
    with pytest.raises(MessageError, match=r"^DE 100: the bitmap has 64 bits$"):
        parts.with_bit(100, on=True)
