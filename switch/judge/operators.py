"""The operators of ``where`` and ``check``: a value of a message against what the scenario says.

Values are texts as on the wire: ``eq`` compares them character by character, so that STAN
``000101`` is not ``101``. Only amounts compare as numbers: ``10000`` is ``000000010000``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Test = Callable[[str | None, Any], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare.

    Attributes:
        name: as scenarios write it.
        text: what it holds for, one sentence.
        operand: ``text``, ``list``, ``number``, ``pair``, ``true`` or ``pattern``.
        test: value (None: the message has none) and operand (None: a reference that led to
            nothing) -> it holds.
        words: how a failure says what was expected; ``{}`` stands for the operand.
    """

    name: str
    text: str
    operand: str
    test: Test
    words: str


OPERATORS: dict[str, Operator] = {}


def operator(name: str, operand: str, words: str) -> Callable[[Test], Test]:
    """Register the decorated test under ``name``; its docstring is the sentence."""

    def register(test: Test) -> Test:
        OPERATORS[name] = Operator(name, (test.__doc__ or "").rstrip("."), operand, test, words)
        return test

    return register


def holds(name: str, value: str | None, operand: Any, *, of: str = "") -> bool:
    """Whether ``value`` passes.

    Args:
        name: a key of :data:`OPERATORS`.
        value: what the message has, None for nothing.
        operand: what the scenario says, references resolved.
        of: name of the value; those of ``amount`` compare without leading zeros.
    """
    if of.rpartition(".")[2] == "amount" and name != "matches":
        value, operand = _plain(value), _plain(operand)
    return OPERATORS[name].test(value, operand)


def describe(name: str, operand: Any) -> str:
    """What was expected, for a failure text.

    >>> describe("in", ("98", "06"))
    'expected one of 98, 06'
    """
    if isinstance(operand, tuple) and len(operand) == 1 and name == "in":
        return f"expected {operand[0]}"
    if isinstance(operand, tuple):
        joint = " and " if OPERATORS[name].operand == "pair" else ", "
        operand = joint.join(str(item) for item in operand)
    shown = "a value that the earlier message did not have" if operand is None else operand
    return "expected " + OPERATORS[name].words.format(shown)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, str) and _is_digits(value):
        return value.lstrip("0") or "0"
    return value


def _is_digits(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"[0-9]+", value) is not None


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and _is_digits(value) else None


@operator("eq", "text", "{}")
def eq(value: str | None, operand: Any) -> bool:
    """The value is there and equal."""
    return value is not None and value == operand


@operator("ne", "text", "anything but {}")
def ne(value: str | None, operand: Any) -> bool:
    """The value is another one, or absent."""
    return value is None or value != operand


@operator("in", "list", "one of {}")
def is_in(value: str | None, operand: Any) -> bool:
    """The value is there and one of a list."""
    return value is not None and value in operand


@operator("not_in", "list", "none of {}")
def not_in(value: str | None, operand: Any) -> bool:
    """The value is none of a list, or absent."""
    return value is None or value not in operand


@operator("gt", "number", "more than {}")
def gt(value: str | None, operand: Any) -> bool:
    """The value is a number greater than the operand."""
    found, limit = _number(value), _number(operand)
    return found is not None and limit is not None and found > limit


@operator("lt", "number", "less than {}")
def lt(value: str | None, operand: Any) -> bool:
    """The value is a number smaller than the operand."""
    found, limit = _number(value), _number(operand)
    return found is not None and limit is not None and found < limit


@operator("between", "pair", "between {}")
def between(value: str | None, operand: Any) -> bool:
    """The value is a number from the first to the second operand, both included."""
    found, low, high = _number(value), _number(operand[0]), _number(operand[1])
    return found is not None and low is not None and high is not None and low <= found <= high


@operator("present", "true", "a value")
def present(value: str | None, operand: Any) -> bool:
    """The message has the value."""
    return value is not None


@operator("absent", "true", "no value")
def absent(value: str | None, operand: Any) -> bool:
    """The message does not have the value."""
    return value is None


@operator("if_present", "text", "{} if there is one")
def if_present(value: str | None, operand: Any) -> bool:
    """The value is absent, or equal."""
    return value is None or value == operand


@operator("matches", "pattern", "something that matches {}")
def matches(value: str | None, operand: Any) -> bool:
    """The whole value matches a regular expression."""
    return value is not None and re.fullmatch(operand, value) is not None


@operator("contains", "text", "something with {} in it")
def contains(value: str | None, operand: Any) -> bool:
    """The value is there and the operand is part of it."""
    return value is not None and operand is not None and operand in value


@operator("lacks", "text", "nothing with {} in it")
def lacks(value: str | None, operand: Any) -> bool:
    """The value is absent, or the operand is no part of it."""
    return not contains(value, operand)
