"""The command driver: a real command, which here presses the keys of our own terminal."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from dataclasses import replace
from pathlib import Path

from switch.records import Event
from switch.run.command import CommandDriver
from switch.run.outside import run_outside
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict
from tests.run.test_outside import free_port

SCENARIO = """\
format: 1
name: hands
title: A command presses the keys
steps:
  - stimulus: {do: sale, amount: "4200", prompt: "Start a sale of 42.00"}
  - {id: sale, receive: sale, where: {amount: "4200"}, within: 20s, answered: approved}
  - observe: {receipt: {contains: APPROVED}}
  - {observe: {display: {lacks: APPROVED}}, within: 20s}
"""
# It writes down what it is asked, is busy at first, and lets our own terminal do the work.
HANDS = """\
import json, os, pathlib, subprocess, sys
asked = json.load(sys.stdin)
assert os.environ["SWITCH_DO"] == asked["do"], os.environ
seen = pathlib.Path(sys.argv[1])
with seen.open("a") as file:
    file.write(json.dumps(asked) + chr(10))
if asked["do"] == "observe":
    if asked["observe"] == "display":
        sys.exit(1)
    print("SALE APPROVED")
elif len(seen.read_text().splitlines()) == 1:
    print("still printing")
    print("busy")
else:
    ended = subprocess.run([sys.executable, "-m", "switch", "terminal", "--connect", sys.argv[2],
                            "sale:42.00"], stdout=subprocess.DEVNULL)
    print("done" if ended.returncode == 0 else f"refused: {ended.returncode}")
"""


async def play(tmp_path: Path, hands: str, within: str = "20s") -> tuple[Verdict, list[Event]]:
    scenario, script, port = tmp_path / "hands.yaml", tmp_path / "hands.py", free_port()
    scenario.write_text(SCENARIO.replace("20s", within))
    script.write_text(hands)
    address = f"127.0.0.1:{port}"
    command = f"{sys.executable} {script} {tmp_path / 'asked'} {address}"
    prepared = prepare(RunOptions((str(scenario),), terminal=f"command:{command}", listen=address))
    cases = tuple(replace(case, linger=0) for case in prepared.cases)
    seen: list[tuple[Verdict, list[Event]]] = []
    suite = Suite(replace(prepared, cases=cases))
    driver = CommandDriver(prepared.options.command, io.StringIO())
    await asyncio.wait_for(run_outside(suite, driver, lambda v, e: seen.append((v, list(e)))), 60)
    return seen[0]


async def test_a_command_gets_each_stimulus_and_answers(tmp_path: Path) -> None:
    verdict, events = await play(tmp_path, HANDS)
    asked = [json.loads(line) for line in (tmp_path / "asked").read_text().splitlines()]
    assert [one["do"] for one in asked] == ["sale", "sale", "observe", "observe"]
    assert asked[0] == {
        "do": "sale", "amount": "4200", "card": "", "prompt": "Start a sale of 42.00",
        "step": "1", "case": "hands", "terminal": "12345678",
    }  # fmt: skip
    answers = [event["answer"] for event in events if event.kind == "stimulus_answered"]
    assert answers == ["done"]
    stimuli = [event for event in events if event.kind == "stimulus_asked"]
    assert len(stimuli) == 2, "a busy terminal is asked again, and the log says when it took it"
    assert [f.kind for f in (verdict.headline, *verdict.also) if f] == ["observe"]
    assert verdict.status == "inconclusive", "nobody could tell what the display showed"
    assert verdict.headline is not None
    assert verdict.headline.happened == "nobody said what the display showed"


async def test_a_command_that_refuses_says_why_in_the_log(tmp_path: Path) -> None:
    hands = 'print("refused: no paper")'
    verdict, events = await play(tmp_path, hands, within="500ms")
    assert verdict.status == "inconclusive"
    assert [e["answer"] for e in events if e.kind == "stimulus_answered"] == ["refused: no paper"]
