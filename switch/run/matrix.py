"""Filling the kill matrix: every scenario against every defect, on all processors.

The correct terminal goes first, and it is watched which of its habits each case looks at. A
defect is a changed habit, so a case that never looked at it runs alike with the defect, byte for
byte, and need not be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache

from switch.report.kills import Extent, Kill, Matrix, rows_of
from switch.run.plan import Prepared, RunOptions, prepare
from switch.run.suite import Suite
from switch.run.workers import workers
from switch.scenario.library import below, find
from switch.scenario.model import Case
from switch.scenario.verdict import Verdict
from switch.terminal.defects import DEFECTS, Defect
from switch.terminal.habits import Habits

STYLES = ("eager", "lazy")
SILENT = Habits(starts_transactions=False)
Told = Callable[[int, int], None]


def watched(seen: set[str]) -> Habits:
    """Correct habits that put into ``seen`` which of them was looked at."""
    names = frozenset(one.name for one in fields(Habits))

    class Watched(Habits):
        def __getattribute__(self, name: str) -> object:
            if name in names:
                seen.add(name)
            return super().__getattribute__(name)

    return Watched()


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of the library: a style, and a defect or the correct terminal.

    Attributes:
        options: of the run, with the style and the defect.
        cases: ids of the cases to play; None plays all.
    """

    options: RunOptions
    cases: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """How the correct terminal fared: habits looked at by case id, and what went wrong."""

    looked_at: Mapping[str, frozenset[str]]
    blemishes: tuple[str, ...] = field(default=())


def kill_matrix(
    options: RunOptions,
    defects: Mapping[str, Defect],
    *,
    styles: Sequence[str] = STYLES,
    jobs: int = 1,
    told: Told = lambda finished, all_of_them: None,
) -> Matrix:
    """Run scenarios against defects.

    Args:
        options: which scenarios, dialect, book and seed; its terminal and style are replaced.
        defects: by name.
        styles: of the terminal.
        jobs: processes.
        told: is told how many of how many runs have ended.

    Raises:
        BadUsage, BadFile: nothing is run.
    """
    plain = [Trial(replace(options, terminal="model", style=style)) for style in styles]
    cases = _plan(plain[0]).cases
    extent = extent_of(options, defects, styles)
    empty = Matrix(rows_of(cases), dict(defects), tuple(styles), extent, cases=len(cases))
    kills: list[Kill] = []
    with workers(jobs) as work:
        correct = dict(zip(styles, work.each(_correct, plain), strict=True))
        trials = [_trial(options, defects[n], s, correct[s].looked_at) for n, s in empty.pairs()]
        for finished, found in enumerate(work.each(_kills, trials), 1):
            kills += found
            told(finished, len(trials))
    blemishes = tuple(text for one in correct.values() for text in one.blemishes)
    return replace(empty, kills=tuple(kills), blemishes=blemishes)


def extent_of(options: RunOptions, defects: Mapping[str, Defect], styles: Sequence[str]) -> Extent:
    """How much these options cover."""
    given = {path.resolve() for path in find(options.names)}
    folders = {path.parent for path in given}
    return Extent(
        library=given.issuperset(path.resolve() for path in find()),
        folders=frozenset(one.name for one in folders if given.issuperset(below(one))),
        defects=defects.keys() == DEFECTS.keys() and set(styles) == set(STYLES),
    )


def _trial(
    options: RunOptions, defect: Defect, style: str, looked_at: Mapping[str, frozenset[str]]
) -> Trial:
    """The run that shows the defect: the cases that look at what it changed."""
    changed = defect.changes.keys()
    cases = frozenset(case for case, seen in looked_at.items() if changed & seen)
    return Trial(replace(options, terminal=f"model:{defect.name}", style=style), cases)


# ---- in the processes ---------------------------------------------------------------------


@cache
def _prepared(options: RunOptions) -> Prepared:
    return prepare(options)


def _plan(trial: Trial) -> Prepared:
    """The plan of a trial; the files are read once per process and style."""
    read = _prepared(replace(trial.options, terminal="model"))
    chosen = read.cases
    if trial.cases is not None:
        chosen = tuple(case for case in chosen if case.id in trial.cases)
    options = replace(read.options, terminal=trial.options.terminal)
    return replace(read, options=options, cases=chosen)


def _correct(trial: Trial) -> Correct:
    """The correct terminal, watched, and the silent one."""
    plan, style = _plan(trial), trial.options.style
    looked_at: dict[str, frozenset[str]] = {}
    blemishes: list[str] = []
    seen: set[str] = set()
    for verdict, _ in Suite(plan, watched(seen)).run():
        looked_at[verdict.case.id] = frozenset(seen)
        seen.clear()
        if verdict.status not in {"pass", "skipped"}:
            blemishes.append(_wronged(verdict, style))
    for verdict, _ in Suite(plan, SILENT).run():
        if verdict.status == "pass":
            blemishes.append(f"{verdict.case.id} passes for a terminal that is silent ({style})")
    return Correct(looked_at, tuple(blemishes))


def _wronged(verdict: Verdict, style: str) -> str:
    why = verdict.headline.happened if verdict.headline else verdict.reason
    return f"{verdict.case.id} is {verdict.status} for the correct terminal ({style}): {why}"


def _kills(trial: Trial) -> list[Kill]:
    """The scenarios that catch a defect, each by the first of its cases that does."""
    plan = _plan(trial)
    found = (_kill(replace(plan, cases=tuple(cases))) for cases in _by_scenario(plan.cases))
    return [kill for kill in found if kill]


def _by_scenario(cases: Iterable[Case]) -> list[list[Case]]:
    out: dict[str, list[Case]] = {}
    for case in cases:
        out.setdefault(case.scenario, []).append(case)
    return list(out.values())


def _kill(plan: Prepared) -> Kill | None:
    for verdict, _ in Suite(plan).run():
        if verdict.status == "fail":
            happened = verdict.headline.happened if verdict.headline else ""
            options, case = plan.options, verdict.case
            return Kill(options.defect, options.style, case.scenario, case.id, happened)
    return None
