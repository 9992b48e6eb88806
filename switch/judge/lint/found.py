"""What a rule of the linter finds, and the table of rules."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn

Severity = Literal["must", "warn"]


@dataclass(frozen=True, slots=True)
class Found:
    """One breach of one rule by one message.

    Attributes:
        rule: id in ``specs/requirements.yaml``, or the section of the protocol reference.
        severity: ``must`` is proved; ``warn`` has an innocent explanation, which ``text`` names,
            or breaks only what is recommended or what vendors differ in.
        text: what the message did.
        means: what a merchant or cardholder suffers.
        terminal, seq, at: of the message; filled in by the linter.
    """

    rule: str
    severity: Severity
    text: str
    means: str
    terminal: str = ""
    seq: int = 0
    at: int = 0


Judge = Callable[[Story, Turn], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """One entry of :data:`RULES`.

    Attributes:
        name: of its function.
        rules: the ids that it reports.
        text: what must hold; its docstring.
        judge: the present message against the story before it.
        keys: it can only be judged where the MACs could be checked.
    """

    name: str
    rules: tuple[str, ...]
    text: str
    judge: Judge
    keys: bool = False


RULES: dict[str, LintRule] = {}


def lint(*rules: str, keys: bool = False) -> Callable[[Judge], Judge]:
    """Put a judge into :data:`RULES` under its own name."""

    def register(judge: Judge) -> Judge:
        text = inspect.cleandoc(judge.__doc__ or "")
        RULES[judge.__name__] = LintRule(judge.__name__, rules, text, judge, keys)
        return judge

    return register


def must(rule: str, text: str, means: str) -> Found:
    """A breach that the wire proves."""
    return Found(rule, "must", text, means)


def warn(rule: str, text: str, means: str) -> Found:
    """A breach that has an innocent explanation, or of a rule that not everybody has."""
    return Found(rule, "warn", text, means)
