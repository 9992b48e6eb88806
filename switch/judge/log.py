"""What an invariant over the log is: a pure function over the events of the judged terminal.

Messages logged as residue of an older case are never judged. A refused connection or a message
that never reached the host is not in the log, so nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect, MessageClass
from switch.dialect.tables import UNKNOWN
from switch.records import Event

RESPONSE_TIMER = 60 * NS_PER_SECOND  # protocol 1.6


@dataclass(frozen=True, slots=True)
class Breach:
    """One message that breaks an invariant.

    Attributes:
        seq, at: of the message.
        text: one sentence.
        rule: id of the rule in the protocol reference; empty if none has a number.
    """

    seq: int
    at: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class AlwaysResult:
    """What became of one invariant.

    Attributes:
        name: its key in :data:`switch.judge.always.ALWAYS`.
        checked: how many messages it could be checked on; 0 proves nothing.
        breaches: in log order.
        notes: what could not be checked, in sentences; they change no verdict.
    """

    name: str
    checked: int
    breaches: tuple[Breach, ...]
    notes: tuple[str, ...] = ()


# Of one message: a breach; a note why it cannot be checked; None when it holds.
Verdict = Breach | str | None


class Log:
    """The part of a log that concerns one terminal.

    Attributes:
        events: all but those of other terminals; an end of a connection concerns whoever waits.
        received: its messages, without residue.
        timeout: nanoseconds; the terminal's response timer.
    """

    def __init__(
        self, events: Sequence[Event], dialect: Dialect, terminal: str, timeout: int
    ) -> None:
        self.dialect = dialect
        self.timeout = timeout
        self.events = tuple(
            event
            for event in events
            if event.terminal in {terminal, None} or event.kind == "connection_closed"
        )
        self.terminal = terminal
        self.received = tuple(event for event in self.events if self.judges(event))
        self._sent: dict[int, list[Event]] = {}
        for event in self.events:
            if event.kind == "sent":
                self._sent.setdefault(event["exchange"], []).append(event)
        self._spoiled = {
            event["exchange"] for event in self.events if event.kind == "fault_applied"
        }

    def judges(self, event: Event) -> bool:
        """A message of this terminal that is no residue of an older case."""
        return event.kind == "received" and event.terminal == self.terminal and not event["residue"]

    def message_class(self, message: Event) -> MessageClass | None:
        """The class of a message; None if the dialect has none for it."""
        return self.dialect.classes.get(message["class"])

    def answered(self, message: Event) -> bool:
        """A whole response left within the terminal's timer, whatever it said."""
        latest = message.at + self.timeout
        responses = self._sent.get(message["exchange"], ())
        return any(response["whole"] and response.at <= latest for response in responses)

    def answered_well(self, message: Event) -> bool:
        """A whole response left in time, and no fault touched it."""
        return self.answered(message) and message["exchange"] not in self._spoiled


@dataclass(frozen=True, slots=True)
class Invariant:
    """One entry of :data:`switch.judge.always.ALWAYS`.

    Attributes:
        name: the word in scenarios.
        text: its documentation; the first sentence says what must hold.
        judge: one verdict for every message it applies to.
    """

    name: str
    text: str
    judge: Callable[[Log], Iterator[Verdict]]

    def check(
        self,
        events: Sequence[Event],
        dialect: Dialect,
        terminal: str,
        timeout: int = RESPONSE_TIMER,
    ) -> AlwaysResult:
        """The verdict on one terminal.

        Args:
            events: the log of one case.
            dialect: what the messages mean.
            terminal: TID of the judged terminal; all others are ignored.
            timeout: nanoseconds of its response timer, less the tolerance of a real clock.
        """
        verdicts = tuple(self.judge(Log(events, dialect, terminal, timeout)))
        notes = tuple(verdict for verdict in verdicts if isinstance(verdict, str))
        breaches = tuple(verdict for verdict in verdicts if isinstance(verdict, Breach))
        return AlwaysResult(self.name, len(verdicts) - len(notes), breaches, notes)


# ---- of one message --------------------------------------------------------------------------


def breach(message: Event, text: str, rule: str) -> Breach:
    """The breach that this message is."""
    return Breach(message.seq, message.at, f"{shown(message)}: {text}", rule)


def shown(message: Event) -> str:
    """How texts name a message: ``#14 sale 000102``."""
    stan = value(message, "stan")
    kind = f"{message['mti']} message" if message["class"] == UNKNOWN else message["class"]
    return f"#{message.seq} {kind} {stan}".rstrip()


def facts(message: Event) -> Mapping[str, Any]:
    """What the host wrote down of it at receipt."""
    written: Mapping[str, Any] = message["facts"] or {}
    return written


def value(message: Event, name: str) -> str:
    """A value of a message; empty if it is absent or a secret."""
    found = (message["values"] or {}).get(name, "")
    return found if isinstance(found, str) else ""
