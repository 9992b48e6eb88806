"""Finding one element in the encoded parts of a response, and coding it anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from switch.dialect import Dialect
from switch.errors import MessageError
from switch.faults.bitmap import with_bit
from switch.faults.fault import FaultSkipped
from switch.message import FieldSpec, Part, Parts
from switch.message.subfields import Layout

ANY_MTI = "0000"  # of a message that exists only to code one element
BY_POSITION = frozenset({"digits", "hex", "text"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault works.

    Attributes:
        spec: how the element is coded.
        part: ``60.2`` if only a part of it is meant, else empty.
        layout: how the element is divided, if it is.
    """

    spec: FieldSpec
    part: str
    layout: Layout | None


def find(name: str, kind: str, dialect: Dialect) -> Place:
    """The place of a value name (``merchant_id``), an element number, or a part (``60.2``).

    Raises:
        FaultSkipped: this dialect has no such place in messages of class ``kind``, or it is
            the MAC, which is not yet there when elements are spoiled.
    """
    named = dialect.written(name, kind)
    number, _, sub = named.partition(".")
    spec = dialect.codec.fields.get(int(number)) if number.isdigit() else None
    if spec is None:
        raise FaultSkipped(f"{name}: not in a {kind} of {dialect.name}")
    if spec.number == dialect.mac_element:
        raise FaultSkipped(f"{spec}: a fault of moment mac spoils it")
    layout = dialect.layout(spec.number, kind, "response")
    return Place(spec, named if sub else "", layout)


def read(part: Part, dialect: Dialect) -> str:
    """The value of one encoded element.

    Raises:
        FaultSkipped: the bytes are none of this element.
    """
    bitmap = with_bit(_empty_bitmap(part.element, dialect), dialect.coding, part.element, on=True)
    mti = bytes.fromhex(ANY_MTI) if dialect.coding.mti == "bcd" else ANY_MTI.encode("ascii")
    try:
        decoded = dialect.codec.decode(Parts(mti, bitmap, (part,)).join())
    except MessageError as error:
        raise FaultSkipped(error.text) from None
    return decoded.fields[part.element]


def write(element: int, value: str, dialect: Dialect) -> Part:
    """One element, encoded.

    Raises:
        FaultSkipped: the element cannot hold the value.
    """
    try:
        return dialect.codec.encode(ANY_MTI, {element: value}).elements[0]
    except MessageError as error:
        raise FaultSkipped(error.text) from None


def edited(value: str, place: Place, text: str, edit: Callable[[str], str]) -> str:
    """The value of an element with the part that is meant, or all of it, changed by ``edit``.

    Args:
        value: as the codec gives it.
        place: what is meant.
        text: the text encoding of the dialect.
        edit: old -> new, of the same length where a part is meant.

    Raises:
        FaultSkipped: the element has no such part, or a part of another length.
    """
    if not place.part:
        return edit(value)
    layout = place.layout
    at = _span(place.part, layout)
    if layout is None or at is None:
        raise FaultSkipped(f"{place.spec}: has no part {place.part}")
    whole = value.encode(text, "surrogateescape")  # parts of text count bytes (2.6)
    old = whole[at]
    if not old:
        raise FaultSkipped(f"{place.spec}: too short to have part {place.part}")
    wanted = edit(old.decode(text, "surrogateescape"))
    try:
        new = wanted.encode(text, "surrogateescape")
    except UnicodeEncodeError:
        raise FaultSkipped(f"{place.spec}: the value is no {text.upper()} text") from None
    if len(new) != len(old):
        raise FaultSkipped(f"{place.spec}: part {place.part} holds {len(old)}, not {len(new)}")
    return (whole[: at.start] + new + whole[at.stop :]).decode(text, "surrogateescape")


def inserted(parts: Parts, new: Part, dialect: Dialect) -> Parts:
    """The message with one more element, in order, its bit set."""
    before = tuple(part for part in parts.elements if part.element < new.element)
    after = parts.elements[len(before) :]
    bitmap = with_bit(parts.bitmap, dialect.coding, new.element, on=True)
    return Parts(parts.mti, bitmap, (*before, new, *after))


def removed(parts: Parts, element: int, dialect: Dialect) -> Parts:
    """The message without one element, its bit cleared."""
    kept = tuple(part for part in parts.elements if part.element != element)
    bitmap = with_bit(parts.bitmap, dialect.coding, element, on=False)
    return Parts(parts.mti, bitmap, kept)


def length_prefix(count: int, size: int, lengths: str) -> bytes:
    """``count`` as a length prefix of ``size`` bytes, or the greatest that fits.

    Args:
        count: digits or bytes, whichever the element counts.
        size: bytes of the prefix.
        lengths: ``bcd``, ``ascii`` or ``binary``.

    >>> length_prefix(20, 1, "bcd").hex(), length_prefix(100, 2, "ascii")
    ('20', b'99')
    """
    if lengths == "binary":
        return min(count, (1 << 8 * size) - 1).to_bytes(size, "big")
    digits = size * 2 if lengths == "bcd" else size
    written = str(min(count, int("9" * digits))).zfill(digits)
    return bytes.fromhex(written) if lengths == "bcd" else written.encode("ascii")


def _span(part: str, layout: Layout | None) -> slice | None:
    start = 0
    for sub in layout.subs if layout and layout.kind in BY_POSITION else ():
        if sub.id == part:
            return slice(start, start + sub.length)
        start += sub.length
    return None


def _empty_bitmap(element: int, dialect: Dialect) -> bytes:
    """A bitmap with room for ``element``, and with bit 1 set if that takes a second one."""
    size = 8 if element <= 64 else 16
    raw = bytes(size) if element <= 64 else b"\x80" + bytes(size - 1)
    return raw if dialect.coding.bitmap == "binary" else raw.hex().upper().encode("ascii")
