"""Findings of the linter as lines for a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from switch.clock import NS_PER_SECOND
from switch.judge.lint import RULES, Found

INDENT = " " * 14  # below the time of an exchange line
NUMBER = re.compile(r" \(#[0-9]+\)")  # of a message in its log


def below_exchange(found: Found) -> list[str]:
    """A finding as it happens, set off below the line of its message, without log numbers."""
    return [
        f"{INDENT}! {found.severity} {found.rule}: {NUMBER.sub('', found.text)}",
        f"{INDENT}  means: {found.means}",
    ]


def in_report(found: Found) -> list[str]:
    """A finding about recorded traffic: time in the log, terminal, rule, text, meaning."""
    seconds = f"+{found.at / NS_PER_SECOND:.3f}s"
    head = f"{found.severity} {found.rule:<4}"
    return [
        f"{seconds:>12}  {found.terminal:<8}  {head}  {found.text}",
        f"{'means':>32}  {found.means}",
    ]


def summary(found: Iterable[Found], messages: int) -> str:
    """What came of it all, in one line.

    >>> summary([], 3)
    '3 messages judged: nothing found'
    """
    counts = Counter(one.severity for one in found)
    plural = "message" if messages == 1 else "messages"
    said = [f"{counts[word]} {word}" for word in ("must", "warn") if counts[word]]
    return f"{messages} {plural} judged: {', '.join(said) or 'nothing found'}"


def not_checked(unchecked: int, foreign: int) -> list[str]:
    """What nothing can be said about.

    Args:
        unchecked: messages whose MAC nobody could check.
        foreign: connections of a capture that are not of this dialect.
    """
    keyed = sorted({id_ for rule in RULES.values() if rule.keys for id_ in rule.rules} | {"V6"})
    out = []
    if unchecked:
        why = "a MAC needs --book with the TMK of the terminal, and a recorded sign-on"
        out.append(f"not checked: {', '.join(keyed)} ({why})")
    if foreign:
        out.append(f"passed over: connections that are not of this dialect: {foreign}")
    return out
