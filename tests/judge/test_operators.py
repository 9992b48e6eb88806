"""Operators on texts as they stand on the wire."""

from __future__ import annotations

from typing import Any

import pytest

from switch.judge.operators import OPERATORS, describe, holds

STAN, AMOUNT = "000101", "000000010000"


@pytest.mark.parametrize(
    ("name", "operand", "passes", "fails"),
    [
        ("eq", STAN, [STAN], ["101", "000102", None]),
        ("ne", STAN, ["101", None], [STAN]),
        ("in", ("98", "06"), ["98", "06"], ["6", None]),
        ("not_in", ("98", "06"), ["96", None], ["98"]),
        ("gt", "9", ["10", "000010"], ["9", "8", "A", None]),
        ("lt", "10", ["9", "0009"], ["10", "A", None]),
        ("between", ("1", "3"), ["1", "02", "3"], ["0", "4", "x", None]),
        ("present", True, ["", "0"], [None]),
        ("absent", True, [None], ["", "0"]),
        ("if_present", "156", [None, "156"], ["840"]),
        ("matches", "0[25].", ["021", "051"], ["0211", "071", None]),
    ],
)
def test_what_passes_and_what_fails(
    name: str, operand: Any, passes: list[str | None], fails: list[str | None]
) -> None:
    assert [value for value in passes if not holds(name, value, operand)] == []
    assert [value for value in fails if holds(name, value, operand)] == []


@pytest.mark.parametrize("name", ["amount", "original.amount"])
def test_amounts_compare_without_leading_zeros(name: str) -> None:
    assert holds("eq", AMOUNT, "10000", of=name)
    assert holds("in", AMOUNT, ("1", "10000"), of=name)
    assert not holds("ne", AMOUNT, "10000", of=name)
    assert holds("eq", "000000000000", "0", of=name)
    assert not holds("eq", AMOUNT, "10001", of=name)


def test_everything_else_compares_as_text() -> None:
    assert not holds("eq", "000101", "101", of="stan")
    assert holds("matches", AMOUNT, "0+10000", of="amount")


@pytest.mark.parametrize("name", ["eq", "gt", "lt", "if_present"])
def test_a_reference_that_led_to_nothing_is_no_excuse(name: str) -> None:
    assert not holds(name, "000101", None)


def test_nothing_does_not_equal_nothing() -> None:
    assert not holds("eq", None, None)


def test_digits_of_other_scripts_are_no_numbers() -> None:
    assert not holds("gt", "٣", "1")


@pytest.mark.parametrize(
    ("name", "operand", "text"),
    [
        ("eq", STAN, "expected 000101"),
        ("ne", STAN, "expected anything but 000101"),
        ("in", ("98", "06"), "expected one of 98, 06"),
        ("between", ("1", "3"), "expected between 1 and 3"),
        ("absent", True, "expected no value"),
        ("if_present", "156", "expected 156 if there is one"),
        ("in", ("98",), "expected 98"),
        ("eq", None, "expected a value that the earlier message did not have"),
    ],
)
def test_how_a_failure_says_it(name: str, operand: Any, text: str) -> None:
    assert describe(name, operand) == text


def test_every_operator_has_a_sentence() -> None:
    assert all(operator.text for operator in OPERATORS.values())
    assert all(name == operator.name for name, operator in OPERATORS.items())
