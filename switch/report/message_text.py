"""A message as a person reads it: each element with its parts, its bytes and where it stands.

    bytes -> dissect -> Dissected -> message_text -> text of 80 columns

``serve`` and reports show messages from a wire and ask for ``masked``; ``switch decode`` shows
what its user typed in full.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from switch import elements as de
from switch import masking
from switch.dialect import Dialect
from switch.errors import MessageError
from switch.message import Message
from switch.message.spec import wire_size
from switch.message.subfields import Layout, Sub, divide
from switch.message.tlv import TAG_NAMES
from switch.wire.guess import Envelope, Look, guess

NAME, VALUE, BYTES = 20, 24, 24  # columns; with the offset and number before them 80
REST_SHOWN = 96  # bytes that are shown of what could not be decoded
UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
RECORD = re.compile(r"\[\d+\]$")


@dataclass(frozen=True, slots=True)
class Fault:
    """What ended the decoding.

    Attributes:
        element: number of the data element at fault, if it is one.
        offset: byte at which it starts, counted from the first byte given.
        text: the sentence.
    """

    element: int | None
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Dissected:
    """A message taken apart, as far as that went.

    Attributes:
        dialect: whose message it is.
        raw: all bytes.
        envelope: what stands before the MTI.
        message: MTI (empty if unreadable), the elements decoded, class and parts.
        bitmap: hex.
        spans: element -> (first byte of its length prefix, first byte of its value, byte after
            it), counted from the first byte given.
        fault: what is wrong with it.
        notes: what was read leniently, or is odd beside the fault.
    """

    dialect: Dialect
    raw: bytes
    envelope: Envelope
    message: Message
    bitmap: str
    spans: Mapping[int, tuple[int, int, int]]
    fault: Fault | None
    notes: tuple[str, ...]


def dissect(raw: bytes, dialect: Dialect) -> Dissected:
    """Take apart a message that may come with or without its envelope; raises nothing."""
    mtis = {mti for kind in dialect.classes.values() for mti in (kind.mti, kind.response_mti)}
    mti_bytes = _mti_bytes(dialect)
    begins = (dialect.tpdu_begins, dialect.header_begins)
    envelope = guess(raw, Look(dialect.framing, *begins, frozenset(mtis), mti_bytes))
    start, error = envelope.start, None
    notes: tuple[str, ...] = ()
    try:
        decoded = dialect.codec.decode(raw[start:])
        mti, bitmap, fields, notes = decoded.mti, decoded.bitmap, decoded.fields, decoded.notes
    except MessageError as found:
        error = found.moved(start)
        mti, bitmap, fields = error.mti, error.bitmap, error.fields
    fault, odd = _fault(envelope, error)
    message = dialect.classified(Message(mti, fields))
    spans = _spans(dialect, message, start + mti_bytes + _bitmap_bytes(dialect, bitmap))
    return Dissected(dialect, raw, envelope, message, bitmap, spans, fault, notes + odd)


def _fault(envelope: Envelope, error: MessageError | None) -> tuple[Fault | None, tuple[str, ...]]:
    """What to blame, and what else to mention: an element that is wrong explains most."""
    offset = (error.offset or 0) if error else 0
    if not envelope.problem:
        return (Fault(error.element, offset, str(error)) if error else None), ()
    if error and error.element is not None:
        return Fault(error.element, offset, str(error)), (envelope.problem,)
    return Fault(None, 0, envelope.problem), ((str(error),) if error else ())


def _mti_bytes(dialect: Dialect) -> int:
    return 2 if dialect.coding.mti == "bcd" else 4


def _bitmap_bytes(dialect: Dialect, bitmap: str) -> int:
    return len(bitmap) // 2 if dialect.coding.bitmap == "binary" else len(bitmap)


def _spans(dialect: Dialect, message: Message, place: int) -> dict[int, tuple[int, int, int]]:
    spans = {}
    for number in message:
        prefix, size = wire_size(dialect.codec.fields[number], message[number], dialect.coding)
        spans[number] = (place, place + prefix, place + prefix + size)
        place += prefix + size
    return spans


def parts_of(found: Dissected, number: int) -> dict[str, str]:
    """Part id or EMV tag -> value, of one element; empty where it is not divided."""
    layout = _layout(found, number)
    return divide(found.message[number], layout, found.dialect.coding.text) if layout else {}


def _layout(found: Dissected, number: int) -> Layout | None:
    message = found.message
    return found.dialect.layout(number, message.kind, found.dialect.direction(message))


def message_text(found: Dissected, *, masked: bool = False) -> str:
    """The message in lines of 80 columns, without a line end after the last.

    Args:
        found: the message.
        masked: secrets as ``masking`` shows them, their bytes as ``F``.
    """
    lines = [_title(found), *_envelope_line(found), _line("at  DE", "name", "value", "bytes")]
    start = found.envelope.start
    if found.message.mti:
        lines += _row(str(start), "", "MTI", found.message.mti)
    if found.bitmap:
        lines += _row(str(start + _mti_bytes(found.dialect)), "", "bitmap", found.bitmap)
    for number in found.message:
        lines += _element(found, number, masked=masked)
    lines += _rest(found, masked=masked)
    lines += [f"note: {masking.text(note) if masked else note}" for note in found.notes]
    return "\n".join(line.rstrip() for line in lines)


def _title(found: Dissected) -> str:
    message, dialect = found.message, found.dialect
    kind = dialect.classes.get(message.kind)
    name = f"{kind.title} {dialect.direction(message)} ({kind.title_zh})" if kind else "no class"
    unit = "byte" if len(found.raw) == 1 else "bytes"
    return f"{dialect.name}  {message.mti or 'no MTI'}  {name}, {len(found.raw)} {unit}"


def _envelope_line(found: Dissected) -> list[str]:
    envelope = found.envelope
    pieces = {
        "length": "" if envelope.announced is None else str(envelope.announced),
        "TPDU": envelope.tpdu,
        "LRI": envelope.between.hex().upper(),
        "header": envelope.header,
    }
    line = "  ".join(f"{name} {value}" for name, value in pieces.items() if value)
    return [line] if line else []


def _element(found: Dissected, number: int, *, masked: bool) -> Iterator[str]:
    field = found.dialect.codec.fields[number]
    parts = parts_of(found, number)
    value = found.message[number]
    shown = _kept(found, number, parts) if masked else value
    start, first, end = found.spans[number]
    prefix, body = found.raw[start:first].hex().upper(), found.raw[first:end].hex().upper()
    if shown != value:
        body = "F" * len(body)
    text = _shown(shown)
    meaning = _meaning(found, number)
    places = (str(start), str(number), field.name)
    yield from _row(*places, text, _bytes(prefix, body), meaning)
    if masked and masking.is_secret(number, value):
        return
    layout = _layout(found, number)
    subs = {sub.id: sub for sub in layout.subs} if layout else {}
    for name, piece in parts.items():
        sub = subs.get(RECORD.sub("", name))
        secret = sub.secret if sub else masking.SECRET_TAGS.fullmatch(name) is not None
        if masked and secret:
            piece = "*" * len(piece)
        elif masked and _free(found, number):
            piece = masking.text(piece)
        yield from _part(name, piece, sub)


def _part(name: str, value: str, sub: Sub | None) -> list[str]:
    title = sub.name if sub else TAG_NAMES.get(name, "")
    meaning = (sub.values or {}).get(value, "") if sub else ""
    return _row("", name, title, _shown(value), textwrap.wrap(meaning, BYTES))


def _kept(found: Dissected, number: int, parts: Mapping[str, str]) -> str:
    """The value of an element from a wire, masked where it holds a secret."""
    value = found.message[number]
    if masking.is_secret(number, value):
        return masking.element(number, value)
    layout = _layout(found, number)
    hides = layout is not None and any(sub.secret for sub in layout.subs)
    if layout is not None and layout.kind == "tags":  # what does not parse may hold anything
        hides = not parts or any(masking.SECRET_TAGS.fullmatch(tag) for tag in parts)
    if hides:
        return "*" * len(value)
    return masking.text(value) if _free(found, number) else value


def _free(found: Dissected, number: int) -> bool:
    """Text of any length, in which anything may stand."""
    field = found.dialect.codec.fields[number]
    return field.text and field.prefix > 0


def _meaning(found: Dissected, number: int) -> str:
    """What a DE 39 says: a code in responses, a reason in reversals."""
    if number != de.RESPONSE_CODE:
        return ""
    code, dialect = found.message[number], found.dialect
    if dialect.direction(found.message) == "response":
        return dialect.in_words(code)
    reasons = {reason: name for name, reason in dialect.reversal_reasons.items()}
    return reasons.get(code, "").replace("_", " ")


def _rest(found: Dissected, *, masked: bool) -> list[str]:
    """The row of what could not be decoded."""
    done = max((end for _, _, end in found.spans.values()), default=found.envelope.start)
    if found.bitmap and not found.spans:
        done += _mti_bytes(found.dialect) + _bitmap_bytes(found.dialect, found.bitmap)
    left = found.raw[done:]
    if not left or found.fault is None:
        return []
    number = found.fault.element
    field = found.dialect.codec.fields.get(number or 0)
    name = field.name if field else "rest"
    text = left[:REST_SHOWN].hex().upper() + ("..." if len(left) > REST_SHOWN else "")
    shown = f"{len(left)} bytes" if masked else text
    return _row(str(done), str(number or ""), name, "not decoded", _bytes("", shown))


def _shown(value: str) -> str:
    """Text with what a terminal cannot show escaped, quoted where its edge is a space."""
    text = UNSHOWABLE.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02X}", value)
    return f"'{text}'" if text != text.strip() else text


def _row(
    at: str, number: str, name: str, value: str, right: Sequence[str] = (), meaning: str = ""
) -> list[str]:
    """One row of the table, in as many lines as its longest column takes."""
    names = textwrap.wrap(name, NAME)
    values = _cut(value, VALUE) + [f"= {line}" for line in textwrap.wrap(meaning, VALUE - 2)]
    firsts = [f"{at:>4} {number:>3}" if at else f"{number:>8}"]
    columns = zip_longest(firsts, names, values, right, fillvalue="")
    return [_line(*cells) for cells in columns]


def _bytes(prefix: str, body: str) -> list[str]:
    """Hex in lines of whole bytes, the length prefix set off."""
    head = f"{prefix} " if prefix else ""
    first = (BYTES - len(head)) // 2 * 2
    rest = [body[place : place + BYTES] for place in range(first, len(body), BYTES)]
    return [head + body[:first], *rest]


def _line(first: str, name: str, value: str, shown: str) -> str:
    return f"{first:>8}  {_padded(name, NAME)} {_padded(value, VALUE)} {shown}"


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - _columns(text))


def _columns(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _cut(text: str, columns: int) -> list[str]:
    """The text in pieces of at most that many columns."""
    pieces = [""]
    for character in text:
        if _columns(pieces[-1] + character) > columns:
            pieces.append("")
        pieces[-1] += character
    return pieces
