"""YAML as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import BadFile
from switch.reading import (
    DEEPEST,
    Mapping,
    Mark,
    Sequence,
    Text,
    did_you_mean,
    read_file,
    read_text,
    remarked,
)  # fmt: skip


def problems(text: str) -> list[str]:
    with pytest.raises(BadFile) as refused:
        read_text(text, "f.yaml")
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    "written",
    ["0200", "000123", "08", "0o17", "0x1F", "1e3", "NO", "yes", "12:30:45", "2026-01-05", "1_000",
     ".5", "+1", "null", "~", "=", "1.0", "A0"],
)  # fmt: skip
def test_a_scalar_stays_as_it_was_written(written: str) -> None:
    node = read_text(f"key: {written}\n{written}: value", "f.yaml")
    assert isinstance(node, Mapping)
    assert node.get("key") == Text(written, Mark("f.yaml", 1, 6))
    assert node.names() == ("key", written)


def test_places_count_from_one() -> None:
    node = read_text("a: 1\nb:\n  - x\n  - {c: y}\n", "f.yaml")
    assert isinstance(node, Mapping)
    assert str(node.mark) == "f.yaml:1:1"
    assert str(node.key("b").mark) == "f.yaml:2:1"
    listed = node.get("b")
    assert isinstance(listed, Sequence)
    assert str(listed.items[0].mark) == "f.yaml:3:5"
    inner = listed.items[1]
    assert isinstance(inner, Mapping)
    assert str(inner.entries[0][1].mark) == "f.yaml:4:9"
    assert node.get("z") is None


@pytest.mark.parametrize(
    ("written", "empty"),
    [("", True), ("~", True), ("null", True), ("''", False), ('""', False), ('"~"', False),
     ("|\n  ~", False), ("0", False), ("'null'", False)],
)  # fmt: skip
def test_nothing_and_empty_text_differ(written: str, empty: bool) -> None:
    node = read_text(f"key: {written}", "f.yaml")
    assert isinstance(node, Mapping)
    value = node.get("key")
    assert isinstance(value, Text)
    assert value.empty is empty


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["f.yaml:1:1: the file is empty"]),
        ("# nothing but words\n", ["f.yaml:1:1: the file is empty"]),
        ("a: 1\nb: 2\na: 3", ["f.yaml:3:1: key 'a' stands twice, first in line 1"]),
        ("a:\n  b: 1\n  'b': 2", ["f.yaml:3:3: key 'b' stands twice, first in line 2"]),
        ("a: 1\na: 2\nc: {d: 1, d: 2}", [
            "f.yaml:2:1: key 'a' stands twice, first in line 1",
            "f.yaml:3:11: key 'd' stands twice, first in line 3",
        ]),
        ("a: &x 1\nb: *x", [
            "f.yaml:1:4: anchors and aliases are not allowed; write the value again",
            "f.yaml:2:4: anchors and aliases are not allowed; write the value again",
        ]),
        ("a: *nobody", ["f.yaml:1:4: anchors and aliases are not allowed; write the value again"]),
        ("[a, b]: 1", ["f.yaml:1:1: a key must be plain text"]),
        ("\ta: 1", ["f.yaml:1:1: not YAML: found character that cannot start any token"]),
        ("a:\n\t- b", ["f.yaml:2:1: not YAML: found character that cannot start any token"]),
        ("a: 1\n---\nb: 2", ["f.yaml:2:1: not YAML: but found another document"]),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, found: list[str]) -> None:
    assert problems(text) == found


@pytest.mark.parametrize("text", ["a: [1,\nb: 2", "a: 'x", "a: b: c", "a: \x01", "a: \ud800", "}"])
def test_what_is_not_yaml(text: str) -> None:
    (problem,) = problems(text)
    assert "not YAML: " in problem


NESTS = ["[" * 100_000, "- " * 100_000, "{a: " * 1000, "[" * 80 + "]" * 80]


@pytest.mark.parametrize("text", NESTS, ids=["lists", "dashes", "mappings", "closed"])
def test_absurd_nesting_ends_in_a_sentence(text: str) -> None:
    (problem,) = problems(text)
    assert problem.endswith(f"nested more than {DEEPEST} levels deep")


def test_sensible_nesting_is_read() -> None:
    read_text("[" * DEEPEST + "]" * DEEPEST, "f.yaml")


def test_signs_of_anchors_inside_text_are_text() -> None:
    node = read_text("a: R&D, 2*3\nb: '*x'", "f.yaml")
    assert isinstance(node, Mapping)
    assert node.get("a") == Text("R&D, 2*3", node.mark)
    assert node.get("b") == Text("*x", node.mark)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_text(text, "f.yaml")
    except BadFile as refused:
        assert refused.problems
        assert all(problem.mark.line >= 1 for problem in refused.problems)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text("a: 银联\n", encoding="utf-8")
    node = read_file(path, "shown.yaml")
    assert isinstance(node, Mapping)
    assert node.get("a") == Text("银联", node.mark)
    assert node.mark.file == "shown.yaml"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"none\.yaml:1:1: cannot read: No such file or directory$"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(BadFile, match="cannot read: "):
        read_file(tmp_path)
    (tmp_path / "gbk.yaml").write_bytes("a: 银联".encode("gbk"))
    with pytest.raises(BadFile, match=r"gbk\.yaml:1:1: not UTF-8 at byte 3$"):
        read_file(tmp_path / "gbk.yaml")


def test_remarked_keeps_the_value() -> None:
    mark = Mark("other.yaml", 9, 9)
    assert remarked(Text("1", Mark("f.yaml", 1, 1)), mark).mark == mark


def test_did_you_mean() -> None:
    assert did_you_mean("tiemout", ("timeout", "other")) == "; did you mean 'timeout'?"
    assert did_you_mean("zzz", ["timeout"]) == ""
