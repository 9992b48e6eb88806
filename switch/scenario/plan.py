"""What a director tells the host to do with one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from switch.chance import Chance
from switch.records import Event
from switch.scenario.model import Reply

OWN = Reply()
Streams = Callable[[str], Chance]  # name of a step or rule -> its stream


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the acquirer's world by a standing rule; see ``World.change``."""

    rule: str
    what: str
    id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The reply planned for one request; every ``${step.field}`` in it is resolved.

    Attributes:
        step: id of the step or rule it comes from; empty for the acquirer's own answer.
        reply: what to answer.
        changes: what rules change about the world before the request is decided.
    """

    step: str = ""
    reply: Reply = field(default=OWN)
    changes: tuple[Change, ...] = ()

    @property
    def decision(self) -> str:
        """The outcome that replaces the acquirer's; empty for none."""
        return self.reply.outcome or self.reply.code


class Director(Protocol):
    """Whoever plans replies: a scenario, standing rules, or nobody."""

    def plan(self, received: Event, draws: Streams) -> Plan:
        """The plan for the request of this event; called once, before the MAC is checked.

        Args:
            received: the request.
            draws: the seeded stream of a step or rule; each draw is an event.
        """


class NoDirector:
    """The acquirer answers everything by itself."""

    def plan(self, received: Event, draws: Streams) -> Plan:
        """The acquirer's own answer."""
        return Plan()
