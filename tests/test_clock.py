"""Durations as they are written and shown."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.clock import NS_PER_SECOND, VIRTUAL_EPOCH, calendar, duration, in_seconds


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("0s", 0),
        ("60s", 60 * NS_PER_SECOND),
        ("250ms", 250_000_000),
        ("1.5s", 1_500_000_000),
        ("0.001ms", 1000),
        ("5m", 300 * NS_PER_SECOND),
        ("1h", 3600 * NS_PER_SECOND),
        ("0.1s", 100_000_000),
        (" 60s ", 60 * NS_PER_SECOND),
    ],
)
def test_durations(text: str, ns: int) -> None:
    assert duration(text) == ns


@pytest.mark.parametrize("text", ["", "60", "s", "-1s", "1d", "1 s", "1s2s", ".5s", "1.s", "1e3s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write 60s, 250ms, 5m or 1h"):
        duration(text)


@given(st.integers(0, 10**9))
def test_milliseconds_are_exact(count: int) -> None:
    assert duration(f"{count}ms") == count * 1_000_000
    assert duration(f"{count // 1000}.{count % 1000:03d}s") == count * 1_000_000


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0.0s"),
        (NS_PER_SECOND, "1.0s"),
        (60_005_000_000, "60.005s"),
        (1_500_000_000, "1.5s"),
        (100 * NS_PER_SECOND, "100.0s"),
        (-2_250_000_000, "-2.25s"),
        (999_600_000, "1.0s"),
    ],
)
def test_in_seconds(ns: int, text: str) -> None:
    assert in_seconds(ns) == text


def test_the_calendar_moves_with_the_clock() -> None:
    assert calendar(0) == VIRTUAL_EPOCH
    assert calendar(90 * NS_PER_SECOND + 1_999, datetime(2026, 1, 1)) == datetime(
        2026, 1, 1, 0, 1, 30, 1
    )
