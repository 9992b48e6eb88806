"""The clock of an asyncio event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from switch.clock import NS_PER_SECOND, Timer


class LoopClock:
    """Nanoseconds since it was made, from the loop's own clock.

    Args:
        loop: the event loop.
        epoch: what the calendar showed at nanosecond 0; now when absent.
        rate: virtual seconds per real second (``scaled:N``).
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, epoch: datetime | None = None, rate: float = 1.0
    ) -> None:
        self._loop = loop
        self._start = loop.time()
        self._rate = rate
        self._epoch = epoch or datetime.now()

    def now(self) -> int:
        """Nanoseconds since the clock was made."""
        return round((self._loop.time() - self._start) * self._rate * NS_PER_SECOND)

    def local(self) -> datetime:
        """What the calendar shows."""
        return self._epoch + timedelta(microseconds=self.now() // 1000)

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False) -> Timer:
        """Call ``callback`` when :meth:`now` reaches ``when``."""
        seconds = when / NS_PER_SECOND / self._rate
        return self._loop.call_at(self._start + seconds, callback)
