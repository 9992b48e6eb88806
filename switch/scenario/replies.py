"""The shape of ``reply``: what the host is told to answer (section 4), faults included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from switch.composites import Either, ListOf, Record
from switch.faults import FAULTS
from switch.reading import Mapping as MappingNode
from switch.reading import Node, Wrong
from switch.scenario.conditions import left_out, written
from switch.scenario.forms import BoundAt, Placed, Share, SomeOf, Span, Told, one_word
from switch.scenario.vocabulary import Vocabulary
from switch.scenario.words import BARE_REPLIES
from switch.shapes import REFERENCE_SCHEMA, Number, OneOf, Reading, Schema, Shape, Words


@dataclass(frozen=True)
class Kinded(Shape):
    """``{kind: wrong, ...}`` or ``wrong``: one of several records, told apart by ``kind``."""

    kinds: Mapping[str, Record]
    sentences: Mapping[str, str]

    def read(self, node: Node, reading: Reading) -> Any:
        kind = node.get("kind") if isinstance(node, MappingNode) else node
        if kind is None:
            raise Wrong(node.mark, f"key 'kind' is missing: one of {', '.join(self.kinds)}")
        shape = self.kinds[OneOf(tuple(self.kinds)).read(kind, reading)]
        entries = node.entries if isinstance(node, MappingNode) else ()
        rest = tuple((key, item) for key, item in entries if key.value != "kind")
        return shape.read(MappingNode(rest, node.mark), reading)

    def schema(self) -> Schema:
        return {"anyOf": [self._bare(), *(self._of(kind) for kind in self.kinds)]}

    def _bare(self) -> Schema:
        return {"enum": [kind for kind, shape in self.kinds.items() if not shape.required]}

    def _of(self, kind: str) -> Schema:
        out = self.kinds[kind].schema()
        properties = {"kind": {"anyOf": [{"const": kind}, REFERENCE_SCHEMA]}} | out["properties"]
        text = self.sentences[kind]
        return out | {
            "properties": properties,
            "required": ["kind", *out.get("required", ())],
            "description": text,
            "markdownDescription": text,
        }


@dataclass(frozen=True)
class Faults(Shape):
    """``fault``: moment -> fault, or for ``field`` a list of them; in order of the moments."""

    places: Shape
    moments: dict[str, Shape] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "moments", {name: self._moment(name) for name in FAULTS})

    def _moment(self, name: str) -> Shape:
        kinds = FAULTS[name]
        sentences = {kind: (cls.__doc__ or "").split("\n\n")[0] for kind, cls in kinds.items()}
        one = Kinded({kind: self._keys(cls.SHAPE) for kind, cls in kinds.items()}, sentences)
        many = ListOf(one, least=1) if name == "field" else None
        return Either(scalar=one, mapping=one, sequence=many, what="a list")

    def _keys(self, shape: Record) -> Record:
        """The keys of a fault; its ``name`` must be a place of the dialect."""
        place = {"name": self.places} if "name" in shape.keys else {}
        return Record({**shape.keys, **place}, shape.required, shape.make)

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...]:
        found = SomeOf(self.moments).read(node, reading) or {}
        assert isinstance(node, MappingNode)
        out: list[Any] = []
        for name in FAULTS:
            value = found.get(name, ())
            out += value if isinstance(value, tuple) else [value]
        return tuple(out)

    def schema(self) -> Schema:
        return SomeOf(self.moments).schema()


def reply(vocabulary: Vocabulary) -> Shape:
    """What the host is told to answer (section 4)."""
    either = Placed(reply_keys(vocabulary), "reply", ("outcome", "code"), optional=True)
    return Either(scalar=one_word(BARE_REPLIES), mapping=either, what="a list")


def reply_keys(vocabulary: Vocabulary) -> Record:
    """A reply that is written as a mapping."""
    once = Number(1, 1_000_000)
    faults = Faults(left_out(vocabulary.dialect, parts=True))
    return Record(
        {
            "outcome": Told(
                vocabulary.outcome(), "replaces the acquirer's decision before it books"
            ),
            "code": Told(
                Words(r"[0-9A-Z]{2,4}", "a response code"),
                "the bare response code; only where the scenario names one dialect",
            ),
            "set": Told(
                written(vocabulary.dialect), "value name or element -> what it says instead"
            ),
            "omit": Told(ListOf(left_out(vocabulary.dialect)), "what the response leaves out"),
            "fault": Told(faults, "moment -> what goes wrong then"),
            "after": Told(Span(), "how long the reply waits"),
            "hold_until": Told(
                BoundAt(("release",)), "what lets the reply go: release, or a bound"
            ),
            "times": Told(once, "at most so many messages get it"),
            "every": Told(once, "each n-th message gets it"),
            "first": Told(once, "the first n messages get it"),
            "chance": Told(Share(), "the share of them that get it, such as 0.25"),
        }
    )
