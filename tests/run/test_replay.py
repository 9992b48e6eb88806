"""What a log is worth: it repeats byte for byte, and judging it again finds the same."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch.errors import BadUsage
from switch.records import Event
from switch.run.judge import judge, read_events
from switch.run.plan import Prepared, RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict
from switch.terminal.defects import DEFECTS

TERMINALS = ["model", *(f"model:{name}" for name in DEFECTS)]


@cache
def loaded(style: str) -> Prepared:
    return prepare(RunOptions(style=style))


def plan(style: str, terminal: str, over: str = "memory", seed: str = "8583") -> Prepared:
    prepared = loaded(style)
    options = replace(prepared.options, terminal=terminal, over=over, seed=seed)
    return replace(prepared, options=options)


def play(prepared: Prepared, number: int) -> tuple[Verdict, list[Event]]:
    cases = [case for case in prepared.cases if not case.skip]
    case = cases[number % len(cases)]
    return next(Suite(replace(prepared, cases=(case,))).run())


def text(events: list[Event]) -> str:
    return "".join(event.line() + "\n" for event in events)


@given(number=st.integers(0, 500), terminal=st.sampled_from(TERMINALS),
       style=st.sampled_from(["eager", "lazy"]))  # fmt: skip
@settings(max_examples=40)
def test_live_findings_equal_judged_ones(
    tmp_path_factory: pytest.TempPathFactory, number: int, terminal: str, style: str
) -> None:
    live, events = play(plan(style, terminal), number)
    path = tmp_path_factory.mktemp("log") / "events.ndjson"
    path.write_text(text(events))
    (judged,) = judge(path)
    again = judged.verdict
    assert again.status == live.status
    assert again.headline == live.headline
    assert again.also == live.also
    assert again.windows == live.windows
    assert again.notes == live.notes
    assert again.checked == live.checked


@pytest.mark.parametrize("over", ["memory", "tcp"])
@pytest.mark.parametrize("terminal", ["model", "model:new-stan-in-reversal"])
def test_one_seed_twice_gives_equal_bytes(over: str, terminal: str) -> None:
    prepared = plan("eager", terminal, over)
    for number in range(0, len(prepared.cases), 7):
        assert text(play(prepared, number)[1]) == text(play(prepared, number)[1])


def test_another_seed_gives_other_keys_and_codes() -> None:
    one = text(play(plan("eager", "model"), 0)[1])
    other = text(play(plan("eager", "model", seed="1"), 0)[1])
    assert one != other


def test_memory_and_tcp_agree_on_every_message() -> None:
    def messages(over: str) -> list[tuple[str, str]]:
        _, events = play(plan("eager", "model", over), 3)
        return [(e.kind, e["wire"]) for e in events if e.kind in {"received", "sent"}]

    assert messages("memory") == messages("tcp")


def test_a_log_of_another_format_is_refused(tmp_path: Path) -> None:
    _, events = play(plan("eager", "model"), 0)
    wrong = replace(events[0], body={**events[0].body, "format": 99})
    path = tmp_path / "events.ndjson"
    path.write_text(text([wrong, *events[1:]]))
    with pytest.raises(Exception, match="log format 99"):
        list(judge(path))


def test_every_line_of_a_log_reads_back(tmp_path: Path) -> None:
    _, events = play(plan("eager", "model"), 5)
    path = tmp_path / "events.ndjson"
    path.write_text(text(events))
    (again,) = read_events(path)
    assert text(list(again)) == text(events)


def test_a_log_that_breaks_off_is_inconclusive(tmp_path: Path) -> None:
    _, events = play(plan("eager", "model"), 0)
    path = tmp_path / "events.ndjson"
    path.write_text(text(events[: len(events) // 2]))
    (judged,) = judge(path)
    assert judged.verdict.status == "inconclusive"
    assert "ends in the middle" in judged.verdict.reason


PAN = "6212142000000000012"
LITERAL = f"""\
format: 1
name: literal-pan
title: A card number written in a scenario
steps:
  - stimulus: {{do: sale, amount: 100}}
  - id: sale
    receive: sale
    where: {{pan: "{PAN}"}}
    within: 60s
    reply: {{outcome: do_not_honour}}
  - stimulus: {{do: sale, amount: 100}}
  - id: again
    receive: sale
    where: {{pan: {{in: ["{PAN}", "6212142000000000400"]}}}}
    within: 60s
"""


def test_a_literal_card_number_is_compared_and_never_written(tmp_path: Path) -> None:
    scenario = tmp_path / "literal-pan.yaml"
    scenario.write_text(LITERAL)
    ((live, events),) = Suite(prepare(RunOptions(names=(str(scenario),)))).run()
    assert live.status == "pass", live
    assert PAN not in text(events)
    log = tmp_path / "events.ndjson"
    log.write_text(text(events))
    (alone,) = judge(log)
    assert alone.verdict.status == "pass"
    with pytest.raises(BadUsage, match="literal card number"):
        list(judge(log, [scenario]))
