"""Places that name a value of a message: conditions, ``set`` and ``omit``.

A name is a value name of the dialect (``stan``, ``original.stan``) or an element (``de.22``);
conditions know facts and checks beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from switch.composites import Either, Late, ListOf, Record
from switch.dialect import Dialect
from switch.judge.operators import OPERATORS
from switch.reading import Mapping as MappingNode
from switch.reading import Mark, Node, Text, Wrong, did_you_mean
from switch.scenario.forms import NAME, Pattern, SomeOf, Told, one_word
from switch.scenario.model import Condition
from switch.scenario.profile import KEYS
from switch.scenario.words import CHECKS, FACTS
from switch.shapes import OneOf, Reading, Schema, Shape, Words

ELEMENT = re.compile(r"de\.([1-9][0-9]{0,2})")
PART = re.compile(r"(?:de\.)?([1-9][0-9]{0,2})(?:\.[0-9]{1,2})?")
AMOUNT = Words(r"[0-9]{1,12}", "an amount in minor units, 1 to 12 digits")
NUMBER = Late(Words(r"[0-9]+", "a number"))
DECIDED_BY = "decided_by"
STEP_NAME = Words(NAME, "the id of a step")


@dataclass(frozen=True)
class Pair(Shape):
    """Two numbers, the lower first."""

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...]:
        found = ListOf(NUMBER).read(node, reading)
        if len(found) != 2:
            raise Wrong(node.mark, "two numbers belong here, such as [1, 9]")
        return found

    def schema(self) -> Schema:
        return ListOf(NUMBER).schema() | {"minItems": 2, "maxItems": 2}


@dataclass(frozen=True)
class Operators(SomeOf):
    """Operators with their operands, and who decides whether they bind."""

    def entries(self, node: Node, reading: Reading) -> dict[str, Any]:
        values = SomeOf.entries(self, node, reading)
        if values.keys() == {DECIDED_BY}:
            raise Wrong(node.mark, f"{DECIDED_BY} stands beside an operator, such as eq")
        return values

    def schema(self) -> Schema:
        out = SomeOf.schema(self)
        if DECIDED_BY not in self.keys:
            return out
        return out | {"dependentSchemas": {DECIDED_BY: {"minProperties": 2}}}


def decided_by() -> Told:
    """The profile key that makes a vendor's choice a rule for this terminal."""
    text = "a breach only warns unless the profile of the terminal says this"
    return Told(OneOf(tuple(KEYS), "profile key"), text)


def operand(single: Shape, *, judged: bool) -> Shape:
    """What a condition may say of a value: the value itself, or operators with operands.

    Args:
        single: one value.
        judged: the condition is one of a ``check``; a breach of it is a finding.
    """
    kinds: dict[str, Shape] = {
        "text": Late(single),
        "list": ListOf(Late(single), least=1),
        "number": NUMBER,
        "pair": Pair(),
        "true": OneOf(("true",)),
        "pattern": Pattern(),
    }
    operators = {
        name: Told(kinds[operator.operand], operator.text) for name, operator in OPERATORS.items()
    }
    if judged:
        operators[DECIDED_BY] = decided_by()
    listed = "a list (write {in: [...]})"
    return Either(scalar=Late(single), mapping=Operators(operators), what=listed)


