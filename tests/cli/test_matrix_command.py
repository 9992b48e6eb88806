"""``switch matrix`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switch.cli.main import main

ONE = ["matrix", "payee-refused", "--jobs", "1", "--style", "eager"]


def test_it_shows_what_one_scenario_catches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ONE, "--defect", "re*"]) == 0
    printed = capsys.readouterr().out
    assert "reverses-a-decline" in printed
    assert "reverses-unsent" not in printed
    assert "scenarios: 1 with cases: " in printed


def test_for_programs_it_names_the_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ONE, "--defect", "reverses-a-decline", "--json"]) == 0
    (kill,) = json.loads(capsys.readouterr().out)["kills"]
    assert kill["case"].startswith("payee-refused")
    assert "reversal" in kill["happened"]


def test_as_a_page_of_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ONE, "--defect", "reverses-a-decline", "--markdown"]) == 0
    assert "| payee-refused | payee | 1 |  |" in capsys.readouterr().out


def test_a_hole_is_exit_code_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "idle.yaml"
    path.write_text(
        "format: 1\nname: idle\ntitle: Nothing is asked\ntitle_zh: 无\n"
        "tags: [echo]\nrefs: [T8]\ndialect: any\n"
        "steps:\n  - quiet: {message: echo, for: 5s}\n"
    )
    assert main(["matrix", str(path), "--jobs", "1", "--defect", "reverses-a-decline"]) == 1
    assert "hole: idle passes for a terminal that is silent" in capsys.readouterr().out


def test_an_unknown_defect_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", "--defect", "never-revrses"]) == 2
    assert "did you mean 'never-reverses'?" in capsys.readouterr().err
