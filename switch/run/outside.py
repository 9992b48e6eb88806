"""Cases against a terminal that is not ours: one listener, cases in turn, real time.

Merchants, cards, rules and the duplicate store return to the book at each case; keys, batch,
STAN and open originals live on. A reversal of an original older than the case is answered,
logged as residue and never judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from switch.clock import Clock
from switch.net.clock import LoopClock
from switch.net.server import address
from switch.records import Event
from switch.run.case import CaseRun, Driver
from switch.run.earlier import INTERRUPTED
from switch.run.suite import REAL_SLACK, Suite
from switch.run.tcp import TcpNetwork
from switch.scenario.model import Case
from switch.scenario.verdict import Verdict, skipped

Each = Callable[[Verdict, list[Event]], None]


class OutsideDriver(Driver, Protocol):
    """Who operates a terminal that is not ours: a person, or a command.

    Attributes:
        stopped: no further case is to be run.
        again: the case that ended is to be run once more.
    """

    stopped: bool
    again: bool

    def attach(self, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        """Listen to whoever operates it; returns what stops that."""

    def begin(self, played: CaseRun, clock: Clock, number: int, count: int) -> None:
        """A new case."""

    def finish(self) -> None:
        """The case is over."""


async def run_outside(suite: Suite, driver: OutsideDriver, each: Each) -> None:
    """Run every case of a suite against whatever terminal connects.

    Args:
        suite: the cases.
        driver: who operates the terminal.
        each: is told verdict and log of each case.
    """
    detach = driver.attach(asyncio.get_running_loop())
    bench = _Bench(suite, driver, each)
    try:
        for number, case in enumerate(suite.prepared.cases, 1):
            if case.skip:
                each(skipped(case), [])
                continue
            await bench.run(case, number)
            while driver.again:
                driver.again = False
                await bench.run(case, number)
            bench.report()
            if driver.stopped:
                return
    finally:
        detach()
        await bench.close()


class _Bench:
    """One listener, and the case that is played at it."""

    def __init__(self, suite: Suite, driver: OutsideDriver, each: Each) -> None:
        self._suite = suite
        self._driver = driver
        self._each = each
        self._network: TcpNetwork | None = None
        self._played: CaseRun | None = None

    async def run(self, case: Case, number: int) -> None:
        """Play one case; the terminals of the case before live on."""
        suite, loop = self._suite, asyncio.get_running_loop()
        clock, before = LoopClock(loop), self._played.host if self._played else None
        played = CaseRun(case, suite.cast(case, REAL_SLACK), clock, suite.tokens, before)
        self._played = played
        network = self._network or TcpNetwork(loop, clock, played.host, played)
        if self._network is None:
            bound = await network.start(address(suite.options.listen))
            where = f"{bound[0]}:{bound[1]}"
            print(f"switch: waiting for terminal {case.profile.id} on {where}", flush=True)
            self._network = network
        else:
            network.server.serve(played.host, clock, played)
        try:
            await _play(suite, played, network, self._driver, number, len(suite.prepared.cases))
        except asyncio.CancelledError:  # Ctrl-C: what is known of this case is reported
            played.abort(INTERRUPTED)
            self._driver.finish()
            self.report()
            raise

    def report(self) -> None:
        """Tell verdict and log of the case that ended."""
        assert self._played is not None
        assert self._played.verdict is not None
        self._each(self._played.verdict, self._played.log.events)

    async def close(self) -> None:
        """Stop listening."""
        if self._network is not None:
            await self._network.stop()


async def _play(
    suite: Suite,
    played: CaseRun,
    network: TcpNetwork,
    driver: OutsideDriver,
    number: int,
    count: int,
) -> None:
    ended = asyncio.Event()
    played.ended = ended.set
    limit = suite.options.max_time
    if limit:
        played.clock.call_at(limit, lambda: played.abort(f"--max-time: {limit // 10**9}s passed"))
    driver.begin(played, played.clock, number, count)
    played.start(network, driver)
    await ended.wait()
    driver.finish()
