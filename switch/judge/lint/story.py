"""What a log tells of one terminal: its messages, and what became of each.

A :class:`Turn` is a message of the terminal with everything that came back. It is concluded
when the next message of the same terminal arrives: from then on what the terminal heard is
known, as far as the wire can tell. Rules read the story; they never change it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect, MessageClass
from switch.judge.lint.answers import Flaw, flaws
from switch.judge.matching import plain
from switch.records import Event

KEPT = 2000  # messages of a terminal that later ones may refer to; a batch holds 500 (P1)
# A repeated or replayed frame, or bytes in odd pieces: what the terminal made of it is open.
ODD = ("frame ", "timing duplicate", "timing stale_replay")
CONTENT = ("message ", "field ")

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
        return Limits(max(0, timer - NS_PER_SECOND), timer + NS_PER_SECOND)


@dataclass(slots=True)
class Turn:
    """One message of the terminal, and what it heard.

    Attributes:
        event: ``received``.
        kind: its class; None if the dialect has none for it.
        original: the earlier message that it names (a reversal, a void).
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
        cut: power may have been cut since.
    """

    event: Event
    kind: MessageClass | None
    original: Turn | None = None
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


class Story:
    """All turns of one terminal.

    Attributes:
        turns: STAN -> the last message that has it for its own, oldest first.
        last: the message before the present one.
        owed: what has to be reversed, until it is or a new reversible message has come.
    """

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.dialect = dialect
        self.limits = limits
        self.turns: OrderedDict[str, Turn] = OrderedDict()
        self.last: Turn | None = None
        self.owed: Turn | None = None
        self._open: list[Turn] = []

    def approved(self, turn: Turn) -> bool:
        """A sound approval was heard."""
        return turn.sound and self.dialect.approves(turn.code)

    def declined(self, turn: Turn) -> bool:
        """A sound answer was heard, and it says no."""
        return turn.sound and bool(turn.code) and not self.dialect.approves(turn.code)

    def said(self, turn: Turn) -> str:
        """The response code in words, such as ``51 insufficient funds``."""
        return f"{turn.code} {self.dialect.in_words(turn.code)}"

    # ---- the fold ----------------------------------------------------------------------

    def conclude(self, now: int) -> None:
        """The next message is here: what the earlier ones heard is known now."""
        for turn in self._open:
            turn.heard = self._heard(turn, now)
            if turn.heard == "answer":
                turn.flaws = flaws(turn.event, turn.response, turn.kind, self.dialect)
                if not turn.flaws and any(f.startswith(CONTENT) for f in turn.faults):
                    turn.heard = "unsure"  # spoilt where no rule compares: both are right
            self._remember(turn)
        self._open.clear()

    def turn(self, event: Event) -> Turn:
        """The present message, with the one that it names."""
        turn = Turn(event, self.dialect.classes.get(event["class"]))
        if turn.name != "unknown" and (named := turn.value("original.stan")):
            turn.original = self.turns.get(named)
        return turn

    def add(self, turn: Turn) -> None:
        """The present message becomes part of the story."""
        self._open.append(turn)
        self.last = turn
        self.owed = None if turn.reversible else self.owed  # from here on it is reported
        if turn.group == "reversal":
            if turn.original:
                turn.original.reversals.append(turn)
        elif stan := turn.value("stan"):
            self.turns[stan] = turn
            self.turns.move_to_end(stan)
            if len(self.turns) > KEPT:
                self.turns.popitem(last=False)

    def ended(self, conn: int | None, by: str) -> None:
        """A connection ended: whatever waited on it waits in vain."""
        for turn in self._open:
            if turn.event.conn == conn and not turn.responses:
                turn.ended_by = turn.ended_by or by

    def power_may_be_cut(self) -> None:
        """What happened since may be what a power cut left behind."""
        for turn in self.turns.values():
            turn.cut = True
        if self.last:
            self.last.cut = True

    def _heard(self, turn: Turn, now: int) -> Heard:
        response = turn.response
        if turn.leaving and now - turn.at <= self.limits.most:
            return "unsure"
        if response is None:
            if turn.responses or (not turn.undelivered and self._bytes_left(turn)):
                return "broken"
            return "nothing"
        if any(fault.startswith(ODD) for fault in turn.faults):
            return "unsure"
        waited = response.at - turn.at
        if waited > self.limits.most:
            return "late"
        return "answer" if waited <= self.limits.least else "unsure"

    @staticmethod
    def _bytes_left(turn: Turn) -> bool:
        return any(not fault.startswith("reply") for fault in turn.faults)

    def _remember(self, turn: Turn) -> None:
        """What follows from the outcome of a turn."""
        original = turn.original
        if turn.group == "reversal":
            if turn.sound and turn.code in self.dialect.reversal_done and original:
                original.reversed = True
                if original.original and original.original.voided is original:
                    original.original.voided = None  # U2: the sale is valid again
                self.owed = None if self.owed is original else self.owed
        elif original and turn.name == "void" and self.approved(turn):
            original.voided = turn
        if self.owes(turn):
            self.owed = turn

    def owes(self, turn: Turn) -> bool:
        """The outcome is unknown to the terminal, or it had to reject the answer."""
        if not turn.reversible or turn.reversed:
            return False
        return turn.heard in {"nothing", "late", "broken"} or bool(turn.flaws)
