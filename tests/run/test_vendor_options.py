"""Where vendors differ, every choice is a correct terminal: the whole library passes each."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.options import OPTIONS

TERMINAL = Path(__file__).parents[2] / "switch" / "terminal"
UNUSUAL = [
    (name, value)
    for name, option in OPTIONS.items()
    for value in option.values
    if value != option.usual
]


@pytest.mark.parametrize("style", ["eager", "lazy"])
@pytest.mark.parametrize(("name", "value"), UNUSUAL, ids=[f"{n}-{v}" for n, v in UNUSUAL])
def test_a_terminal_of_this_kind_passes_the_library(
    name: str, value: str, style: str, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text(f'reverses: {style}\n{name}: "{value}"\n', encoding="utf-8")
    prepared = prepare(RunOptions(style=style, profile=profile))
    verdicts = [verdict for verdict, _ in Suite(prepared).run()]
    assert sum(verdict.status == "pass" for verdict in verdicts) > 250
    wrong = [v for v in verdicts if v.status not in {"pass", "skipped"}]
    assert not wrong, "\n".join(f"{v.case.id}: {v.status} {v.reason}" for v in wrong)


def test_the_terminal_asks_for_every_option_and_for_no_other() -> None:
    asked = {
        node.args[0].value
        for path in TERMINAL.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "option"
        and isinstance(node.args[0], ast.Constant)
    }
    assert asked == OPTIONS.keys()
