"""A dialect: reading and making its messages, and its words for outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from switch import elements as de
from switch.dialect.classes import (
    Answer,
    MessageClass,
    Presence,
    RefusalAnswer,
    ResponseCode,
    TagRule,
)
from switch.message import Codec, Coding, Message, Parts
from switch.message.subfields import (
    UNEVEN,
    Layout,
    compose,
    divide,
    trouble,
    with_part,
    write_items,
)
from switch.wire import Framing

UNKNOWN = "unknown"
NO_REQUIREMENT = "0"  # 1.4: the digit is the host's to set
RESPONSE_FUNCTIONS = frozenset("13579")  # third digit of the MTI
# What the answer to a message of no known class repeats, so that its sender can match it.
UNKNOWN_ECHO = (
    de.PROCESSING_CODE,
    de.AMOUNT,
    de.STAN,
    de.CONDITION_CODE,
    de.TERMINAL_ID,
    de.MERCHANT_ID,
    de.CURRENCY,
)
UNKNOWN_HOST = (de.LOCAL_TIME, de.LOCAL_DATE, de.RESPONSE_CODE, de.CONTROL)


@dataclass(frozen=True)
class Dialect:
    """One dialect; immutable, shared by everybody."""

    name: str
    title: str
    title_zh: str
    source: str
    framing: Framing
    tpdu_begins: str
    tpdu_default: str
    header_begins: str
    header_default: str
    requirement_digit: int
    processing_requirements: Mapping[str, str]
    coding: Coding
    codec: Codec
    options: Mapping[str, str | bool]
    mac_algorithm: str
    mac_element: int
    mac_bytes: int
    mac_key_bytes: int
    key_layouts: Mapping[str, str]
    timers: Mapping[str, int]
    reversal_attempts: int
    pin_tries: int
    currency: str
    layouts: Mapping[int, tuple[Layout, ...]]
    classes: Mapping[str, MessageClass]
    readable_parts: Mapping[int, str]
    conditions: tuple[Presence, ...]
    entry_modes: Mapping[str, Mapping[str, tuple[str, ...]]]
    tag_rules: tuple[TagRule, ...]
    value_places: Mapping[str, str | Mapping[str, str]]
    reversal_reasons: Mapping[str, str]
    reversal_done: frozenset[str]
    refusals: Mapping[str, RefusalAnswer]
    response_codes: Mapping[str, ResponseCode]
    outcomes: Mapping[str, str]
    success_codes: frozenset[str]
    magic_amounts: Mapping[str, str]
    # What was found out before: (element, class, direction) -> layout; class -> value places.
    _layouts: dict[tuple[int, str, str], Layout | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _places: dict[str, tuple[tuple[str, str], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    # ---- reading a message -------------------------------------------------------------

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
        undivided = self._undivided(message)
        return replace(message, notes=(*message.notes, *undivided)) if undivided else message

    def _undivided(self, message: Message) -> list[str]:
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

    def layout(self, element: int, kind: str, direction: str) -> Layout | None:
        """How an element is divided in messages of this class and direction."""
        key = (element, kind, direction)
        if key not in self._layouts:
            self._layouts[key] = self._layout(*key)
        return self._layouts[key]

    def _layout(self, element: int, kind: str, direction: str) -> Layout | None:
        for layout in self.layouts.get(element, ()):
            if layout.classes and kind not in layout.classes:
                continue
            if layout.direction and direction != layout.direction:
                continue
            return layout
        return None

    def direction(self, message: Message) -> str:
        """``request`` or ``response``: the function digit of the MTI, even or odd."""
        return "response" if message.mti[2:3] in RESPONSE_FUNCTIONS else "request"

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

    def place(self, name: str, kind: str) -> str:
        """Where the value ``name`` lives in a message of class ``kind``; empty if nowhere."""
        place = self.value_places.get(name, "")
        return place if isinstance(place, str) else place.get(kind, "")

    def written(self, name: str, kind: str) -> str:
        """Element number or part id where a value is written; a card number in DE 2."""
        place = self.place(name, kind) if name in self.value_places else name.removeprefix("de.")
        return str(de.PAN) if place == "pan" else place

    def class_of(self, request: Message) -> MessageClass:
        """The class of a request; for one that no class fits, what all of its MTI share."""
        known = self.classes.get(request.kind)
        if known is not None:
            return known
        peers = [kind for kind in self.classes.values() if kind.mti == request.mti]
        needed = [set(kind.refuse_without) for kind in peers]
        told = [set(kind.host) for kind in peers]
        function = str(int(request.mti[2]) // 2 * 2 + 1)
        mti = request.mti[:2] + function + request.mti[3]
        return MessageClass(
            UNKNOWN,
            "unknown message",
            "未知报文",
            "financial",
            request.mti,
            {},
            {},
            mti,
            mac=bool(peers) and all(kind.mac for kind in peers),
            refuse_without=tuple(sorted(set.intersection(*needed))) if needed else (),
            echo=UNKNOWN_ECHO,
            host=tuple(sorted(set.intersection(*told))) if told else UNKNOWN_HOST,
        )

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

    # ---- making a message --------------------------------------------------------------

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

    def header(self, requested: str, requirement: str) -> str:
        """The header of a response: the request's, with the host's processing requirement."""
        place = self.requirement_digit - 1
        if place < 0 or len(requested) <= place:
            return requested
        return requested[:place] + (requirement or NO_REQUIREMENT) + requested[place + 1 :]

    # ---- outcomes ----------------------------------------------------------------------

    def code(self, outcome: str) -> str:
        """DE 39 of an outcome name; a bare code stands for itself."""
        return self.outcomes.get(outcome, outcome)

    def outcome(self, code: str) -> str:
        """The outcome name of a DE 39; the code itself where no name fits."""
        return next((name for name, known in self.outcomes.items() if known == code), code)

    def approves(self, code: str) -> bool:
        """The code is in the success set (section 5)."""
        return code in self.success_codes

    def in_words(self, code: str) -> str:
        """What a DE 39 says, in English."""
        known = self.response_codes.get(code)
        return known.en if known else "not in the table of codes"

    def routed(self, tpdu: str, header: str) -> bool:
        """The TPDU and header class are ours (7.1 step 1); otherwise a host stays silent."""
        return tpdu.startswith(self.tpdu_begins) and header.startswith(self.header_begins)
