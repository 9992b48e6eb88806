"""``switch lint``: fold the linter over traffic that was recorded before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from switch.dialect import Dialect, load
from switch.errors import BadFile
from switch.judge.lint import Found, Limits, Linter
from switch.reading import Mark, Problem
from switch.records import Event


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of a log.

    Attributes:
        found: in log order.
        messages: how many were judged.
    """

    found: tuple[Found, ...]
    messages: int


def lint_events(path: Path, dialect: str, limits: Limits, terminal: str = "") -> Linted:
    """Judge an event log of ``switch serve`` or ``switch run``; every case begins anew.

    Args:
        path: ``events.ndjson``.
        dialect: name or file.
        limits: of the response timers.
        terminal: TID of the only one to judge; empty for all.

    Raises:
        BadFile: a line that is no event.
    """
    known = load(dialect)
    found: list[Found] = []
    messages = 0
    for case in _cases(_events(path)):
        part = lint(case, known, limits, terminal)
        found += part.found
        messages += part.messages
    return Linted(tuple(found), messages)


def lint(events: Iterable[Event], dialect: Dialect, limits: Limits, terminal: str = "") -> Linted:
    """Judge the events of one host."""
    linter = Linter(dialect, limits, terminal)
    found = tuple(one for event in events for one in linter.see(event))
    return Linted(found, linter.messages)


def _events(path: Path) -> list[Event]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile([Problem(Mark(str(path), 1, 1), f"cannot read: {error}")]) from None
    out: list[Event] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            out += [Event.parse(line)] if line.strip() else []
        except (ValueError, TypeError) as error:
            raise BadFile([Problem(Mark(str(path), number, 1), f"not an event: {error}")]) from None
    return out


def _cases(events: Iterable[Event]) -> list[list[Event]]:
    """The log of a run, case by case; that of a standing host is one."""
    cases: list[list[Event]] = [[]]
    for event in events:
        if event.kind == "run_started":
            cases.append([])
        cases[-1].append(event)
    return cases
