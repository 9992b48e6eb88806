"""What a place in a YAML file may hold: one declaration reads it, and makes its JSON Schema.

A shape turns a :class:`~switch.reading.Node` into a value, or raises
:class:`~switch.reading.Wrong` with line and column. Records and lists go on after a wrong
entry, so that one run shows every problem of a file.

``Reference`` stands where ``${step.field}`` was written: known only while a scenario runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from switch import clock
from switch.reading import Mapping, Node, Problem, Sequence, Text, Wrong, did_you_mean

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


@dataclass(frozen=True)
class ListOf(Shape):
    """A list; with ``single`` one value may stand without brackets."""

    item: Shape
    single: bool = False
    least: int = 0

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...]:
        if self.single and isinstance(node, Text):
            return (self.item.read(node, reading),)
        if not isinstance(node, Sequence):
            raise Wrong(node.mark, "a list belongs here")
        if len(node.items) < self.least:
            raise Wrong(node.mark, f"at least {self.least} entries belong here")
        return tuple(reading.attempt(self.item, item) for item in node.items)

    def schema(self) -> Schema:
        many: Schema = {"type": "array", "items": self.item.described()}
        if self.least:
            many["minItems"] = self.least
        return {"anyOf": [self.item.described(), many]} if self.single else many


@dataclass(frozen=True)
class MapOf(Shape):
    """A mapping with free keys, each checked by ``key``."""

    value: Shape
    key: Callable[[Text], object] | None = None

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        if not isinstance(node, Mapping):
            raise Wrong(node.mark, "a mapping belongs here")
        out: dict[str, Any] = {}
        for key, item in node.entries:
            try:
                if self.key:
                    self.key(key)
                out[key.value] = self.value.read(item, reading)
            except Wrong as wrong:
                reading.problems.append(wrong.problem)
        return out

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.value.described()}


@dataclass(frozen=True)
class Anything(Shape):
    """A tree that somebody else reads later."""

    def read(self, node: Node, reading: Reading) -> Node:
        return node

    def schema(self) -> Schema:
        return {}


@dataclass(frozen=True)
class Late(Shape):
    """A shape, or a ``${step.field}`` that is known only while the scenario runs."""

    shape: Shape

    def read(self, node: Node, reading: Reading) -> Any:
        return reference(node) or self.shape.read(node, reading)

    def schema(self) -> Schema:
        return self.shape.schema()


@dataclass(frozen=True)
class Record(Shape):
    """A mapping with a closed set of keys.

    Args:
        keys: name -> shape.
        required: names that must stand there.
        make: what builds the value from the read keys; a plain dict when absent.
    """

    keys: MappingType[str, Shape]
    required: tuple[str, ...] = ()
    make: Callable[..., Any] | None = None

    def read(self, node: Node, reading: Reading) -> Any:
        before = len(reading.problems)
        values = self.entries(node, reading)
        if len(reading.problems) > before:
            return None
        if self.make is None:
            return values
        try:
            return self.make(**values)
        except ValueError as error:
            raise Wrong(node.mark, str(error)) from None

    def entries(self, node: Node, reading: Reading) -> dict[str, Any]:
        """What could be read, None for a wrong value: also of a mapping that is not all right."""
        if not isinstance(node, Mapping):
            raise Wrong(node.mark, f"a mapping with {', '.join(self.keys)} belongs here")
        values: dict[str, Any] = {}
        for key, item in node.entries:
            shape = self.keys.get(key.value)
            if shape is None:
                text = f"unknown key '{key.value}'{self._hint(key.value)}"
                reading.problems.append(Problem(key.mark, text))
                continue
            values[key.value] = reading.attempt(shape, item)
        for name in self.required:
            if name not in values:
                reading.problems.append(Problem(node.mark, f"key '{name}' is missing"))
        return values

    def _hint(self, key: str) -> str:
        if " " in key:  # {note: first, second} makes a key of what follows the comma
            return "; within {...} a text with a comma needs quotes"
        return did_you_mean(key, tuple(self.keys)) or f"; known here: {', '.join(self.keys)}"

    def schema(self) -> Schema:
        out: Schema = {
            "type": "object",
            "properties": {name: shape.described() for name, shape in self.keys.items()},
            "additionalProperties": False,
        }
        if self.required:
            out["required"] = list(self.required)
        return out


@dataclass(frozen=True)
class Either(Shape):
    """The first of several shapes that fits the kind of node found."""

    scalar: Shape | None = None
    mapping: Shape | None = None
    sequence: Shape | None = None
    what: str = "this"

    def read(self, node: Node, reading: Reading) -> Any:
        kinds = {Text: self.scalar, Mapping: self.mapping, Sequence: self.sequence}
        shape = kinds[type(node)]
        if shape is None:
            raise Wrong(node.mark, f"{self.what} does not belong here")
        return shape.read(node, reading)

    def schema(self) -> Schema:
        shapes = [shape for shape in (self.scalar, self.mapping, self.sequence) if shape]
        return {"anyOf": [shape.schema() for shape in shapes]}


def read_record(shape: Shape, node: Node) -> tuple[Any, list[Problem]]:
    """The value of a whole file and everything that is wrong with it."""
    reading = Reading()
    value = reading.attempt(shape, node)
    return value, reading.problems
