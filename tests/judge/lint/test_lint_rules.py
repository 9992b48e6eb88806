"""Each rule of the linter against logs that keep it and that break it: ``rules.transcript``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from switch.judge.lint import RULES, Found, Linter
from switch.requirements import rules
from tests.judge.transcript import DIALECT, log

NO_VENDOR = {"R9"}  # vendors differ in the maximum, and none goes beyond four
HEAD = re.compile(r"^(=|==|--) (.+)$", re.MULTILINE)
NAMED: dict[str, str] = {}  # "@NAME" -> the lines it stands for
KEPT: list[tuple[str, str]] = []  # rule of the table, a log that keeps it
BROKEN: list[tuple[str, str, str]] = []  # rule of the table, a log that breaks it, what is found


def read(text: str) -> None:
    rule = ""
    pieces = HEAD.split(text)[1:]
    for sign, name, lines in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        lines = re.sub(r"^@(\S+)$", lambda found: NAMED[found[1]], lines.strip(), flags=re.M)
        if sign == "=":
            NAMED[name] = lines
        elif sign == "==":
            rule = name
        elif name == "kept":
            KEPT.append((rule, lines))
        else:
            BROKEN.append((rule, lines, name))


read((Path(__file__).parent / "rules.transcript").read_text(encoding="utf-8"))


def lint(transcript: str) -> list[Found]:
    linter = Linter(DIALECT)
    return [found for event in log(transcript) for found in linter.see(event)]


def texts(transcript: str) -> list[str]:
    return [f"{found.severity} {found.rule}: {found.text}" for found in lint(transcript)]


def musts(transcript: str) -> list[str]:
    return [text for text in texts(transcript) if text.startswith("must")]


def test_every_rule_is_tested_both_ways() -> None:
    assert {rule for rule, _ in KEPT} == {rule for rule, _, _ in BROKEN} == RULES.keys()


@pytest.mark.parametrize(("rule", "transcript"), KEPT)
def test_what_keeps_the_rule(rule: str, transcript: str) -> None:
    assert texts(transcript) == []


@pytest.mark.parametrize(("rule", "transcript", "text"), BROKEN)
def test_what_breaks_the_rule(rule: str, transcript: str, text: str) -> None:
    assert text in texts(transcript)
    judged = [f for f in lint(transcript) if f"{f.severity} {f.rule}: {f.text}" == text]
    assert judged[0].rule in RULES[rule].rules
    assert judged[0].means


def test_what_a_power_cut_explains_is_not_found() -> None:
    again = "\n61 >> reversal 000002 amount=100 42=M reversal_reason=96"
    cut = "\n10 .. stimulus_asked do=power_off"
    assert texts(NAMED["DECLINED"] + again)
    assert texts(NAMED["DECLINED"] + cut + again) == []
    assert texts(NAMED["REVERSED"] + again)
    assert texts(NAMED["REVERSED"] + cut + again) == []


def test_a_connection_that_no_software_closed_may_be_a_power_cut() -> None:
    begun = "0 .. connection_opened conn=1\n" + NAMED["APPROVED"]
    again = "\n9 .. connection_opened conn=2\n"
    again += "61 >> reversal 000002 amount=100 42=M reversal_reason=96 conn=2"
    assert texts(begun + "\n8 .. connection_closed by=terminal conn=1" + again)
    assert texts(begun + again) == []


def test_an_answer_that_is_under_way_may_have_been_heard() -> None:
    leaving = "\n1 .. decided 000002 response=leaves"
    assert musts(NAMED["SOLD"] + "\n5 >> sale 000003")
    assert musts(NAMED["SOLD"] + leaving + "\n5 >> sale 000003") == []
    assert musts(NAMED["SOLD"] + leaving + "\n95 >> sale 000003"), "no timer lasts so long"


def test_terminals_are_kept_apart_and_one_can_be_chosen() -> None:
    other = NAMED["SOLD"] + "\n70 >> sale 000003 amount=100 terminal=87654321"
    assert texts(other) == []
    one = Linter(DIALECT, terminal="87654321")
    assert not any(one.see(event) for event in log(NAMED["SOLD"] + "\n70 >> sale 000003"))
    assert one.messages == 0


def test_residue_of_an_older_case_is_not_judged() -> None:
    stale = NAMED["SIGNED_ON"] + "\n61 >> reversal 000001 reversal_reason=98"
    assert texts(stale)
    assert texts(stale + " residue=yes") == []


def test_bytes_that_are_no_message_are_found_too() -> None:
    events = log("0 >> sign_on 000001\n1 .. unreadable text=MTI,is,cut,off")
    linter = Linter(DIALECT)
    (found,) = [one for event in events for one in linter.see(event)]
    assert (found.rule, found.terminal) == ("1.1", "12345678")
    assert found.text == "bytes that are no message (#2): MTI is cut off"


def test_what_is_proved_breaks_a_rule_that_everybody_has() -> None:
    proved = {text.split()[1].rstrip(":") for _, _, text in BROKEN if text.startswith("must")}
    assert {rules()[rule].strength for rule in proved & rules().keys() - NO_VENDOR} == {"must"}
    assert all(section[0].isdigit() for section in proved - rules().keys()), "protocol sections"
