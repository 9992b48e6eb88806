"""Running many cases: in memory, over TCP, on virtual or real time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from switch.chance import Chance
from switch.clock import NS_PER_SECOND, Clock
from switch.masking import Tokens
from switch.net.clock import LoopClock
from switch.net.server import address
from switch.records import Event
from switch.run.case import CaseRun, Cast
from switch.run.fleet import APART
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
    """Runs the cases of a plan; each has its own terminal, link and seed.

    Each has its own host and book as well, but for the cases of a fleet, which share an acquirer.

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
                    lambda cases: loop.run_until_complete(self._over_tcp(loop, cases))
                )
            finally:
                loop.close()
        else:
            yield from self._each(lambda cases: asyncio.run(self._on_real_time(cases)))

    def _each(
        self, run: Callable[[Sequence[Case]], Sequence[CaseRun]]
    ) -> Iterator[tuple[Verdict, list[Event]]]:
        for cases in self.prepared.together():
            yield from ((skipped(case), []) for case in cases if case.skip)
            for played in run([case for case in cases if not case.skip]):
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

    def _in_memory(self, cases: Sequence[Case]) -> list[CaseRun]:
        clock = VirtualClock()
        crew = self._crew(cases, clock)
        self._start(crew, [MemoryNetwork(clock, played.host, played) for played in crew])
        limit = self.options.max_time or LONGEST_CASE
        for played in crew:
            while played.verdict is None:
                if not clock.step():
                    played.abort("nothing is left to happen, and the script has not ended")
                elif clock.now() > limit:
                    played.abort(_too_long(limit))
        return crew

    def _crew(self, cases: Sequence[Case], clock: Clock, slack: int = 0) -> list[CaseRun]:
        """The cases that are played at once, at the lines of one acquirer."""
        crew: list[CaseRun] = []
        for case in cases:
            beside = crew[0] if crew else None
            cast = self.cast(case, slack)
            crew.append(CaseRun(case, cast, clock, self.tokens, beside=beside))
        return crew

    def _start(
        self, crew: Sequence[CaseRun], networks: Sequence[MemoryNetwork | TcpNetwork]
    ) -> list[ModelDriver]:
        """Begin each case, one a little after the other."""
        drivers = []
        for number, (played, network) in enumerate(zip(crew, networks, strict=True)):
            driver = self._model(played, network)
            start = partial(played.start, network, driver)
            played.clock.call_at(number * APART, start)
            drivers.append(driver)
        return drivers

    def _model(self, played: CaseRun, network: MemoryNetwork | TcpNetwork) -> ModelDriver:
        settings = settings_of(
            self.prepared.book,
            self.prepared.dialect,
            played.case.profile,
            self.options.style,
        )
        settings = replace(settings, habits=self.habits)
        chance = played.chance.child("terminal")
        return ModelDriver(settings, played.clock, chance, played.log, network)

    async def _over_tcp(self, loop: VirtualLoop, cases: Sequence[Case]) -> list[CaseRun]:
        crew = self._crew(cases, LoopVirtualClock(loop))
        await self._play(crew, await self._listening(loop, crew))
        return crew

    async def _on_real_time(self, cases: Sequence[Case]) -> list[CaseRun]:
        loop = asyncio.get_running_loop()
        rate = float(self.options.clock.partition(":")[2] or 1)
        clock = LoopClock(loop, rate=rate)
        crew = self._crew(cases, clock, round(REAL_SLACK * rate))
        if self.options.over == "memory":
            await self._play(crew, [MemoryNetwork(clock, one.host, one) for one in crew])
        else:
            await self._play(crew, await self._listening(loop, crew))
        return crew

    async def _listening(
        self, loop: asyncio.AbstractEventLoop, crew: Sequence[CaseRun]
    ) -> list[TcpNetwork]:
        """A listener for each terminal."""
        networks = [TcpNetwork(loop, played.clock, played.host, played) for played in crew]
        for network in networks:
            await network.start(address(self.options.listen or "127.0.0.1:0"))
        return networks

    async def _play(
        self, crew: Sequence[CaseRun], networks: Sequence[MemoryNetwork | TcpNetwork]
    ) -> None:
        ends = [asyncio.Event() for _ in crew]
        limit = self.options.max_time or LONGEST_CASE
        for played, end in zip(crew, ends, strict=True):
            played.ended = end.set
            played.clock.call_at(limit, partial(played.abort, _too_long(limit)))
        drivers = self._start(crew, networks)
        for end in ends:
            await end.wait()
        for driver in drivers:
            driver.hang_up()
        for network in networks:
            if isinstance(network, TcpNetwork):
                await network.stop()


def _too_long(limit: int) -> str:
    return f"--max-time: {limit / NS_PER_SECOND:.0f}s passed"
