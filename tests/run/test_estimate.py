"""How long a suite takes on a real clock: told before it starts, and short for smoke."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from switch.run.estimate import Estimate, estimates, played, total
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite

MINUTE = 60_000_000_000  # nanoseconds


def profile(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "terminal.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("reverses", ["eager", "lazy"])
def test_smoke_takes_less_than_15_minutes(reverses: str, tmp_path: Path) -> None:
    given = profile(tmp_path, f"reverses: {reverses}\n")
    smoke = total(estimates(RunOptions(tag="smoke", profile=given)).values())
    assert smoke.ns < 15 * MINUTE, f"{smoke.ns / MINUTE:.1f} minutes"
    assert smoke.cases >= 20


def test_it_is_what_passes_on_the_clock(tmp_path: Path) -> None:
    given = profile(tmp_path, "reverses: eager\n")
    options = RunOptions(names=("timeout-reversal",), profile=given)
    found = estimates(options)["timeout-reversal"]
    verdicts = [verdict for verdict, _ in Suite(prepare(options)).run()]
    assert found == Estimate(3, 0, sum(verdict.lasted for verdict in verdicts), 9)


def test_a_longer_timer_and_late_reversals_take_longer(tmp_path: Path) -> None:
    def seconds(text: str) -> float:
        options = RunOptions(names=("silent-host",), profile=profile(tmp_path, text))
        return estimates(options)["silent-host"].ns / 1e9

    eager = seconds("reverses: eager\n")
    assert seconds("reverses: eager\ntimeout: 90s\n") > eager
    assert seconds("reverses: either\n") == seconds("reverses: lazy\n") > eager


def test_what_the_terminal_cannot_do_takes_no_time(tmp_path: Path) -> None:
    given = profile(tmp_path, "can: [sale, sign_on]\n")
    found = estimates(RunOptions(names=("void-lost",), profile=given))
    assert found == {"void-lost": Estimate(skipped=3)}


def test_only_time_is_virtual() -> None:
    real = prepare(RunOptions(over="tcp", clock="real", names=("silent-host",)))
    assert played(real) == replace(
        real, options=replace(real.options, over="memory", clock="virtual", style="eager")
    )
