"""Faults of what encoded elements say, before the MAC: a VALID MAC over a wrong response.

How they are written is spoiled in ``form_faults``.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar

from switch.composites import Late
from switch.dialect import Dialect
from switch.faults import places
from switch.faults.fault import Fault, FaultSkipped, fault
from switch.faults.places import Place
from switch.faults.values import another
from switch.message import Part, Parts
from switch.shapes import Reference, Words

Name = Annotated[
    str, Words(r"[A-Za-z0-9_.]+", "a value name, an element number, or a part such as 60.2")
]


@dataclass(frozen=True, slots=True)
class FieldFault(Fault):
    """Base: the parts of a valid response become those of an invalid one; the MAC's room stays."""

    moment: ClassVar[str] = "field"

    @abstractmethod
    def apply(self, parts: Parts, dialect: Dialect, kind: str) -> Parts:
        """The spoiled parts of a response to a request of class ``kind``; raises FaultSkipped."""


@dataclass(frozen=True, slots=True)
class ElementFault(FieldFault):
    """Base: one element that the response has is spoiled."""

    name: Name

    def apply(self, parts: Parts, dialect: Dialect, kind: str) -> Parts:
        place = places.find(self.name, kind, dialect)
        part = parts.get(place.spec.number)
        if part is None:
            raise FaultSkipped(f"{place.spec}: not in this response")
        spoiled = self.spoil(part, place, dialect)
        if spoiled == part:
            raise FaultSkipped(f"{place.spec}: nothing would change")
        return parts.with_part(spoiled)

    @abstractmethod
    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        """The element as it shall leave; raises FaultSkipped."""

    def options(self) -> str:
        return self.name


@fault
@dataclass(frozen=True, slots=True)
class NotEchoed(ElementFault):
    """An element holds another value of the same form: its last digit or letter is different.

    For elements that the terminal compares with its request (rules V3 to V5): ``amount``,
    ``stan``, ``terminal_id``, ``merchant_id``. The next digit is taken, 9 becomes 0.

    Keys:
        name: a value name, an element number, or a part such as 60.2.
    """

    kind: ClassVar[str] = "not_echoed"

    def spoil(self, part: Part, place: Place, dialect: Dialect) -> Part:
        value, text = places.read(part, dialect), dialect.coding.text
        if not value:
            raise FaultSkipped(f"{place.spec}: is empty")
        changed = places.edited(value, place, text, lambda old: another(old, text))
        return places.write(part.element, changed, dialect)


@fault
@dataclass(frozen=True, slots=True)
class Absent(FieldFault):
    """An element is left out, and its bit with it.

    Keys:
        name: a value name or an element number.
    """

    kind: ClassVar[str] = "absent"
    name: Name

    def apply(self, parts: Parts, dialect: Dialect, kind: str) -> Parts:
        spec = places.find(self.name, kind, dialect).spec
        if parts.get(spec.number) is None:
            raise FaultSkipped(f"{spec}: not in this response anyway")
        return places.removed(parts, spec.number, dialect)

    def options(self) -> str:
        return self.name


@fault
@dataclass(frozen=True, slots=True)
class Value(FieldFault):
    """An element holds the given value; one that the response lacks is added in its place.

    Keys:
        name: a value name, an element number, or a part such as 60.2.
        value: as printed in the standards: digits, text, or hex for binary elements.
    """

    kind: ClassVar[str] = "value"
    name: Name
    value: Annotated[str | Reference, Late(Words())]

    def apply(self, parts: Parts, dialect: Dialect, kind: str) -> Parts:
        place = places.find(self.name, kind, dialect)
        number = place.spec.number
        old, new = parts.get(number), self._known()
        if place.part:
            whole = places.read(old, dialect) if old else ""
            new = places.edited(whole, place, dialect.coding.text, lambda _: self._known())
        part = places.write(number, new, dialect)
        if part == old:
            raise FaultSkipped(f"{place.spec}: has that value anyway")
        return parts.with_part(part) if old else places.inserted(parts, part, dialect)

    def _known(self) -> str:
        if isinstance(self.value, Reference):
            raise FaultSkipped(f"{self.value} is not known yet")
        return self.value

    def options(self) -> str:
        return self.name  # the value may be a secret
