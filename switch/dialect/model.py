"""A dialect: reading and making its messages, and its words for outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from switch import elements as de
from switch.dialect.classes import Answer
from switch.dialect.reader import Reader
from switch.message import Message, Parts
from switch.message.subfields import Layout, compose, with_part, write_items


class Dialect(Reader):
    """One dialect; immutable, shared by everybody.

    ``tables`` holds what it is made of, ``reader`` reads its messages, and this makes them.
    """

    def build(self, kind: str, values: Mapping[str, str]) -> Message:
        """A request of class ``kind``.

        Args:
            kind: the message class.
            values: value name, element number or part id -> value; an empty value is left out.
        """
        wanted = self.classes[kind]
        places = dict(wanted.build)
        for name, value in values.items():
            place = self.written(name, kind)
            if place and value:
                places[place] = value
        return self.classified(Message(wanted.mti, self._elements(places, kind)), kind)

    def _elements(self, places: Mapping[str, str], kind: str) -> dict[int, str]:
        fields = {int(place): value for place, value in places.items() if "." not in place}
        divided = {int(place.split(".")[0]) for place in places if "." in place}
        for number in divided - fields.keys():
            layout = self.layout(number, kind, "request")
            assert layout is not None, f"DE {number} of {self.name} has no parts"
            fields[number] = compose(places, layout, self.coding.text)
        return fields

    def respond(self, request: Message, answer: Answer) -> Message:
        """The response to ``request``: echoed elements, then what the host writes (3.4)."""
        kind = self.class_of(request)
        fields = {number: request[number] for number in kind.echo if number in request}
        for number in kind.host:
            if number in answer.fields:
                fields[number] = answer.fields[number]
        if de.RESPONSE_CODE in kind.host:
            fields[de.RESPONSE_CODE] = self.code(answer.outcome)
        response = Message(kind.response_mti, fields)
        return self.classified(response, request.kind)

    def with_value(self, message: Message, name: str, value: str) -> Message:
        """The same message with one value set, by value name, element number or part id.

        Raises:
            KeyError: no such place in messages of this class.
        """
        place = self.written(name, message.kind)
        element = place.split(".")[0]
        if not element.isdigit() or int(element) not in self.codec.fields:
            raise KeyError(f"{name} has no place in a {message.kind}")
        number = int(element)
        if "." not in place:
            return self.classified(message.with_fields({number: value}), message.kind)
        layout = self.layout(number, message.kind, self.direction(message)) or Layout("digits")
        new = with_part(message.get(number), layout, place, value, self.coding.text)
        return self.classified(message.with_fields({number: new}), message.kind)

    def items(self, kind: str, prefix: str, values: Mapping[str, str]) -> str:
        """The element of kind ``items`` in a response, from values named ``prefix`` and a name."""
        places = {self.place(prefix + name, kind): value for name, value in values.items()}
        element = int(next(iter(places)).partition(".")[0])
        layout = self.layout(element, kind, "response")
        assert layout is not None, f"DE {element} of a {kind} has no items"
        return write_items(places, layout.subs, self.coding.text)

    def encode(self, message: Message, *, sealed: bool = False) -> Parts:
        """The parts of a message; ``sealed`` leaves room for the MAC, all zero bytes."""
        return self.codec.encode(message.mti, self._sealable(message, sealed=sealed))

    def body(self, message: Message, *, sealed: bool = False) -> bytes:
        """The same joined: from the MTI to the end."""
        return self.codec.body(message.mti, self._sealable(message, sealed=sealed))

    def _sealable(self, message: Message, *, sealed: bool) -> dict[int, str]:
        room = {self.mac_element: "00" * self.mac_bytes} if sealed else {}
        return {**message.without(self.mac_element).fields, **room}
