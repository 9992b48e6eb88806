"""``switch schema``: each schema takes what the product reads and writes, and not its mistakes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from switch.acquirer.book import DEFAULT_BOOK
from switch.cli import schema as command
from switch.errors import BadUsage
from switch.records import KINDS, EventLog
from switch.shipped import shipped

Schema = dict[str, Any]
RULE = {"id": "lost", "when": {"message": "sale"}, "reply": "none"}
SCENARIOS = shipped("scenarios")


def switch(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="switch")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["schema", *words])
    return int(args.run(args))


def printed(capsys: pytest.CaptureFixture[str], what: str) -> Schema:
    assert switch(what) == 0
    read = json.loads(capsys.readouterr().out)
    assert isinstance(read, dict)
    return read


def as_an_editor(path: Path) -> Any:
    """The file as a YAML language server sees it: not by our reader."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("what", command.WORDS)
def test_it_is_a_schema_of_the_draft(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    read = printed(capsys, what)
    assert read["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert read["title"]
    assert read["description"]
    Draft202012Validator.check_schema(read)


@pytest.mark.parametrize(
    ("what", "good"),
    [
        ("scenario", as_an_editor(SCENARIOS / "timeouts" / "timeout-reversal.yaml")),
        ("fragment", as_an_editor(SCENARIOS / "fragments" / "signed_on.yaml")),
        ("dialect", as_an_editor(shipped("specs") / "cup-pos.yaml")),
        ("book", as_an_editor(DEFAULT_BOOK)),
        ("profile", {"timeout": "45s", "reverses": "lazy", "can": ["sale", "void"]}),
        ("rules", {"rules": [RULE]}),
    ],
)
def test_it_takes_a_good_file_and_no_unknown_key(
    what: str, good: Schema, capsys: pytest.CaptureFixture[str]
) -> None:
    validator = Draft202012Validator(printed(capsys, what))
    assert [error.message for error in validator.iter_errors(good)] == []
    assert not validator.is_valid(good | {"never_heard_of": "x"})


def test_every_kind_of_event_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    read = printed(capsys, "events")
    assert [one["title"] for one in read["oneOf"]] == list(KINDS)
    validator = Draft202012Validator(read)
    log = EventLog(lambda: 0)
    for kind, (_, keys) in KINDS.items():
        event = log.write(kind, dict.fromkeys(keys, "x"), conn=1, terminal="12345678")
        line = json.loads(event.line())
        assert validator.is_valid(line)
        assert not validator.is_valid(line | {"kind": "never_heard_of"})
        assert not validator.is_valid(line | {"never_heard_of": "x"})
        assert not validator.is_valid({key: line[key] for key in line if key != "seq"})


def test_scenarios_are_in_the_words_of_a_dialect() -> None:
    with pytest.raises(BadUsage, match="no dialect 'x'"):
        switch("scenario", "--dialect", "x")


def test_an_unknown_file_is_answered_with_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        switch("scenarios")
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(word in said for word in command.WORDS)


def test_the_example_of_the_help_works(capsys: pytest.CaptureFixture[str]) -> None:
    example = command.EXAMPLE.splitlines()[1].partition(">")[0].split()
    assert switch(*example[2:]) == 0
    assert capsys.readouterr().out.startswith("{")
