"""The step machine: ``advance(state, event) -> (state, commands, findings)``.

It sees nothing but events. Live, the director feeds it and carries out the commands;
``switch judge`` folds it over a log and keeps only the findings. Deadlines are events too:
the machine says when it wants one (:func:`wake`), and goes by the log's order.

``script`` begins, completes and misses steps; ``taking`` says what each kind of event means;
``receiving`` gives messages to steps; ``windows`` watches what must not come; ``closing``
weighs what only a whole log can show.
"""

from __future__ import annotations

from switch.dialect import Dialect
from switch.records import Event
from switch.scenario.model import Case
from switch.scenario.observing import unseen
from switch.scenario.orders import Command
from switch.scenario.script import end, proceed, within_over
from switch.scenario.state import Finding, OpenStep, State, Wake, Window
from switch.scenario.taking import TAKES
from switch.scenario.windows import close_due


def begin(case: Case, dialect: Dialect, slack: int = 0) -> State:
    """The state before the first event; ``slack`` widens bounds on clocks that are not virtual."""
    windows = tuple(Window(never) for never in case.never)
    return State(case, dialect, slack, rest=case.script, windows=windows)


def advance(state: State, event: Event) -> tuple[State, list[Command], tuple[Finding, ...]]:
    """One event further.

    Args:
        state: as it was; it is not changed.
        event: the next event of the log.

    Returns:
        The new state, what the runner must do now, and what was newly found.
    """
    known = len(state.findings)
    state = state.fork()
    state.lagged = (event["lag"] or 0) > state.slack
    if state.ended or event.kind in {"finding", "run_ended"}:
        return state, [], ()
    _pass_time(state, event.at, deadline=event.kind == "deadline")
    state.now = event.at
    state.log = (*state.log, event)
    take = TAKES.get(event.kind)
    if take and not state.ended:
        take(state, event)
    return state, state.commands, state.findings[known:]


def wake(state: State) -> Wake | None:
    """The next instant at which the machine wants a ``deadline`` event, if any."""
    wishes = [Wake(at, False, what) for at, what in _early(state)]
    wishes += [Wake(at, True, f"within of {waiting.step.id}") for at, waiting in _late(state)]
    return min(wishes, key=lambda wish: (wish.at, wish.last), default=None)


def _early(state: State) -> list[tuple[int, str]]:
    """Ends of ``for``, ``wait`` and ``quiet``: they come before the messages of their instant."""
    out = [(w.ends, f"end of {w.never.id}") for w in state.windows if w.open and w.ends is not None]
    if state.timer is not None:
        out.append((state.timer, "wait"))
    if state.ending is not None:
        out.append((state.ending, "end"))
    return out


def _late(state: State) -> list[tuple[int, OpenStep]]:
    """Ends of ``within``: they come after the messages of their instant."""
    human = state.case.profile.human
    dues = [(w.due(human, state.default_within, state.slack), w) for w in state.open]
    return [(due, waiting) for due, waiting in dues if due is not None]


def _pass_time(state: State, now: int, *, deadline: bool) -> None:
    """Everything that falls due before an event at ``now``, in order.

    At equal times: first the end of a ``for``, ``wait`` or ``quiet``, then messages, then the
    end of a ``within``, which therefore waits for a deadline event of its own.
    """
    while not state.ended:
        wish = wake(state)
        if wish is None or wish.at > now or (wish.at == now and wish.last and not deadline):
            return
        state.now = max(state.now, wish.at)
        if wish.last:
            # A real clock's deadline that a message overtook was late: the runner's own lag.
            state.lagged = state.lagged or (state.slack > 0 and not deadline)
            within_over(state, next(waiting for due, waiting in _late(state) if due == wish.at))
            continue
        close_due(state, wish.at)
        if state.timer is not None and state.timer <= wish.at:
            state.timer = None
            unseen(state)
            proceed(state)
        if state.ending is not None and state.ending <= wish.at:
            end(state)
