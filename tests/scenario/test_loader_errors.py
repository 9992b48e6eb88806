"""Every kind of mistake in a scenario, out of ``scenario_files/mistakes.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from switch.dialect import Dialect
from switch.errors import BadFile
from switch.scenario import schema
from switch.scenario.loader import load, load_text
from switch.scenario.profile import defaults

FILES = Path(__file__).parents[1] / "scenario_files"
BASE = (FILES / "base.yaml").read_text(encoding="utf-8")
MISTAKES = yaml.safe_load((FILES / "mistakes.yaml").read_text(encoding="utf-8"))
FRAGMENTS = {
    "signed_on": """\
fragment: signed_on
steps:
  - stimulus: {do: sign_on, unless: signed_on}
  - {id: signed_on, receive: sign_on, answered: approved}
"""
}
every_mistake = pytest.mark.parametrize("mistake", MISTAKES, ids=[one["name"] for one in MISTAKES])


@pytest.fixture(scope="module")
def validator(dialect: Dialect) -> Draft202012Validator:
    """The JSON Schema of scenarios."""
    Draft202012Validator.check_schema(schema.scenario(dialect))
    return Draft202012Validator(schema.scenario(dialect))


def said(text: str, dialect: Dialect, fragments: dict[str, str] | None = None) -> list[str]:
    """All that is said of a scenario, without the name of the file."""
    fragments = FRAGMENTS if fragments is None else fragments
    with pytest.raises(BadFile) as caught:
        load_text(text, "f", fragments=fragments, dialect=dialect, profile=defaults())
    return [str(problem).removeprefix("f:") for problem in caught.value.problems]


def test_the_base_is_good(dialect: Dialect, validator: Draft202012Validator) -> None:
    cases = load_text(BASE, "f", fragments=FRAGMENTS, dialect=dialect, profile=defaults())
    assert [case.case for case in cases] == ["loss=silent", "loss=cut"]
    assert validator.is_valid(yaml.safe_load(BASE))


@every_mistake
def test_a_mistake_is_said_with_its_place(mistake: dict[str, Any], dialect: Dialect) -> None:
    assert BASE.count(mistake["old"]) >= 1
    assert said(BASE.replace(mistake["old"], mistake["new"], 1), dialect) == mistake["said"]


@every_mistake
def test_schema_and_loader_agree(mistake: dict[str, Any], validator: Draft202012Validator) -> None:
    text = BASE.replace(mistake["old"], mistake["new"], 1)
    assert validator.is_valid(yaml.safe_load(text)) is not mistake["schema"]


def test_all_mistakes_of_a_file_are_said_at_once(dialect: Dialect) -> None:
    path = FILES / "bad" / "everything.yaml"
    expected = [
        line.removeprefix("# ")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ")
    ]
    with pytest.raises(BadFile) as caught:
        load(path, dialect=dialect, profile=defaults())
    found = [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]
    assert [line.replace(str(path), "FILE") for line in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: &a x\nformat: *a\n", "1:7: anchors and aliases are not allowed"),
        ("name: a\nname: b\n", "2:1: key 'name' stands twice, first in line 1"),
        ("name:\n\t- a\n", "2:1: not YAML"),
        ("name: [a\n", "2:1: not YAML"),
        ("name: \x00\n", "1:1: not YAML"),
        ("{? [a] : b}\n", "1:4: a key must be plain text"),
        ("a: b\n---\na: b\n", "2:1: not YAML"),
        ("- a\n", "1:1: a scenario is a mapping"),
        ("", "1:1: the file is empty"),
        ("[" * 100_000, "1:65: nested more than 64 levels deep"),
        ("- " * 100_000, "1:129: nested more than 64 levels deep"),
    ],
)
def test_what_is_no_yaml_of_ours(text: str, expected: str, dialect: Dialect) -> None:
    assert said(text, dialect)[0].startswith(expected)


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\x00", bytes(range(256))])
def test_binary_files(content: bytes, dialect: Dialect, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=r"x\.yaml:1:\d+: not (YAML|UTF-8)"):
        load(path, dialect=dialect, profile=defaults())


def test_a_file_that_is_not_there(dialect: Dialect, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot read: No such file"):
        load(tmp_path / "x.yaml", dialect=dialect, profile=defaults())


USES = "format: 1\nname: x\ntitle: x\nsteps:\n  - {use: f, with: {a: 5s}}\n"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("fragment: f\nsteps:\n  - wait: 1s\n", "5:21: the fragment 'f' has no param 'a'"),
        (
            "fragment: f\nparams: [a, b]\nsteps:\n  - wait: '${a}'\n  - wait: '${b}'\n",
            "5:6: the fragment 'f' needs 'b' in `with`",
        ),
        (
            "fragment: f\nparams: {a: ~}\nsteps:\n  - wait: 1s\n",
            "fragments/f.yaml:2:10: the param 'a' is never used",
        ),
        (
            "fragment: f\nparams: [a]\nsteps:\n  - use: f\n    with: {a: '${a}'}\n",
            "fragments/f.yaml:4:5: the fragment 'f' uses itself",
        ),
        (
            "fragment: g\nparams: [a]\nsteps:\n  - wait: '${a}'\n",
            "fragments/f.yaml:1:1: the file is called 'f', the fragment 'g'",
        ),
        (
            "fragment: f\nparams: [a]\nsteps:\n  - wait: '${a}'\n  - wait: 5\n",
            "fragments/f.yaml:5:11: a duration needs its unit: write 5s",
        ),
        ("fragment: f\nsteps: x\nparams: [a]\n", "fragments/f.yaml:2:8: a list of steps"),
        ("fragment: f\nparams: [a\n", "fragments/f.yaml:3:1: not YAML"),
        ("steps: []\n", "fragments/f.yaml:1:1: key 'fragment' is missing"),
    ],
)
def test_mistakes_in_fragments(fragment: str, expected: str, dialect: Dialect) -> None:
    assert said(USES, dialect, {"f": fragment})[0].startswith(expected)


def test_steps_of_one_fragment_used_twice_need_names(dialect: Dialect) -> None:
    text = "format: 1\nname: x\ntitle: x\nsteps:\n  - use: f\n  - use: f\n"
    fragment = "fragment: f\nsteps:\n  - {id: a, receive: sale}\n"
    found = said(text, dialect, {"f": fragment})
    assert found == ["fragments/f.yaml:3:10: two steps are called 'a', by one fragment"]


def test_two_files_of_one_name(dialect: Dialect, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        text = "format: 1\nname: same\ntitle: x\nsteps: [receive: echo]\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    with pytest.raises(BadFile) as caught:
        load(paths, dialect=dialect, profile=defaults())
    expected = f"{paths[1]}:2:1: 'same' is the name of {paths[0]} too"
    assert str(caught.value) == expected
