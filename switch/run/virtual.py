"""Virtual time: a clock that jumps to what comes next, and an event loop that does the same.

In memory :class:`VirtualClock` is all there is. Over loopback TCP both ends share one process
and :class:`VirtualLoop` reads their sockets; when nothing is readable it jumps to the next
timer. A 60-second timer costs nothing, and a run repeats exactly.
"""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections.abc import Callable
from datetime import datetime
from typing import Any

from switch.clock import NS_PER_SECOND, calendar

# A deadline that must come after the messages of its instant waits this long on a loop that
# cannot order them; the event still carries the instant itself.
AFTER_MESSAGES = 1_000  # nanoseconds
# How long the loop really waits before it believes that nothing is on its way over loopback.
GRACE = 0.0002  # seconds


class _Entry:
    __slots__ = ("callback", "cancelled", "order")

    def __init__(self, order: tuple[int, bool, int], callback: Callable[[], None]) -> None:
        self.order = order
        self.callback = callback
        self.cancelled = False

    def __lt__(self, other: _Entry) -> bool:
        return self.order < other.order

    def cancel(self) -> None:
        self.cancelled = True


class VirtualClock:
    """Nanoseconds that pass only from one callback to the next."""

    def __init__(self) -> None:
        self._now = 0
        self._count = 0
        self._heap: list[_Entry] = []

    def now(self) -> int:
        """Nanoseconds since the run began."""
        return self._now

    def local(self) -> datetime:
        """The fixed calendar of virtual runs."""
        return calendar(self._now)

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False) -> _Entry:
        """Call ``callback`` at ``when``; equal times in the order asked, ``last`` ones last."""
        self._count += 1
        entry = _Entry((max(when, self._now), last, self._count), callback)
        heapq.heappush(self._heap, entry)
        return entry

    def step(self) -> bool:
        """Run the next callback; False when nothing is left to happen."""
        while self._heap:
            entry = heapq.heappop(self._heap)
            if entry.cancelled:
                continue
            self._now = entry.order[0]
            entry.callback()
            return True
        return False


class _JumpingSelector(selectors.SelectSelector):
    """Reads what is readable; when nothing is, jumps the loop's clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.jump: Callable[[float], None] = lambda seconds: None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        ready = super().select(GRACE if timeout is not None else 0.05)
        if not ready and timeout is not None:
            self.jump(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio loop on virtual time; real sockets, no real waiting."""

    def __init__(self) -> None:
        selector = _JumpingSelector()
        self._virtual = 0.0
        super().__init__(selector)
        selector.jump = self._jump
        # Timers within the resolution of the real clock would fire early: there is none here.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Virtual seconds."""
        return self._virtual

    def _jump(self, seconds: float) -> None:
        self._virtual += seconds


class LoopVirtualClock:
    """The clock interface of a :class:`VirtualLoop`, in whole nanoseconds."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._start = round(loop.time() * NS_PER_SECOND)

    def now(self) -> int:
        """Nanoseconds since the clock was made."""
        # The loop's floats are exact to a nanosecond for some weeks; microseconds are enough.
        return (round(self._loop.time() * NS_PER_SECOND) - self._start) // 1000 * 1000

    def local(self) -> datetime:
        """The fixed calendar of virtual runs."""
        return calendar(self.now())

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False) -> Any:
        """Call ``callback`` when :meth:`now` reaches ``when``."""
        at = when + self._start + (AFTER_MESSAGES if last else 0)
        return self._loop.call_at(at / NS_PER_SECOND, callback)
