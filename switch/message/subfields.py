"""Looking inside an element: positions, repeated records, EMV tags.

The registry :data:`KINDS` holds the ways in which elements are divided; a dialect names one
per element and, where the message decides, per message class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from switch.errors import MessageError
from switch.message.tlv import read_groups, read_tags, write_tags


@dataclass(frozen=True, slots=True)
class Sub:
    """One part of an element: ``60.2``, six characters, "batch number"; ``secret`` is masked."""

    id: str
    name: str
    length: int
    values: Mapping[str, str] | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How one element is divided.

    Attributes:
        kind: a name in :data:`KINDS`.
        subs: the parts in order; for ``records`` the parts of one record, after ``count``.
        classes: message classes for which it holds; empty for all.
        direction: ``request``, ``response`` or empty for both.
    """

    kind: str
    subs: tuple[Sub, ...] = ()
    classes: tuple[str, ...] = ()
    direction: str = ""


Reader = Callable[[str, Sequence[Sub], str], dict[str, str]]


def _positions(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    """Parts by position in characters; a short value ends early, a rest is not shown."""
    out: dict[str, str] = {}
    place = 0
    for sub in subs:
        piece = value[place : place + sub.length]
        if not piece:
            break
        out[sub.id] = piece
        place += sub.length
    return out


def _text_positions(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    """Parts by position in bytes of the text encoding: a Chinese character counts two."""
    raw = value.encode(text, "surrogateescape").decode("latin-1")
    pieces = _positions(raw, subs, text)
    return {
        name: piece.encode("latin-1").decode(text, "surrogateescape")
        for name, piece in pieces.items()
    }


def _records(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    """A count, then that many records: ``48.1`` is the count, ``48.2[1].3`` in record 1."""
    count, *record = subs
    out = {count.id: value[: count.length]}
    size = sum(sub.length for sub in record)
    rest = value[count.length :]
    for number in range(len(rest) // size if size else 0):
        pieces = _positions(rest[number * size : (number + 1) * size], record, text)
        out |= {f"{name}[{number + 1}]": piece for name, piece in pieces.items()}
    return out


def _tags(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    return read_tags(value)


def _hex_text(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    """An element kept as hex whose bytes are text."""
    shown = bytes.fromhex(value).decode(text, "surrogateescape")
    return _text_positions(shown, subs, text)


def _tag_groups(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    """A control character, then records of tags: ``62.9F06[1]`` is a tag of the first."""
    control = subs[0]
    element = control.id.partition(".")[0]
    digits = 2 * control.length
    out = {control.id: bytes.fromhex(value[:digits]).decode(text, "surrogateescape")}
    for number, group in enumerate(read_groups(value[digits:]), 1):
        out |= {f"{element}.{tag}[{number}]": content for tag, content in group.items()}
    return out


def _items(value: str, subs: Sequence[Sub], text: str) -> dict[str, str]:
    """Two-digit item numbers, each before a value whose length its part gives (2.11)."""
    sizes = {sub.id.partition(".")[2].rjust(2, "0"): sub for sub in subs}
    raw = bytes.fromhex(value)
    out: dict[str, str] = {}
    place = 0
    while place < len(raw):
        item = raw[place : place + 2].decode("latin-1")
        sub = sizes.get(item)
        if sub is None:
            raise MessageError(f"item {item!r} is not known, the rest cannot be read")
        place += 2 + sub.length
        if place > len(raw):
            raise MessageError(f"item {item}: the value ends before its {sub.length} bytes")
        out[sub.id] = raw[place - sub.length : place].decode(text, "surrogateescape")
    return out


def write_items(values: Mapping[str, str], subs: Sequence[Sub], text: str) -> str:
    """The hex of an element of kind ``items``.

    Args:
        values: part id -> value; a text is filled up with spaces.
        subs: the parts that the element may have.
        text: the text encoding of the dialect.

    Raises:
        MessageError: a value that is too long for its item.
    """
    sizes = {sub.id: sub.length for sub in subs}
    out = b""
    for name, value in values.items():
        content = value.encode(text, "surrogateescape").ljust(sizes[name])
        if len(content) != sizes[name]:
            raise MessageError(f"item {name}: {len(content)} bytes, {sizes[name]} belong here")
        out += name.partition(".")[2].rjust(2, "0").encode("ascii") + content
    return out.hex().upper()


KINDS: dict[str, Reader] = {
    "digits": _positions,
    "hex": _positions,
    "text": _text_positions,
    "hex-text": _hex_text,
    "records": _records,
    "tags": _tags,
    "tag-groups": _tag_groups,
    "items": _items,
}


UNEVEN = frozenset({"tags", "tag-groups", "items"})  # kinds whose values may fail to divide


def compose(places: Mapping[str, str], layout: Layout, text: str) -> str:
    """The value of an element from its parts: by position up to the last one, or as items.

    Args:
        places: part id -> value, of this element and of others; absent digits are zeros.
        layout: how the element is divided.
        text: the text encoding of the dialect.
    """
    own = {sub.id: places[sub.id] for sub in layout.subs if sub.id in places}
    if layout.kind == "items":
        return write_items(own, layout.subs, text)
    last = max(number for number, sub in enumerate(layout.subs) if sub.id in own)
    whole = "".join(own.get(sub.id, "").rjust(sub.length, "0") for sub in layout.subs[: last + 1])
    return whole.encode(text).hex().upper() if layout.kind == "hex-text" else whole


def divide(value: str, layout: Layout, text: str) -> dict[str, str]:
    """Part id (or EMV tag) -> value; empty where the value does not divide.

    Args:
        value: the element's value as the codec gives it.
        layout: how it is divided.
        text: the text encoding of the dialect.
    """
    try:
        return KINDS[layout.kind](value, layout.subs, text)
    except (MessageError, ValueError):
        return {}


def trouble(value: str, layout: Layout, text: str) -> str:
    """Why a value does not divide, in a sentence; empty if it does."""
    try:
        KINDS[layout.kind](value, layout.subs, text)
    except MessageError as error:
        return error.text
    except ValueError:
        return "cannot be divided into its parts"
    return ""


def with_part(value: str, layout: Layout, place: str, part: str, text: str = "ascii") -> str:
    """The same element with one of its parts, or EMV tags, set.

    Args:
        value: of the element; empty where it is not there.
        layout: how it is divided.
        place: a part id such as ``60.2``, or a tag such as ``55.91``.
        part: the new value; a part by position is filled up with zeros on the left.
        text: the text encoding of the dialect.

    Raises:
        KeyError: no such part.
        MessageError: the tags or items that are there cannot be read, or an item is too long.

    >>> with_part("9F3602024091020000", Layout("tags"), "55.91", "FFFF")
    '9F360202409102FFFF'
    """
    if layout.kind == "items" and any(sub.id == place for sub in layout.subs):
        return write_items(_items(value, layout.subs, text) | {place: part}, layout.subs, text)
    if layout.kind == "tags":
        return write_tags(read_tags(value) | {place.partition(".")[2]: part})
    start = 0
    for sub in layout.subs:
        if sub.id == place:
            old = value.ljust(start + sub.length, "0")
            return old[:start] + part.rjust(sub.length, "0") + old[start + sub.length :]
        start += sub.length
    raise KeyError(f"DE {place.partition('.')[0]} has no part {place}")
