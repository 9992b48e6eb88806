"""A dialect reads: from bytes to a message that knows its class, its parts and its faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from switch import elements as de
from switch.dialect.tables import UNKNOWN, Tables
from switch.message import Message
from switch.message.subfields import UNEVEN, divide, trouble


class Reader(Tables):
    """The half of a dialect that reads messages and says what they lack."""

    def decode(self, body: bytes, expect: str = "") -> Message:
        """The message in ``body``.

        Args:
            body: from the MTI to the end.
            expect: the class of the request, when this is its response.

        Raises:
            MessageError: see ``Codec.decode``.
        """
        decoded = self.codec.decode(body)
        bare = Message(decoded.mti, decoded.fields, notes=decoded.notes, spans=decoded.spans)
        message = self.classified(bare, expect)
        undivided = self.undivided(message)
        return replace(message, notes=(*message.notes, *undivided)) if undivided else message

    def undivided(self, message: Message) -> list[str]:
        """Elements whose value does not divide into its parts, in sentences."""
        out: list[str] = []
        for number in sorted(self.uneven & message.fields.keys()):
            layout = self.layout(number, message.kind, self.direction(message))
            if layout and layout.kind in UNEVEN:
                why = trouble(message[number], layout, self.coding.text)
                out += [f"{self.codec.fields[number]}: {why}"] if why else []
        return out

    def classified(self, message: Message, expect: str = "") -> Message:
        """The same message with its class and the parts of its elements."""
        kind = expect or self._kind(message.mti, message.fields, self._telling_parts(message))
        parts = self._parts(message, kind, self.direction(message))
        return Message(message.mti, message.fields, kind, parts, message.notes, message.spans)

    def _telling_parts(self, message: Message) -> dict[str, str]:
        """The parts that tell classes apart; what divides them cannot depend on the class."""
        out: dict[str, str] = {}
        for number in self.telling & message.fields.keys():
            layout = self.layout(number, "", "")
            if layout:
                out |= divide(message[number], layout, self.coding.text)
        return out

    @cached_property
    def telling(self) -> frozenset[int]:
        """Elements with a part that tells classes apart."""
        places = {place for kind in self.classes.values() for place in kind.match}
        return frozenset(int(place.split(".")[0]) for place in places if "." in place)

    @cached_property
    def uneven(self) -> frozenset[int]:
        """Elements whose values may fail to divide."""
        return frozenset(
            number
            for number, layouts in self.layouts.items()
            if any(layout.kind in UNEVEN for layout in layouts)
        )

    def _kind(self, mti: str, fields: Mapping[int, str], parts: Mapping[str, str]) -> str:
        for kind in self.classes.values():
            if mti not in {kind.mti, kind.response_mti}:
                continue
            response = mti == kind.response_mti
            if all(
                self._fits(place, wanted, fields, parts, absent=response)
                for place, wanted in kind.match.items()
            ):
                return kind.name
        return UNKNOWN

    @staticmethod
    def _fits(
        place: str,
        wanted: tuple[str, ...],
        fields: Mapping[int, str],
        parts: Mapping[str, str],
        *,
        absent: bool,
    ) -> bool:
        value = parts.get(place, "") if "." in place else fields.get(int(place), "")
        return value in wanted or (absent and not value)

    def _parts(self, message: Message, kind: str, direction: str) -> dict[str, str]:
        out: dict[str, str] = {}
        for number in self.layouts.keys() & message.fields.keys():
            layout = self.layout(number, kind, direction)
            if layout:
                out |= divide(message[number], layout, self.coding.text)
        return out

    def entry(self, request: Message) -> str:
        """How the card was taken, a key of ``entry_modes``; empty if the request does not say."""
        for name, wanted in self.entry_modes.items():
            places = wanted.items()
            if all(
                self._fits(place, values, request.fields, request.parts, absent=False)
                for place, values in places
            ):
                return name
        return ""

    def values(self, message: Message) -> dict[str, str]:
        """Value name (``stan``, ``original.stan`` ...) -> value, for all that are there."""
        out: dict[str, str] = {}
        for name, place in self._places_of(message.kind):
            value = self._at(message, place)
            if value:
                out[name] = value
        return out

    def _places_of(self, kind: str) -> tuple[tuple[str, str], ...]:
        """The value names that messages of a class may have, with their places."""
        if kind not in self._places:
            named = ((name, self.place(name, kind)) for name in self.value_places)
            self._places[kind] = tuple((name, place) for name, place in named if place)
        return self._places[kind]

    def _at(self, message: Message, place: str) -> str:
        if place == "pan":
            return message.pan
        if "." in place:
            return message.part(place) or message.part(self._tag(place))
        return message.get(int(place)) if place else ""

    def _tag(self, place: str) -> str:
        """The tag of a place such as ``55.9F26``; empty where the element has no tags."""
        element, _, tag = place.partition(".")
        layout = self.layout(int(element), "", "")
        return tag if layout and layout.kind in UNEVEN else ""

    def absent(self, message: Message) -> list[int]:
        """Elements without which this request cannot be answered (7.1)."""
        needed = self.class_of(message).refuse_without
        return [number for number in needed if not self._readable(message, number)]

    def _readable(self, message: Message, number: int) -> bool:
        """The element is there, is not empty, and its part that matters is whole."""
        part = self.readable_parts.get(number)
        if not message.get(number) or part is None:
            return bool(message.get(number))
        layout = self.layout(number, message.kind, "request")
        sizes = {sub.id: sub.length for sub in layout.subs} if layout else {}
        return len(message.part(part)) == sizes.get(part, 0)

    def presence(self, message: Message) -> list[str]:
        """What a request carries or lacks against sections 3.3 and 3.5, in sentences."""
        kind = self.classes.get(message.kind)
        if kind is None or message.mti != kind.mti:
            return []
        shown = self.codec.fields
        out = [f"{shown[n]} is missing" for n in kind.mandatory if n not in message]
        out += [f"{shown[n]} must not be there (R5)" for n in kind.never if n in message]
        if kind.card and not message.pan:
            out.append("no card number in DE 2 or DE 35")
        for condition in self.conditions:
            if condition.applies(message.kind, message.fields, message.parts):
                out += [
                    f"{shown[n]} is missing ({condition.because})"
                    for n in condition.needs
                    if n not in message
                ]
        return out + self._tag_findings(message)

    def _tag_findings(self, message: Message) -> list[str]:
        """What section 2.8 says against the tags of DE 55, in sentences."""
        tags = {name: value for name, value in message.parts.items() if "." not in name}
        return [
            f"{self.codec.fields[de.IC_DATA]}: {finding}"
            for rule in self.tag_rules
            if tags and message.kind in rule.classes
            for finding in rule.findings(tags)
        ]
