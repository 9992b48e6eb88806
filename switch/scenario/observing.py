"""What the wire cannot show: a step that looks at the terminal's display or receipt."""

from __future__ import annotations

from switch.clock import NS_PER_SECOND
from switch.judge import operators
from switch.judge.matching import resolve
from switch.records import Event
from switch.scenario.model import Condition, Observe
from switch.scenario.orders import LookAt
from switch.scenario.state import State

PATIENCE = 10 * NS_PER_SECOND  # for whoever looks, unless the step says otherwise
NOBODY = "unanswered"


def look(state: State, step: Observe) -> None:
    """Ask the driver what there is to see; answered by ``observed``, or by nobody in time."""
    within = step.within if step.within is not None else PATIENCE
    state.blocked, state.looking = f"observe {step.number}", step
    state.timer = state.now + within + state.case.profile.human
    state.order(LookAt(str(step.number), step.channel, step.prompt or _question(state, step)))


def observed(state: State, event: Event) -> bool:
    """``observed``: whether it is what the script waits for; then it is judged."""
    step = state.looking
    if step is None or state.blocked != f"observe {event['step']}":
        return False
    if event["answer"] == NOBODY:
        unseen(state)
        return True
    state.blocked, state.looking, state.timer = "", None, None
    state.checked += 1
    for condition in step.conditions:
        _judge(state, step, condition, event)
    return True


def unseen(state: State) -> None:
    """Nobody said what there was to see: nothing is proved."""
    step = state.looking
    if step is None:
        return
    state.blocked, state.looking, state.timer = "", None, None
    state.find(
        "inconclusive",
        "observe",
        step.id,
        f"nobody said what the {step.channel} showed",
        expected=_question(state, step),
        mark=step.mark,
    )


def _judge(state: State, step: Observe, condition: Condition, event: Event) -> None:
    text = event["text"] or None
    wanted = resolve(condition.operand, state.steps)
    if event["answer"] in {"yes", "no"}:
        holds, text = event["answer"] == "yes", f"{event['answer']}, says who looked"
    else:
        holds = operators.holds(condition.operator, text, wanted)
    if not holds:
        state.find(
            state.blame(),
            "observe",
            step.id,
            f"the {step.channel} showed {text or 'nothing'}",
            expected=f"{step.channel}: {_words(state, condition)}",
            mark=step.mark,
            decided_by=condition.decided_by,
        )


def _words(state: State, condition: Condition) -> str:
    operand = resolve(condition.operand, state.steps)
    return operators.describe(condition.operator, operand).removeprefix("expected ")


def _question(state: State, step: Observe) -> str:
    words = " and ".join(_words(state, condition) for condition in step.conditions)
    return f"the {step.channel} shows {words}"
