"""Each shape: what it reads, what it refuses and how it says so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from switch.composites import Anything, Either, Late, ListOf, MapOf, Record, read_record
from switch.reading import Mapping, Text, Wrong, read_text
from switch.shapes import (  # fmt: skip
    Amount,
    Digits,
    Duration,
    Number,
    OneOf,
    Reference,
    Shape,
    Switch,
    Words,
)

MINUTE = 60_000_000_000
KEYS = Record({"stan": Digits(6, 6), "amount": Amount()}, required=("stan",))


def read(shape: Shape, text: str) -> tuple[Any, list[str]]:
    value, problems = read_record(shape, read_text(text, "f"))
    return value, [str(problem) for problem in problems]


GOOD: list[tuple[Shape, str, Any]] = [
    (Words(), "NO", "NO"),
    (Words(), "''", ""),
    (Words("[A-Z]+", "letters"), "ABC", "ABC"),
    (Digits(6, 6), "000123", "000123"),
    (Digits(1, 3), "08", "08"),
    (Amount(), "000000010000", 10000),
    (Amount(), "1", 1),
    (Number(2, 128), "64", 64),
    (Number(-5, 5), "-5", -5),
    (Number(), "007", 7),
    (Switch(), "on", True),
    (Switch(), "yes", True),
    (Switch(), "false", False),
    (Duration(), "60s", MINUTE),
    (Duration(), "60s - 5s", MINUTE - 5_000_000_000),
    (Duration(), "1m + 250ms", MINUTE + 250_000_000),
    (OneOf(("timeout", "other")), "other", "other"),
    (OneOf(("on", "off")), "on", "on"),
    (ListOf(Number()), "[1, 2]", (1, 2)),
    (ListOf(Number()), "[]", ()),
    (ListOf(Number(), single=True), "1", (1,)),
    (MapOf(Number()), "{a: 1, b: 2}", {"a": 1, "b": 2}),
    (Late(Number()), "${sale.amount}", Reference("sale.amount")),
    (Late(Number()), "5", 5),
    (KEYS, "{stan: 000001}", {"stan": "000001"}),
    (KEYS, "{stan: 000001, amount: 12}", {"stan": "000001", "amount": 12}),
    (Record({"a": Number()}, make=lambda a: a + 1), "{a: 1}", 2),
    (Either(Number(), KEYS), "7", 7),
    (Either(Number(), KEYS), "{stan: 000001}", {"stan": "000001"}),
    (Either(sequence=ListOf(Number())), "[7]", (7,)),
]


@pytest.mark.parametrize(("shape", "text", "value"), GOOD)
def test_reads(shape: Shape, text: str, value: Any) -> None:
    assert read(shape, text) == (value, [])


def made_badly(a: int) -> int:
    raise ValueError(f"{a} will not do")


BAD: list[tuple[Shape, str, list[str]]] = [
    (Words(), "[a]", ["f:1:1: text belongs here, not a list"]),
    (Words(), "{a: 1}", ["f:1:1: text belongs here, not a mapping"]),
    (Words(), "~", ["f:1:1: text belongs here, not nothing"]),
    (Words("[A-Z]+", "a word of capitals"), "abc", ["f:1:1: 'abc' is not a word of capitals"]),
    (Digits(6, 6), "12a", ["f:1:1: '12a' is not digits"]),
    (Digits(6, 6), "123", ["f:1:1: '123' has 3 digits, 6 belong here"]),
    (Digits(4, 12), "123", ["f:1:1: '123' has 3 digits, 4 to 12 belong here"]),
    (Amount(), "1.00", ["f:1:1: '1.00' is not an amount in minor units, 1 to 12 digits"]),
    (Amount(), "-1", ["f:1:1: '-1' is not an amount in minor units, 1 to 12 digits"]),
    (Amount(), "1" * 13,
     [f"f:1:1: '{'1' * 13}' is not an amount in minor units, 1 to 12 digits"]),
    (Number(), "x", ["f:1:1: 'x' is not a whole number"]),
    (Number(), "1.5", ["f:1:1: '1.5' is not a whole number"]),
    (Number(2, 128), "129", ["f:1:1: 129 is not between 2 and 128"]),
    (Switch(), "maybe", ["f:1:1: 'maybe' is neither true nor false"]),
    (Duration(), "60", ["f:1:1: a duration needs its unit: write 60s"]),
    (Duration(), "soon", ["f:1:1: 'soon' is not a duration; write 60s, 250ms, 5m or 1h"]),
    (Duration(), "60s - 5", ["f:1:1: a duration needs its unit: write 5s"]),
    (OneOf(("timeout", "other")), "tiemout",
     ["f:1:1: 'tiemout' is not one of timeout, other; did you mean 'timeout'?"]),
    (OneOf(tuple(f"fault{n}" for n in range(20)), "fault"), "nix",
     ["f:1:1: 'nix' is not one of the known fault names"]),
    (ListOf(Number()), "1", ["f:1:1: a list belongs here"]),
    (ListOf(Number(), least=1), "[]", ["f:1:1: at least 1 entries belong here"]),
    (ListOf(Number()), "[x, 1, y]",
     ["f:1:2: 'x' is not a whole number", "f:1:8: 'y' is not a whole number"]),
    (MapOf(Number()), "[1]", ["f:1:1: a mapping belongs here"]),
    (MapOf(Number()), "{a: x, b: y}",
     ["f:1:5: 'x' is not a whole number", "f:1:11: 'y' is not a whole number"]),
    (KEYS, "1", ["f:1:1: a mapping with stan, amount belongs here"]),
    (KEYS, "{}", ["f:1:1: key 'stan' is missing"]),
    (KEYS, "{stan: 1, amuont: 2, amount: x}",
     ["f:1:8: '1' has 1 digits, 6 belong here",
      "f:1:11: unknown key 'amuont'; did you mean 'amount'?",
      "f:1:30: 'x' is not an amount in minor units, 1 to 12 digits"]),
    (KEYS, "{stan: 000001, zz: 2}", ["f:1:16: unknown key 'zz'; known here: stan, amount"]),
    (Record({"a": Number()}, make=made_badly), "{a: 1}", ["f:1:1: 1 will not do"]),
    (Either(Number(), what="a list"), "[1]", ["f:1:1: a list does not belong here"]),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "text", "found"), BAD)
def test_refuses(shape: Shape, text: str, found: list[str]) -> None:
    assert read(shape, text)[1] == found


def test_a_key_may_be_checked() -> None:
    def short(key: Text) -> None:
        if len(key.value) > 2:
            raise Wrong(key.mark, f"{key.value!r} is too long")

    assert read(MapOf(Number(), short), "{ab: 1, abc: 2}")[1] == ["f:1:9: 'abc' is too long"]


def test_anything_stays_a_tree() -> None:
    value, found = read(Anything(), "{a: [1]}")
    assert isinstance(value, Mapping) and found == []


SHAPES = [Words(), Digits(1, 6), Amount(), Number(), Number(2, 128), Switch(), Duration(),
          OneOf(("a", "b")), ListOf(Number(), single=True), MapOf(Digits(1, 6)), Late(Number()),
          KEYS, Either(Number(), KEYS)]  # fmt: skip
TEXTS = st.text("0123456789.-+ smh${}ab[]:,'\n", max_size=30) | st.just("9" * 5000)


@given(st.sampled_from(SHAPES), TEXTS)
def test_any_tree_is_read_or_refused(shape: Shape, text: str) -> None:
    from switch.errors import BadFile

    try:
        node = read_text(text, "f")
    except BadFile:
        return
    read_record(shape, node)


@pytest.mark.parametrize("shape", SHAPES)
def test_schemas_are_schemas(shape: Shape) -> None:
    Draft202012Validator.check_schema(shape.schema())
    Draft202012Validator.check_schema(shape.described())


def test_a_reference_shows_as_written() -> None:
    assert str(Reference("sale.stan")) == "${sale.stan}"
