"""Docs that cannot rot: the reference is fresh, and what the README says works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from switch.cli.main import COMMANDS, main, parser
from switch.cli.reference import reference
from switch.cli.requirements_page import page
from switch.scenario.library import library

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_reference_is_fresh() -> None:
    written = (CHECKOUT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert written == reference(), "run: make docs"


def test_the_requirements_are_fresh() -> None:
    written = (CHECKOUT / "docs" / "requirements.md").read_text(encoding="utf-8")
    assert written == page(), "run: make docs"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_scenario_in_the_readme_is_the_shipped_one() -> None:
    shown = next(block for block in blocks("yaml") if "format: 1" in block)
    name = re.search(r"^name: (\S+)", shown, re.MULTILINE)
    assert name is not None
    shipped = next(library().rglob(f"{name[1]}.yaml"))
    assert shown == shipped.read_text(encoding="utf-8")


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    shown = [line.removeprefix("$ ") for line in lines if line.startswith("$ switch")]
    return [line.partition("  #")[0].strip() for line in shown]


@pytest.mark.parametrize("line", commands())
def test_every_command_in_the_readme_parses(line: str) -> None:
    words = [word for word in shlex.split(line)[1:] if word not in {"&"}]
    assert parser().parse_args(words).command in COMMANDS


def test_the_session_prints_what_the_readme_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    session = blocks("console")[1]
    for part in session.split("$ ")[1:]:
        line, _, shown = part.partition("\n")
        main(shlex.split(line)[1:])
        printed = capsys.readouterr().out
        for expected in shown.splitlines():
            if expected.strip() not in {"", "..."}:
                assert re.sub(r"in \d+\.\d+s", "", expected.rstrip()) in re.sub(
                    r"in \d+\.\d+s", "", printed
                ), expected
