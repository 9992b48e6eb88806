"""Shapes made of shapes: lists, mappings, records, and choices between them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from switch.reading import Mapping, Node, Problem, Sequence, Text, Wrong, did_you_mean
from switch.shapes import Reading, Schema, Shape, reference


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
        needs: key -> the key beside which alone it says something.
    """

    keys: MappingType[str, Shape]
    required: tuple[str, ...] = ()
    make: Callable[..., Any] | None = None
    needs: MappingType[str, str] = field(default_factory=dict)

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
        for name, other in self.needs.items():
            if name in values and other not in values:
                text = f"'{name}' says nothing without '{other}'"
                reading.problems.append(Problem(node.key(name).mark, text))
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
        if self.needs:
            out["dependentRequired"] = {name: [other] for name, other in self.needs.items()}
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
