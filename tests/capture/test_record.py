"""What was recorded passes when it is replayed, by the terminal that it was recorded from."""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

import pytest

from switch.capture.draft import draft
from switch.capture.turns import recorded
from switch.cli import record as command
from switch.errors import BadUsage
from switch.records import Event
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict
from tests.capture.taped import DIALECT, tape
from tests.judge.transcript import log

STYLES = ("eager", "lazy")
# Cases of the library whose traffic is recorded: one of each kind of thing that happens.
RECORDED = [
    "timeout-reversal[loss=silent]",
    "reversal-retried",
    "void-twice",
    "void-lost",
    "wrong-payee",
    "wrong-amount",
    "reply-mac",
    "late-approval",
    "partial-approval",
    "sign-on-asked",
    "suspended-for-a-while",
    "unknown-balance",
    "balanced-batch",
    "totals-differ",
]


@cache
def logs(style: str) -> dict[str, tuple[Event, ...]]:
    """Case -> its log, for the first case of each scenario that is recorded."""
    names = tuple(name.partition("[")[0] for name in RECORDED)
    out: dict[str, tuple[Event, ...]] = {}
    for verdict, events in Suite(prepare(RunOptions(names=names, style=style))).run():
        wanted = verdict.case.id if verdict.case.id in RECORDED else verdict.case.scenario
        out.setdefault(wanted, tuple(events))
    return out


def replayed(path: Path, style: str) -> Verdict:
    prepared = prepare(RunOptions(names=(str(path),), style=style))
    ((verdict, _),) = Suite(prepared).run()
    return verdict


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", RECORDED)
def test_a_recording_passes_when_it_is_replayed(case: str, style: str, tmp_path: Path) -> None:
    text = draft(recorded(logs(style)[case], DIALECT, ""), DIALECT, "draft", "events.ndjson")
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    verdict = replayed(tmp_path / "draft.yaml", style)
    assert verdict.status == "pass", f"{verdict.headline} {verdict.reason}\n{text}"


def steps(transcript: str) -> str:
    text = draft(recorded(log(transcript), DIALECT, ""), DIALECT, "x", "x.ndjson")
    return text[text.index("steps:") :]


def test_amounts_and_numbers_become_references() -> None:
    text = draft(recorded(log(SOLD_AND_VOIDED), DIALECT, ""), DIALECT, "first-day", "events.ndjson")
    assert "name: first-day\ntitle: Recorded from events.ndjson" in text
    assert "vars: {amount: 000000010000}\n" in text
    assert 'where: {original.stan: "${sale.stan}"}, check: {amount: "${amount}"}' in text
    assert "000002" not in text, "no STAN is written down"


SOLD_AND_VOIDED = """
    0 >> sign_on 000001
    0 << sign_on 000001 response_code=00
    1 >> sale 000002 amount=000000010000
    1 << sale 000002 amount=000000010000 response_code=00
    2 >> void 000003 amount=000000010000 original.stan=000002
    2 << void 000003 amount=000000010000 response_code=00
"""


@pytest.mark.parametrize(
    ("response", "reply"),
    [
        ("1 << sale 000002 amount=000000010000 response_code=00", "answered: approved"),
        ("1 << sale 000002 amount=000000010000 response_code=51", "{outcome: insufficient_funds}"),
        ("1 << sale 000002 amount=000000010000 response_code=ZZ", 'reply: {code: "ZZ"}'),
        ("1 .. decided 000002 response=none", "reply: none"),
        ("1 .. decided 000002 response=unheard", "reply: unheard"),
        (
            "1 << sale 000002 amount=000000000100 response_code=10",
            'reply: {outcome: partial, set: {amount: "000000000100"}}',
        ),
        (
            "1 << sale 000002 amount=000000010000 response_code=00 mac=wrong",
            "reply: {outcome: approved, fault: {mac: wrong}}",
        ),
        (
            "9 << sale 000002 amount=000000010000 response_code=00",
            "reply: {outcome: approved, after: 8000ms}",
        ),
        ("1 << sale 000002 response_code=00", "reply: {outcome: approved, omit: [amount]}"),
        (
            "1 << sale 000002 whole=no\n1 .. fault_applied 000002 fault=frame,truncate",
            "# the host spoilt this answer, say how with fault: frame truncate",
        ),
    ],
)
def test_what_the_host_did_becomes_a_reply(response: str, reply: str) -> None:
    assert reply in steps("1 >> sale 000002 amount=000000010000\n" + response)


# ---- the command -----------------------------------------------------------------------------


def switch(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="switch")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["record", *words])
    return int(args.run(args))


def test_a_hex_log_is_recorded_into_a_new_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text("\n".join(one.content.hex() for one in tape()))
    out = tmp_path / "own" / "First Day.yaml"
    assert switch(str(tmp_path / "log"), "-o", str(out)) == 0
    assert capsys.readouterr().out == f"5 messages of 12345678: {out}\n"
    assert "name: first-day\n" in out.read_text(encoding="utf-8")
    with pytest.raises(BadUsage, match="is there already"):
        switch(str(tmp_path / "log"), "-o", str(out))
    assert switch(str(tmp_path / "log"), "--terminal", "87654321") == 5


def test_without_a_file_it_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text("\n".join(one.content.hex() for one in tape()))
    assert switch(str(tmp_path / "log")) == 0
    assert "name: recorded\n" in capsys.readouterr().out
