"""The script of a case: which step begins, completes, or is missed."""

from __future__ import annotations

from dataclasses import replace

from switch.scenario.closing import finish
from switch.scenario.expecting import expected
from switch.scenario.model import Ask, Connection, Quiet, Receive, Release, Wait, World
from switch.scenario.receiving import close_near
from switch.scenario.state import (
    AskTerminal,
    ChangeWorld,
    EndCase,
    OpenStep,
    OrderConnection,
    ReleaseReply,
    State,
    window_of_quiet,
)
from switch.scenario.windows import cut_short, open_and_close


def proceed(state: State) -> None:
    """Begin the next steps until one of them has to be waited for."""
    script = state.case.script
    while state.cursor < len(script) and not state.blocked and state.timer is None:
        step = script[state.cursor]
        state.phase = step.phase
        if isinstance(step, Receive):
            state.cursor += 1
            _open(state, step)
            follower = script[state.cursor] if state.cursor < len(script) else None
            if not (step.optional and isinstance(follower, Receive)):
                return
        elif state.open:  # an optional step still waits: nothing else begins
            return
        else:
            state.cursor += 1
            _start(state, step)
    if state.cursor >= len(script) and not (state.open or state.blocked or state.timer):
        _linger(state)


def _open(state: State, step: Receive) -> None:
    start = state.now if step.start is None else state.bounds.get(str(step.start))
    asked = state.just_asked and step.start is None
    state.just_asked = False
    state.open = (*state.open, OpenStep(state.cursor - 1, step, state.now, start, asked))


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


def complete(state: State, index: int) -> None:
    """The step at ``index`` has its message, and its reply is on its way, unsaid or held."""
    for waiting in state.open:
        if waiting.index == index and waiting.got >= waiting.step.count:
            state.open = tuple(other for other in state.open if other is not waiting)
            close_near(state, waiting)
            if not (waiting.step.optional and state.open):
                proceed(state)
            return


def within_over(state: State, waiting: OpenStep) -> None:
    """The ``within`` of a step has ended: pass over it, nudge the terminal, or miss it."""
    step = waiting.step
    if step.optional:
        state.open = tuple(other for other in state.open if other is not waiting)
        close_near(state, waiting)
        if not state.open:
            proceed(state)
    elif step.provoke and waiting.renewed is None:
        pending = replace(waiting, pending=True)
        state.open = tuple(pending if other is waiting else other for other in state.open)
        state.order(AskTerminal(step.id, step.provoke, provoke=True))
    else:
        _missed(state, waiting)


def _missed(state: State, waiting: OpenStep) -> None:
    step = waiting.step
    state.bounds[f"{step.id}.missed"] = state.now
    state.find(
        state.blame(),
        "missed",
        step.id,
        _happened(waiting),
        expected=expected(state, waiting),
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
    state.blocked = ""
    state.windows = cut_short(state.windows)
    script = state.case.script
    rest = range(state.cursor, len(script))
    state.cursor = next((i for i in rest if script[i].phase == "teardown"), len(script))
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
