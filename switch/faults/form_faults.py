"""Faults of how encoded elements are written, before the MAC: lengths, characters, bitmap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from switch.dialect import Dialect
from switch.faults import places
from switch.faults.bitmap import has_bit, with_bit
from switch.faults.fault import FaultSkipped, fault
from switch.faults.field_faults import ElementFault, FieldFault
from switch.faults.places import Place
from switch.message import FieldSpec, Part, Parts
from switch.shapes import Number

# No POS response carries it (protocol 2.2).
SETTLEMENT_AMOUNT = 5


@fault
@dataclass(frozen=True, slots=True)
class TooLong(ElementFault):
    """An element is longer than the dialect allows.

    A variable one is filled with zeros to one unit over its greatest length, and its prefix
    says so where it can; a fixed one has a byte too many, which shifts all that follow.

    Keys:
        name: a value name or an element number.
    """

    kind: ClassVar[str] = "too_long"

    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        spec = place.spec
        fill = b"0" if spec.text else b"\x00"
        if not spec.prefix:
            return replace(part, value=part.value + fill)
        count = spec.length + 1
        size = (count + 1) // 2 if spec.packed else count
        prefix = places.length_prefix(count, len(part.prefix), dialect.coding.lengths)
        return Part(part.element, prefix, part.value + fill * (size - len(part.value)))


@fault
@dataclass(frozen=True, slots=True)
class TooShort(ElementFault):
    """An element lacks its end.

    A variable one loses its last digit or byte, and its prefix says so; a fixed one loses its
    last byte, which shifts all that follow.

    Keys:
        name: a value name or an element number.
    """

    kind: ClassVar[str] = "too_short"

    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        if not part.value:
            raise FaultSkipped(f"{place.spec}: is empty")
        if not place.spec.prefix:
            return replace(part, value=part.value[:-1])
        if place.spec.packed:
            return places.write(part.element, places.read(part, dialect)[:-1], dialect)
        count = len(part.value) - 1
        prefix = places.length_prefix(count, len(part.prefix), dialect.coding.lengths)
        return Part(part.element, prefix, part.value[:-1])


@fault
@dataclass(frozen=True, slots=True)
class BadCharset(ElementFault):
    """An element holds something that its type does not allow.

    The first digit (the last one where the first nibble may be a pad) becomes the nibble F,
    the first character of a text the byte FF. Binary elements allow everything: skipped there.

    Keys:
        name: a value name or an element number.
    """

    kind: ClassVar[str] = "bad_charset"

    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        spec, value = place.spec, part.value
        if not value or not (spec.packed or spec.text):
            raise FaultSkipped(f"{spec}: any bytes are allowed there, or none are there")
        if spec.text:
            return replace(part, value=b"\xff" + value[1:])
        return replace(part, value=_with_digit(value, spec, lambda _: 0xF))


@fault
@dataclass(frozen=True, slots=True)
class BadLengthPrefix(ElementFault):
    """The length prefix of a variable element is all FF: no number, or far too large a one.

    Keys:
        name: a value name or an element number.
    """

    kind: ClassVar[str] = "bad_length_prefix"

    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        if not part.prefix:
            raise FaultSkipped(f"{place.spec}: has a fixed length and no prefix")
        return replace(part, prefix=b"\xff" * len(part.prefix))


@fault
@dataclass(frozen=True, slots=True)
class FlipBit(ElementFault):
    """One bit of an element is wrong: the lowest of its first digit, or of its first byte.

    A digit stays a digit (8 becomes 9), so the element remains well-formed. Where the first
    nibble may be a pad, the last digit is taken.

    Keys:
        name: a value name or an element number.
    """

    kind: ClassVar[str] = "flip_bit"

    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        if not part.value:
            raise FaultSkipped(f"{place.spec}: is empty")
        if not place.spec.packed:
            return replace(part, value=bytes([part.value[0] ^ 1]) + part.value[1:])
        return replace(part, value=_with_digit(part.value, place.spec, lambda digit: digit ^ 1))


@fault
@dataclass(frozen=True, slots=True)
class WrongBitmap(FieldFault):
    """The bitmap and the elements disagree about one element.

    If the response has the element, its bit is cleared and its bytes stay; if not, its bit is
    set and nothing stands there.

    Keys:
        element: its number; 5 if absent, which no POS response carries.
    """

    kind: ClassVar[str] = "wrong_bitmap"
    element: Annotated[int, Number(2, 128)] = SETTLEMENT_AMOUNT

    def apply(self, parts: Parts, dialect: Dialect, kind: str) -> Parts:
        on = not has_bit(parts.bitmap, dialect.coding, self.element)
        return replace(parts, bitmap=with_bit(parts.bitmap, dialect.coding, self.element, on=on))

    def options(self) -> str:
        return f"DE {self.element}"


@fault
@dataclass(frozen=True, slots=True)
class Unparseable(FieldFault):
    """Every byte between bitmap and MAC is FF: no length prefix and no digit can be read.

    The message keeps its length, MTI, bitmap, and a valid MAC.
    """

    kind: ClassVar[str] = "unparseable"

    def apply(self, parts: Parts, dialect: Dialect, kind: str) -> Parts:
        spoiled = tuple(
            part
            if part.element == dialect.mac_element
            else Part(part.element, b"\xff" * len(part.prefix), b"\xff" * len(part.value))
            for part in parts.elements
        )
        if spoiled == parts.elements:
            raise FaultSkipped("the response has no elements")
        return replace(parts, elements=spoiled)


def _with_digit(value: bytes, spec: FieldSpec, change: Callable[[int], int]) -> bytes:
    """Packed digits with one of them changed, one that is no pad whatever the length."""
    if spec.pad == "left":
        return value[:-1] + bytes([value[-1] & 0xF0 | change(value[-1] & 0x0F)])
    return bytes([change(value[0] >> 4) << 4 | value[0] & 0x0F]) + value[1:]
