"""Waivers: who is let through, until when, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from switch.errors import BadFile
from switch.run.plan import RunOptions, prepare
from switch.scenario.model import Case
from switch.scenario.verdict import Verdict, Waiver
from switch.scenario.waivers import Waivers, load

TODAY = date(2026, 6, 30)
CASE = prepare(RunOptions(names=("timeout-reversal",), case="loss=closed")).cases[0]


def waiver(case: str = CASE.id, expires: date = TODAY) -> Waiver:
    return Waiver(case, "fixed in 2.4", expires)


def one(*waivers: Waiver) -> Waivers:
    return Waivers(waivers, TODAY)


@pytest.mark.parametrize("name", [CASE.id, CASE.scenario])
@pytest.mark.parametrize("status", ["fail", "inconclusive"])
def test_a_failure_is_waived_by_case_or_scenario(name: str, status: str) -> None:
    waived = one(waiver(name)).applied(Verdict(CASE, status))
    assert waived.waived == waiver(name)
    assert (waived.counts_as, waived.status) == ("waived", status)


@pytest.mark.parametrize("status", ["pass", "skipped", "error"])
def test_what_is_no_failure_of_the_terminal_is_not(status: str) -> None:
    assert one(waiver()).applied(Verdict(CASE, status)).counts_as == status


def test_on_its_last_day_it_holds_and_then_no_more() -> None:
    assert one(waiver()).applied(Verdict(CASE, "fail")).waived
    yesterday = waiver(expires=date(2026, 6, 29))
    assert not one(yesterday).applied(Verdict(CASE, "fail")).waived
    assert one(yesterday, waiver()).applied(Verdict(CASE, "fail")).waived


def test_another_case_is_not_waived() -> None:
    other: Case = replace(CASE, case="loss=silent")
    assert not one(waiver()).applied(Verdict(other, "fail")).waived


def test_an_expired_waiver_is_remarked() -> None:
    expired = one(waiver(expires=date(2026, 1, 31)))
    assert list(expired.remarks([Verdict(CASE, "fail")])) == [
        f"the waiver of {CASE.id} expired on 2026-01-31: it does not apply"
    ]


def test_a_waiver_that_nobody_needs_is_remarked() -> None:
    assert list(one(waiver()).remarks([Verdict(CASE, "fail")])) == []
    assert list(one(waiver()).remarks([Verdict(CASE, "pass")])) == [
        f"the waiver of {CASE.id} is not needed: it passed"
    ]
    assert list(one(waiver("renamed")).remarks([Verdict(CASE, "pass")])) == [
        "the waiver of renamed is not needed: no such case was run"
    ]


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(
        'format: 1\nwaivers:\n  - {case: "a[b=c]", reason: known, expires: 2026-12-31}\n'
    )
    assert load(path, TODAY) == one(Waiver("a[b=c]", "known", date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{case: a, reason: b}", "key 'expires' is missing"),
        ("{case: a, expires: 2026-12-31}", "key 'reason' is missing"),
        ("{case: a, reason: b, expires: 2026-13-01}", "'2026-13-01' is not a day such as"),
        ("{case: a, reason: b, expires: soon}", "'soon' is not a day such as 2026-12-31"),
        ("{case: a, reason: b, expires: 20261231}", "'20261231' is not a day such as"),
    ],
)
def test_a_wrong_file(line: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(f"format: 1\nwaivers:\n  - {line}\n")
    with pytest.raises(BadFile) as caught:
        load(path, TODAY)
    assert problem in str(caught.value.problems[0])
    assert f"{path}:3:" in str(caught.value.problems[0])
