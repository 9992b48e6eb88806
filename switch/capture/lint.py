"""``switch lint``: the linter folded over traffic that was recorded before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from switch.dialect import Dialect
from switch.judge.lint import Found, Limits, Linter
from switch.records import Event


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it.

    Attributes:
        found: in log order.
        messages: how many were judged.
        unchecked: how many carry a MAC that nobody could check.
    """

    found: tuple[Found, ...]
    messages: int
    unchecked: int


def lint(
    logs: Iterable[Iterable[Event]], dialect: Dialect, limits: Limits, terminal: str = ""
) -> Linted:
    """Judge event logs, each from its beginning.

    Args:
        logs: of one host each.
        dialect: what the messages mean.
        limits: of the response timers.
        terminal: TID of the only one to judge; empty for all.
    """
    found: list[Found] = []
    messages = unchecked = 0
    for log in logs:
        linter = Linter(dialect, limits, terminal)
        found += [one for event in log for one in linter.see(event)]
        messages += linter.messages
        unchecked += linter.unchecked
    return Linted(tuple(found), messages, unchecked)
