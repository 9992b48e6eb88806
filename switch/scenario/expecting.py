"""What a step was waiting for, in one sentence for the failure text."""

from __future__ import annotations

from switch.clock import NS_PER_SECOND
from switch.judge import operators
from switch.judge.matching import resolve
from switch.scenario.state import OpenStep, State


def seconds(ns: int) -> str:
    """``+60.0s`` as failure texts show an instant of the case."""
    return f"{ns / NS_PER_SECOND:+.1f}s"


def expected(state: State, waiting: OpenStep) -> str:
    """Class, conditions and window of a step that was missed."""
    step = waiting.step
    kinds = " or ".join(_title(state, kind) for kind in step.classes)
    pieces = [kinds]
    conditions = []
    for condition in step.where:
        operand = resolve(condition.operand, state.steps)
        words = operators.describe(condition.operator, operand).removeprefix("expected ")
        conditions.append(f"{condition.name} {words}")
    if conditions:
        pieces.append(f"({', '.join(conditions)})")
    within = step.within if step.within is not None else state.default_within
    start = str(step.start) if step.start else "the step began"
    if step.not_before is not None:
        span = f"from {seconds(step.not_before)} to {seconds(within)} after {start}"
        pieces.append(span)
    else:
        pieces.append(f"within {within / NS_PER_SECOND:.1f}s after {start}")
    text = " ".join(pieces)
    if waiting.renewed is not None and step.provoke is not None:
        prompt = step.provoke.prompt or step.provoke.do
        text += (
            f", then within {within / NS_PER_SECOND:.1f}s of \"{prompt}\" "
            f"(asked at {seconds(waiting.renewed)})"
        )
    return text


def _title(state: State, kind: str) -> str:
    known = state.dialect.classes.get(kind)
    return known.title if known else kind
