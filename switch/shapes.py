"""What a place in a YAML file may hold: one declaration reads it, and makes its JSON Schema.

A shape turns a :class:`~switch.reading.Node` into a value, or raises
:class:`~switch.reading.Wrong` with line and column. Records and lists go on after a wrong
entry, so that one run shows every problem of a file.

``Reference`` stands where ``${step.field}`` was written: known only while a scenario runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from switch import clock
from switch.reading import Node, Problem, Sequence, Text, Wrong, did_you_mean

REFERENCE = re.compile(r"\$\{([A-Za-z_][\w.]*)\}")
MOST_DIGITS = 20  # of a whole number, with its sign and leading zeros
Schema = dict[str, Any]
REFERENCE_SCHEMA: Schema = {"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_.]*\}$"}


@dataclass(frozen=True, slots=True)
class Reference:
    """``${sale.stan}``: a field of the message that a step received."""

    path: str

    def __str__(self) -> str:
        return "${" + self.path + "}"


@dataclass(frozen=True)
class Reading:
    """Collects problems while shapes read; shared by all shapes of one file."""

    problems: list[Problem] = field(default_factory=list)

    def attempt(self, shape: Shape, node: Node) -> Any:
        """The value, or None after noting what was wrong."""
        try:
            return shape.read(node, self)
        except Wrong as wrong:
            self.problems.append(wrong.problem)
            return None


class Shape:
    """Base of all shapes."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The value of ``node``; raises Wrong."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """The JSON Schema (draft 2020-12) of the same."""
        raise NotImplementedError

    def described(self) -> Schema:
        """The schema, with ``${name}`` admitted as every typed place does."""
        return {"anyOf": [self.schema(), REFERENCE_SCHEMA]}


def _text(node: Node, what: str) -> Text:
    if not isinstance(node, Text):
        kind = "a list" if isinstance(node, Sequence) else "a mapping"
        raise Wrong(node.mark, f"{what} belongs here, not {kind}")
    if node.empty:
        raise Wrong(node.mark, f"{what} belongs here, not nothing")
    return node


def reference(node: Node) -> Reference | None:
    """The reference that ``node`` is, if it is one and nothing else."""
    if isinstance(node, Text):
        found = REFERENCE.fullmatch(node.value)
        return Reference(found[1]) if found else None
    return None


@dataclass(frozen=True)
class Words(Shape):
    """Free text, or text that matches a pattern."""

    pattern: str = ""
    what: str = "text"

    def read(self, node: Node, reading: Reading) -> str:
        text = _text(node, self.what)
        if self.pattern and not re.fullmatch(self.pattern, text.value):
            raise Wrong(text.mark, f"{text.value!r} is not {self.what}")
        return text.value

    def schema(self) -> Schema:
        # A YAML editor reads 000101 as a number: both are the same text to our reader.
        out: Schema = {"type": ["string", "number", "boolean"]}
        return out | {"pattern": f"^({self.pattern})$"} if self.pattern else out


@dataclass(frozen=True)
class Digits(Shape):
    """Digits, kept as text with their leading zeros."""

    least: int
    most: int

    def read(self, node: Node, reading: Reading) -> str:
        value = _text(node, "digits").value
        if not re.fullmatch(r"[0-9]+", value):
            raise Wrong(node.mark, f"{value!r} is not digits")
        if not self.least <= len(value) <= self.most:
            span = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
            raise Wrong(node.mark, f"{value!r} has {len(value)} digits, {span} belong here")
        return value

    def schema(self) -> Schema:
        return {"type": ["string", "integer"]}


@dataclass(frozen=True)
class Amount(Shape):
    """Minor units: digits with leading zeros (``000000010000``) or a plain number."""

    def read(self, node: Node, reading: Reading) -> int:
        value = _text(node, "an amount in minor units").value
        if not re.fullmatch(r"[0-9]{1,12}", value):
            raise Wrong(node.mark, f"{value!r} is not an amount in minor units, 1 to 12 digits")
        return int(value)

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "pattern": "^[0-9]{1,12}$"}


@dataclass(frozen=True)
class Number(Shape):
    """A whole number in a range."""

    least: int = 0
    most: int = 1_000_000_000

    def read(self, node: Node, reading: Reading) -> int:
        value = _text(node, "a whole number").value
        if not re.fullmatch(r"-?[0-9]+", value):
            raise Wrong(node.mark, f"{value!r} is not a whole number")
        # int() refuses more than 4300 digits
        if len(value) > MOST_DIGITS or not self.least <= int(value) <= self.most:
            raise Wrong(node.mark, f"{value} is not between {self.least} and {self.most}")
        return int(value)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Switch(Shape):
    """true or false (also on, off, yes, no)."""

    def read(self, node: Node, reading: Reading) -> bool:
        value = _text(node, "true or false").value
        if value in {"true", "on", "yes"}:
            return True
        if value in {"false", "off", "no"}:
            return False
        raise Wrong(node.mark, f"{value!r} is neither true nor false")

    def schema(self) -> Schema:
        return {"enum": [True, False, "true", "false", "on", "off", "yes", "no"]}


@dataclass(frozen=True)
class Duration(Shape):
    """Nanoseconds: ``60s``, and sums and differences such as ``60s - 5s``."""

    def read(self, node: Node, reading: Reading) -> int:
        text = _text(node, "a duration")
        total, sign = 0, 1
        terms = re.split(r"\s+([+-])\s+", text.value.strip())
        for position, term in enumerate(terms):
            if position % 2:
                sign = 1 if term == "+" else -1
            elif re.fullmatch(r"[0-9.]+", term):
                raise Wrong(text.mark, f"a duration needs its unit: write {term}s")
            else:
                total += sign * self._term(term, text)
        return total

    @staticmethod
    def _term(term: str, text: Text) -> int:
        try:
            return clock.duration(term)
        except ValueError as error:
            raise Wrong(text.mark, str(error)) from None

    def schema(self) -> Schema:
        unit = r"([0-9]+(\.[0-9]+)?(ms|s|m|h)|\$\{[A-Za-z_][A-Za-z0-9_.]*\})"
        return {"type": "string", "pattern": rf"^{unit}(\s+[+-]\s+{unit})*$"}


@dataclass(frozen=True)
class Day(Shape):
    """A calendar day, as ``2026-12-31``."""

    def read(self, node: Node, reading: Reading) -> date:
        value = _text(node, "a day such as 2026-12-31").value
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:  # no such day
            pass
        raise Wrong(node.mark, f"{value!r} is not a day such as 2026-12-31")

    def schema(self) -> Schema:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True)
class OneOf(Shape):
    """One word of a closed list."""

    words: tuple[str, ...]
    what: str = ""

    def read(self, node: Node, reading: Reading) -> str:
        value = _text(node, self.what or f"one of {', '.join(self.words)}").value
        if value not in self.words:
            short = len(self.words) <= 12 or not self.what
            listed = ", ".join(self.words) if short else f"the known {self.what} names"
            hint = did_you_mean(value, self.words)
            raise Wrong(node.mark, f"'{value}' is not one of {listed}{hint}")
        return value

    def schema(self) -> Schema:
        words: list[object] = list(self.words)
        words += [int(word) for word in self.words if re.fullmatch(r"0|[1-9][0-9]*", word)]
        plain = {"on": True, "off": False, "yes": True, "no": False, "true": True, "false": False}
        return {"enum": words + sorted({plain[word] for word in self.words if word in plain})}
