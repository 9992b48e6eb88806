"""What each kind of event means to a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from switch.judge.matching import seen
from switch.records import Event
from switch.scenario import sending
from switch.scenario.model import Ask, Bound, Receive, Send, every
from switch.scenario.observing import observed
from switch.scenario.orders import ReleaseReply
from switch.scenario.receiving import drawn, receive, start_steps
from switch.scenario.script import complete, proceed
from switch.scenario.state import State
from switch.scenario.windows import open_and_close
from switch.totals import BALANCED, GROUPS

# Acts on the transport that a terminal cannot fail to meet.
CUTS = frozenset({"close", "reset", "half_close", "stall"})


def started(state: State, event: Event) -> None:
    """``run_started``: the script begins."""
    state.started = True
    state.bounds["start"] = state.now
    open_and_close(state, "start")
    proceed(state)


def received(state: State, event: Event) -> None:
    """A message; only the judged terminal's counts, and nothing left over from earlier cases."""
    if not _judged(state, event) or event["residue"]:
        return
    receive(state, event, seen(event))
    for name, message in state.steps.items():
        if message.seq == event.seq:
            _release_held(state, f"{name}.received")


def decided(state: State, event: Event) -> None:
    """The acquirer decided: the step that received the message is complete."""
    exchange = event["exchange"]
    if state.world_waits and event["response"] != "unheard" and _judged(state, event):
        state.met, state.world_waits = True, False
    plan = state.plans.get(exchange)
    if plan is not None and plan.answered and event["own"] != plan.answered:
        state.find(
            "inconclusive",
            "answered",
            plan.step,
            f"the acquirer itself said {event['own']} ({event['because'] or 'no reason given'})",
            expected=f"answered: {plan.answered}",
            mark=plan.mark,
        )
    index = state.closing.pop(exchange, None)
    if index is not None:
        complete(state, index)


def sent(state: State, event: Event) -> None:
    """A response left, or what was sent unasked; a whole decline has met the terminal."""
    step = sending.of(state, event)
    if step is not None:
        sending.sent(state, event, step)
        _sent_on(state, step, "sent")
        return
    exchange = event["exchange"]
    plan = state.plans.get(exchange)
    if event["whole"] and _says_no(state, event) and _judged(state, event):
        state.met = True
        if plan is not None:
            state.plans[exchange] = replace(plan, met=True)
    if event["whole"]:
        _answers(state, event)
    if event["whole"] and plan is not None:
        _bound(state, plan.step, "replied")


def _answers(state: State, event: Event) -> None:
    """Keep with the message of a step what it was answered."""
    for name, message in state.steps.items():
        if message.exchange == event["exchange"]:
            state.steps[name] = replace(message, answer=event.body.get("fields", {}))


def _says_no(state: State, event: Event) -> bool:
    """A decline; a settlement has no DE 39, there a flag other than balanced says it (B12)."""
    code = event.body.get("fields", {}).get("39", "")
    if code:
        return not state.dialect.approves(code)
    values = event.body.get("values", {})
    return any(values.get(f"{group}.flag", BALANCED) != BALANCED for group in GROUPS)


def _named(word: str) -> Callable[[State, Event], None]:
    def take(state: State, event: Event) -> None:
        plan = state.plans.get(event["exchange"])
        if plan is not None:
            _bound(state, plan.step, word)

    return take


def held(state: State, event: Event) -> None:
    """A reply began to wait; one that waits for the end of the case is never said."""
    step = sending.of(state, event)
    if step is not None:
        sending.stalled(state, step)
        _sent_on(state, step, "held")
        return
    plan = state.plans.get(event["exchange"])
    if plan is not None and plan.hold == Bound("", "end"):
        applied(state, event)
    _named("held")(state, event)


def undelivered(state: State, event: Event) -> None:
    """A reply, or what was sent unasked, did not reach the terminal."""
    step = sending.of(state, event)
    if step is None:
        _named("undelivered")(state, event)
        return
    sending.unsent(state, event, step)
    _sent_on(state, step, "undelivered")


