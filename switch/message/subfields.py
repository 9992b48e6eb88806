"""Looking inside an element: positions, repeated records, EMV tags.

The registry :data:`KINDS` holds the ways in which elements are divided; a dialect names one
per element and, where the message decides, per message class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from switch.errors import MessageError
from switch.message.tlv import read_tags, write_tags


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


KINDS: dict[str, Reader] = {
    "digits": _positions,
    "hex": _positions,
    "text": _text_positions,
    "hex-text": _hex_text,
    "records": _records,
    "tags": _tags,
}


UNEVEN = frozenset({"tags"})  # kinds whose values may fail to divide


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


def with_part(value: str, layout: Layout, place: str, part: str) -> str:
    """The same element with one of its parts, or EMV tags, set.

    Args:
        value: of the element; empty where it is not there.
        layout: how it is divided.
        place: a part id such as ``60.2``, or a tag such as ``55.91``.
        part: the new value; a part by position is filled up with zeros on the left.

    Raises:
        KeyError: no such part.
        MessageError: the tags that are there cannot be read.

    >>> with_part("9F3602024091020000", Layout("tags"), "55.91", "FFFF")
    '9F360202409102FFFF'
    """
    if layout.kind in UNEVEN:
        return write_tags(read_tags(value) | {place.partition(".")[2]: part})
    start = 0
    for sub in layout.subs:
        if sub.id == place:
            old = value.ljust(start + sub.length, "0")
            return old[:start] + part.rjust(sub.length, "0") + old[start + sub.length :]
        start += sub.length
    raise KeyError(f"DE {place.partition('.')[0]} has no part {place}")
