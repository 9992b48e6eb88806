"""Time as integer nanoseconds, and how durations are written.

Nothing below the outside world reads a clock: a :class:`Clock` is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

NS_PER_SECOND = 1_000_000_000
UNITS = {"ms": 1_000_000, "s": NS_PER_SECOND, "m": 60 * NS_PER_SECOND, "h": 3600 * NS_PER_SECOND}
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")

# What the calendar says at nanosecond 0 of a virtual run: a Monday in office hours, far from
# the cut-over at 23:00, so that a run never depends on the day it is started.
VIRTUAL_EPOCH = datetime(2026, 1, 5, 10, 0, 0)


class Timer(Protocol):
    """Something that was asked to happen later."""

    def cancel(self) -> None:
        """Make it not happen."""


class Clock(Protocol):
    """Where time comes from; ``now`` never goes backwards."""

    def now(self) -> int:
        """Nanoseconds since the run began."""

    def local(self) -> datetime:
        """What the wall clock of the host shows."""

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False) -> Timer:
        """Call ``callback`` at ``when`` nanoseconds; ``last``: after all messages of that time."""


def duration(text: str) -> int:
    """Nanoseconds of a duration such as ``60s``, ``250ms``, ``1.5m``.

    Raises:
        ValueError: the text is no duration.

    >>> duration("1.5s")
    1500000000
    """
    found = DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a duration; write 60s, 250ms, 5m or 1h")
    whole, _, part = found[1].partition(".")
    scale: int = 10 ** len(part)
    return int(whole + part) * UNITS[found[2]] // scale


def in_seconds(ns: int) -> str:
    """A duration or an instant as a person reads it: ``+60.0s`` without the sign.

    >>> in_seconds(60_005_000_000)
    '60.005s'
    """
    text = f"{ns / NS_PER_SECOND:.3f}".rstrip("0")
    return (text + "0" if text.endswith(".") else text) + "s"


def calendar(ns: int, epoch: datetime = VIRTUAL_EPOCH) -> datetime:
    """What the calendar shows ``ns`` nanoseconds after ``epoch``."""
    return epoch + timedelta(microseconds=ns // 1000)
