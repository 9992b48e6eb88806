"""The verdict: which finding decides, which ride beside, and what is written of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from switch.scenario.state import SEVERITIES, Finding
from switch.scenario.verdict import skipped, verdict, worse
from tests.scenario.story import a_case, begun, story

TEXT = """
steps:
  - {id: sale, receive: sale, where: {amount: "100"}, within: 60s, reply: none}
  - {id: reversal, receive: reversal, where: {original.stan: "${sale.stan}"}, within: 5s}
never:
  - {id: none, message: balance, from: sale.received, until: end, note: not now}
"""
SOLD = "1 >> sale 000002 amount=100\n1 .. fault_applied 000002 fault=reply_none\n"


def finding(severity: str, kind: str = "check", seq: int = 1, step: str = "s") -> Finding:
    return Finding(severity, kind, step, seq * 10, seq, "so it was")


def of(*findings: Finding, broken: str = "") -> Any:
    state = begun(TEXT, SOLD).state.fork()
    state.findings = findings
    return verdict(state, "8583", broken)


def test_the_worst_severity_is_the_status() -> None:
    assert of().status == "pass"
    assert of(finding("inconclusive")).status == "inconclusive"
    assert of(finding("inconclusive"), finding("fail"), finding("inconclusive")).status == "fail"
    assert of(finding("fail"), finding("error")).status == "error"


def test_severities_are_in_this_order() -> None:
    assert SEVERITIES == ("skipped", "pass", "inconclusive", "fail", "error")
    assert worse("pass", "fail") == worse("fail", "pass") == "fail"
    assert worse("skipped", "pass") == "pass"


def test_the_headline_is_the_missed_step() -> None:
    told = of(
        finding("fail", "never", 1), finding("fail", "missed", 9), finding("fail", "check", 3)
    )
    assert told.headline.kind == "missed"
    assert [f.kind for f in told.also] == ["never", "check"]


def test_else_the_first_finding_of_the_worst_severity_in_log_order() -> None:
    told = of(
        finding("inconclusive", seq=1), finding("fail", "always", 7), finding("fail", "check", 4)
    )
    assert told.headline.seq == 4
    assert [f.seq for f in told.also] == [1, 7]


def test_a_missed_step_that_is_only_inconclusive_is_no_headline_of_a_failure() -> None:
    told = of(finding("inconclusive", "missed", 1), finding("fail", "check", 5))
    assert told.headline.kind == "check"


def test_warnings_ride_beside_and_change_nothing() -> None:
    told = of(finding("warning"))
    assert (told.status, told.headline, told.also) == ("pass", None, ())
    assert [f.severity for f in told.warnings] == ["warning"]


def test_a_run_that_broke_off_is_inconclusive_with_the_reason() -> None:
    told = of(broken="--max-time: 5s passed")
    assert (told.status, told.headline, told.reason) == (
        "inconclusive",
        None,
        "--max-time: 5s passed",
    )
    failed = of(finding("fail"), broken="Ctrl-C")
    assert (failed.status, failed.reason) == ("fail", "Ctrl-C")
    assert failed.headline is not None
    unsure = of(finding("inconclusive"), broken="Ctrl-C")
    assert unsure.headline is None
    assert len(unsure.also) == 1


def test_a_case_that_cannot_run_here_is_skipped_with_the_reason() -> None:
    case = replace(a_case(TEXT), skip="runs under a real clock only")
    told = skipped(case)
    assert (told.status, told.reason) == ("skipped", "runs under a real clock only")
    assert told.summary()["status"] == "skipped"


def test_the_summary_is_json_and_says_what_came_near() -> None:
    told = story(TEXT, SOLD + "2 >> reversal 000077\n3 >> balance 000003")
    summary = json.loads(json.dumps(told.verdict.summary()))
    assert summary["status"] == "fail"
    assert summary["case"] == summary["scenario"] == "story"
    assert summary["reason"] == summary["headline"]["happened"]
    assert summary["headline"]["kind"] == "missed"
    assert summary["headline"]["file"].startswith("story.yaml:")
    (near,) = summary["headline"]["closest"]
    assert near["class"] == "reversal"
    assert near["conditions"] == [
        {"name": "original.stan", "holds": False, "expected": "000002", "got": "000077"}
    ]
    assert [also["kind"] for also in summary["also"]] == ["never"]
    assert summary["windows"] == [
        {"id": "none", "result": "violated", "seconds": 0.0, "note": "not now"}
    ]
    assert summary["seconds"] == 6.0


def test_a_passing_summary_has_no_headline_and_tells_how_long_a_window_held() -> None:
    told = story(TEXT, SOLD + "2 >> reversal 000002\n")
    summary = told.verdict.summary()
    assert (summary["status"], summary["headline"], summary["reason"]) == ("pass", None, "")
    assert summary["windows"][0] == {
        "id": "none",
        "result": "held",
        "seconds": 6.0,
        "note": "not now",
    }
    assert summary["checked"] == 3


def test_a_finding_without_a_place_in_a_file() -> None:
    assert of(finding("fail")).summary()["headline"]["file"] == ""


@pytest.mark.parametrize(
    ("transcript", "word"),
    [("2 >> reversal 000002", "held"), ("2 >> balance 000003\n3 >> reversal 000002", "violated"),
     ("", "cut short")],
)  # fmt: skip
def test_what_became_of_a_window(transcript: str, word: str) -> None:
    told = story(TEXT, SOLD + transcript)
    assert told.verdict.summary()["windows"][0]["result"] == word


def test_what_steps_received_and_the_ledger_said_rides_along() -> None:
    told = story(
        TEXT, SOLD + "1 .. ledger_changed 000002 status=reversed\n2 >> reversal 000002"
    ).verdict
    assert set(told.steps) == {"sale", "reversal"}
    assert told.ledger == {1: "reversed"}
    assert [plan.step for plan in told.plans] == ["sale", "reversal"]
