"""Secret literals of a scenario as tokens, so that they can be compared and never written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from switch.masking import SECRET_ELEMENTS, Tokens
from switch.scenario.model import (
    AnyOrder,
    AnyStep,
    Case,
    Choice,
    Condition,
    Quiet,
    Receive,
    Repeat,
    every,
)

SECRET_NAMES = frozenset({"pan", "pin_block", "track_2"}) | {f"de.{n}" for n in SECRET_ELEMENTS}
TOKEN = "token:"


def tokenised(case: Case, tokens: Tokens) -> Case:
    """The same case with every literal that is compared with a secret replaced by its token."""

    def conditions(some: tuple[Condition, ...]) -> tuple[Condition, ...]:
        return tuple(_tokenised(condition, tokens) for condition in some)

    def step(one: AnyStep) -> AnyStep:
        if isinstance(one, Receive):
            return replace(one, where=conditions(one.where), check=conditions(one.check))
        if isinstance(one, Quiet):
            return replace(one, where=conditions(one.where))
        if isinstance(one, Choice):
            return replace(one, branches=tuple(steps(branch) for branch in one.branches))
        return replace(one, steps=steps(one.steps)) if isinstance(one, AnyOrder | Repeat) else one

    def steps(some: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(step(one) for one in some)

    if not any(_literals(case)):
        return case
    return replace(
        case,
        script=steps(case.script),
        never=tuple(replace(one, where=conditions(one.where)) for one in case.never),
        verify=tuple(replace(one, where=conditions(one.where)) for one in case.verify),
    )


def secret_literals(case: Case) -> set[str]:
    """The literals that :func:`tokenised` replaces."""
    return set(_literals(case))


def _literals(case: Case) -> Iterator[str]:
    for one in (*every(case.script), *case.never, *case.verify):
        for condition in (*getattr(one, "where", ()), *getattr(one, "check", ())):
            if condition.name in SECRET_NAMES:
                yield from _texts(condition.operand)


def _texts(operand: Any) -> Iterator[str]:
    if isinstance(operand, tuple):
        for item in operand:
            yield from _texts(item)
    elif isinstance(operand, str) and not operand.startswith(TOKEN):
        yield operand


def _tokenised(condition: Condition, tokens: Tokens) -> Condition:
    if condition.name not in SECRET_NAMES:
        return condition
    return replace(condition, operand=_replaced(condition.operand, tokens))


def _replaced(operand: Any, tokens: Tokens) -> Any:
    if isinstance(operand, tuple):
        return tuple(_replaced(item, tokens) for item in operand)
    if isinstance(operand, str) and not operand.startswith(TOKEN):
        return TOKEN + tokens.token(operand)
    return operand
