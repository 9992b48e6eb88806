"""The kinds of place that only scenario files have.

They read as the shapes of ``shapes.py`` do. Where something must still be held against the
rest of the file (a bound against the steps), a place becomes an :class:`Entry`, which keeps
the marks. Conditions and the names of values are in ``conditions``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch.composites import Record
from switch.reading import Mapping as MappingNode
from switch.reading import Mark, Node, Text, Wrong, did_you_mean
from switch.scenario.model import Bound
from switch.scenario.words import BARE_BOUNDS, EVENTS
from switch.shapes import Duration, OneOf, Reading, Schema, Shape, Words

NAME = r"[A-Za-z_][A-Za-z0-9_]*"


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping as read, with its places.

    Attributes:
        verb: the key that says what it is; empty where there is no choice.
        values: key -> what its shape made of it.
        mark: where the mapping begins.
        marks: key -> where its value stands.
    """

    verb: str
    values: Mapping[str, Any]
    mark: Mark
    marks: Mapping[str, Mark]

    def get(self, name: str, default: Any = None) -> Any:
        """The value under ``name``, or ``default``."""
        return self.values.get(name, default)


@dataclass(frozen=True)
class Told(Shape):
    """A shape with the sentence that an editor shows beside it."""

    shape: Shape
    text: str

    def read(self, node: Node, reading: Reading) -> Any:
        return self.shape.read(node, reading)

    def schema(self) -> Schema:
        return self.shape.schema() | self._sentence()

    def described(self) -> Schema:
        return self.shape.described() | self._sentence()

    def _sentence(self) -> Schema:
        return {"description": self.text, "markdownDescription": self.text}


@dataclass(frozen=True)
class OneWord(OneOf):
    """One word of a registry; an editor shows the sentence of each."""

    sentences: tuple[str, ...] = ()

    def schema(self) -> Schema:
        return OneOf.schema(self) | {"markdownEnumDescriptions": list(self.sentences)}


def one_word(registry: Mapping[str, str], what: str = "") -> OneWord:
    """The shape of a word of ``registry`` (word -> sentence)."""
    return OneWord(tuple(registry), what, tuple(registry.values()))


@dataclass(frozen=True)
class Pattern(Shape):
    """A regular expression of Python."""

    def read(self, node: Node, reading: Reading) -> str:
        value = Words(what="a regular expression").read(node, reading)
        try:
            re.compile(value)
        except (re.error, OverflowError) as error:
            raise Wrong(node.mark, f"not a regular expression: {error}") from None
        return value

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True)
class Span(Duration):
    """A duration of at least ``least`` nanoseconds; with ``floor`` it is raised to that."""

    least: int = 0
    floor: bool = False

    def read(self, node: Node, reading: Reading) -> int:
        ns = Duration.read(self, node, reading)
        if ns >= self.least:
            return ns
        if self.floor:
            return self.least
        assert isinstance(node, Text)
        few = "below zero" if ns < 0 else "no time at all"
        raise Wrong(node.mark, f"'{node.value}' is {few}")


@dataclass(frozen=True)
class Share(Shape):
    """A share from 0 to 1: ``0.25``."""

    def read(self, node: Node, reading: Reading) -> float:
        value = Words(what="a share from 0 to 1, such as 0.25").read(node, reading)
        if not re.fullmatch(r"0(\.[0-9]{1,9})?|1(\.0{1,9})?", value):
            raise Wrong(node.mark, f"'{value}' is not a share from 0 to 1, such as 0.25")
        return float(value)

    def schema(self) -> Schema:
        return {"type": "number", "minimum": 0, "maximum": 1}


@dataclass(frozen=True)
class SomeOf(Record):
    """A record with at least ``least`` keys."""

    least: int = 1

    def entries(self, node: Node, reading: Reading) -> dict[str, Any]:
        values = Record.entries(self, node, reading)
        if isinstance(node, MappingNode) and len(node.entries) < self.least:
            missing = [key for key in self.keys if key not in values]
            raise Wrong(node.mark, f"write at least one of {', '.join(missing)}")
        return values

    def schema(self) -> Schema:
        return Record.schema(self) | {"minProperties": self.least}


