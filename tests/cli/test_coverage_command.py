"""``switch coverage`` on the command line: of scenarios and of logs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switch.cli.main import main


def covered(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, object]:
    assert main(["coverage", "--json", *args]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_a_log_covers_what_its_run_covered(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main(["run", "timeout-reversal", "--out", str(tmp_path)])
    capsys.readouterr()
    ran = covered(capsys, "timeout-reversal")
    assert ran["cases"] == 3
    assert covered(capsys, str(tmp_path)) == ran
    assert covered(capsys, str(tmp_path / "events.ndjson")) == ran


def test_logs_and_scenarios_add_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main(["run", "timeout-reversal", "--out", str(tmp_path)])
    capsys.readouterr()
    assert covered(capsys, str(tmp_path), "timeout-reversal")["cases"] == 6


def test_gaps_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "timeout-reversal"]) == 0
    printed = capsys.readouterr().out
    assert "no message class x fate: " in printed
    assert "refund at all" in printed
    assert "3 cases exercise" in printed


def test_too_little_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "timeout-reversal", "--fail-under", "99"]) == 1
    assert "less than --fail-under 99" in capsys.readouterr().err
    assert main(["coverage", "timeout-reversal", "--fail-under", "1"]) == 0


def test_a_log_of_another_dialect_is_bad_usage(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main(["run", "timeout-reversal", "--case", "loss=silent", "--out", str(tmp_path)])
    log = tmp_path / "events.ndjson"
    log.write_text(log.read_text().replace("name: cup-pos", "name: other", 1))
    assert main(["coverage", str(log)]) == 2
    assert "is of dialect other" in capsys.readouterr().err
