"""``switch encode``: decode's output makes the same bytes again."""

from __future__ import annotations

import argparse
import io
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.cli import decode, encode
from switch.dialect import load
from switch.errors import BadUsage
from switch.report.message_text import dissect
from switch.testing import bodies, frames

CUP = load("cup-pos")
ECHO = {"mti": "0820", "fields": {"41": "12345678", "60": "00000001301"}}


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="switch")
    encode.add_parser(parser.add_subparsers(required=True))
    return parser.parse_args(["encode", *words])


Run = Callable[[object], tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a message (or a text) given on standard input."""

    def call(message: object) -> tuple[int, str, str]:
        text = message if isinstance(message, str) else json.dumps(message)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))
        args = parsed("--dialect", "cup-pos", "-")
        code = args.run(args)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def refused(run: Run, message: object) -> str:
    with pytest.raises(BadUsage) as error:
        run(message)
    return str(error.value)


def test_a_body(run: Run) -> None:
    assert run(ECHO) == (0, "082000000000008000103132333435363738" + "0011" + "000000013010\n", "")


def test_a_frame(run: Run) -> None:
    code, out, err = run({"tpdu": "6000030000", "header": "603100310000", **ECHO})
    assert (code, err) == (0, "")
    assert out == (
        "0025" + "6000030000" + "603100310000" + "0820" + "0000000000800010"
        + "3132333435363738" + "0011" + "000000013010\n"
    )  # fmt: skip


def test_without_tpdu_or_header_only_the_body(run: Run) -> None:
    body = run(ECHO)
    assert run({"tpdu": None, "header": None, **ECHO}) == body
    assert run({"tpdu": "6000030000", "header": None, **ECHO}) == body
    assert run({"tpdu": None, "header": "603100310000", **ECHO}) == body


def made(text: str) -> bytes:
    return encode._encoded(encode._message(text), CUP)


@given(frames(CUP) | frames(CUP, responses=True) | bodies(CUP))
def test_what_decode_wrote_makes_the_same_bytes(raw: bytes) -> None:
    assert made(decode.as_json(dissect(raw, CUP))) == raw


@given(st.binary(min_size=1, max_size=163))
def test_bytes_that_are_no_text_survive(remarks: bytes) -> None:
    body = bytes.fromhex("0210" + "0000000000000002" + f"{len(remarks):04d}") + remarks
    assert made(decode.as_json(dissect(body, CUP))) == body


def test_shared_messages_survive(cup_vector: dict[str, Any]) -> None:
    raw = bytes.fromhex(cup_vector["hex"])
    again = made(decode.as_json(dissect(raw, CUP)))
    inner = raw[2:] if cup_vector["has_length_prefix"] else raw
    assert again == len(inner).to_bytes(2, "big") + inner


def test_what_decode_computed_is_not_looked_at(run: Run) -> None:
    extra = {"bitmap": "FF", "subfields": {"60": 1}, "notes": 3, "error": {"field": 2}}
    assert run({**ECHO, **extra}) == run(ECHO)


def test_a_file(tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for mark in ("", "\ufeff"):
        path = tmp_path / "message.json"
        path.write_text(mark + json.dumps(ECHO), encoding="utf-8")
        args = parsed(f"@{path}")
        assert args.run(args) == 0
        assert capsys.readouterr().out == run(ECHO)[1]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fields": {"4": "1"}}, "DE 4 (amount): 1 digits, exactly 12 belong there"),
        ({"fields": {"65": "1"}}, "DE 65: this dialect has no such element"),
        ({"fields": {"1": "1"}}, "DE 1: this dialect has no such element"),
        ({"fields": {"63": "\ud800"}},
         "DE 63 (operator and remarks): '\\ud800' is no GBK character"),
        ({"mti": "820"}, "MTI: '820' is not four digits"),
        ({"tpdu": "60", "header": "603100310000"}, "tpdu: '60', 10 hex digits belong there"),
        ({"tpdu": "6000030000", "header": "6x"}, "header: '6x', 12 hex digits belong there"),
    ],
)  # fmt: skip
def test_what_the_dialect_cannot_hold(changed: dict[str, Any], sentence: str, run: Run) -> None:
    assert run({**ECHO, **changed}) == (1, "", f"switch encode: {sentence}\n")


QUOTES = "write it in quotes: leading zeros would be lost"


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({**ECHO, "fields": {"11": 123}}, f"DE 11: 123 is a number; {QUOTES}"),
        ({**ECHO, "fields": {"4": 1.5}}, f"DE 4: 1.5 is a number; {QUOTES}"),
        ({**ECHO, "mti": 820}, f"mti: 820 is a number; {QUOTES}"),
        ({**ECHO, "tpdu": 6000030000}, f"tpdu: 6000030000 is a number; {QUOTES}"),
        ({**ECHO, "fields": {"4": None}}, "DE 4: text in quotes belongs here, not nothing"),
        ({**ECHO, "fields": {"4": True}}, "DE 4: text in quotes belongs here, not true"),
        ({**ECHO, "fields": {"4": ["1"]}}, 'DE 4: text in quotes belongs here, not ["1"]'),
        ({**ECHO, "fields": {"amount": "1"}}, "'amount' is not the number of an element"),
        ({**ECHO, "fields": {"04": "1"}}, "'04' is not the number of an element"),
        ({**ECHO, "fields": ["1"]}, 'key "fields" must be an object: {"11": "000001", ...}'),
        ({"mti": "0820"}, 'key "fields" must be an object: {"11": "000001", ...}'),
        ({"fields": {}}, "mti: text in quotes belongs here, not nothing"),
        ({**ECHO, "mit": "0820"}, "unknown key 'mit'; known here: tpdu, header, mti, fields, "
                                  "bitmap, subfields, notes, error"),
        (["0820"], 'a message is a JSON object: {"mti": ..., "fields": {...}}'),
        ("", "not JSON: expecting value, line 1, column 1"),
        ('{"mti": "0820", "fields": {"11": 000001}}',
         "not JSON: expecting ',' delimiter, line 1, column 35"),
        ('{"mti": "0820", "fields": {"11": "1", "11": "2"}}', "key '11' stands twice"),
        ("[" * 100_000, "not JSON of a message: nested too deep"),
    ],
)  # fmt: skip
def test_what_is_no_message_in_json(message: object, sentence: str, run: Run) -> None:
    assert refused(run, message) == sentence


@given(st.text(max_size=40) | st.just('{"mti": "0820", "fields": {"11": ' + "9" * 5000 + "}}"))
def test_any_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadUsage):
        encode._message(text)


def test_where_the_json_comes_from(tmp_path: Path) -> None:
    (tmp_path / "gbk.json").write_bytes('{"mti": "银"}'.encode("gbk"))
    for source, sentence in (
        ("@/no/such.json", "/no/such.json: No such file or directory"),
        ('{"mti": "0820"}', '\'{"mti": "0820"}\': write @FILE, or - for standard input'),
        (f"@{tmp_path}/gbk.json", f"@{tmp_path}/gbk.json: not UTF-8 at byte 9"),
    ):
        args = parsed(source)
        with pytest.raises(BadUsage) as error:
            args.run(args)
        assert str(error.value) == sentence


def test_help_ends_with_an_example_that_works(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("--help")
    example = capsys.readouterr().out.rstrip().splitlines()[-1]
    said, command = (shlex.split(part) for part in example.split("|"))
    assert said[0] == "echo"
    assert command == ["switch", "encode", "-"]
    assert run(said[1]) == (0, "082000000000008000003132333435363738\n", "")
