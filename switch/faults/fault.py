"""What all faults share, and the registry."""

from __future__ import annotations

import inspect
from abc import ABC
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields, replace
from typing import Annotated, Any, ClassVar, TypeVar, get_type_hints

from switch.composites import Record
from switch.errors import SwitchError
from switch.reading import Node, Wrong
from switch.shapes import Duration, Reading, Reference, Shape

# In the order in which they meet a response on its way out.
MOMENTS = ("message", "field", "mac", "frame", "transport", "timing")


class FaultSkipped(SwitchError):
    """A planned fault that cannot take effect on this response.

    Attributes:
        reason: one sentence for the ``fault_skipped`` event.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Fault(ABC):
    """Base of all faults.

    Attributes:
        moment: a word of :data:`MOMENTS`.
        kind: the word in YAML, unique within its moment.
        whole: the terminal can still take what arrives as the complete response; what it says
            may be wrong. Transport and timing are judged by :func:`switch.faults.whole`.
        SHAPE: its YAML keys besides ``kind``; made by :func:`fault` from the annotations.
    """

    moment: ClassVar[str]
    kind: ClassVar[str]
    whole: ClassVar[bool] = True
    SHAPE: ClassVar[Record]

    def options(self) -> str:
        """What an event says after moment and kind."""
        return ""


FAULTS: dict[str, dict[str, type[Fault]]] = {moment: {} for moment in MOMENTS}
F = TypeVar("F", bound=Fault)


@dataclass(frozen=True)
class Span(Duration):
    """A duration that is not negative."""

    def read(self, node: Node, reading: Reading) -> int:
        ns = Duration.read(self, node, reading)
        if ns < 0:
            raise Wrong(node.mark, "a fault cannot last less than nothing")
        return ns


Nanoseconds = Annotated[int, Span()]


def fault(cls: type[F]) -> type[F]:
    """Register a fault under its moment and kind, and make its shape.

    Every field is annotated ``Annotated[type, shape]``; one without a default is required. A
    key that Python keeps for itself (``for``, ``bytes``) is a field with an underscore after it.
    """
    hints = get_type_hints(cls, include_extras=True)
    shapes: dict[str, Shape] = {}
    names: dict[str, str] = {}
    required: list[str] = []
    for field in fields(cls):
        key = field.name.rstrip("_")
        shapes[key], names[key] = hints[field.name].__metadata__[0], field.name
        if field.default is MISSING:
            required.append(key)

    def make(**read: Any) -> F:
        return cls(**{names[key]: value for key, value in read.items()})

    cls.SHAPE = Record(shapes, tuple(required), make)
    FAULTS[cls.moment][cls.kind] = cls
    return cls


def order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults in the order of their moments."""
    return tuple(sorted(faults, key=lambda one: MOMENTS.index(one.moment)))


def resolved(one: F, look_up: Callable[[Reference], str]) -> F:
    """The fault with every ``${step.field}`` in it replaced by what ``look_up`` says."""
    known = {
        field.name: look_up(value)
        for field in fields(one)
        if isinstance(value := getattr(one, field.name), Reference)
    }
    return replace(one, **known) if known else one


def describe(one: Fault) -> str:
    """The fault as events name it: ``transport close after 0 bytes``."""
    return f"{one.moment} {one.kind} {one.options()}".rstrip()


def listing() -> list[dict[str, Any]]:
    """Every fault for ``switch list faults``: name, text, keys, and which keys are required."""
    return [
        {
            "name": f"{moment}.{kind}",
            "text": inspect.cleandoc(cls.__doc__ or ""),
            "keys": list(cls.SHAPE.keys),
            "required": list(cls.SHAPE.required),
        }
        for moment in MOMENTS
        for kind, cls in FAULTS[moment].items()
    ]
