"""Failure texts: the sample of the format to the column, and real terminals with real defects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from switch.acquirer.book import load as load_book
from switch.dialect import Dialect
from switch.judge.matching import Outcome, Seen, weigh
from switch.report.failure import failure_text, rerun_command
from switch.report.wording import LONGEST
from switch.scenario.model import Case
from switch.scenario.state import Finding, NearMiss, Planned
from switch.scenario.verdict import Verdict
from switch.terminal.defects import DEFECTS

GOLDEN = Path(__file__).parent / "golden"
COMMANDS = ("  rerun ", "  judge ")
JUDGE = "switch judge runs/latest/events.ndjson"
SECOND = 1_000_000_000
ORIGINAL = {"original": "original.stan"}

# name of the golden file -> what is run
RUNS: dict[str, dict[str, Any]] = {
    "near-miss": {
        "scenario": "timeout-reversal",
        "name": "loss=silent",
        "defect": "new-stan-in-reversal",
    },
    "nudged": {"scenario": "timeout-reversal", "name": "loss=closed", "real_style": "lazy"},
    "early": {
        "scenario": "timeout-reversal",
        "name": "loss=silent",
        "defect": "reverses-too-early",
    },
    "failed-check": {
        "scenario": "timeout-reversal",
        "name": "loss=silent",
        "defect": "wrong-reason",
    },
    "failed-echo": {
        "scenario": "timeout-reversal",
        "name": "loss=closed",
        "defect": "strips-the-reversal",
    },
    "refused": {"scenario": "timeout-reversal", "name": "loss=closed", "defect": "lower-case-mac"},
    "not-repeated": {
        "scenario": "timeout-reversal",
        "name": "loss=silent",
        "defect": "gives-up-after-one-try",
    },
    "nothing-came": {"scenario": "lost-response", "defect": "never-reverses"},
    "violated-never": {"scenario": "suspended-merchant", "defect": "reverses-a-decline"},
    "violated-often": {"scenario": "suspended-merchant", "defect": "retries-invalid-merchant"},
    "unexpected": {"scenario": "nothing-asked"},
    "ledger": {"scenario": "unwatched-loss", "defect": "never-reverses"},
    "inconclusive": {"scenario": "nobody-sells"},
    "cut-off": {"scenario": "timeout-reversal", "name": "loss=silent", "cut_off": 30},
}


def text_of(verdict: Verdict, dialect: Dialect) -> str:
    return failure_text(verdict, rerun=rerun_command(verdict), judge=JUDGE, dialect=dialect)


@pytest.mark.parametrize("name", RUNS)
def test_a_failure_reads_like_its_golden_text(name: str, play: Any, dialect: Dialect) -> None:
    verdict, _ = play(**RUNS[name])
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert text_of(verdict, dialect) + "\n" == golden


def test_every_golden_text_is_used() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*RUNS, "sample"}


# ---- the sample of scenario-format 9, by hand -------------------------------------------------


def seen(seq: int, at: float, kind: str, stan: str, conn: int = 3, **values: str) -> Seen:
    mti = "0400" if kind == "reversal" else "0200"
    named = {"stan": stan, **{ORIGINAL.get(name, name): text for name, text in values.items()}}
    return Seen(seq, round(at * SECOND), conn, seq, kind, mti, named, {}, {})


@pytest.fixture
def case(cases: Callable[..., list[Case]]) -> Case:
    return next(one for one in cases("timeout-reversal") if one.case == "loss=silent")


@pytest.fixture
def sample(case: Case, dialect: Dialect) -> Verdict:
    """The missed reversal of section 9, with the numbers that stand there."""
    sale = seen(9, 0, "sale", "000101", amount="000000010000")
    other = seen(14, 60, "reversal", "000102", original="000102")
    late = seen(19, 75, "sale", "000103")
    step, window = case.step("reversal"), case.never[2]
    assert step is not None
    near = NearMiss(other, tuple(weigh(step.where, other, {"sale": sale}, dialect)))
    missed = Finding(
        "fail",
        "missed",
        "reversal",
        150 * SECOND,
        21,
        "0 matching messages; 2 others arrived while waiting",
        expected="reversal of the sale (original.stan 000101) from +55.0s to +75.0s after "
        'sale.received, then within 75.0s of "Start another sale" (asked at +75.0s)',
        near=(near,),
        others=(late,),
        kinds=("reversal",),
        mark=step.mark,
    )
    violated = Finding(
        "fail",
        "never",
        "reverse_first",
        75 * SECOND,
        19,
        "sale 000103 came inside the window",
        note=window.note,
        kinds=("sale",),
        about=late,
        mark=window.mark,
    )
    return Verdict(
        replace(case, path="scenarios/timeouts/timeout-reversal.yaml"),
        "fail",
        missed,
        (violated,),
        seed="8583",
        steps={"sale": sale},
        plans=(Planned("sale", "none", effect=True, met=True),),
        ledger={9: "approved"},
    )


def test_the_sample_of_the_format(sample: Verdict, dialect: Dialect) -> None:
    golden = (GOLDEN / "sample.txt").read_text(encoding="utf-8")
    assert text_of(sample, dialect) + "\n" == golden


def test_the_golden_sample_is_the_one_of_the_format(shared: Path) -> None:
    text = (shared / "scenario-format.md").read_text(encoding="utf-8")
    section = text.split("## 9. How a failure reads")[1].split("```")[1]
    assert section.lstrip("\n") == (GOLDEN / "sample.txt").read_text(encoding="utf-8")


# ---- what every text keeps to -----------------------------------------------------------------


@pytest.mark.parametrize("style", ("eager", "lazy"))
def test_every_defect_is_told(style: str, play: Any, dialect: Dialect) -> None:
    """Whatever goes wrong: a sentence about people, lines of bounded length, no secret."""
    cards = [card.pan for card in load_book().cards.values()]
    failed = set()
    for defect in DEFECTS:
        for scenario, name in (("timeout-reversal", "loss=silent"), ("suspended-merchant", "")):
            verdict, _ = play(scenario, name, defect, style)
            text = text_of(verdict, dialect)
            if verdict.status == "fail":
                failed.add(defect)
                assert "\n  expected  " in text and "\n  happened  " in text, text
                assert "\n  means     " in text, text
            prose = [row for row in text.splitlines() if not row.startswith(COMMANDS)]
            assert max(map(len, prose)) <= LONGEST, text
            assert not any(pan in text for pan in cards), text
    assert len(failed) > 10


def test_a_missed_step_says_why_what_arrived_was_not_taken(
    sample: Verdict, dialect: Dialect
) -> None:
    assert sample.headline is not None
    twice = replace(sample.headline, near=sample.headline.near * 2)
    again = replace(twice.near[0].message, seq=17)
    twice = replace(twice, near=(twice.near[0], replace(twice.near[1], message=again)))
    text = text_of(replace(sample, headline=twice, also=()), dialect)
    assert "arrived   #17  +60.0s  conn 3  0400   reversal 000102: not matched, because" in text
    assert "original.stan is 000102, not 000101" in " ".join(text.split())
    assert "sale 000103: not matched, because it is no reversal" in text


def test_many_arrivals_are_counted_not_listed(sample: Verdict, dialect: Dialect) -> None:
    assert sample.headline is not None
    many = tuple(seen(30 + n, 61 + n, "sale", f"{200 + n:06}") for n in range(9))
    headline = replace(sample.headline, others=many)
    text = text_of(replace(sample, headline=headline), dialect)
    assert text.count("not matched") == 4
    assert "\n            and 5 more\n" in text


def test_what_happens_again_and_again_is_one_line(sample: Verdict, dialect: Dialect) -> None:
    (violated,) = sample.also
    often = tuple(replace(violated, at=violated.at + n * SECOND) for n in range(40))
    text = text_of(replace(sample, also=often), dialect)
    assert text.count("reverse_first") == 1
    assert "; 40 times until +114.0s" in text


def test_a_finding_less_severe_than_the_verdict_says_so(sample: Verdict, dialect: Dialect) -> None:
    plan = Finding(
        "inconclusive",
        "plan",
        "sale",
        0,
        1,
        "the planned reply did not take effect",
        expected="reply: none",
    )
    text = text_of(replace(sample, also=(plan,)), dialect)
    assert (
        "also      inconclusive: planned reply of sale, none: the planned reply did not take effect"
        in text
    )


def test_a_warning_rides_beside_a_pass(case: Case, dialect: Dialect) -> None:
    warning = Finding("warning", "verify", "attempts", 0, 1, "4 attempts", expected="3 at most")
    text = text_of(Verdict(case, "pass", warnings=(warning,)), dialect)
    first, second = text.splitlines()
    assert first.startswith("PASS timeout-reversal[loss=silent]  ")
    assert second == "  warning   verify attempts at +0.0s: 4 attempts, expected 3 at most"


def test_secrets_of_the_log_and_of_the_scenario_stay_hidden(
    sample: Verdict, dialect: Dialect
) -> None:
    assert sample.headline is not None
    pan = "6212142000000000012"
    outcome = Outcome("pan", False, pan, "token:0123456789abcdef")
    near = replace(sample.headline.near[0], outcomes=(outcome,))
    headline = replace(sample.headline, near=(near,), expected=f"sale (pan token:{'ab' * 8})")
    text = text_of(replace(sample, headline=headline), dialect)
    assert pan not in text and "token:" not in text
    assert "expected 621214*********0012   got as before" in text


def test_what_a_screen_would_obey_is_escaped(sample: Verdict, dialect: Dialect) -> None:
    assert sample.headline is not None
    outcome = Outcome("merchant_id", False, "898310012345678", "\x1b[2J\ud800")
    near = replace(sample.headline.near[0], outcomes=(outcome,))
    text = text_of(replace(sample, headline=replace(sample.headline, near=(near,))), dialect)
    assert "\\x1B[2J\\x00" in text
    assert text.isprintable() or all(line.isprintable() for line in text.splitlines())


def test_a_command_stays_on_one_line(sample: Verdict, dialect: Dialect) -> None:
    rerun = f"switch run {'x' * 90} --terminal model:new-stan-in-reversal --style lazy"
    text = failure_text(sample, rerun=rerun, judge="", dialect=dialect)
    assert f"\n  rerun     {rerun}" in text


def test_empty_commands_leave_no_line(sample: Verdict, dialect: Dialect) -> None:
    text = failure_text(sample, rerun="", judge="", dialect=dialect)
    assert "rerun" not in text and "judge" not in text
