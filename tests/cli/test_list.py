"""``switch list``: every registry, both ways, as a table and as JSON."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from switch import faults
from switch.acquirer.book import load as load_book
from switch.cli import list as command
from switch.cli.listing import LISTINGS
from switch.dialect import Dialect, names
from switch.errors import BadUsage
from switch.host.flows import FLOWS
from switch.judge.always import ALWAYS
from switch.judge.invariants import INVARIANTS
from switch.judge.operators import OPERATORS
from switch.requirements import requirement_ids
from switch.requirements import rules as all_rules
from switch.scenario import manual
from switch.scenario.library import find, shown
from switch.scenario.options import OPTIONS
from switch.scenario.words import CHECKS, FACTS, STIMULI
from switch.terminal import DEFECTS

Row = dict[str, Any]


def switch(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="switch")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["list", *words])
    return int(args.run(args))


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[Row]:
    assert switch(*words, "--json") == 0
    read = json.loads(capsys.readouterr().out)
    assert isinstance(read, list)
    return read


def registries(dialect: Dialect) -> dict[str, set[str]]:
    """What there is, from where it stands."""
    book = load_book()
    elements = {f"de.{number}" for number in dialect.codec.fields}
    return {
        "dialects": set(names()),
        "classes": set(dialect.classes),
        "keys": {
            f"{place}.{key}"
            for place, record in manual.places(dialect).items()
            for key in record.keys
        },
        "fields": {*dialect.value_places, *FACTS, *elements},
        "operators": set(OPERATORS),
        "outcomes": set(dialect.outcomes),
        "faults": {f"{moment}.{kind}" for moment, kinds in faults.FAULTS.items() for kind in kinds},
        "checks": set(CHECKS),
        "invariants": {*ALWAYS, *INVARIANTS},
        "defects": set(DEFECTS),
        "options": set(OPTIONS),
        "stimuli": set(STIMULI),
        "flows": set(FLOWS),
        "requirements": set(requirement_ids()),
        "rules": set(all_rules()),
        "book": {*book.merchants, *book.terminals, *book.cards},
    }


def test_every_word_has_a_listing_and_every_listing_a_word() -> None:
    assert set(command.WORDS) == set(LISTINGS)


@pytest.mark.parametrize("what", [word for word in command.WORDS if word != "scenarios"])
def test_a_listing_is_its_registry(
    what: str, dialect: Dialect, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [row["name"] for row in rows(capsys, what)]
    assert sorted(listed) == sorted(registries(dialect)[what])


def test_scenarios_are_those_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    listed = rows(capsys, "scenarios")
    assert [row["path"] for row in listed] == [shown(path) for path in find()]
    row = next(row for row in listed if row["name"] == "suspended-merchant")
    assert row["title_zh"] == "商户被封停，拒绝即终态"
    assert row["cases"] == ["suspended-merchant"]
    assert {"smoke", "decline"} <= set(row["tags"])
    assert "D2" in row["refs"]


@pytest.mark.parametrize("what", command.WORDS)
def test_every_row_has_a_name_and_a_text(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    listed = rows(capsys, what)
    assert all(row["name"] and row["text"] for row in listed)
    assert len({row["name"] for row in listed}) == len(listed)


@pytest.mark.parametrize("what", command.WORDS)
def test_the_table_has_a_line_for_every_row(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    listed = [row["name"] for row in rows(capsys, what)]
    assert switch(what) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[0] == "name"
    assert [line.split()[0] for line in lines] == listed  # no terminal: nothing is wrapped
    assert not [line for line in (head, *lines) if line != line.rstrip()]


@pytest.mark.parametrize(
    ("what", "name", "known"),
    [
        ("outcomes", "mac_error", {"code": "A0", "action": "B"}),
        ("outcomes", "invalid_merchant", {"code": "03", "en": "invalid merchant"}),
        ("keys", "scenario.stands", {"required": False}),
        ("keys", "never.from", {"required": True, "text": "where the window opens"}),
        ("classes", "sale", {"mti": "0200", "response": "0210", "mac": True, "title_zh": "消费"}),
        ("classes", "echo", {"match": {"60.3": ["301"]}, "mac": False}),
        ("fields", "stan", {"kind": "value", "place": ["DE 11"], "text": "STAN"}),
        ("fields", "batch", {"place": ["DE 60.2"]}),
        ("fields", "mac", {"kind": "fact", "place": []}),
        ("fields", "de.22", {"kind": "element", "text": "entry mode"}),
        ("faults", "mac.wrong", {"required": []}),
        ("faults", "field.value", {"keys": ["name", "value"]}),
        ("invariants", "mac_valid", {"place": "always"}),
        ("invariants", "right_payee", {"place": "verify"}),
        ("defects", "resends-the-sale", {"rule": "T7", "styles": ["eager", "lazy"]}),
        ("requirements", "T7", {"kind": "rule", "proof": "wire"}),
        ("requirements", "seed-3", {"kind": "seed", "asserts": ["D2", "R15"]}),
        ("flows", "sale", {"class_title": "sale"}),
        ("book", "12345678", {"kind": "terminal", "tmk": "0123456789ABCDEFFEDCBA9876543210"}),
        ("book", "lost", {"kind": "card", "status": "lost", "pin": "123456"}),
        ("book", "898310012345678", {"kind": "merchant", "status": "active"}),
    ],
)
def test_what_a_row_says(
    what: str, name: str, known: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    row = next(row for row in rows(capsys, what) if row["name"] == name)
    assert {key: row[key] for key in known} == known


def test_a_value_that_moves_says_where_it_is_in_which_class(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = next(row for row in rows(capsys, "fields") if row["name"] == "original.stan")
    assert row["place"][0] == "DE 11 (reversal)"
    assert row["place"][1].startswith("DE 61.2 (void, ")


def test_the_book_shows_test_keys_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    switch("book")
    out = capsys.readouterr().out
    assert "TMK 0123456789ABCDEFFEDCBA9876543210" in out
    assert "6212142000000000012, expiry 3012, PIN 123456, holds 1000000.00" in out


def test_another_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(
        'acquirer: {institution: "48020000", name: Mine}\n'
        'merchants: [{id: "111111111111111", name: One}]\n'
        'terminals: [{id: "11111111", merchant: "111111111111111", tmk: "0123456789ABCDEF"}]\n'
        'cards: [{name: only, pan: "4012345678909", expiry: "3012"}]\n'
    )
    listed = rows(capsys, "book", "--book", str(book))
    assert [row["name"] for row in listed] == ["111111111111111", "11111111", "only"]


class Screen(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("what", ["faults", "outcomes", "defects", "requirements", "book"])
def test_a_terminal_gets_lines_that_fit(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", screen := Screen())
    assert switch(what) == 0
    assert max(cell_len(line) for line in screen.getvalue().splitlines()) <= 80


def test_a_terminal_without_chinese_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    assert switch("outcomes") == 0
    assert rb"\u4ea4\u6613\u6210\u529f" in raw.getvalue()


def test_an_unknown_word_is_answered_with_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        switch("outcome")
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(word in said for word in command.WORDS)


def test_an_unknown_dialect_is_a_sentence() -> None:
    with pytest.raises(BadUsage, match="no dialect 'cup-pso'"):
        switch("classes", "--dialect", "cup-pso")


@pytest.mark.parametrize("line", command.EXAMPLE.splitlines()[1:])
def test_the_examples_of_the_help_work(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch(*line.split()[2:]) == 0
    assert capsys.readouterr().out


def test_scenarios_of_a_tag(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "scenarios", "--tag", "smoke")
    assert found and all("smoke" in row["tags"] for row in found)
    assert "timeout-reversal" in {row["name"] for row in found}


def test_scenarios_with_what_they_take(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    profile = tmp_path / "terminal.yaml"
    profile.write_text("reverses: eager\ncan: [sale, sign_on]\n")
    *found, every = rows(capsys, "scenarios", "--tag", "smoke", "--profile", str(profile))
    one = next(row for row in found if row["name"] == "suspended-merchant")
    assert (one["seconds"], one["duration"], one["asked"]) == (95.03, "1 min 35 s", 3)
    assert every["name"] == "all"
    assert every["seconds"] == pytest.approx(sum(row["seconds"] for row in found))
    assert next(row for row in found if row["name"] == "void-twice")["skipped"] == 1
    assert switch("scenarios", "--tag", "smoke", "--profile", str(profile)) == 0
    assert "1 min 35 s" in capsys.readouterr().out


def test_what_is_for_scenarios_only_is_refused_elsewhere() -> None:
    with pytest.raises(BadUsage):
        switch("faults", "--tag", "smoke")
