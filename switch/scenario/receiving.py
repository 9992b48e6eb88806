"""A message of the judged terminal against the open steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from switch.faults import describe, resolved
from switch.judge.matching import Seen, resolve, weigh
from switch.records import Event
from switch.scenario.expecting import expected, named, seconds, wanted
from switch.scenario.model import Bound, Choice, Receive, Reply
from switch.scenario.orders import Answer, Draw
from switch.scenario.plan import Plan
from switch.scenario.state import NearMiss, OpenStep, Planned, State
from switch.scenario.windows import background, breaches, open_and_close
from switch.shapes import Reference


def receive(state: State, event: Event, message: Seen) -> None:
    """Give a message to the first open step that it fits; else weigh what it means."""
    reported = breaches(state, message)
    fresh: list[OpenStep] = []
    for waiting in state.open:
        if message.kind in waiting.step.classes:
            outcomes = weigh(waiting.step.where, message, state.steps, state.dialect)
            if all(outcome.holds for outcome in outcomes):
                _consume(state, waiting, message)
                return
            waiting = replace(waiting, near=(*waiting.near, NearMiss(message, tuple(outcomes))))
        fresh.append(waiting)
    state.open = tuple(fresh)
    _unclaimed(state, message, reported=reported)


def _unclaimed(state: State, message: Seen, *, reported: bool) -> None:
    wanted = {kind for waiting in state.open for kind in waiting.step.classes}
    state.open = tuple(
        waiting
        if message.kind in waiting.step.classes
        else replace(waiting, others=(*waiting.others, message))
        for waiting in state.open
    )
    if reported or message.kind in wanted:  # a near miss is judged when its step closes
        return
    policy = state.case.policy
    if background(message.kind, policy, state.dialect):
        return
    if policy.unexpected == "fail":
        unexpected(state, message)
    elif policy.unexpected == "ignore":  # neither a finding nor an answer
        state.order(Answer(message.exchange, Plan("", Reply(unheard=True))))


def unexpected(state: State, message: Seen, **more: Any) -> None:
    """The finding for a message that nobody asked for; ``more``: the step it nearly matched."""
    awaited = " or ".join(wanted(state, o.step.classes, o.step.where) for o in state.open)
    state.find(
        state.blame(),
        "unexpected",
        message.kind if message.kind in state.dialect.classes else message.mti,
        f"{named(state, message)} arrived and no step, window or background takes it",
        expected=awaited or "nothing but background messages",
        kinds=(message.kind,),
        at=message.at,
        seq=message.seq,
        about=message,
        **more,
    )


def close_near(state: State, waiting: OpenStep) -> None:
    """A step closed without being missed: what nearly matched it was unexpected after all."""
    reported = {f.seq for f in state.findings if f.kind in {"never", "quiet", "unexpected"}}
    for near in waiting.near:
        if state.case.policy.unexpected == "fail" and near.message.seq not in reported:
            unexpected(state, near.message, near=(near,), mark=waiting.step.mark)


def _consume(state: State, waiting: OpenStep, message: Seen) -> None:
    step = waiting.step
    for name in {step.id, step.capture} - {""}:
        state.steps[name] = message
        state.bounds[f"{name}.received"] = state.now
    _judge(state, waiting, message)
    _plan(state, step, message)
    for name in {step.id, step.capture} - {""}:
        open_and_close(state, f"{name}.received")
        start_steps(state, f"{name}.received")
    state.closing[message.exchange] = step.number
    if isinstance(waiting.among, Choice) and not waiting.got:
        state.rest = waiting.then + state.rest
    passed = [other for other in state.open if _passes_over(waiting, other)]
    state.open = tuple(
        replace(other, got=other.got + 1) if other is waiting else other
        for other in state.open
        if other not in passed
    )
    for other in passed:
        close_near(state, other)


def _passes_over(waiting: OpenStep, other: OpenStep) -> bool:
    """Whether a message for ``waiting`` ends the wait of another step.

    So it does for an earlier optional step, and for the other branches of a choice.
    """
    if waiting.among is not None and other.among is waiting.among:
        return isinstance(waiting.among, Choice) and other is not waiting
    return other.step.number < waiting.step.number


def _judge(state: State, waiting: OpenStep, message: Seen) -> None:
    """``not_before``, ``check``, and whether it had to be nudged."""
    step = waiting.step
    if step.where or step.check:
        state.checked += 1
    base = waiting.start if waiting.start is not None else waiting.opened
    about: dict[str, Any] = {"kinds": step.classes, "about": message, "mark": step.mark}
    if step.not_before is not None and state.now < base + step.not_before:
        state.find(
            "fail",
            "early",
            step.id,
            f"{named(state, message)} came too early, {seconds(state.now - base)} after "
            f"{step.start or 'the step began'}",
            expected=expected(state, waiting),
            **about,
        )
    if waiting.renewed is not None and _reverses_at_once(state, step):
        state.find(
            "fail",
            "nudged",
            step.id,
            f"{named(state, message)} came only after another transaction was started",
            expected=f"{wanted(state, step.classes, step.where)} without a nudge: the profile says "
            "reverses: eager",
            **about,
        )
    asked = weigh(step.check, message, state.steps, state.dialect)
    met = weigh(step.where, message, state.steps, state.dialect)
    for condition, outcome in zip(step.check, asked, strict=True):
        if not outcome.holds:
            state.find(
                "fail",
                "check",
                step.id,
                f"{outcome.name}: {outcome.got}",
                expected=f"{outcome.name}: {outcome.expected}",
                near=(NearMiss(message, (*met, *asked)),),
                note=outcome.hint,
                decided_by=condition.decided_by,
                **about,
            )


def _reverses_at_once(state: State, step: Receive) -> bool:
    """The profile promises this message without a nudge: only reversals are promised."""
    groups = {state.dialect.classes[kind].group for kind in step.classes}
    return groups == {"reversal"} and state.case.profile.reverses == "eager"


# ---- the reply ------------------------------------------------------------------------------


def _plan(state: State, step: Receive, message: Seen) -> None:
    """Plan the reply, at once or when chance has spoken."""
    if step.reply is None or not _gate(state, step.id, step.reply):
        _answer(state, step, message.exchange, Reply())
    elif step.reply.chance is None:
        _answer(state, step, message.exchange, step.reply)
    else:
        state.drawing[message.exchange] = step
        state.order(Draw(message.exchange, step.id))


def drawn(state: State, event: Event) -> None:
    """``draw``: chance has spoken about the reply to one request."""
    step = state.drawing.pop(event["exchange"], None)
    if step is None or step.reply is None:
        return
    hit = event["value"] < (step.reply.chance or 0)
    _answer(state, step, event["exchange"], step.reply if hit else Reply())


def _answer(state: State, step: Receive, exchange: int, reply: Reply) -> None:
    """Order the reply with every reference in it resolved."""
    fixed = {
        name: resolve(value, state.steps) if isinstance(value, Reference) else value
        for name, value in reply.set.items()
    }
    faults = tuple(
        resolved(fault, lambda asked: str(resolve(asked, state.steps) or ""))
        for fault in reply.faults
    )
    reply = replace(reply, set=fixed, faults=faults)
    what, effect = in_words(reply, state)
    hold = reply.hold_until if isinstance(reply.hold_until, Bound) else None
    state.plans[exchange] = Planned(
        step.id, what, effect, hold=hold, answered=step.answered, mark=step.mark
    )
    state.order(Answer(exchange, Plan(step.id, reply)))


def _gate(state: State, name: str, reply: Reply) -> bool:
    """``first``, ``every``, ``times``: whether this message gets the planned reply."""
    count = state.counters[name] = state.counters.get(name, 0) + 1
    given = state.counters.get(f"{name}:given", 0)
    if reply.first and count > reply.first:
        return False
    if reply.every and count % reply.every:
        return False
    if reply.times and given >= reply.times:
        return False
    state.counters[f"{name}:given"] = given + 1
    return True


def in_words(reply: Reply, state: State) -> tuple[str, bool]:
    """What a reply does, and whether that is more than the acquirer's own approval."""
    pieces: list[str] = []
    if reply.none or reply.unheard:
        pieces.append("none" if reply.none else "unheard")
    decision = reply.outcome or reply.code
    declined = bool(decision) and not state.dialect.approves(state.dialect.code(decision))
    if decision:
        pieces.append(decision)
    pieces += [describe(fault) for fault in reply.faults]
    pieces += [f"set {name}" for name in reply.set] + [f"omit {name}" for name in reply.omit]
    if reply.after:
        pieces.append(f"after {seconds(reply.after)}")
    if reply.hold_until is not None:
        pieces.append("held")
    effect = bool(pieces) and (declined or pieces != [decision])
    return ", ".join(pieces) or "the acquirer's own answer", effect


def start_steps(state: State, bound: str) -> None:
    """A bound's event has come: the steps whose ``from`` it is begin to count."""
    state.open = tuple(
        replace(waiting, start=state.now)
        if waiting.start is None and str(waiting.step.start) == bound
        else waiting
        for waiting in state.open
    )