@dataclass(frozen=True)
class Placed(Shape):
    """A record that becomes an :class:`Entry`.

    Args:
        record: the keys.
        verb: what the entry is called.
        one_of: of these keys exactly one stands; with ``optional`` at most one.
        any_of: of these keys at least one stands.
        why: what is missing when none does.
    """

    record: Record
    verb: str = ""
    one_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    optional: bool = False
    why: str = ""

    def read(self, node: Node, reading: Reading) -> Entry | None:
        values = self.record.read(node, reading)
        if values is None:
            return None
        assert isinstance(node, MappingNode)
        found = [name for name in node.names() if name in self.one_of]
        if len(found) > 1:
            either = " or ".join(self.one_of)
            raise Wrong(node.key(found[1]).mark, f"{either}, not both")
        if self.one_of and not found and not self.optional:
            raise Wrong(node.mark, f"{self.why}; write {' or '.join(self.one_of)}")
        if self.any_of and not set(node.names()) & set(self.any_of):
            raise Wrong(node.mark, f"{self.why}; write {' or '.join(self.any_of)}")
        marks = {key.value: item.mark for key, item in node.entries}
        return Entry(self.verb, values, node.mark, marks)

    def schema(self) -> Schema:
        out = self.record.schema()
        if self.any_of:
            out["anyOf"] = [{"required": [name]} for name in self.any_of]
        if not self.one_of:
            return out
        choices: list[Schema] = [{"required": [name]} for name in self.one_of]
        if self.optional:
            choices.append({"not": {"anyOf": list(choices)}})
        return out | {"oneOf": choices}


@dataclass(frozen=True)
class Verbs(Shape):
    """A mapping with exactly one verb and the keys that go with it."""

    what: str
    verbs: Mapping[str, Record]

    def read(self, node: Node, reading: Reading) -> Entry | None:
        if not isinstance(node, MappingNode):
            raise Wrong(node.mark, f"{self.what} is a mapping with one of {self._listed}")
        found = [key for key, _ in node.entries if key.value in self.verbs]
        if not found:
            near = [did_you_mean(name, tuple(self.verbs)) for name in node.names()]
            hint = next((text for text in near if text), "")
            raise Wrong(node.mark, f"{self.what} needs one of {self._listed}{hint}")
        if len(found) > 1:
            both = f"'{found[0].value}' and '{found[1].value}'"
            raise Wrong(found[1].mark, f"{self.what} has one verb, here are {both}")
        verb = found[0].value
        elsewhere = {name for record in self.verbs.values() for name in record.keys}
        for key, _ in node.entries:
            if key.value in elsewhere and key.value not in self._keys(found[0]):
                raise Wrong(key.mark, f"'{key.value}' does not go with '{verb}'")
        return Placed(self.verbs[verb], verb).read(node, reading)

    def _keys(self, verb: Text) -> tuple[str, ...]:
        return tuple(self.verbs[verb.value].keys)

    @property
    def _listed(self) -> str:
        return ", ".join(self.verbs)

    def schema(self) -> Schema:
        return {"anyOf": [record.schema() for record in self.verbs.values()]}


@dataclass(frozen=True)
class BoundAt(Shape):
    """An instant: ``sale.received``, ``start`` or ``end``, and the words that stand for none."""

    others: tuple[str, ...] = ()

    def read(self, node: Node, reading: Reading) -> Bound | str:
        value = Words(what="a bound such as sale.received").read(node, reading)
        if value in self.others:
            return value
        if value in BARE_BOUNDS:
            return Bound("", value)
        step, dot, event = value.rpartition(".")
        if not re.fullmatch(NAME, step):
            word = event if not dot else "sale"
            usual = ", ".join((*self.others, *BARE_BOUNDS))
            raise Wrong(node.mark, f"'{value}' is no bound; write {word}.received, or {usual}")
        if event not in EVENTS:
            hint = did_you_mean(event, tuple(EVENTS))
            raise Wrong(node.mark, f"'{event}' is not one of {', '.join(EVENTS)}{hint}")
        return Bound(step, event)

    def schema(self) -> Schema:
        bare = "|".join((*self.others, *BARE_BOUNDS))
        return {"type": "string", "pattern": f"^({bare}|{NAME}\\.({'|'.join(EVENTS)}))$"}
