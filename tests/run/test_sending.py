"""``send`` in whole runs: in memory and over TCP, and what a log says of it is judged alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from switch.records import Event
from switch.run.judge import judge
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict

SCENARIO = """\
format: 1
name: sending
title: Messages that nobody asked for
setup:
  - use: signed_on
steps:
  - stimulus: {do: sale, amount: "100"}
  - {id: sale, receive: sale, within: 60s}
  - wait: 1s
  - BEFORE
  - {id: own, send: sale, set: {stan: "000900", amount: "000000000100"}}
  - {id: echo, send: echo, set: {stan: "${sale.stan}"}}
  - wait: 2s
  - AFTER
  - stimulus: {do: void}
  - {id: void, receive: void, check: {original.stan: "${sale.stan}"}, within: 60s}
never:
  - {id: no_reversal, message: reversal, from: own.sent, until: end}
"""

MOVES_ON = "connection: resume\n  - wait: 1s"


def play(
    tmp_path: Path, terminal: str, over: str, before: str = "wait: 1s", after: str = "wait: 1s"
) -> tuple[Verdict, list[Event]]:
    path = tmp_path / "sending.yaml"
    path.write_text(SCENARIO.replace("BEFORE", before).replace("AFTER", after))
    options = RunOptions((str(path),), terminal=terminal, over=over)
    ((verdict, events),) = Suite(prepare(options)).run()
    return verdict, events


@pytest.mark.parametrize("over", ["memory", "tcp"])
@pytest.mark.parametrize("terminal", ["model", "model:takes-an-unasked-approval"])
@pytest.mark.parametrize("before", ["wait: 1s", "connection: close", "connection: stall"])
def test_live_findings_equal_judged_ones(
    tmp_path: Path, terminal: str, over: str, before: str
) -> None:
    live, events = play(tmp_path, terminal, over, before)
    log = tmp_path / "events.ndjson"
    log.write_text("".join(event.line() + "\n" for event in events))
    (judged,) = judge(log)
    again = judged.verdict
    assert (again.status, again.headline, again.also) == (live.status, live.headline, live.also)
    assert (again.windows, again.notes, again.checked) == (live.windows, live.notes, live.checked)


@pytest.mark.parametrize("over", ["memory", "tcp"])
def test_both_leave_and_the_terminal_is_judged(tmp_path: Path, over: str) -> None:
    verdict, events = play(tmp_path, "model", over)
    assert verdict.status == "pass"
    sent = [event for event in events if event.kind == "sent" and event["step"]]
    assert [(one["class"], one["mti"]) for one in sent] == [("sale", "0210"), ("echo", "0820")]
    wrong, _ = play(tmp_path, "model:takes-an-unasked-approval", over)
    assert wrong.status == "fail" and wrong.headline and wrong.headline.step == "void"


@pytest.mark.parametrize("over", ["memory", "tcp"])
def test_without_a_connection_it_is_inconclusive(tmp_path: Path, over: str) -> None:
    verdict, events = play(tmp_path, "model", over, "connection: close")
    assert (verdict.status, verdict.headline and verdict.headline.step) == ("inconclusive", "own")
    told = [event["why"] for event in events if event.kind == "undelivered"]
    assert told == ["the terminal has no open connection"] * 2


def test_behind_a_stall_it_leaves_when_that_ends(tmp_path: Path) -> None:
    verdict, events = play(tmp_path, "model", "memory", "connection: stall", MOVES_ON)
    assert verdict.status == "pass"
    kinds = [event.kind for event in events if event.kind in {"held", "sent"} and event["step"]]
    assert kinds == ["held", "held", "sent", "sent"]
