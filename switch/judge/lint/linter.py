"""The fold: events in, findings out, message by message."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace

from switch.dialect import Dialect
from switch.judge.lint.found import RULES, Found
from switch.judge.lint.story import KEPT, Story
from switch.judge.lint.turn import Limits, Turn
from switch.records import Event

POWER = frozenset({"power_off"})  # stimuli after which a terminal may have forgotten


class Linter:
    """Judges whatever terminals do; knows nothing but the events it was shown.

    Args:
        dialect: what the messages mean.
        limits: what is known of the response timers of these terminals.
        terminal: TID of the only one to judge; empty for all.

    Attributes:
        messages: how many messages were judged.
        unchecked: how many of them carry a MAC that nobody could check.
    """

    def __init__(self, dialect: Dialect, limits: Limits | None = None, terminal: str = "") -> None:
        self.messages = self.unchecked = 0
        self._dialect = dialect
        self._limits = limits or Limits()
        self._terminal = terminal
        self._stories: dict[str, Story] = {}
        self._turns: OrderedDict[int, Turn] = OrderedDict()
        self._connections: dict[int, str] = {}

    def see(self, event: Event) -> tuple[Found, ...]:
        """What this event makes known; only a message brings findings."""
        if event.kind == "received":
            return tuple(self._received(event))
        if event.kind in {"decided", "sent", "undelivered", "fault_applied"}:
            self._answered(event)
        elif event.kind == "connection_opened" and event.conn is not None:
            self._connections[event.conn] = ""
        elif event.kind == "connection_closed":
            self._closed(event)
        elif event.kind == "stimulus_asked":
            self._asked(event)
        elif event.kind == "unreadable":
            return (self._unreadable(event),)
        return ()

    def _asked(self, event: Event) -> None:
        for story in self._stories.values():
            story.stimulated(event.seq)
            if event["do"] in POWER:
                story.power_may_be_cut()

    def _unreadable(self, event: Event) -> Found:
        """Bytes that are no message; whose they are is known by their connection at most."""
        terminal = self._connections.get(event.conn or 0, "")
        means = "the host stays silent or hangs up, and the terminal waits for its timer"
        text = f"bytes that are no message (#{event.seq}): {event['text']}"
        return Found("1.1", "must", text, means, terminal, event.seq, event.at)

    def _received(self, event: Event) -> Iterator[Found]:
        terminal = event.terminal or ""
        if event["residue"] or (self._terminal and terminal != self._terminal):
            return
        story = self._stories.setdefault(terminal, Story(self._dialect, self._limits))
        self._notice_restart(event, story)
        story.conclude(event.at)
        turn = story.turn(event)
        self.messages += 1
        self.unchecked += turn.facts.get("mac") == "unchecked"
        for rule in RULES.values():
            for found in rule.judge(story, turn):
                yield replace(found, terminal=terminal, seq=event.seq, at=event.at)
        story.add(turn)
        self._turns[event["exchange"]] = turn
        if len(self._turns) > KEPT:
            self._turns.popitem(last=False)

    def _notice_restart(self, event: Event, story: Story) -> None:
        """A new connection beside one that the terminal never ended: its power may be cut."""
        conn = event.conn
        if not conn:
            return
        mine = [one for one, whose in self._connections.items() if whose == event.terminal]
        if any(one != conn for one in mine):
            story.power_may_be_cut()
        self._connections[conn] = event.terminal or ""

    def _answered(self, event: Event) -> None:
        turn = self._turns.get(event["exchange"])
        if turn is None:
            return
        if event.kind == "decided":
            turn.leaving = event["response"] == "leaves"
        elif event.kind == "fault_applied":
            turn.faults.append(str(event["fault"]))
        else:
            turn.leaving = False
            turn.undelivered = event.kind == "undelivered"
            turn.responses += [event] if event.kind == "sent" else []

    def _closed(self, event: Event) -> None:
        self._connections.pop(event.conn or 0, None)
        for story in self._stories.values():
            story.ended(event.conn, str(event["by"]))
