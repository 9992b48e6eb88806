"""What a dialect is made of: its tables, and the words for outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from switch import elements as de
from switch.dialect.classes import MessageClass, Presence, RefusalAnswer, ResponseCode, TagRule
from switch.message import Codec, Coding, Message
from switch.message.subfields import Layout
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
class Tables:
    """The tables of one dialect; immutable, shared by everybody."""

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

    def header(self, requested: str, requirement: str) -> str:
        """The header of a response: the request's, with the host's processing requirement."""
        place = self.requirement_digit - 1
        if place < 0 or len(requested) <= place:
            return requested
        return requested[:place] + (requirement or NO_REQUIREMENT) + requested[place + 1 :]

    def routed(self, tpdu: str, header: str) -> bool:
        """The TPDU and header class are ours (7.1 step 1); otherwise a host stays silent."""
        return tpdu.startswith(self.tpdu_begins) and header.startswith(self.header_begins)
