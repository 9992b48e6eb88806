"""Running many cases: in memory, over TCP, on virtual or real time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

from switch.chance import Chance
from switch.clock import NS_PER_SECOND
from switch.masking import Tokens
from switch.net.clock import LoopClock
from switch.net.server import address
from switch.records import Event
from switch.run.case import CaseRun, Cast
from switch.run.memory import MemoryNetwork
from switch.run.model import ModelDriver, habits_of, settings_of
from switch.run.plan import Prepared, first_record
from switch.run.tcp import TcpNetwork
from switch.run.virtual import LoopVirtualClock, VirtualClock, VirtualLoop
from switch.scenario.model import Case
from switch.scenario.verdict import Verdict, skipped
from switch.terminal.habits import Habits

Done = Callable[[Verdict, list[Event]], None]
# A case that has not ended after a month of its own clock never will.
LONGEST_CASE = 31 * 24 * 3600 * NS_PER_SECOND
# Bounds on clocks that are not ours alone are widened by this much.
REAL_SLACK = 250_000_000  # nanoseconds


def tokens_of(prepared: Prepared) -> Tokens:
    """The token key of a run.

    With the model terminal it comes from the seed, so that a run repeats byte for byte: its
    cards are test cards. With an outside terminal it is drawn and forgotten.
    """
    if prepared.options.driver == "model":
        return Tokens(Chance(prepared.options.seed).bytes("token key", 32))
    return Tokens(secrets.token_bytes(32))


class Suite:
    """Runs the cases of a plan; each has its own host, book, terminal, link and seed.

    Args:
        prepared: the plan.
        habits: of the model terminal; by default those of the defect that the options name.
    """

    def __init__(self, prepared: Prepared, habits: Habits | None = None) -> None:
        self.habits = habits or habits_of(prepared.options.defect)
        self.prepared = prepared
        self.options = prepared.options
        self.tokens = tokens_of(prepared)

    def run(self) -> Iterator[tuple[Verdict, list[Event]]]:
        """Verdict and log of each case, as they end."""
        if self.options.over == "memory" and self.options.clock == "virtual":
            yield from self._each(self._in_memory)
        elif self.options.clock == "virtual":
            loop = VirtualLoop()
            try:
                yield from self._each(
                    lambda case: loop.run_until_complete(self._over_tcp(loop, case))
                )
            finally:
                loop.close()
        else:
            yield from self._each(lambda case: asyncio.run(self._on_real_time(case)))

    def _each(self, run: Callable[[Case], CaseRun]) -> Iterator[tuple[Verdict, list[Event]]]:
        for case in self.prepared.cases:
            if case.skip:
                yield skipped(case), []
                continue
            played = run(case)
            assert played.verdict is not None
            yield played.verdict, played.log.events

    def cast(self, case: Case, slack: int = 0) -> Cast:
        """What a case is run with."""
        options = self.options
        return Cast(
            self.prepared.book,
            self.prepared.dialect,
            f"{options.seed}/{case.id}",
            first_record(self.prepared, case, self.tokens),
            options.clock,
            options.over,
            slack,
        )

    # ---- the three stages --------------------------------------------------------------

    def _in_memory(self, case: Case) -> CaseRun:
        clock = VirtualClock()
        played = CaseRun(case, self.cast(case), clock, self.tokens)
        network = MemoryNetwork(clock, played.host, played)
        played.start(network, self._model(played, network))
        limit = self.options.max_time or LONGEST_CASE
        while played.verdict is None:
            if not clock.step():
                played.abort("nothing is left to happen, and the script has not ended")
            elif clock.now() > limit:
                played.abort(f"--max-time: {limit / NS_PER_SECOND:.0f}s passed")
        return played

    def _model(self, played: CaseRun, network: MemoryNetwork | TcpNetwork) -> ModelDriver:
        settings = settings_of(
            self.prepared.book,
            self.prepared.dialect,
            self.prepared.profile,
            self.options.style,
        )
        settings = replace(settings, habits=self.habits)
        chance = played.chance.child("terminal")
        return ModelDriver(settings, played.clock, chance, played.log, network)

    async def _over_tcp(self, loop: VirtualLoop, case: Case) -> CaseRun:
        clock = LoopVirtualClock(loop)
        played = CaseRun(case, self.cast(case), clock, self.tokens)
        network = TcpNetwork(loop, clock, played.host, played)
        await network.start(address(self.options.listen or "127.0.0.1:0"))
        await self._play(played, network, clock.call_at)
        return played

    async def _on_real_time(self, case: Case) -> CaseRun:
        loop = asyncio.get_running_loop()
        rate = float(self.options.clock.partition(":")[2] or 1)
        clock = LoopClock(loop, rate=rate)
        played = CaseRun(case, self.cast(case, round(REAL_SLACK * rate)), clock, self.tokens)
        if self.options.over == "memory":
            memory = MemoryNetwork(clock, played.host, played)
            await self._play(played, memory, clock.call_at)
            return played
        network = TcpNetwork(loop, clock, played.host, played)
        await network.start(address(self.options.listen or "127.0.0.1:0"))
        await self._play(played, network, clock.call_at)
        return played

    async def _play(
        self, played: CaseRun, network: MemoryNetwork | TcpNetwork, call_at: Callable[..., object]
    ) -> None:
        ended = asyncio.Event()
        played.ended = ended.set
        limit = self.options.max_time or LONGEST_CASE
        call_at(limit, lambda: played.abort(f"--max-time: {limit / NS_PER_SECOND:.0f}s passed"))
        driver = self._model(played, network)
        played.start(network, driver)
        await ended.wait()
        driver.hang_up()
        if isinstance(network, TcpNetwork):
            await network.stop()
