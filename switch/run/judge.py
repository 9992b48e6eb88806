"""``switch judge``: fold the step machine over a log that was written before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from switch import dialect as dialects
from switch.dialect import Dialect
from switch.errors import BadFile, BadUsage
from switch.reading import Mark, Problem, read_text
from switch.records import EVENT_FORMAT, Event
from switch.run.suite import REAL_SLACK
from switch.scenario import loader, machine
from switch.scenario import profile as profiles
from switch.scenario.model import Case, Profile
from switch.scenario.secrets import secret_literals
from switch.scenario.verdict import Verdict, verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One case of a log, judged again."""

    verdict: Verdict
    events: tuple[Event, ...]
    dialect: Dialect
    live: str


def read_events(path: Path) -> list[tuple[Event, ...]]:
    """The cases of a log file, one tuple of events each.

    Raises:
        BadFile: a line that is no event, or a log that does not begin with ``run_started``.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile([Problem(Mark(str(path), 1, 1), f"cannot read: {error}")]) from None
    cases: list[list[Event]] = []
    whole, _, _ = text.rpartition("\n")  # a run that was killed may leave half a line
    for number, line in enumerate(whole.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = Event.parse(line)
        except (ValueError, TypeError) as error:
            raise BadFile([Problem(Mark(str(path), number, 1), f"not an event: {error}")]) from None
        if event.kind == "run_started":
            cases.append([])
        if not cases:
            text = "a log begins with run_started; this one is of switch serve, without a scenario"
            raise BadFile([Problem(Mark(str(path), number, 1), text)])
        cases[-1].append(event)
    return [tuple(case) for case in cases]


def judge(path: Path, scenarios: Sequence[Path] = ()) -> Iterator[Judged]:
    """Judge every case of a log, by the scenarios in it or by others.

    Args:
        path: ``events.ndjson``.
        scenarios: scenario files that replace those of the log, by case id.

    Raises:
        BadFile, BadUsage: nothing can be judged, in sentences.
    """
    others = (
        {one.stem: one for one in loader.find([str(p) for p in scenarios])} if scenarios else {}
    )
    for events in read_events(path):
        started = events[0]
        if started["format"] != EVENT_FORMAT:
            raise BadUsage(f"log format {started['format']}, this version reads {EVENT_FORMAT}")
        dialect = dialects.file.read(
            read_text(started["dialect"], "dialect in the log"), started["dialect"]
        )
        profile = _profile(started)
        case = _case(started, dialect, profile, others)
        if case is not None:
            yield Judged(_fold(case, dialect, events), events, dialect, _live(events))


def _profile(started: Event) -> Profile:
    """The profile of a log: its text says everything, ``given`` what was known and no default."""
    read = profiles.read(read_text(started["profile"], "profile in the log"), Profile())
    return replace(read, given=frozenset(started["given"] or ()))


def _case(
    started: Event, dialect: Dialect, profile: Profile, others: dict[str, Path]
) -> Case | None:
    among = started["fleet"] or 0
    wanted = str(started["case"])
    if among:
        wanted = wanted.removesuffix(f"@{profile.id}")
    found = _played(started, wanted, dialect, profile, others)
    return found and replace(found, among=among)


def _played(
    started: Event, wanted: str, dialect: Dialect, profile: Profile, others: dict[str, Path]
) -> Case | None:
    """The case with this id, of the log's own scenario or of others."""
    if not others:
        cases = loader.load_text(
            started["scenario"],
            started["path"],
            fragments=started["fragments"],
            dialect=dialect,
            profile=profile,
        )
        return next((case for case in cases if case.id == wanted), None)
    for path in others.values():
        for case in loader.load([path], dialect=dialect, profile=profile):
            if case.id == wanted:
                _check_comparable(case)
                return case
    return None


def _check_comparable(case: Case) -> None:
    if secret_literals(case):
        raise BadUsage(
            f"{case.path}: it compares with a literal card number, and a log holds only tokens "
            "under a key that was never written; compare with ${step.pan} instead"
        )


def _fold(case: Case, dialect: Dialect, events: Sequence[Event]) -> Verdict:
    started = events[0]
    slack = 0
    if started["clock"] != "virtual":
        slack = round(REAL_SLACK * float(str(started["clock"]).partition(":")[2] or 1))
    state = machine.begin(replace(case, skip=""), dialect, slack)
    for event in events:
        state, _, _ = machine.advance(state, event)
    broken = "" if state.ended else _ending(events)
    return verdict(state, str(started["seed"]), broken)


def _ending(events: Sequence[Event]) -> str:
    last = events[-1]
    if last.kind == "run_ended":
        return str(last["reason"] or "the run broke off")
    return "the log ends in the middle of the case"


def _live(events: Sequence[Event]) -> str:
    return str(events[-1]["verdict"]) if events[-1].kind == "run_ended" else ""
