"""What a whole run leaves: ``verdicts.json``, the exit code, JUnit, the table."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.report.junit import junit_xml
from switch.report.table import progress_line, summary_line, verdict_table
from switch.report.verdicts import exit_code, verdicts_json
from switch.scenario.model import Case
from switch.scenario.state import Finding
from switch.scenario.verdict import Verdict

SECOND = 1_000_000_000
RUN = {"seed": "8583", "dialect": "cup-pos", "terminal": "model", "style": "eager",
       "clock": "virtual", "over": "memory", "started": "2026-01-05T10:00:00"}  # fmt: skip
STATUSES = ("pass", "fail", "inconclusive", "error", "skipped")


@pytest.fixture(scope="module")
def case(cases: Callable[..., list[Case]]) -> Case:
    found = next(one for one in cases("timeout-reversal") if one.case == "loss=silent")
    return replace(found, refs=("T2", "V8"))


@pytest.fixture(scope="module")
def verdicts(case: Case) -> list[Verdict]:
    """One of each status."""
    missed = Finding(
        "fail",
        "missed",
        "reversal",
        75 * SECOND,
        9,
        "0 matching messages; nothing else arrived while waiting",
        expected="reversal",
        kinds=("reversal",),
        mark=case.never[0].mark,
    )
    unsure = replace(missed, severity="inconclusive")
    lasted = 150 * SECOND
    return [
        Verdict(case, "pass", checked=7, lasted=lasted, seed=f"8583/{case.id}"),
        Verdict(case, "fail", missed, lasted=lasted, seed=f"8583/{case.id}"),
        Verdict(case, "inconclusive", unsure, lasted=lasted),
        Verdict(case, "error", reason="the disk is full", lasted=lasted),
        Verdict(case, "skipped", reason="the terminal cannot do void"),
    ]


@pytest.fixture(scope="module")
def of(verdicts: list[Verdict]) -> Callable[..., list[Verdict]]:
    """Verdicts by status."""
    return lambda *names: [verdicts[STATUSES.index(name)] for name in names]


# ---- exit code and verdicts.json --------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (("pass", "fail", "error", "inconclusive"), 4),
        (("pass", "fail", "inconclusive"), 1),
        (("pass", "inconclusive", "skipped"), 3),
        (("pass", "skipped"), 0),
        (("pass",), 0),
        (("skipped",), 5),
        ((), 5),
    ],
)
def test_the_exit_code_is_that_of_the_worst(
    statuses: tuple[str, ...], code: int, of: Callable[..., list[Verdict]]
) -> None:
    assert exit_code(of(*statuses)) == code


def test_verdicts_json(verdicts: list[Verdict]) -> None:
    read = json.loads(verdicts_json(verdicts, RUN))
    assert read.items() >= RUN.items()
    assert read["format"] == 1 and read["exit_code"] == 4
    assert read["counts"] == dict.fromkeys(STATUSES, 1) | {"waived": 0}
    assert read["simulated_seconds"] == 600
    assert read["not_judged"] == ["V8"]
    assert [one["status"] for one in read["cases"]] == list(STATUSES)
    assert read["cases"][1]["headline"]["kind"] == "missed"


def test_an_interrupted_run_keeps_its_exit_code(verdicts: list[Verdict]) -> None:
    assert json.loads(verdicts_json(verdicts, {"exit_code": 130}))["exit_code"] == 130


def test_verdicts_of_real_runs_are_json(play: Any) -> None:
    verdict, _ = play("timeout-reversal", "loss=silent", "new-stan-in-reversal")
    (one,) = json.loads(verdicts_json([verdict], RUN))["cases"]
    assert one["headline"]["closest"][0]["conditions"][0]["name"] == "original.stan"


# ---- JUnit ------------------------------------------------------------------------------------


def test_junit_counts_and_properties(verdicts: list[Verdict]) -> None:
    root = ET.fromstring(junit_xml(verdicts, properties=RUN))
    suite = root[0]
    numbers = {"tests": "5", "failures": "1", "errors": "2", "skipped": "1", "time": "600.000"}
    assert root.tag == "testsuites" and suite.tag == "testsuite"
    assert suite.attrib == {"name": "switch", **numbers} == root.attrib
    assert {p.get("name"): p.get("value") for p in suite.find("properties") or ()} == RUN


def test_junit_cases(verdicts: list[Verdict], case: Case) -> None:
    cases = ET.fromstring(junit_xml(verdicts, properties={})).findall(".//testcase")
    for one in cases:
        assert one.get("classname") == "timeouts/timeout-reversal"
        assert one.get("name") == case.id
        assert one.get("file") == case.path
    assert [one.get("time") for one in cases] == ["150.000"] * 4 + ["0.000"]
    assert cases[1].get("line") == str(case.never[0].mark.line)
    outcomes = [[child.tag for child in one if child.tag != "properties"] for one in cases]
    assert outcomes == [[], ["failure"], ["error"], ["error"], ["skipped"]]
    assert cases[4].find("skipped").get("message") == "the terminal cannot do void"  # type: ignore[union-attr]
    failure = cases[1].find("failure")
    assert failure is not None and failure.get("type") == "fail.missed"
    assert (failure.text or "").startswith("FAIL timeout-reversal[loss=silent] step reversal")
    assert "--case loss=silent --seed 8583" in (failure.text or "")


def test_junit_takes_the_failure_text_of_the_run(of: Callable[..., list[Verdict]]) -> None:
    xml = junit_xml(of("fail"), properties={}, text=lambda verdict: f"told by {verdict.status}")
    assert ET.fromstring(xml).findtext(".//failure") == "told by fail"


def test_junit_shows_warnings_of_a_pass(of: Callable[..., list[Verdict]]) -> None:
    warning = Finding("warning", "verify", "attempts", 0, 1, "4 attempts", expected="3")
    passed = replace(of("pass")[0], warnings=(warning,))
    out = ET.fromstring(junit_xml([passed], properties={})).findtext(".//system-out")
    assert out is not None and "verify attempts" in out


@given(text=st.text(st.characters(codec=None), max_size=40))
def test_junit_is_well_formed_whatever_is_said(text: str, verdicts: list[Verdict]) -> None:
    case = replace(verdicts[0].case, scenario=text or "x", path=f"a/{text}")
    said = [
        replace(verdicts[1], case=case),
        replace(verdicts[3], case=case, reason=text),
        replace(verdicts[4], case=case, reason=text),
    ]
    xml = junit_xml(said, suite=text, properties={text: text}, text=lambda _: text)
    assert len(ET.fromstring(xml.encode("utf-8")).findall(".//testcase")) == 3


# ---- the screen -------------------------------------------------------------------------------


def test_a_progress_line_per_case(verdicts: list[Verdict]) -> None:
    lines = [progress_line(verdict) for verdict in verdicts]
    words = ("PASS", "FAIL", "INCONCLUSIVE", "ERROR")
    assert lines == [
        *(f"{f'{word} timeout-reversal[loss=silent]':<54}     150.0s virtual" for word in words),
        f"{'SKIPPED timeout-reversal[loss=silent]':<54}  the terminal cannot do void",
    ]
    assert progress_line(verdicts[0], clock="real").endswith("150.0s real")


def test_a_progress_line_counts_warnings(of: Callable[..., list[Verdict]]) -> None:
    warning = Finding("warning", "verify", "attempts", 0, 1, "4 attempts")
    assert progress_line(replace(of("pass")[0], warnings=(warning,) * 2)).endswith("  2 warnings")


def test_the_last_line(of: Callable[..., list[Verdict]]) -> None:
    found = of(*["pass"] * 41, "fail", "skipped", "skipped")
    first, second = summary_line(found, 0.42).splitlines()
    assert first == "41 passed, 1 failed, 2 skipped in 0.42s; 1 h 45 min simulated"
    assert second == "not judged: V8"
    assert summary_line(found, None).startswith("41 passed, 1 failed, 2 skipped; 1 h")
    assert "simulated" not in summary_line(found, 6300.0, clock="real")
    assert summary_line([], None) == "nothing ran"


def test_the_plain_table(verdicts: list[Verdict]) -> None:
    lines = verdict_table(verdicts, rich=False).splitlines()
    assert lines[0].split() == ["verdict", "case", "time", "checks", "what", "was", "found"]
    assert lines[1].split() == ["pass", "timeout-reversal[loss=silent]", "150.0s", "7"]
    assert lines[2].endswith(
        "missed reversal: 0 matching messages; nothing else arrived while waiting"
    )
    assert lines[4].endswith("the disk is full")
    assert len({line.find("timeout-reversal") for line in lines[1:]}) == 1


def test_the_coloured_table(verdicts: list[Verdict]) -> None:
    text = verdict_table(verdicts, rich=True)
    assert "\x1b[" in text and "timeout-reversal[loss=silent]" in text


def test_the_table_is_plain_where_stdout_is_no_terminal(verdicts: list[Verdict]) -> None:
    assert verdict_table(verdicts) == verdict_table(verdicts, rich=False)


def test_rich_is_not_paid_for_by_those_who_print_lines() -> None:
    code = "import sys, switch.report.table; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