@dataclass(frozen=True)
class ByName(Shape):
    """A mapping whose keys are names of values.

    Args:
        values: name -> what may stand there.
        elements: the data elements of the dialect, for ``de.22``.
        element: what may stand under one of those.
    """

    values: Mapping[str, Shape]
    elements: frozenset[int]
    element: Shape

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, MappingNode):
            raise Wrong(node.mark, "names of values belong here, such as {stan: ...}")
        out: list[tuple[Text, Any]] = []
        for key, item in node.entries:
            try:
                out.append((key, self.shape_of(key.value, key.mark).read(item, reading)))
            except Wrong as wrong:
                reading.problems.append(wrong.problem)
        return self.made(out)

    def made(self, read: list[tuple[Text, Any]]) -> Any:
        """The value of the whole place."""
        return {key.value: value for key, value in read}

    def shape_of(self, name: str, mark: Mark) -> Shape:
        """What belongs under ``name``; raises Wrong for a name that nobody knows."""
        element = ELEMENT.fullmatch(name)
        if element and int(element[1]) in self.elements:
            return self.element
        if name not in self.values:
            hint = did_you_mean(name, tuple(self.values))
            raise Wrong(mark, f"'{name}' is not known here; write a value name or de.22{hint}")
        return self.values[name]

    def schema(self) -> Schema:
        numbers = "|".join(str(number) for number in sorted(self.elements))
        return {
            "type": "object",
            "properties": {name: shape.described() for name, shape in self.values.items()},
            "patternProperties": {f"^de\\.({numbers})$": self.element.described()},
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Conditions(ByName):
    """``where`` and ``check``."""

    def made(self, read: list[tuple[Text, Any]]) -> tuple[Condition, ...]:
        return tuple(one for key, found in read for one in _made(key, found))


def _made(key: Text, found: Any) -> Iterator[Condition]:
    """One condition per operator under the name of a value."""
    said = dict(found) if isinstance(found, dict) else {"eq": found}
    decides = said.pop(DECIDED_BY, "")
    for name, value in said.items():
        wanted = True if name in {"present", "absent"} else value
        yield Condition(key.value, name, wanted, key.mark, decides)


@dataclass(frozen=True)
class Named(Shape):
    """The name of a value, as text; with ``parts`` also ``22`` and parts such as ``60.2``."""

    names: ByName
    parts: bool = False

    def read(self, node: Node, reading: Reading) -> str:
        name = Words(what="a value name or an element such as de.22").read(node, reading)
        part = PART.fullmatch(name) if self.parts else None
        self.names.shape_of(f"de.{part[1]}" if part else name, node.mark)
        return name

    def schema(self) -> Schema:
        numbers = "|".join(str(number) for number in sorted(self.names.elements))
        elements = f"^de\\.({numbers})$"
        any_part: Schema = {"type": ["string", "number"], "pattern": f"^{PART.pattern}$"}
        one = any_part if self.parts else {"type": "string", "pattern": elements}
        return {"anyOf": [{"enum": list(self.names.values)}, one]}


def conditions(dialect: Dialect, *, checks: bool) -> Conditions:
    """The shape of ``where``, and with ``checks`` of ``check``."""
    judged = checks
    values = {n: operand(_value(n, dialect), judged=judged) for n in dialect.value_places}
    values |= {n: operand(one_word(words, n), judged=judged) for n, words in FACTS.items()}
    if checks:
        values |= {name: Told(STEP_NAME, text) for name, text in CHECKS.items()}
    return Conditions(values, frozenset(dialect.codec.fields), operand(Words(), judged=judged))


def written(dialect: Dialect) -> ByName:
    """The shape of ``set``: what a response may say instead."""
    values = {name: Late(_value(name, dialect)) for name in dialect.value_places}
    digit = Words(r"[0-9A-F]", "one digit of the header")
    requirement = "the processing requirement digit of the header: what the terminal is asked to do"
    return ByName(
        values | {"processing_requirement": Told(digit, requirement)},
        frozenset(dialect.codec.fields),
        Late(Words()),
    )


def left_out(dialect: Dialect, *, parts: bool = False) -> Named:
    """The shape of one entry of ``omit``; with ``parts`` also of the ``name`` of a fault."""
    values = {name: Words() for name in dialect.value_places}
    return Named(ByName(values, frozenset(dialect.codec.fields), Words()), parts)


def _value(name: str, dialect: Dialect) -> Shape:
    if name.rpartition(".")[2] == "amount":
        return AMOUNT
    if name == "reversal_reason":
        return OneOf(tuple(dialect.reversal_reasons), "reversal reason")
    return Words()


@dataclass(frozen=True)
class Seen(Shape):
    """``{display: {contains: APPROVED}}``: one place to look at, and what belongs there."""

    channels: Mapping[str, str]

    @property
    def _record(self) -> Record:
        one = operand(Words(), judged=True)
        return Record({name: Told(one, text) for name, text in self.channels.items()})

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[Condition, ...]]:
        found = self._record.entries(node, reading)
        if not isinstance(node, MappingNode) or len(node.entries) != 1:
            raise Wrong(node.mark, f"one of {', '.join(self.channels)} belongs here")
        return {key.value: tuple(_made(key, found[key.value])) for key, _ in node.entries
                if found.get(key.value) is not None}  # fmt: skip

    def schema(self) -> Schema:
        return self._record.schema() | {"minProperties": 1, "maxProperties": 1}
