"""What the script was waiting for, in words for the failure text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from switch import masking
from switch.clock import NS_PER_SECOND
from switch.judge import operators
from switch.judge.matching import Seen, resolve
from switch.scenario.model import Condition
from switch.scenario.state import OpenStep, State, Window
from switch.shapes import Reference

SECRETS = frozenset({"pan", "track_2", "de.2", "de.35"})  # a scenario may spell them out
TOKEN = re.compile(r"\btoken:[0-9a-f]*")


def seconds(ns: int) -> str:
    """``+60.0s`` as failure texts show an instant of the case."""
    return f"{ns / NS_PER_SECOND:+.1f}s"


def named(state: State, message: Seen) -> str:
    """``sale 000103``."""
    known = state.dialect.classes.get(message.kind)
    title = known.title if known else f"{message.mti} message"
    return f"{title} {message.value('stan') or 'without STAN'}"


def first_sentence(text: str) -> str:
    """The first sentence of a docstring as a clause: no capital, no full stop."""
    sentence = " ".join(text.split("\n\n")[0].split()).removesuffix(".").split(". ")[0]
    return sentence[:1].lower() + sentence[1:]


def expected(state: State, waiting: OpenStep) -> str:
    """Class, conditions and window of a step."""
    step = waiting.step
    within = step.within if step.within is not None else state.default_within
    human = state.case.profile.human
    length = f"{(within + (human if waiting.asked else 0)) / NS_PER_SECOND:.1f}s"
    if step.not_before is not None:
        start = step.start or "the step began"
        span = f"from {seconds(step.not_before)} to {seconds(within)} after {start}"
    elif step.start is not None:
        span = f"within {length} after {step.start}"
    else:
        span = f"within {length} {_since(state, waiting)}"
    text = f"{wanted(state, step.classes, step.where)} {span}"
    if waiting.renewed is not None and step.provoke is not None:
        prompt = step.provoke.prompt or step.provoke.do
        again = f"{(within + human) / NS_PER_SECOND:.1f}s"
        text += f', then within {again} of "{prompt}" (asked at {seconds(waiting.renewed)})'
    return text


def wanted(state: State, classes: Sequence[str], where: Sequence[Condition]) -> str:
    """``reversal of the sale (original.stan 000101)``."""
    kinds = " or ".join(_title(state, kind) for kind in classes)
    pieces = []
    for condition in where:
        operand = resolve(condition.operand, state.steps)
        words = operators.describe(condition.operator, operand).removeprefix("expected ")
        words = masking.text(words) if condition.name in SECRETS else words
        pieces.append(f"{condition.name} {TOKEN.sub('as before', words)}")
    brackets = f" ({', '.join(pieces)})" if pieces else ""
    return f"{kinds}{_of(state, where)}{brackets}"


def unwanted(state: State, window: Window) -> str:
    """What must not come, and when: ``no sale (stan 000101) from sale.received until end``."""
    never = window.never
    what = f"no {wanted(state, never.classes, never.where)}"
    length = f"for {(never.ns or 0) / NS_PER_SECOND:.1f}s"
    if window.quiet:
        return f"{what} {length} from {seconds(window.opened or 0)}"
    return f"{what} from {never.start} " + (f"until {never.until}" if never.until else length)


def _of(state: State, where: Sequence[Condition]) -> str:
    """`` of the sale``, where a condition names the original by a step."""
    for condition in where:
        if condition.name.startswith("original.") and isinstance(condition.operand, Reference):
            step = condition.operand.path.partition(".")[0]
            message = state.steps.get(step)
            return f" of the {_title(state, message.kind) if message else step}"
    return ""


def _since(state: State, waiting: OpenStep) -> str:
    """What a step without ``from`` counts from: what was asked of the terminal, or the script."""
    if waiting.asked:
        asked = waiting.asked.stimulus.prompt or waiting.asked.stimulus.do
        return f'of "{asked}" (asked at {seconds(waiting.opened)})'
    return f"after the step began at {seconds(waiting.opened)}"


def _title(state: State, kind: str) -> str:
    known = state.dialect.classes.get(kind)
    return known.title if known else kind
