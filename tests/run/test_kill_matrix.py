"""The kill matrix: what proves that the scenarios assert anything.

The correct terminal passes everything in both styles; every defect is caught in every style it
names. Cases whose refs name the defect's rule are tried first, so a kill is found quickly.
"""

from __future__ import annotations

from functools import cache

import pytest

from switch.run.plan import Prepared, RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict
from switch.terminal.defects import DEFECTS, Defect

STYLES = ("eager", "lazy")
PAIRS = [(name, style) for name, defect in DEFECTS.items() for style in defect.styles]


@cache
def plan(style: str, terminal: str = "model", over: str = "memory") -> Prepared:
    return prepare(RunOptions(style=style, terminal=terminal, over=over))


def told(verdict: Verdict) -> str:
    found = verdict.headline
    return f"{verdict.case.id}: {verdict.status} {verdict.reason} {found}"


@pytest.mark.parametrize("style", STYLES)
def test_the_correct_terminal_passes_everything(style: str) -> None:
    verdicts = [verdict for verdict, _ in Suite(plan(style)).run()]
    assert len(verdicts) > 100
    wrong = [told(v) for v in verdicts if v.status != "pass"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("style", STYLES)
def test_the_correct_terminal_passes_everything_over_tcp(style: str) -> None:
    verdicts = [verdict for verdict, _ in Suite(plan(style, over="tcp")).run()]
    wrong = [told(v) for v in verdicts if v.status != "pass"]
    assert not wrong, "\n".join(wrong)


def likely_first(prepared: Prepared, defect: Defect) -> Prepared:
    """The cases that name the defect's rule before all others."""
    from dataclasses import replace

    cases = sorted(prepared.cases, key=lambda case: defect.rule not in case.refs)
    return replace(prepared, cases=tuple(cases))


def killer(defect: Defect, style: str, over: str) -> Verdict | None:
    prepared = likely_first(plan(style, f"model:{defect.name}", over), defect)
    return next((v for v, _ in Suite(prepared).run() if v.status == "fail"), None)


@pytest.mark.parametrize(("name", "style"), PAIRS, ids=[f"{n}-{s}" for n, s in PAIRS])
def test_every_defect_is_caught(name: str, style: str) -> None:
    verdict = killer(DEFECTS[name], style, "memory")
    assert verdict is not None, f"no scenario catches {name} in style {style}"
    assert verdict.headline is not None and verdict.headline.happened


@pytest.mark.parametrize("name", DEFECTS)
def test_every_defect_is_caught_over_tcp(name: str) -> None:
    assert killer(DEFECTS[name], DEFECTS[name].styles[0], "tcp") is not None


@pytest.mark.parametrize("style", STYLES)
def test_every_scenario_kills_something(style: str) -> None:
    """Checked on the cases that the defects of its own rules make fail, over both styles."""
    alive = {case.scenario for case in plan(style).cases}
    for defect in DEFECTS.values():
        if style not in defect.styles:
            continue
        prepared = plan(style, f"model:{defect.name}")
        cases = tuple(c for c in prepared.cases if c.scenario in alive)
        from dataclasses import replace

        for verdict, _ in Suite(replace(prepared, cases=cases)).run():
            if verdict.status == "fail":
                alive.discard(verdict.case.scenario)
        if not alive:
            return
    assert not alive, f"these scenarios kill no defect in style {style}: {sorted(alive)}"