def _sent_on(state: State, step: Send, word: str) -> None:
    """Something became of a send step; the script goes on if it waited for that."""
    _bound(state, step.id, word)
    proceed(state)


def _bound(state: State, step_id: str, word: str) -> None:
    """An event that bounds are named by: ``sale.replied``."""
    step = state.case.step(step_id)
    for name in {step_id, *((step.id, step.capture) if step else ())} - {""}:
        bound = f"{name}.{word}"
        state.bounds[bound] = state.now
        open_and_close(state, bound)
        start_steps(state, bound)
        _release_held(state, bound)


def _release_held(state: State, bound: str) -> None:
    for exchange, plan in list(state.plans.items()):
        if plan.hold is not None and str(plan.hold) == bound:
            state.plans[exchange] = replace(plan, hold=None)
            state.order(ReleaseReply(exchange))


def applied(state: State, event: Event) -> None:
    """A planned fault took effect."""
    plan = state.plans.get(event["exchange"])
    if plan is not None:
        state.plans[event["exchange"]] = replace(plan, met=True)
        state.met = True


def skipped(state: State, event: Event) -> None:
    """A planned fault could not."""
    plan = state.plans.get(event["exchange"])
    if plan is not None:
        why = f"{event['fault']}: {event['why']}"
        state.plans[event["exchange"]] = replace(plan, skipped=why)


def asked(state: State, event: Event) -> None:
    """A stimulus was given, or passed over together with the receive after it."""
    if event["provoke"]:
        state.open = tuple(
            replace(waiting, pending=False, renewed=state.now) if waiting.pending else waiting
            for waiting in state.open
        )
        return
    if state.blocked != f"asked {event['step']}":
        _asked_again(state, event["step"])
        return
    state.blocked = ""
    state.just_asked = None if event["skipped"] else _stimulus(state, event["step"])
    if event["skipped"] and state.rest and isinstance(state.rest[0], Receive):
        state.rest = state.rest[1:]
    proceed(state)


def _asked_again(state: State, number: str) -> None:
    """The terminal was busy and took the stimulus only now: what counts from it begins anew."""
    state.open = tuple(
        replace(waiting, opened=state.now, start=state.now)
        if waiting.asked and str(waiting.asked.number) == number and not waiting.got
        else waiting
        for waiting in state.open
    )


def _stimulus(state: State, number: str) -> Ask | None:
    steps = (step for step in every(state.case.script) if str(step.number) == number)
    return next((step for step in steps if isinstance(step, Ask)), None)


def seen_at_terminal(state: State, event: Event) -> None:
    """What the terminal showed or printed; a step may have asked for it."""
    if observed(state, event):
        proceed(state)


def changed(state: State, event: Event) -> None:
    """The world was changed; it meets the terminal at the first message it decides."""
    state.world_waits = True
    if state.blocked == f"world {event['step']}":
        state.blocked = ""
        proceed(state)


def ordered(state: State, event: Event) -> None:
    """The script acted on the transport."""
    state.met = state.met or event["verb"] in CUTS
    if state.blocked == f"connection {event['step']}":
        state.blocked = ""
        proceed(state)


def closed(state: State, event: Event) -> None:
    """A connection ended; one that the host refused or closed has met the terminal."""
    state.met = state.met or event["by"] in {"refused", "host"}


def booked(state: State, event: Event) -> None:
    """The ledger changed."""
    state.ledger[event["exchange"]] = event["status"]


def _judged(state: State, event: Event) -> bool:
    return event.terminal == state.case.profile.id


TAKES: dict[str, Callable[[State, Event], None]] = {
    "run_started": started,
    "received": received,
    "decided": decided,
    "draw": drawn,
    "sent": sent,
    "held": held,
    "undelivered": undelivered,
    "fault_applied": applied,
    "fault_skipped": skipped,
    "stimulus_asked": asked,
    "observed": seen_at_terminal,
    "world_changed": changed,
    "connection_ordered": ordered,
    "connection_closed": closed,
    "ledger_changed": booked,
}
