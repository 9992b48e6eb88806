"""What the step machine tells the runner to do; most orders are answered by an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch.scenario.model import Stimulus
from switch.scenario.plan import Plan


@dataclass(frozen=True, slots=True)
class AskTerminal:
    """Give a stimulus; answered by a ``stimulus_asked`` event."""

    step: str
    stimulus: Stimulus
    provoke: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Reply to the request of this exchange so."""

    exchange: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw whether the request of this exchange gets the planned reply; answered by ``draw``."""

    exchange: int
    step: str


@dataclass(frozen=True, slots=True)
class LookAt:
    """Ask what the terminal shows or has printed; answered by ``observed`` with this step."""

    step: str
    channel: str
    prompt: str


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Say something unasked; answered by ``sent``, ``held`` or ``undelivered`` with this step."""

    step: str
    kind: str
    set: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeWorld:
    """Change merchant, terminal, card or host; answered by ``world_changed``."""

    step: str
    what: str
    id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderConnection:
    """Act on the transport; answered by ``connection_ordered``."""

    step: str
    verb: str
    ns: int


@dataclass(frozen=True, slots=True)
class ReleaseReply:
    """Let the held reply of this exchange go."""

    exchange: int


@dataclass(frozen=True, slots=True)
class EndCase:
    """The case is over; answered by ``run_ended``."""


Command = (
    AskTerminal
    | Answer
    | Draw
    | LookAt
    | SendMessage
    | ChangeWorld
    | OrderConnection
    | ReleaseReply
    | EndCase
)
