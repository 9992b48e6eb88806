"""Hypothesis strategies for the messages of any dialect.

    messages -> bodies -> frames        valid ones, from the inside out
    mutated, cuts                       what wires and terminals make of them

Every example below runs as a doctest.

>>> from hypothesis import given, settings
>>> from switch.dialect import load
>>> dialect = load("cup-pos")
>>> @settings(max_examples=5, deadline=None, database=None)
... @given(bodies(dialect, kinds=["sale"]))
... def test_my_decoder(body):
...     assert body[:2] == bytes.fromhex("0200")
>>> test_my_decoder()
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

from switch import elements as de
from switch.dialect import Dialect, MessageClass
from switch.dialect.classes import TagRule
from switch.message import FieldSpec, Message
from switch.message.spec import TRACK
from switch.message.subfields import Layout
from switch.message.tlv import write_tags
from switch.wire import Frame

USUAL_MOST = 40  # digits or bytes; longer values of long elements are drawn now and then
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
PRINTABLE = LETTERS + "abcdefghijklmnopqrstuvwxyz .,:-/+*()&'"
CHINESE = "银联商务消费撤销签到结算有限公司北京市"
TAGS = {"9F26": 8, "9F27": 1, "9F10": 19, "9F37": 4, "9F36": 2, "95": 5, "9A": 3, "9C": 1,
        "9F02": 6, "5F2A": 2, "82": 2, "9F1A": 2, "9F03": 6, "9F33": 3, "9F1E": 8, "DF31": 5,
        "91": 10}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutation:
    """A body with one known mistake.

    Attributes:
        body: the bytes with the mistake.
        original: the valid bytes it was made from.
        what: ``cut``, ``trailing``, ``bit set``, ``bit cleared`` or ``byte changed``.
        at: byte of ``original`` at which they begin to differ.
    """

    body: bytes
    original: bytes
    what: str
    at: int


def fields(dialect: Dialect, number: int) -> st.SearchStrategy[str]:
    """Values that one element can hold, written as ``Codec.decode`` gives them.

    >>> from hypothesis import find
    >>> from switch.dialect import load
    >>> find(fields(load("cup-pos"), 11), lambda stan: True)
    '000000'
    """
    field = dialect.codec.fields[number]
    if number == de.RESPONSE_CODE and dialect.response_codes:
        return st.sampled_from(sorted(dialect.response_codes))
    if any(layout.kind == "tags" for layout in dialect.layouts.get(number, ())):
        return _tags(field)
    if number == de.TRACK_2:
        return _track_2(field)
    if field.text:
        return _text(field, dialect.coding.text)
    if field.type == "b":
        return _sizes(field).flatmap(
            lambda size: st.binary(min_size=size, max_size=size).map(lambda raw: raw.hex().upper())
        )
    alphabet = "0123456789D" if field.type == TRACK else "0123456789"
    return _sizes(field).flatmap(lambda size: st.text(alphabet, min_size=size, max_size=size))


def _sizes(field: FieldSpec) -> st.SearchStrategy[int]:
    if not field.prefix:
        return st.just(field.length)
    usual = st.integers(1, min(field.length, USUAL_MOST))
    return usual | st.just(field.length)


def _text(field: FieldSpec, encoding: str) -> st.SearchStrategy[str]:
    """Text whose bytes fit; a fixed element is filled up with spaces."""
    chinese = CHINESE if field.type == "ans" and encoding in {"gbk", "gb18030"} else ""
    alphabet = PRINTABLE + chinese if field.type == "ans" else LETTERS

    def fitted(size: int, drawn: str) -> str:
        text = drawn
        while len(text.encode(encoding)) > size:
            text = text[:-1]
        fill = size - len(text.encode(encoding))
        return text + " " * fill

    def of_size(size: int) -> st.SearchStrategy[str]:
        least = 0 if not field.prefix else 1
        texts = st.text(alphabet, min_size=least, max_size=min(size, 2 * USUAL_MOST))
        return texts.map(lambda drawn: fitted(size, drawn))

    return _sizes(field).flatmap(of_size)


def _track_2(field: FieldSpec) -> st.SearchStrategy[str]:
    """Card number, separator, expiry YYMM, service code and what the issuer put behind."""
    pan = st.text("0123456789", min_size=12, max_size=19)
    rest = st.text("0123456789", min_size=7, max_size=field.length - 20)
    return st.builds(lambda card, after: f"{card}D{after}", pan, rest)


def _tags(field: FieldSpec, rules: Iterable[TagRule] = ()) -> st.SearchStrategy[str]:
    """EMV tags: those that the rules ask for, and some that they allow."""
    needed = {tag for rule in rules for tag in rule.needs} or {"9F26"}
    barred = {tag for rule in rules for tag in TAGS if rule.only and tag not in rule.only}
    values = {tag: st.binary(min_size=size, max_size=size) for tag, size in TAGS.items()}
    wanted = {tag: values.pop(tag) for tag in sorted(needed - barred)}
    optional = {tag: value for tag, value in values.items() if tag not in barred}
    chosen = st.fixed_dictionaries(wanted, optional=optional)
    written = chosen.map(lambda tags: write_tags({k: v.hex().upper() for k, v in tags.items()}))
    return written.filter(lambda value: 0 < len(value) // 2 <= field.length)


def messages(
    dialect: Dialect, kinds: Iterable[str] | None = None, *, responses: bool = False
) -> st.SearchStrategy[Message]:
    """Valid requests: what is mandatory in their class, and some of what is conditional.

    The MAC is eight random bytes: sealing needs a key, and is not the codec's business.

    Args:
        dialect: whose messages.
        kinds: names of message classes; all when absent.
        responses: the responses of these classes instead.

    >>> from hypothesis import find
    >>> from switch.dialect import load
    >>> sale = find(messages(load("cup-pos"), ["sale"]), lambda message: 52 in message)
    >>> sale.kind, sale.part("60.1")
    ('sale', '22')
    """
    chosen = [dialect.classes[name] for name in (kinds or dialect.classes)]
    make = _responses if responses else _requests
    return st.one_of([make(dialect, kind) for kind in chosen])


def _requests(dialect: Dialect, kind: MessageClass) -> st.SearchStrategy[Message]:
    @st.composite
    def draw_request(draw: st.DrawFn) -> Message:
        some = draw(st.sets(st.sampled_from(kind.conditional))) if kind.conditional else set()
        numbers = set(kind.mandatory) | some
        if kind.card and not numbers & {de.PAN, de.TRACK_2}:
            numbers.add(de.PAN)
        places = _draw_places(draw, dialect, kind)
        divided = {int(place.partition(".")[0]) for place in places}
        for number in sorted(numbers - divided):
            places[str(number)] = draw(_readable(dialect, kind, number))
        bare = dialect.classified(dialect.build(kind.name, places), kind.name)
        for condition in dialect.conditions:
            if condition.applies(kind.name, bare.fields, bare.parts):
                lacking = [number for number in condition.needs if number not in bare]
                bare = bare.with_fields({n: draw(fields(dialect, n)) for n in lacking})
        if de.IC_DATA in bare:
            rules = [rule for rule in dialect.tag_rules if kind.name in rule.classes]
            tags = draw(_tags(dialect.codec.fields[de.IC_DATA], rules))
            bare = bare.with_fields({de.IC_DATA: tags})
        return dialect.classified(Message(bare.mti, dict(sorted(bare.fields.items()))))

    return draw_request().filter(lambda message: message.kind == kind.name)


def _readable(dialect: Dialect, kind: MessageClass, number: int) -> st.SearchStrategy[str]:
    """Values of an element that hold the part without which it cannot be read."""
    values = fields(dialect, number)
    part = dialect.readable_parts.get(number)
    layout = dialect.layout(number, kind.name, "request")
    if part is None or layout is None:
        return values
    least = _upto(layout, part)
    return values.map(lambda value: value.ljust(least, "0"))


def _upto(layout: Layout, part: str) -> int:
    """Characters up to the end of a part."""
    size = 0
    for sub in layout.subs:
        size += sub.length
        if sub.id == part:
            return size
    return size


def _draw_places(draw: st.DrawFn, dialect: Dialect, kind: MessageClass) -> dict[str, str]:
    """What tells the class apart: elements, and elements that are divided, part by part."""
    fixed = dict(kind.build)
    fixed |= {place: draw(st.sampled_from(wanted)) for place, wanted in kind.match.items()}
    places = {place: value for place, value in fixed.items() if "." not in place}
    for number in {int(place.partition(".")[0]) for place in fixed if "." in place}:
        layout = dialect.layout(number, kind.name, "request")
        assert layout is not None, f"DE {number} of {dialect.name} has no parts"
        wanted = {*fixed, dialect.readable_parts.get(number, "")}
        needed = max(i for i, sub in enumerate(layout.subs, start=1) if sub.id in wanted)
        size = draw(st.integers(needed, len(layout.subs)))
        for sub in layout.subs[:size]:
            digits = st.text("0123456789", min_size=sub.length, max_size=sub.length)
            places[sub.id] = fixed.get(sub.id) or draw(digits)
    return places


def _responses(dialect: Dialect, kind: MessageClass) -> st.SearchStrategy[Message]:
    @st.composite
    def draw_response(draw: st.DrawFn) -> Message:
        request = draw(_requests(dialect, kind))
        numbers = {number: request[number] for number in kind.echo if number in request}
        written = [number for number in kind.host if number != de.CONTROL]
        for number in sorted(draw(st.sets(st.sampled_from(written)))):
            numbers[number] = draw(fields(dialect, number))
        if de.CONTROL in kind.host and de.CONTROL in request:
            numbers[de.CONTROL] = request[de.CONTROL]
        return dialect.classified(Message(kind.response_mti, dict(sorted(numbers.items()))))

    return draw_response().filter(lambda message: message.kind == kind.name)


def bodies(
    dialect: Dialect, kinds: Iterable[str] | None = None, *, responses: bool = False
) -> st.SearchStrategy[bytes]:
    """The bytes of valid messages, from the MTI on; arguments as for :func:`messages`.

    >>> from hypothesis import find
    >>> from switch.dialect import load
    >>> find(bodies(load("cup-pos"), ["reversal"]), lambda body: True)[:2].hex()
    '0400'
    """
    valid = messages(dialect, kinds, responses=responses)
    return valid.map(lambda message: dialect.codec.encode(message.mti, message.fields).join())


def frames(
    dialect: Dialect, kinds: Iterable[str] | None = None, *, responses: bool = False
) -> st.SearchStrategy[bytes]:
    """Whole frames, length prefix first; arguments as for :func:`messages`.

    >>> from hypothesis import find
    >>> from switch.dialect import load
    >>> find(frames(load("cup-pos"), ["echo"]), lambda frame: True)[2:7].hex()
    '6000000000'
    """
    framing = dialect.framing

    def digits(begins: str, size: int) -> st.SearchStrategy[str]:
        left = size - len(begins)
        return st.text("0123456789", min_size=left, max_size=left).map(lambda end: begins + end)

    tpdu = st.just("") if framing.tpdu == "none" else digits(dialect.tpdu_begins, 10)
    header = digits(dialect.header_begins, 2 * framing.header) if framing.header else st.just("")
    return st.builds(Frame, tpdu, header, bodies(dialect, kinds, responses=responses)).map(
        framing.wrap
    )


def mutated(dialect: Dialect, kinds: Iterable[str] | None = None) -> st.SearchStrategy[Mutation]:
    """Bodies with one known mistake, for decoders that must survive them.

    A mutation may still be a message: a changed byte of a name is another name.

    >>> from hypothesis import find
    >>> from switch.dialect import load
    >>> cut = find(mutated(load("cup-pos"), ["echo"]), lambda one: one.what == "cut")
    >>> cut.original.startswith(cut.body), len(cut.body) == cut.at
    (True, True)
    """
    first_bit = 8 * (2 if dialect.coding.mti == "bcd" else 4)
    mistakes = ["cut", "trailing", "byte changed"]
    if dialect.coding.bitmap == "binary":
        mistakes.append("bit")

    @st.composite
    def draw_mutation(draw: st.DrawFn) -> Mutation:
        body = draw(bodies(dialect, kinds))
        what = draw(st.sampled_from(mistakes))
        if what == "cut":
            at = draw(st.integers(0, len(body) - 1))
            return Mutation(body[:at], body, what, at)
        if what == "trailing":
            return Mutation(body + draw(st.binary(min_size=1, max_size=8)), body, what, len(body))
        if what == "bit":
            place = first_bit + draw(st.integers(0, 63))
            at, mask = place // 8, 0x80 >> place % 8
            what = "bit cleared" if body[at] & mask else "bit set"
        else:
            at = draw(st.integers(0, len(body) - 1))
            mask = draw(st.integers(1, 255))
        return Mutation(body[:at] + bytes([body[at] ^ mask]) + body[at + 1 :], body, what, at)

    return draw_mutation()


def cuts(stream: bytes) -> st.SearchStrategy[list[bytes]]:
    """The same stream in pieces, as a network may deliver it; some pieces may be empty.

    >>> from hypothesis import find
    >>> find(cuts(b"\\x00\\x15abc"), lambda pieces: len(pieces) > 2 and b"" not in pieces)
    [b'\\x00', b'\\x15', b'abc']
    """
    places = st.lists(st.integers(0, len(stream)), max_size=12).map(sorted)

    def pieces(at: list[int]) -> list[bytes]:
        edges = [0, *at, len(stream)]
        return [stream[start:end] for start, end in pairwise(edges)]

    return places.map(pieces)
