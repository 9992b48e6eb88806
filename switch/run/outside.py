"""Cases against a terminal that is not ours: one listener, cases in turn, real time.

Merchants, cards, rules and the duplicate store return to the book at each case; keys, batch,
STAN and open originals live on. A reversal of an original older than the case is answered,
logged as residue and never judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from switch.host import Host
from switch.net.clock import LoopClock
from switch.net.server import address
from switch.records import Event
from switch.run.case import CaseRun
from switch.run.earlier import INTERRUPTED
from switch.run.prompt import PromptDriver
from switch.run.suite import REAL_SLACK, Suite
from switch.run.tcp import TcpNetwork
from switch.scenario.verdict import Verdict, skipped

Each = Callable[[Verdict, list[Event]], None]


async def run_outside(suite: Suite, driver: PromptDriver, each: Each) -> None:
    """Run every case of a suite against whatever terminal connects.

    Args:
        suite: the cases.
        driver: who operates the terminal.
        each: is told verdict and log of each case.
    """
    loop = asyncio.get_running_loop()
    detach = driver.attach(loop)
    network: TcpNetwork | None = None
    before: Host | None = None
    cases = suite.prepared.cases
    try:
        for number, case in enumerate(cases, 1):
            if case.skip:
                each(skipped(case), [])
                continue
            clock = LoopClock(loop)
            played = CaseRun(case, suite.cast(case, REAL_SLACK), clock, suite.tokens, before)
            if network is None:
                network = TcpNetwork(loop, clock, played.host, played)
                bound = await network.start(address(suite.options.listen))
                print(
                    f"switch: waiting for terminal {case.profile.id} on {bound[0]}:{bound[1]}",
                    flush=True,
                )
            else:
                network.server.serve(played.host, clock, played)
            try:
                await _play(suite, played, network, driver, number, len(cases))
            except asyncio.CancelledError:  # Ctrl-C: what is known of this case is reported
                played.abort(INTERRUPTED)
                driver.finish()
                assert played.verdict is not None
                each(played.verdict, played.log.events)
                raise
            before = played.host
            assert played.verdict is not None
            each(played.verdict, played.log.events)
            if driver.stopped:
                return
    finally:
        detach()
        if network is not None:
            await network.stop()


async def _play(
    suite: Suite,
    played: CaseRun,
    network: TcpNetwork,
    driver: PromptDriver,
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
