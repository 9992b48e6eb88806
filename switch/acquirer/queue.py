"""The bottleneck: one line of messages, in which each waits for those before it.

The acquirer decides at arrival; what waits is the response. A line that is too long sheds a
share of what arrives (protocol 8, row 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SILENCE = "silence"
SHEDS = ("system_error", SILENCE)
ALL = 100  # percent


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands.

    Attributes:
        wait: nanoseconds until its response may leave.
        ahead: messages before it.
        shed: empty, or what it is answered because the line is too long; of :data:`SHEDS`.
    """

    wait: int = 0
    ahead: int = 0
    shed: str = ""


AT_ONCE = Place()


class Queue:
    """The line of one host; without a delay for each message there is none."""

    def __init__(self) -> None:
        self._each = 0  # nanoseconds
        self._limit = 0  # messages; 0: any number
        self._shed = SHEDS[0]
        self._share = ALL
        self._free_at = 0  # nanoseconds

    def change(self, changes: Mapping[str, Any], now: int) -> None:
        """Take over what ``keys.host`` says of the queue; other keys are passed over."""
        self._each = changes.get("queue_delay", self._each)
        self._limit = changes.get("queue_limit", self._limit)
        self._shed = changes.get("shed", self._shed)
        self._share = changes.get("shed_share", self._share)
        if not self._each:
            self._free_at = now
        self._free_at = max(self._free_at, now) + changes.get("queue_ahead", 0) * self._each

    def arrive(self, now: int, percent: Callable[[], int]) -> Place:
        """A message takes its place, or none if it is shed.

        Args:
            now: nanoseconds.
            percent: draws 0 to 99; asked only where a share of less than all is shed.
        """
        if not self._each:
            return AT_ONCE
        waits = max(self._free_at - now, 0)
        ahead = -(-waits // self._each)
        full = self._limit and ahead >= self._limit
        if full and (self._share == ALL or percent() < self._share):
            return Place(ahead=ahead, shed=self._shed)
        self._free_at = now + waits + self._each
        return Place(waits + self._each, ahead)
