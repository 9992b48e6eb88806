"""The kill matrix: what proves that the scenarios assert anything.

The correct terminal passes everything in both styles, a silent one nothing; every defect is
caught in every style it names, over both links; every scenario catches something.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from switch.report.kill_tables import matrix_page
from switch.report.kills import Kill, Matrix, holes
from switch.run.matrix import STYLES, kill_matrix, watched
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.run.workers import processors
from switch.scenario.verdict import Verdict
from switch.terminal.defects import DEFECTS

PAGE = Path(__file__).parents[2] / "docs" / "kill-matrix.md"


def told(verdict: Verdict) -> str:
    return f"{verdict.case.id}: {verdict.status} {verdict.reason} {verdict.headline}"


@pytest.mark.parametrize("style", STYLES)
def test_the_correct_terminal_passes_everything_over_tcp(style: str) -> None:
    verdicts = [verdict for verdict, _ in Suite(prepare(RunOptions(style=style, over="tcp"))).run()]
    assert len(verdicts) > 100
    wrong = [told(one) for one in verdicts if one.status not in {"pass", "skipped"}]
    assert not wrong, "\n".join(wrong)


def test_the_matrix_has_no_hole() -> None:
    """One test, so that the matrix is filled once however the tests are spread."""
    matrix = kill_matrix(RunOptions(), DEFECTS, jobs=processors())
    found = holes(matrix)
    assert not found, "\n".join(found)
    assert matrix.cases > 100
    assert all(kill.happened for kill in matrix.kills)
    missed = over_tcp(matrix)
    assert not missed, missed
    assert PAGE.read_text(encoding="utf-8") == matrix_page(matrix), "run: make docs"


def over_tcp(matrix: Matrix) -> list[tuple[str, str]]:
    """The defects and styles that nothing catches over TCP of what did in memory."""
    plans = {style: prepare(RunOptions(style=style, over="tcp")) for style in STYLES}

    def kills(kill: Kill) -> bool:
        plan = plans[kill.style]
        options = replace(plan.options, terminal=f"model:{kill.defect}")
        cases = tuple(case for case in plan.cases if case.id == kill.case)
        ((verdict, _),) = Suite(replace(plan, options=options, cases=cases)).run()
        return verdict.status == "fail"

    return [pair for pair in matrix.pairs() if not any(map(kills, matrix.killers(*pair)))]


def test_what_is_left_out_of_the_matrix_could_not_have_been_a_kill() -> None:
    """Playing every case of a folder finds what playing only the cases of interest finds."""
    options = RunOptions(names=("scenarios/host", "scenarios/payee"))
    names = ("reverses-unsent", "ignores-the-mac", "strips-the-reversal", "reuses-a-stan")
    matrix = kill_matrix(options, {name: DEFECTS[name] for name in names}, styles=("lazy",))
    for name in names:
        played = Suite(prepare(replace(options, terminal=f"model:{name}", style="lazy"))).run()
        caught = {verdict.case.scenario for verdict, _ in played if verdict.status == "fail"}
        assert {kill.scenario for kill in matrix.killers(name, "lazy")} == caught
    assert 0 < len(matrix.kills) < len(names) * len(matrix.rows)


def test_more_processes_find_the_same() -> None:
    options = RunOptions(names=("payee-refused",))
    chosen = {name: DEFECTS[name] for name in ("reverses-a-decline", "reuses-a-stan")}
    finished: list[tuple[int, int]] = []
    two = kill_matrix(options, chosen, jobs=2, told=lambda *counts: finished.append(counts))
    assert two == kill_matrix(options, chosen)
    assert finished == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_scenario_that_asserts_nothing_is_named(tmp_path: Path) -> None:
    """It passes for a silent terminal, and catches no defect."""
    path = tmp_path / "idle.yaml"
    path.write_text(
        "format: 1\nname: idle\ntitle: Nothing is asked\ntitle_zh: 无\n"
        "tags: [echo]\nrefs: [T8]\ndialect: any\n"
        "steps:\n  - quiet: {message: echo, for: 5s}\n"
    )
    matrix = kill_matrix(RunOptions(names=(str(path),)), DEFECTS)
    assert holes(matrix) == [
        "idle passes for a terminal that is silent (eager)",
        "idle passes for a terminal that is silent (lazy)",
        "idle catches no defect",
    ]
    assert not matrix.kills


def test_habits_are_watched() -> None:
    seen: set[str] = set()
    habits = watched(seen)
    assert habits.verifies_mac is True
    assert seen == {"verifies_mac"}
