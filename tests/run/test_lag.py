"""A bound that was missed while the runner itself was late proves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from switch.masking import Tokens
from switch.run.case import CaseRun, Cast
from switch.run.memory import MemoryNetwork
from switch.run.model import ModelDriver, settings_of
from switch.run.plan import RunOptions, prepare
from switch.run.suite import REAL_SLACK
from switch.run.virtual import VirtualClock

SECOND = 1_000_000_000


class LateClock(VirtualClock):
    """Deadlines of steps fire late, as on a busy machine."""

    late = 0

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False):  # type: ignore[no-untyped-def]
        return super().call_at(when + (self.late if last else 0), callback, last=last)


@pytest.mark.parametrize(("late", "status"), [(0, "fail"), (2 * SECOND, "inconclusive")])
def test_a_step_missed_while_the_runner_was_late(late: int, status: str) -> None:
    options = RunOptions(names=("timeout-reversal",), case="loss=silent")
    prepared = prepare(options)
    (case,) = prepared.cases
    clock = LateClock()
    clock.late = late
    cast = Cast(prepared.book, prepared.dialect, "1", {}, "real", "memory", REAL_SLACK)
    played = CaseRun(case, cast, clock, Tokens(b"key"))
    network = MemoryNetwork(clock, played.host, played)
    settings = settings_of(
        prepared.book, prepared.dialect, prepared.profile, "eager", "never-reverses"
    )
    chance = played.chance.child("terminal")
    played.start(network, ModelDriver(settings, clock, chance, played.log, network))
    while played.verdict is None and clock.step():
        pass
    assert played.verdict is not None
    missed = [f for f in played.director.findings if f.kind == "missed"]
    assert [finding.severity for finding in missed] == [status]
