"""The step machine: ``advance(state, event) -> (state, commands, findings)``.

It sees nothing but events. Live, the director feeds it and carries out the commands;
``switch judge`` folds it over a log and keeps only the findings. Deadlines are events too:
the machine says when it wants one (:func:`wake`), and goes by the log's order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from switch.dialect import Dialect
from switch.judge.matching import seen
from switch.records import Event
from switch.scenario.closing import finish
from switch.scenario.model import Ask, Case, Connection, Quiet, Receive, Release, Wait, World
from switch.scenario.receiving import receive, start_steps, unexpected
from switch.scenario.state import (
    AskTerminal, ChangeWorld, Command, EndCase, Finding, OpenStep, OrderConnection, ReleaseReply,
    State, Wake, Window, window_of_quiet,
)  # fmt: skip
from switch.scenario.windows import close_due, cut_short, open_and_close

JUDGED = ("received", "decided", "sent", "held", "undelivered", "fault_applied", "fault_skipped")


def begin(case: Case, dialect: Dialect, slack: int = 0) -> State:
    """The state before the first event; ``slack`` widens bounds on clocks that are not virtual."""
    windows = tuple(Window(never) for never in case.never)
    return State(case, dialect, slack, windows=windows)


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
    out = [(w.ends, f"end of {w.never.id}") for w in state.windows if w.open and w.ends is not None]
    if state.timer is not None:
        out.append((state.timer, "wait"))
    if state.ending is not None:
        out.append((state.ending, "end"))
    return out


def _late(state: State) -> list[tuple[int, OpenStep]]:
    human = state.case.profile.human
    dues = [(w.due(human, state.default_within, state.slack), w) for w in state.open]
    return [(due, waiting) for due, waiting in dues if due is not None]


# ---- time -----------------------------------------------------------------------------------


def _pass_time(state: State, now: int, *, deadline: bool) -> None:
    """Everything that falls due before an event at ``now``.

    At equal times: first the end of a ``for``, ``wait`` or ``quiet``, then messages, then the
    end of a ``within``, which therefore waits for a deadline event of its own.
    """
    for _ in range(10_000):
        wish = wake(state)
        if wish is None or state.ended:
            return
        if wish.at > now or (wish.at == now and wish.last and not deadline):
            return
        state.now = max(state.now, wish.at)
        if not wish.last:
            close_due(state, wish.at)
            if state.timer is not None and state.timer <= wish.at:
                state.timer = None
                _proceed(state)
            if state.ending is not None and state.ending <= wish.at:
                _end(state)
        else:
            _within_over(state, wish.at)


def _within_over(state: State, now: int) -> None:
    for due, waiting in _late(state):
        if due > now:
            continue
        step = waiting.step
        if step.optional:
            state.open = tuple(other for other in state.open if other is not waiting)
            _close_near(state, waiting)
            if not state.open:
                _proceed(state)
        elif step.provoke and waiting.renewed is None:
            state.open = tuple(
                replace(o, pending=True) if o is waiting else o for o in state.open
            )
            state.order(AskTerminal(step.id, step.provoke, provoke=True))
        else:
            _missed(state, waiting)
        return


def _missed(state: State, waiting: OpenStep) -> None:
    step = waiting.step
    from switch.scenario.expecting import expected

    state.bounds[f"{step.id}.missed"] = state.now
    state.find(
        state.blame(), "missed", step.id, _happened(waiting), expected=expected(state, waiting),
        near=waiting.near, others=waiting.others, kinds=step.classes, mark=step.mark,
    )  # fmt: skip
    open_and_close(state, f"{step.id}.missed")
    _stop(state)


def _happened(waiting: OpenStep) -> str:
    got = f"{waiting.got} of {waiting.step.count} messages" if waiting.got else "0 matching messages"
    other = len(waiting.near) + waiting.others
    return f"{got}; {other} other{'s' if other != 1 else ''} arrived while waiting"


def _stop(state: State) -> None:
    """End the script early: teardown, then the end without lingering."""
    state.stopped = True
    state.open = ()
    state.timer = None
    state.windows = cut_short(state.windows)
    script = state.case.script
    state.cursor = next(
        (i for i, step in enumerate(script) if step.phase == "teardown" and i >= state.cursor),
        len(script),
    )
    state.blocked = ""
    _proceed(state)


# ---- the script -----------------------------------------------------------------------------


def _proceed(state: State) -> None:
    """Begin the next steps until one of them has to be waited for."""
    script = state.case.script
    while state.cursor < len(script) and not state.blocked and state.timer is None:
        step = script[state.cursor]
        state.phase = step.phase
        state.cursor += 1
        if isinstance(step, Receive):
            _open(state, step)
            follower = script[state.cursor] if state.cursor < len(script) else None
            if not (step.optional and isinstance(follower, Receive)):
                return
        else:
            if state.open:  # an optional step still waits: nothing else begins
                state.cursor -= 1
                return
            _start(state, step)
    if state.cursor >= len(script) and not state.open and not state.blocked and state.timer is None:
        _linger(state)


def _open(state: State, step: Receive) -> None:
    start: int | None = state.now
    if step.start is not None:
        start = state.bounds.get(str(step.start))
    asked = state.just_asked and step.start is None
    state.just_asked = False
    state.open = (*state.open, OpenStep(state.cursor - 1, step, state.now, start, asked))


def _start(state: State, step: object) -> None:
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
        state.find("inconclusive", "script", step.id, "nothing to release: it received no message",
                   mark=step.mark)  # fmt: skip
        return
    state.order(ReleaseReply(message.exchange))


def _linger(state: State) -> None:
    if state.ending is None:
        state.ending = state.now + (0 if state.stopped else state.case.linger)
        if state.stopped:
            _end(state)


def _end(state: State) -> None:
    state.ending = None
    state.bounds["end"] = state.now
    open_and_close(state, "end")
    finish(state)
    state.ended = True
    state.order(EndCase())


# ---- events ---------------------------------------------------------------------------------


def _started(state: State, event: Event) -> None:
    state.started = True
    state.bounds["start"] = state.now
    open_and_close(state, "start")
    _proceed(state)


def _received(state: State, event: Event) -> None:
    if event.terminal != state.case.profile.id or event["residue"]:
        return
    receive(state, event, seen(event))


def _decided(state: State, event: Event) -> None:
    exchange = event["exchange"]
    if state.world_waits and event["response"] != "unheard" and _judged(state, event):
        state.met, state.world_waits = True, False
    plan = state.plans.get(exchange)
    if plan is not None and plan.answered and event["own"] != plan.answered:
        state.find(
            "inconclusive", "answered", plan.step,
            f"the acquirer itself said {event['own']} ({event['because'] or 'no reason given'})",
            expected=f"answered: {plan.answered}; is the book right?", mark=plan.mark,
        )  # fmt: skip
    index = state.closing.pop(exchange, None)
    if index is not None:
        _complete(state, index)


def _judged(state: State, event: Event) -> bool:
    return event.terminal == state.case.profile.id


def _complete(state: State, index: int) -> None:
    """A step has its message and its reply is on its way, suppressed or held."""
    for waiting in state.open:
        if waiting.index == index and waiting.got >= waiting.step.count:
            state.open = tuple(other for other in state.open if other is not waiting)
            _close_near(state, waiting)
            if waiting.step.optional and state.open:
                return
            _proceed(state)
            return


def _close_near(state: State, waiting: OpenStep) -> None:
    """A step closed without being missed: what nearly matched it was unexpected after all."""
    policy = state.case.policy
    for near in waiting.near:
        if policy.unexpected == "fail" and near.message.seq not in _violators(state):
            unexpected(state, near.message)


def _violators(state: State) -> set[int]:
    return {f.seq for f in state.findings if f.kind in {"never", "quiet"}}


def _sent(state: State, event: Event) -> None:
    exchange = event["exchange"]
    plan = state.plans.get(exchange)
    code = event.body.get("fields", {}).get("39", "")
    declined = bool(code) and not state.dialect.approves(code)
    if event["whole"] and declined and _judged(state, event):
        state.met = True
        if plan is not None:
            state.plans[exchange] = replace(plan, met=True)
    if event["whole"] and plan is not None:
        _bound(state, plan.step, "replied")


def _bound(state: State, step_id: str, word: str) -> None:
    step = state.case.step(step_id)
    names = {step_id} | ({step.id, step.capture} if step else set())
    for name in names - {""}:
        bound = f"{name}.{word}"
        state.bounds[bound] = state.now
        open_and_close(state, bound)
        start_steps(state, bound)
        for exchange, plan in list(state.plans.items()):
            if plan.hold is not None and str(plan.hold) == bound:
                state.plans[exchange] = replace(plan, hold=None)
                state.order(ReleaseReply(exchange))


def _received_bound(state: State, event: Event) -> None:
    _received(state, event)
    for name, message in list(state.steps.items()):
        if message.seq == event.seq:
            for exchange, plan in list(state.plans.items()):
                if plan.hold is not None and str(plan.hold) == f"{name}.received":
                    state.plans[exchange] = replace(plan, hold=None)
                    state.order(ReleaseReply(exchange))


def _named(word: str) -> Callable[[State, Event], None]:
    def take(state: State, event: Event) -> None:
        plan = state.plans.get(event["exchange"])
        if plan is not None:
            _bound(state, plan.step, word)

    return take


def _applied(state: State, event: Event) -> None:
    plan = state.plans.get(event["exchange"])
    if plan is not None:
        state.plans[event["exchange"]] = replace(plan, met=True)
        state.met = True


def _skipped(state: State, event: Event) -> None:
    plan = state.plans.get(event["exchange"])
    if plan is not None:
        state.plans[event["exchange"]] = replace(plan, skipped=f"{event['fault']}: {event['why']}")


def _asked(state: State, event: Event) -> None:
    if event["provoke"]:
        state.open = tuple(
            replace(waiting, pending=False, renewed=state.now) if waiting.pending else waiting
            for waiting in state.open
        )
        return
    if state.blocked != f"asked {event['step']}":
        return
    state.blocked = ""
    state.just_asked = True
    if event["skipped"]:
        state.just_asked = False
        follower = state.case.script[state.cursor : state.cursor + 1]
        state.cursor += bool(follower and isinstance(follower[0], Receive))
    _proceed(state)


def _changed(state: State, event: Event) -> None:
    state.world_waits = True
    if state.blocked == f"world {event['step']}":
        state.blocked = ""
        _proceed(state)


def _ordered(state: State, event: Event) -> None:
    if event["verb"] in {"close", "reset", "half_close", "stall"}:
        state.met = True
    if state.blocked == f"connection {event['step']}":
        state.blocked = ""
        _proceed(state)


def _closed(state: State, event: Event) -> None:
    if event["by"] == "refused":
        state.met = True


def _booked(state: State, event: Event) -> None:
    state.ledger[event["exchange"]] = event["status"]


TAKES: dict[str, Callable[[State, Event], None]] = {
    "run_started": _started,
    "received": _received_bound,
    "decided": _decided,
    "sent": _sent,
    "held": _named("held"),
    "undelivered": _named("undelivered"),
    "fault_applied": _applied,
    "fault_skipped": _skipped,
    "stimulus_asked": _asked,
    "world_changed": _changed,
    "connection_ordered": _ordered,
    "connection_closed": _closed,
    "ledger_changed": _booked,
}
