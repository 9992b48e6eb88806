"""The script of a case: which step begins, completes, or is missed."""

from __future__ import annotations

from dataclasses import replace

from switch.scenario.closing import finish
from switch.scenario.expecting import expected
from switch.scenario.model import (
    AnyOrder,
    AnyStep,
    Ask,
    Choice,
    Connection,
    Observe,
    Quiet,
    Receive,
    Release,
    Repeat,
    Send,
    Wait,
    World,
)
from switch.scenario.observing import look
from switch.scenario.orders import AskTerminal, ChangeWorld, EndCase, OrderConnection, ReleaseReply
from switch.scenario.receiving import close_near
from switch.scenario.sending import send
from switch.scenario.state import OpenStep, State, window_of_quiet
from switch.scenario.windows import cut_short, open_and_close


def proceed(state: State) -> None:
    """Begin the next steps until one of them has to be waited for."""
    while state.rest and not state.blocked and state.timer is None:
        step, rest = state.rest[0], state.rest[1:]
        state.phase = step.phase
        if awaited(step):
            state.rest = rest
            _open(state, step)
            if not (isinstance(step, Receive) and step.optional and rest and awaited(rest[0])):
                return
        elif state.open:  # an optional step still waits: nothing else begins
            return
        elif isinstance(step, Repeat):
            state.rest = step.steps * step.times + rest
        else:
            state.rest = rest
            _start(state, step)
    if not (state.rest or state.open or state.blocked or state.timer):
        _linger(state)


def awaited(step: AnyStep) -> tuple[tuple[Receive, tuple[AnyStep, ...]], ...]:
    """What a step waits for at once: each message, and the steps that follow only it."""
    if isinstance(step, Receive):
        return ((step, ()),)
    if isinstance(step, AnyOrder):
        return tuple((one, ()) for one in step.steps)
    if isinstance(step, Choice):
        return tuple((branch[0], branch[1:]) for branch in step.branches)  # type: ignore[misc]
    return ()


def _open(state: State, step: AnyStep) -> None:
    asked, state.just_asked = state.just_asked, None
    among = step if isinstance(step, AnyOrder | Choice) else None
    for receive, then in awaited(step):
        start = state.now if receive.start is None else state.bounds.get(str(receive.start))
        after = asked if receive.start is None else None
        waiting = OpenStep(receive, state.now, start, after, among, then)
        state.open = (*state.open, waiting)


def _start(state: State, step: object) -> None:
    """Begin a step that is not a receive; those that are answered by an event block."""
    if isinstance(step, Ask):
        state.blocked = f"asked {step.number}"
        state.order(AskTerminal(str(step.number), step.stimulus))
    elif isinstance(step, World):
        state.blocked = f"world {step.number}"
        state.order(ChangeWorld(str(step.number), step.what, step.id, step.changes))
    elif isinstance(step, Connection):
        state.blocked = f"connection {step.number}"
        state.order(OrderConnection(str(step.number), step.verb, step.ns))
    elif isinstance(step, Observe):
        look(state, step)
    elif isinstance(step, Send):
        send(state, step)
    elif isinstance(step, Wait):
        state.timer = state.now + step.ns
    elif isinstance(step, Quiet):
        state.timer = state.now + step.ns
        state.windows = (*state.windows, window_of_quiet(step, state.now))
    elif isinstance(step, Release):
        _release(state, step)


def _release(state: State, step: Release) -> None:
    message = state.steps.get(step.id)
    if message is None:
        why = "nothing to release: it received no message"
        state.find("inconclusive", "script", step.id, why, mark=step.mark)
        return
    state.order(ReleaseReply(message.exchange))


# ---- a step is over -------------------------------------------------------------------------


def complete(state: State, number: int) -> None:
    """The step of this number has its message, and its reply is on its way, unsaid or held."""
    for waiting in state.open:
        if waiting.step.number == number and waiting.got >= waiting.step.count:
            _close(state, waiting)
            return


def _close(state: State, waiting: OpenStep) -> None:
    """A step waits no longer; the script goes on when none does."""
    state.open = tuple(other for other in state.open if other is not waiting)
    close_near(state, waiting)
    if not state.open:
        proceed(state)


def within_over(state: State, waiting: OpenStep) -> None:
    """The ``within`` of a step has ended: pass over it, nudge the terminal, or miss it."""
    step = waiting.step
    if step.optional:
        _close(state, waiting)
    elif step.provoke and waiting.renewed is None:
        pending = replace(waiting, pending=True)
        state.open = tuple(pending if other is waiting else other for other in state.open)
        state.order(AskTerminal(step.id, step.provoke, provoke=True))
    elif not _left_to_others(state, waiting):
        _missed(state, waiting)


def _left_to_others(state: State, waiting: OpenStep) -> bool:
    """Whether another branch of a choice may still come; it takes over what this one saw."""
    if not isinstance(waiting.among, Choice):
        return False
    rest = [other for other in state.open if other is not waiting]
    heir = next((other for other in rest if other.among is waiting.among), None)
    if heir is None:
        return False
    known = {near.message.seq for near in heir.near} | {one.seq for one in heir.others}
    taken = replace(
        heir,
        near=(*heir.near, *(near for near in waiting.near if near.message.seq not in known)),
        others=(*heir.others, *(one for one in waiting.others if one.seq not in known)),
        instead=(*heir.instead, *waiting.instead, expected(state, waiting)),
    )
    state.open = tuple(taken if other is heir else other for other in rest)
    return True


def _missed(state: State, waiting: OpenStep) -> None:
    step = waiting.step
    state.bounds[f"{step.id}.missed"] = state.now
    state.find(
        state.blame(),
        "missed",
        step.id,
        _happened(waiting),
        expected="; or ".join((*waiting.instead, expected(state, waiting))),
        near=waiting.near,
        others=waiting.others,
        kinds=step.classes,
        mark=step.mark,
    )
    open_and_close(state, f"{step.id}.missed")
    _stop(state)


def _happened(waiting: OpenStep) -> str:
    got = f"{waiting.got} of {waiting.step.count}" if waiting.got else "0 matching"
    other = len(waiting.near) + len(waiting.others)
    rest = f"{other} other{'s' if other != 1 else ''}" if other else "nothing else"
    return f"{got} messages; {rest} arrived while waiting"


# ---- the end --------------------------------------------------------------------------------


def _stop(state: State) -> None:
    """End the script early: teardown, then the end without lingering."""
    state.stopped = True
    state.open = ()
    state.timer = None
    state.blocked, state.looking = "", None
    state.windows = cut_short(state.windows)
    state.rest = tuple(step for step in state.rest if step.phase == "teardown")
    proceed(state)


def _linger(state: State) -> None:
    if state.stopped:
        end(state)
    elif state.ending is None:
        state.ending = state.now + state.case.linger


def end(state: State) -> None:
    """The case is over."""
    state.ending = None
    state.bounds["end"] = state.now
    open_and_close(state, "end")
    finish(state)
    state.ended = True
    state.order(EndCase())
