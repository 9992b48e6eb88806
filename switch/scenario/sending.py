"""What the host says unasked: a ``send`` step, from its order until its message has left."""

from __future__ import annotations

from switch.judge.matching import resolve, seen
from switch.records import Event
from switch.scenario.model import Send
from switch.scenario.orders import SendMessage
from switch.scenario.state import State
from switch.shapes import Reference


def send(state: State, step: Send) -> None:
    """Order the message; the script waits until it has left, cannot leave, or is stalled."""
    values = {
        name: resolve(value, state.steps) if isinstance(value, Reference) else value
        for name, value in step.set.items()
    }
    state.blocked = _waits_for(step)
    state.sending = (*state.sending, step)
    state.order(SendMessage(str(step.number), step.kind, values))


def sent(state: State, event: Event, step: Send) -> None:
    """The whole message left: it has met the terminal, and is the message of its step."""
    _over(state, step)
    state.met = True
    state.steps[step.id] = seen(event)


def unsent(state: State, event: Event, step: Send) -> None:
    """It could not leave: nothing is proved of what the terminal would have made of it."""
    _over(state, step)
    _find(state, step, str(event["why"]))


def stalled(state: State, step: Send) -> None:
    """It waits behind a stall, and the script goes on: only that may end the stall."""
    _unblock(state, step)


def still_waiting(state: State) -> None:
    """The case is over, and these have not left."""
    for step in state.sending:
        _find(state, step, "the connection was stalled until the case ended")


def of(state: State, event: Event) -> Send | None:
    """The send step that an event is about; None if it is about a response."""
    number = event["step"] or ""
    return next((step for step in state.sending if str(step.number) == number), None)


def _over(state: State, step: Send) -> None:
    _unblock(state, step)
    state.sending = tuple(other for other in state.sending if other is not step)


def _unblock(state: State, step: Send) -> None:
    if state.blocked == _waits_for(step):
        state.blocked = ""


def _waits_for(step: Send) -> str:
    return f"send {step.number}"


def _find(state: State, step: Send, why: str) -> None:
    known = state.dialect.classes[step.kind]
    text = f"the {known.title} message of the host did not leave: {why}"
    state.find(
        "inconclusive", "script", step.id, text, expected=f"send: {step.kind}", mark=step.mark
    )
