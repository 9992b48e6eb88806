"""The compiled twin and the careful codec say the same of every message, errors included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from switch.dialect import load
from switch.errors import MessageError
from switch.message import Codec, Coding, FieldSpec
from switch.message.careful import CarefulCodec
from switch.testing.strategies import bodies, fields, mutated

CUP = load("cup-pos")
PIECES = {
    2: FieldSpec(2, "PAN", "n", 19, 2),
    3: FieldSpec(3, "processing code", "n", 6),
    22: FieldSpec(22, "entry mode", "n", 3, pad="right"),
    23: FieldSpec(23, "card sequence", "n", 3, pad="left"),
    28: FieldSpec(28, "odd and long", "n", 37, 2, pad="left"),
    35: FieldSpec(35, "track 2", "z", 37, 2),
    41: FieldSpec(41, "TID", "ans", 8),
    44: FieldSpec(44, "text", "ans", 25, 2),
    52: FieldSpec(52, "PIN block", "b", 8),
    55: FieldSpec(55, "IC data", "b", 255, 3),
    63: FieldSpec(63, "remarks", "ans", 163, 3),
    64: FieldSpec(64, "MAC", "b", 8),
    70: FieldSpec(70, "code", "n", 3, pad="left"),
    103: FieldSpec(103, "account", "ans", 28, 2),
}
CODINGS = [
    Coding(),
    Coding(text="ascii", mti="ascii", bitmap="hex", lengths="ascii"),
    Coding(text="cp500", mti="ascii", bitmap="binary", lengths="binary"),
    Coding(text="latin-1", mti="bcd", bitmap="hex", lengths="binary"),
]
CODECS = {str(i): Codec(PIECES, coding) for i, coding in enumerate(CODINGS)}


def outcome(read: Callable[..., Any], *given: Any) -> Any:
    """What a codec says, in a form that two of them can be compared by."""
    try:
        return read(*given)
    except MessageError as error:
        return str(error), error.element, error.offset, error.mti, error.bitmap, error.fields


def decoded_by(codec: Codec | CarefulCodec) -> Callable[[bytes], Any]:
    def read(body: bytes) -> Any:
        found = codec.decode(body)
        return tuple(found[:4]), dict(found.spans)

    return read


def same(codec: Codec, body: bytes) -> bool:
    """Both decode alike and, if they decode, encode alike; whether the twin did it itself."""
    assert outcome(decoded_by(codec), body) == outcome(decoded_by(codec.careful), body)
    try:
        found = codec.decode(body)
    except MessageError:
        return False
    careful = codec.careful.encode(found.mti, found.fields).join()
    assert codec.body(found.mti, found.fields) == careful
    return codec._twin.decode(body) is not None


@settings(max_examples=600, deadline=None)
@given(bodies(CUP))
def test_valid_bodies(body: bytes) -> None:
    same(CUP.codec, body)


@settings(max_examples=600, deadline=None)
@given(mutated(CUP))
def test_mutated_bodies(one: Any) -> None:
    same(CUP.codec, one.body)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=120))
@example(b"")
@example(bytes.fromhex("0820"))
@example(bytes.fromhex("0820 00000000"))
@example(bytes.fromhex("0200 8000000000000000"))
def test_any_bytes(body: bytes) -> None:
    same(CUP.codec, body)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(sorted(CODECS)),
    st.sets(st.sampled_from(sorted(PIECES)), min_size=1),
    st.data(),
)
def test_other_codings(name: str, numbers: set[int], data: st.DataObject) -> None:
    """Every way of writing lengths, bitmaps and text, valid and with one byte changed."""
    codec = CODECS[name]
    values = {number: data.draw(value_of(PIECES[number])) for number in sorted(numbers)}
    body = codec.careful.encode("0200", values).join()
    assert same(codec, body)
    place = data.draw(st.integers(0, len(body) - 1))
    same(codec, body[:place] + data.draw(st.binary(min_size=0, max_size=2)) + body[place + 1 :])


def value_of(spec: FieldSpec) -> st.SearchStrategy[str]:
    """Ordinary values of an element."""
    alphabet = {"n": "0123456789", "z": "0123456789D", "b": "0123456789ABCDEF"}.get(spec.type)
    size = spec.length * (2 if spec.type == "b" else 1)
    if alphabet is None:
        return st.text("ABC xyz019", max_size=size)
    step = 2 if spec.type == "b" else 1
    least = 0 if spec.prefix else size
    lengths = st.integers(least // step, size // step)
    return lengths.flatmap(lambda n: st.text(alphabet, min_size=n * step, max_size=n * step))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.integers(2, 128), st.text(max_size=20), max_size=6), st.text(max_size=5))
@example({3: "12 456", 52: "0102030405060 08"}, "0200")
@example({3: "１23456"}, "0200")
@example({2: "", 41: "x"}, "0200")
def test_values_that_are_no_message(values: dict[int, str], mti: str) -> None:
    for text in (mti, "0200"):
        careful = outcome(lambda v, m: CUP.codec.careful.encode(m, v).join(), values, text)
        assert outcome(lambda v, m: CUP.codec.body(m, v), values, text) == careful


@settings(max_examples=200, deadline=None)
@given(st.permutations([3, 11, 2, 41]), st.data())
def test_the_order_in_which_elements_are_given_does_not_matter(
    order: list[int], data: st.DataObject
) -> None:
    values = {number: data.draw(fields(CUP, number)) for number in order}
    assert CUP.codec.body("0200", values) == CUP.codec.careful.encode("0200", values).join()


@pytest.mark.parametrize("kind", CUP.classes)
def test_every_request_of_the_dialect_is_ordinary(kind: str) -> None:
    """The twin itself reads and writes what terminals send, or it would help nobody."""

    @settings(max_examples=1, derandomize=True, deadline=None)
    @given(bodies(CUP, kinds=[kind]))
    def some(body: bytes) -> None:
        found = CUP.codec.decode(body)
        if all(value.isascii() for value in found.fields.values()):
            assert CUP.codec._twin.decode(body) is not None
            assert CUP.codec._twin.encode(found.mti, found.fields) == body

    some()
