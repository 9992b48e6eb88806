"""One message of a terminal, and what it heard, as far as the wire can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switch.clock import NS_PER_SECOND
from switch.dialect import MessageClass
from switch.judge.lint.answers import Flaw
from switch.judge.matching import plain
from switch.records import Event

Heard = Literal[
    "open",  # not concluded
    "nothing",  # not one byte left within any timer, or they reached nobody
    "late",  # a whole response, after every timer
    "broken",  # bytes that are no whole response
    "answer",  # a whole response in time; its flaws say what is wrong with it
    "unsure",  # nobody can say from the wire
]


@dataclass(frozen=True, slots=True)
class Limits:
    """Between what bounds the response timer of a terminal lies.

    Attributes:
        least, most: nanoseconds; protocol 1.6 knows 20 to 90 seconds.
    """

    least: int = 20 * NS_PER_SECOND
    most: int = 90 * NS_PER_SECOND

    @staticmethod
    def of(timer: int) -> Limits:
        """The bounds of a timer that is known, in nanoseconds, and kept to the second."""
        return Limits(max(timer // 2, timer - NS_PER_SECOND), timer + NS_PER_SECOND)


@dataclass(slots=True)
class Turn:
    """One message of the terminal, and what it heard.

    Attributes:
        event: ``received``.
        kind: its class; None if the dialect has none for it.
        original: the earlier message that it names (a reversal, a void).
        earlier: the earlier message with its STAN, in the same batch.
        again: it is that message once more, to the byte but for the MAC.
        sending: how often this message has come, with this time.
        responses: ``sent`` events that answer it.
        faults: what was done to its response on purpose, in words.
        leaving: a response is on its way, late or in pieces, and has not left to its end.
        undelivered: a response found nobody.
        ended_by: who ended its connection before a response left; empty if nobody.
        heard: see :data:`Heard`.
        flaws: what is wrong with the answer, if one was heard.
        reversals: attempts to reverse it, oldest first.
        reversed: the host has acknowledged one of them.
        voided: the approved void of it.
        reports: results of its issuer script, oldest first.
        cut: power may have been cut since.
    """

    event: Event
    kind: MessageClass | None
    original: Turn | None = None
    earlier: Turn | None = None
    again: bool = False
    sending: int = 1
    responses: list[Event] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    leaving: bool = False
    undelivered: bool = False
    ended_by: str = ""
    heard: Heard = "open"
    flaws: tuple[Flaw, ...] = ()
    reversals: list[Turn] = field(default_factory=list)
    reversed: bool = False
    voided: Turn | None = None
    reports: list[Turn] = field(default_factory=list)
    cut: bool = False

    @property
    def at(self) -> int:
        """Nanoseconds."""
        return self.event.at

    @property
    def name(self) -> str:
        """Its class, ``unknown`` if it has none."""
        return str(self.event["class"])

    @property
    def group(self) -> str:
        """Group of its class; empty if it has none."""
        return self.kind.group if self.kind else ""

    @property
    def reversible(self) -> bool:
        """It is reversed when its outcome is unknown (R1)."""
        return bool(self.kind and self.kind.reversible)

    @property
    def counts(self) -> bool:
        """It takes a new STAN when it is sent: a reversal and what was stored keep theirs."""
        return self.group != "reversal" and not (self.kind and self.kind.stored)

    @property
    def resolves_by_reversal(self) -> bool:
        """It is never sent again (T7): what becomes of it is settled by reversal, or not at all."""
        return self.reversible or (self.group == "financial" and self.counts)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What whoever holds the keys wrote down."""
        return self.event["facts"] or {}

    def value(self, name: str) -> str:
        """A value of the message; a secret one as its token; empty if absent."""
        return plain((self.event["values"] or {}).get(name)) or ""

    def element(self, number: int) -> str:
        """An element of the message; a secret one as its token; empty if absent."""
        return plain((self.event["fields"] or {}).get(str(number))) or ""

    @property
    def response(self) -> Event | None:
        """The first whole response."""
        return next((one for one in self.responses if one["whole"]), None)

    def told(self, name: str) -> str:
        """A value of the response; empty if there is none."""
        response = self.response
        return (plain((response["values"] or {}).get(name)) or "") if response else ""

    @property
    def code(self) -> str:
        """DE 39 of the response."""
        return self.told("response_code")

    @property
    def sound(self) -> bool:
        """A whole, right answer was heard in time."""
        return self.heard == "answer" and not self.flaws

    @property
    def shown(self) -> str:
        """How texts call it: class and STAN, with its number in the log."""
        title = self.kind.title if self.kind else f"{self.event['mti']} message"
        stan = self.value("stan")
        return f"{title} {stan}".rstrip() + f" (#{self.event.seq})"
