"""``switch check``: what kind a file is, and every problem of every file in one run."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest

from switch.acquirer.book import DEFAULT_BOOK
from switch.cli import check as command
from switch.dialect import load as load_dialect
from switch.errors import BadFile, BadUsage
from switch.shipped import shipped

SCENARIO = """\
format: 1
name: {name}
title: A sale
steps:
  - stimulus: {{do: sale, card: {card}}}
  - {{id: sale, receive: sale, answered: approved}}
"""
FRAGMENT = """\
fragment: {name}
steps:
  - stimulus: {{do: {do}}}
"""
RULES = "rules:\n  - {id: lost, when: {message: sale}, reply: none}\n"
PROFILE = "timeout: 45s\nreverses: lazy\n"


def switch(*words: str | Path) -> int:
    parser = argparse.ArgumentParser(prog="switch")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["check", *map(str, words)])
    return int(args.run(args))


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def scenario(path: Path, name: str = "one", card: str = "default") -> Path:
    return written(path, SCENARIO.format(name=name, card=card))


def fragment(path: Path, do: str = "sale") -> Path:
    return written(path, FRAGMENT.format(name=path.stem, do=do))


def test_everything_that_is_shipped_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert switch(shipped("scenarios"), shipped("specs"), DEFAULT_BOOK) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert all(": ok (" in line for line in said.out.splitlines())
    assert "timeout-reversal.yaml: ok (3 cases)" in said.out
    assert "signed_on.yaml: ok (fragment)" in said.out
    assert "requirements.yaml: ok (requirements)" in said.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SCENARIO.format(name="one", card="poor"), "ok (1 case)"),
        (FRAGMENT.format(name="it", do="sale"), "ok (fragment)"),
        (RULES, "ok (1 rule)"),
        (PROFILE, "ok (profile)"),
        (DEFAULT_BOOK.read_text(encoding="utf-8"), "ok (book, 3 terminals)"),
        (
            (shipped("specs") / "cup-pos.yaml").read_text(encoding="utf-8"),
            f"ok (dialect, {len(load_dialect('cup-pos').classes)} classes)",
        ),
    ],
    ids=["scenario", "fragment", "rules", "profile", "book", "dialect"],
)
def test_the_kind_of_a_file_is_told_by_its_keys(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "it.yaml", text)
    assert switch(path) == 0
    assert capsys.readouterr().out == f"{path}: {said}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            SCENARIO.format(name="one", card="poor").replace("name", "nmae"),
            "2:1: unknown key 'nmae'",
        ),
        (SCENARIO.format(name="one", card="por"), "5:32: 'por' is not one of"),
        (FRAGMENT.format(name="it", do="sael"), "3:20: 'sael' is not one of"),
        (FRAGMENT.format(name="other", do="sale"), "1:1: the file is called 'it'"),
        (RULES.replace("none", "never"), "2:46: 'never' is not one of"),
        (PROFILE.replace("45s", "45"), "1:10: a duration needs its unit: write 45s"),
        ("acquirer: {}\ncards: []\n", "2:8: at least 1 entries belong here"),
        ("fields: {}\nclass: {}\ntitle: x\n", "2:1: unknown key 'class'"),
        ("rules: {T1: {text: x}}\nseeds: {}\n", "1:13: key 'text_zh' is missing"),
        (
            "some: thing\n",
            "1:1: no file of this product: by its keys (some) it is none of scenario,",
        ),
        ("[1, 2]\n", "1:1: no file of this product: by its keys (none)"),
        ("a: [\n", "2:1: not YAML: "),
        ("", "1:1: the file is empty"),
    ],
)
def test_what_is_wrong_stands_with_its_line_and_column(
    text: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "it.yaml", text)
    assert switch(path) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert any(line.startswith(f"{path}:{problem}") for line in said.err.splitlines()), said.err


def test_every_problem_of_every_file_in_one_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = scenario(tmp_path / "good.yaml")
    scenario(tmp_path / "bad.yaml", name="Two", card="por")
    written(tmp_path / "deep" / "rules.yaml", RULES.replace("sale", "slae").replace("none", "nil"))
    assert switch(tmp_path) == 2
    said = capsys.readouterr()
    assert said.out == f"{good}: ok (1 case)\n"
    places = [line.partition(": ")[0] for line in said.err.splitlines()]
    expected = ["bad.yaml:2:7", "bad.yaml:5:32", "deep/rules.yaml:2:32", "deep/rules.yaml:2:46"]
    assert places == [f"{tmp_path}/{place}" for place in expected]


def test_a_wrong_fragment_is_told_once_and_clears_no_scenario_that_uses_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = fragment(tmp_path / "fragments" / "it.yaml", do="sael")
    user = scenario(tmp_path / "user.yaml", name="user")
    user.write_text(user.read_text() + "  - use: it\n")
    other = scenario(tmp_path / "other.yaml", name="other")
    assert switch(tmp_path) == 2
    said = capsys.readouterr()
    assert said.out == f"{other}: ok (1 case)\n"
    assert said.err.count(f"{wrong}:3:20: 'sael' is not one of") == 1


def test_a_fragment_with_params_is_read_where_it_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "fragment: it\nparams: {what: ~}\nsteps:\n  - stimulus: {do: '${what}'}\n"
    written(tmp_path / "fragments" / "it.yaml", text)
    user = scenario(tmp_path / "user.yaml", name="user")
    user.write_text(user.read_text() + "  - {use: it, with: {what: sael}}\n")
    assert switch(tmp_path) == 2
    said = capsys.readouterr()
    assert "it.yaml: ok (fragment)" in said.out
    assert "'sael' is not one of" in said.err


def test_two_scenarios_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = scenario(tmp_path / "a.yaml"), scenario(tmp_path / "b.yaml")
    assert switch(first, second) == 2
    assert f"{second}:2:1: 'one' is the name of {first} too" in capsys.readouterr().err


def test_what_is_not_ours_is_passed_over_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = written(tmp_path / "compose.yml", "version: 3\nservices: {}\n")
    written(tmp_path / ".github" / "ci.yaml", "not: even looked at\n")
    rules = written(tmp_path / "rules.yaml", RULES)
    assert switch(tmp_path) == 0
    said = capsys.readouterr().out
    assert said == f"{stranger}: passed over, no file of this product\n{rules}: ok (1 rule)\n"


def test_a_file_named_twice_is_checked_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = written(tmp_path / "rules.yaml", RULES)
    assert switch(rules, tmp_path) == 0
    assert capsys.readouterr().out.count("ok") == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch(tmp_path / "none.yaml") == 2
    assert "none.yaml:1:1: cannot read: No such file" in capsys.readouterr().err


def test_a_folder_without_files_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="no YAML file in the folder"):
        switch(tmp_path)


def test_scenarios_may_name_what_is_in_the_book(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DEFAULT_BOOK.read_text(encoding="utf-8").replace("name: poor", "name: mine")
    book = written(tmp_path / "book.yaml", text)
    path = scenario(tmp_path / "one.yaml", card="mine")
    assert switch("--book", book, path) == 0
    assert switch(path) == 2
    assert "'mine' is not one of" in capsys.readouterr().err


def test_a_wrong_book_to_check_with(tmp_path: Path) -> None:
    book = written(tmp_path / "book.yaml", "acquirer: {}\n")
    with pytest.raises(BadFile, match=r"book\.yaml:1:1: key 'merchants' is missing"):
        switch("--book", book, scenario(tmp_path / "one.yaml"))


def test_the_example_of_the_help_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(shipped("scenarios"), tmp_path / "scenarios")
    shutil.copy(DEFAULT_BOOK, tmp_path / "my-book.yaml")
    monkeypatch.chdir(tmp_path)
    assert switch(*command.EXAMPLE.splitlines()[1].split()[2:]) == 0
    assert "my-book.yaml: ok (book, 3 terminals)" in capsys.readouterr().out
