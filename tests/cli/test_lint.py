"""``switch lint``: findings on recorded traffic, and the exit code."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from switch.cli import lint as command
from switch.errors import BadFile, BadUsage
from tests.judge.transcript import log

DECLINED = """
    0 >> sign_on 000001
    0 << sign_on 000001 response_code=00
    1 >> sale 000002 amount=100
    1.1 << sale 000002 amount=100 response_code=51
    2 >> reversal 000002 amount=100 reversal_reason=06
    2.1 << reversal 000002 response_code=00
"""
GOOD = "0 >> sign_on 000001\n0 << sign_on 000001 response_code=00"


def switch(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="switch")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["lint", *words])
    return int(args.run(args))


def written(folder: Path, *transcripts: str) -> str:
    lines = [event.line() for transcript in transcripts for event in log(transcript)]
    path = folder / "events.ndjson"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_a_finding_has_rule_message_and_meaning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch(written(tmp_path, DECLINED)) == 1
    assert capsys.readouterr().out == (
        "     +2.000s  12345678  must R15   reversal 000002 (#5) reverses a sale that was declined"
        " 51 insufficient funds\n"
        "                           means  no money had moved: a careless host answers this"
        " reversal by giving some away\n"
        "3 messages judged: 1 must\n"
    )


def test_nothing_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch(written(tmp_path, GOOD)) == 0
    assert capsys.readouterr().out == "1 message judged: nothing found\n"


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch(written(tmp_path, DECLINED), "--json") == 1
    (found,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (found["rule"], found["severity"], found["terminal"]) == ("R15", "must", "12345678")


def test_a_log_without_messages_proves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch(written(tmp_path, "0 .. connection_opened peer=x")) == 5
    assert switch(written(tmp_path, DECLINED), "--terminal", "87654321") == 5


def test_a_known_timer_narrows_what_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = "0 >> sign_on 000001\n1 >> sale 000002\n31 >> reversal 000002 reversal_reason=98"
    path = written(tmp_path, early)
    switch(path)
    assert "T1" not in capsys.readouterr().out
    switch(path, "--timeout", "60s")
    assert "warn T1" in capsys.readouterr().out


def test_each_case_of_a_run_begins_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin = "0 .. run_started case=one\n"
    sale = "1 >> sale 000002 amount=100"
    later = "70 >> sale 000003 amount=100"
    assert switch(written(tmp_path, begin + sale, later)) == 1
    assert switch(written(tmp_path, begin + sale, begin + later)) == 0


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}\n")
    with pytest.raises(BadFile, match="x:1:1: not an event"):
        switch(str(tmp_path / "x"))
    with pytest.raises(BadFile, match="cannot read"):
        switch(str(tmp_path / "absent"))
    with pytest.raises(BadUsage, match="--timeout"):
        switch(written(tmp_path, GOOD), "--timeout", "soon")
