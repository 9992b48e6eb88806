"""What a QA lead asks of ``switch run``: waivers, metadata, the rest of a run, the failed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from switch.cli.main import main

RUN = ["run", "timeout-reversal", "suspended-merchant"]
BROKEN = [*RUN, "--terminal", "model:never-reverses"]
WAIVERS = """\
format: 1
waivers:
  - {case: timeout-reversal, reason: fixed in 2.4, expires: 9999-12-31}
"""


def verdicts(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "verdicts.json").read_text())
    assert isinstance(found, dict)
    return found


def statuses(folder: Path) -> dict[str, str]:
    return {case["case"]: case["status"] for case in verdicts(folder)["cases"]}


# ---- --waive ----------------------------------------------------------------------------------


def test_waived_failures_are_shown_and_counted_and_exit_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "waivers.yaml").write_text(WAIVERS)
    args = ["--waive", str(tmp_path / "waivers.yaml"), "--out", str(tmp_path / "out")]
    assert main([*BROKEN, *args]) == 0
    printed = capsys.readouterr().out
    assert "WAIVED timeout-reversal[loss=silent]" in printed
    assert "fail, waived until 9999-12-31: fixed in 2.4" in printed
    assert "1 passed, 3 waived in" in printed
    report = verdicts(tmp_path / "out")
    assert (report["counts"]["waived"], report["counts"]["fail"], report["exit_code"]) == (3, 0, 0)
    waived = report["cases"][0]
    assert (waived["status"], waived["waived"]["reason"]) == ("fail", "fixed in 2.4")
    suite = ET.parse(tmp_path / "out" / "junit.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "3")
    skipped = suite.find("testcase/skipped")
    assert skipped is not None and "waived until" in (skipped.get("message") or "")
    assert "FAIL timeout-reversal" in (suite.findtext("testcase/system-out") or "")


def test_a_waiver_nobody_needs_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "waivers.yaml").write_text(WAIVERS)
    args = ["--waive", str(tmp_path / "waivers.yaml"), "--out", str(tmp_path / "out")]
    assert main([*RUN, *args]) == 0
    assert "the waiver of timeout-reversal is not needed: it passed" in capsys.readouterr().out


def test_a_bad_waiver_file_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "waivers.yaml").write_text("format: 1\nwaivers: [{case: a}]\n")
    args = ["--waive", str(tmp_path / "waivers.yaml"), "--out", str(tmp_path / "out")]
    assert main([*RUN, *args]) == 2
    assert "key 'reason' is missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# ---- --meta -----------------------------------------------------------------------------------


def test_metadata_is_in_every_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "--out", str(tmp_path), "--meta", "firmware=2.4", "tester=Li"]) == 0
    assert "meta: firmware 2.4, tester Li" in capsys.readouterr().out
    assert verdicts(tmp_path)["meta"] == {"firmware": "2.4", "tester": "Li"}
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]
    properties = {p.get("name"): p.get("value") for p in suite.findall("properties/property")}
    assert (properties["firmware"], properties["tester"]) == ("2.4", "Li")
    started = json.loads((tmp_path / "events.ndjson").read_text().partition("\n")[0])
    assert started["meta"] == {"firmware": "2.4", "tester": "Li"}


@pytest.mark.parametrize("word", ["firmware", "=2.4", "firmware=", "a b=c"])
def test_metadata_is_name_and_value(
    word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--out", str(tmp_path), "--meta", word]) == 2
    assert "write NAME=VALUE" in capsys.readouterr().err


# ---- --failed and --resume --------------------------------------------------------------------


@pytest.mark.parametrize("named", ["", "verdicts.json"])
def test_only_what_failed_is_run_again(named: str, tmp_path: Path) -> None:
    assert main([*BROKEN, "--out", str(tmp_path / "one")]) == 1
    again = [*BROKEN, "--failed", str(tmp_path / "one" / named), "--out", str(tmp_path / "two")]
    assert main(again) == 1
    failed = {case for case, status in statuses(tmp_path / "one").items() if status == "fail"}
    assert set(statuses(tmp_path / "two")) == failed
    assert failed and all(case.startswith("timeout-reversal") for case in failed)


def test_of_a_run_that_passed_nothing_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--out", str(tmp_path / "one")]) == 0
    again = [*RUN, "--failed", str(tmp_path / "one"), "--out", str(tmp_path / "two")]
    assert main(again) == 5
    assert "none of them failed in" in capsys.readouterr().err
    assert not (tmp_path / "two").exists()  # the last report is worth more than an empty one


def test_another_terminal_cannot_make_up_for_what_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*BROKEN, "--out", str(tmp_path / "one")]) == 1
    again = [*RUN, "--failed", str(tmp_path / "one"), "--out", str(tmp_path / "two")]
    assert main(again) == 2
    assert "it was run with --terminal model:never-reverses, not model" in capsys.readouterr().err


def test_a_tag_that_nobody_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--tag", "smokee"]) == 2
    assert "no such tag here; did you mean 'smoke'?" in capsys.readouterr().err


def test_what_is_no_run_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "--failed", str(tmp_path), "--out", str(tmp_path / "two")]) == 2
    assert "no verdicts.json of a run there" in capsys.readouterr().err


def cut(log: Path, lines: int) -> None:
    """As a run leaves it that is killed while it writes."""
    whole = log.read_text().splitlines(keepends=True)
    log.write_text("".join(whole[:lines]) + whole[lines][:40])


def test_a_run_that_was_killed_goes_on_where_it_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert main([*RUN, "--out", str(one)]) == 0
    whole, everything = statuses(one), (one / "events.ndjson").read_text()
    starts = [n for n, line in enumerate(everything.splitlines()) if '"run_started"' in line]
    cut(one / "events.ndjson", starts[2] + 5)
    capsys.readouterr()
    assert main([*RUN, "--resume", str(one), "--out", str(two)]) == 0
    printed = capsys.readouterr().out
    assert f"kept: 2 cases that ended in {one}" in printed
    assert statuses(two) == whole
    assert (two / "events.ndjson").read_text() == everything
    assert verdicts(two)["cases"] == verdicts(one)["cases"]


def test_a_case_that_was_interrupted_is_played_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "suspended-merchant", "--out", str(tmp_path / "one")]) == 0
    log = tmp_path / "one" / "events.ndjson"
    lines = log.read_text().splitlines()
    ended = json.loads(lines[-1]) | {"verdict": "inconclusive", "reason": "interrupted"}
    log.write_text("\n".join([*lines[:-1], json.dumps(ended)]) + "\n")
    capsys.readouterr()
    again = ["run", "suspended-merchant", "--resume", str(log), "--out", str(tmp_path / "two")]
    assert main(again) == 0
    assert "kept: 0 cases" in capsys.readouterr().out


def test_it_goes_on_only_as_it_began(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "--out", str(tmp_path / "one")]) == 0
    again = [*RUN, "--resume", str(tmp_path / "one"), "--out", str(tmp_path / "two")]
    assert main([*again, "--seed", "1"]) == 2
    assert "it was run with --seed 8583, not 1" in capsys.readouterr().err


def test_the_folder_of_the_run_may_be_written_over(tmp_path: Path) -> None:
    assert main([*RUN, "--out", str(tmp_path)]) == 0
    before = statuses(tmp_path)
    assert main([*RUN, "--resume", str(tmp_path), "--out", str(tmp_path)]) == 0
    assert statuses(tmp_path) == before
