"""Steps made of steps, and chance, in whole runs: what a log says of them is judged alike."""

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
name: structures
title: Steps that are made of steps
setup:
  - use: signed_on
steps:
  - repeat: 6
    steps:
      - stimulus: {do: sale, amount: "100"}
      - id: sale
        receive: sale
        within: 60s
        reply:
          chance: 0.5
          outcome: approved
          fault: {mac: wrong, timing: {kind: jitter, upto: 2s}}
      - wait: 10s
      - stimulus: {do: next_transaction}
      - choice:
          - - {id: keys, receive: [sign_on, reversal], within: 60s}
            - {id: other, receive: [sign_on, reversal], within: 60s}
            - {id: after, receive: sale, within: 60s}
          - {id: good, receive: sale, check: {stan: {gt: "${sale.stan}"}}, within: 60s}
"""


def play(tmp_path: Path, terminal: str, style: str, seed: str) -> tuple[Verdict, list[Event]]:
    path = tmp_path / "structures.yaml"
    path.write_text(SCENARIO)
    options = RunOptions((str(path),), terminal=terminal, style=style, seed=seed)
    ((verdict, events),) = Suite(prepare(options)).run()
    return verdict, events


@pytest.mark.parametrize("style", ["eager", "lazy"])
@pytest.mark.parametrize("terminal", ["model", "model:resends-the-sale", "model:never-reverses"])
@pytest.mark.parametrize("seed", ["8583", "2"])
def test_live_findings_equal_judged_ones(
    tmp_path: Path, terminal: str, style: str, seed: str
) -> None:
    live, events = play(tmp_path, terminal, style, seed)
    log = tmp_path / "events.ndjson"
    log.write_text("".join(event.line() + "\n" for event in events))
    (judged,) = judge(log)
    again = judged.verdict
    assert (again.status, again.headline, again.also) == (live.status, live.headline, live.also)
    assert (again.windows, again.notes, again.checked) == (live.windows, live.notes, live.checked)


def test_chance_decides_and_a_run_repeats(tmp_path: Path) -> None:
    verdict, events = play(tmp_path, "model", "lazy", "8583")
    draws = [event for event in events if event.kind == "draw" and event["purpose"] == "chance"]
    hits = [event["value"] < 0.5 for event in draws]
    assert len(hits) == 6
    assert 0 < sum(hits) < 6
    reversals = [e for e in events if e.kind == "received" and e["class"] == "reversal"]
    assert len(reversals) == sum(hits), "a wrong MAC each time that chance said so"
    jitter = [event for event in events if event.kind == "draw" and event["purpose"] == "jitter"]
    assert len(jitter) == sum(hits)
    assert verdict.status == "pass"
    assert play(tmp_path, "model", "lazy", "8583")[1] == events
