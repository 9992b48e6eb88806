"""The kill matrix: what proves that the scenarios assert anything.

The correct terminal passes everything in both styles; every defect is caught in every style it
names. Cases whose refs name the defect's rule are tried first, so a kill is found quickly.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from switch.run.plan import Prepared, RunOptions, consistent, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict
from switch.terminal.defects import DEFECTS, Defect

STYLES = ("eager", "lazy")
PAIRS = [(name, style) for name, defect in DEFECTS.items() for style in defect.styles]


@cache
def loaded(style: str) -> Prepared:
    return prepare(RunOptions(style=style))


def plan(style: str, terminal: str = "model", over: str = "memory") -> Prepared:
    """The whole library; the files are read once for each style."""
    prepared = loaded(style)
    options = consistent(replace(prepared.options, terminal=terminal, over=over))
    return replace(prepared, options=options)


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


SCENARIOS = sorted({case.scenario for case in loaded("eager").cases})


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_kills_something(scenario: str) -> None:
    """Defects of the rules that the scenario names are tried first."""
    cases = tuple(case for case in loaded("eager").cases if case.scenario == scenario)
    refs = cases[0].refs
    for defect in sorted(DEFECTS.values(), key=lambda defect: defect.rule not in refs):
        prepared = replace(plan(defect.styles[0], f"model:{defect.name}"), cases=cases)
        if any(verdict.status == "fail" for verdict, _ in Suite(prepared).run()):
            return
    pytest.fail(f"{scenario} kills no defect")
