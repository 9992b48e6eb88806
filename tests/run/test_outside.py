"""An outside terminal goes through cases in turn; here a robot's hands press its keys."""

from __future__ import annotations

import asyncio
import io
import socket
from dataclasses import replace

import pytest

from switch.chance import Chance
from switch.net.clock import LoopClock
from switch.net.link import TcpLine
from switch.records import Event, EventLog
from switch.run.model import ModelPort, settings_of
from switch.run.outside import run_outside
from switch.run.plan import Prepared, RunOptions, prepare
from switch.run.prompt import PromptDriver
from switch.run.suite import Suite
from switch.scenario.model import Stimulus
from switch.scenario.verdict import Verdict
from switch.terminal.record import Record
from switch.terminal.terminal import Terminal


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Robot(PromptDriver):
    """Reads the prompts and presses the keys of a model terminal that is a peer of ours."""

    def __init__(self, prepared: Prepared, port: int, stop_after: int = 99) -> None:
        super().__init__(io.StringIO())
        loop = asyncio.get_running_loop()
        clock = LoopClock(loop)
        own = EventLog(clock.now, keep=False)
        settings = settings_of(prepared.book, prepared.dialect, prepared.profile, "eager")
        outside = ModelPort(own, settings.tid, lambda result: None)
        self.terminal = Terminal(settings, Record(), clock, Chance("robot"), outside)
        self.line = TcpLine(loop, ("127.0.0.1", port), self.terminal)
        outside.line = self.line
        self.left = stop_after

    def ask(self, step: str, stimulus: Stimulus) -> None:
        super().ask(step, stimulus)
        self.left -= 1
        if self.left < 0:
            self.stopped = True
            assert self._played is not None
            self._played.abort("ended by the operator")
        else:
            self.terminal.ask(stimulus)

    @property
    def printed(self) -> str:
        return self._out.getvalue()  # type: ignore[attr-defined]


async def play(stop_after: int = 99) -> tuple[list[tuple[Verdict, list[Event]]], str]:
    """Two cases on real time; without lingering, so that nothing is waited for."""
    port = free_port()
    options = RunOptions(
        names=("payee-texts",), terminal="prompt", listen=f"127.0.0.1:{port}", case="texts=other_*"
    )
    prepared = prepare(options)
    cases = tuple(replace(case, linger=0) for case in prepared.cases)
    robot = Robot(prepared, port, stop_after)
    seen: list[tuple[Verdict, list[Event]]] = []
    suite = Suite(replace(prepared, cases=cases))
    await asyncio.wait_for(run_outside(suite, robot, lambda v, e: seen.append((v, list(e)))), 20)
    robot.line.close()
    return seen, robot.printed


async def test_keys_live_on_from_case_to_case(capsys: pytest.CaptureFixture[str]) -> None:
    seen, printed = await play()
    assert [verdict.status for verdict, _ in seen] == ["pass", "pass"], seen
    first, second = (
        next(event["skipped"] for event in events if event.kind == "stimulus_asked")
        for _, events in seen
    )
    assert (first, second) == (False, True), "the second case finds the terminal signed on"
    assert "Start a sale of 42.00" in printed and "00 approved" in printed
    assert "waiting for terminal 12345678" in capsys.readouterr().out


async def test_a_run_that_the_operator_ends_keeps_what_is_known() -> None:
    seen, _ = await play(stop_after=1)
    ((verdict, events),) = seen
    assert verdict.status == "inconclusive"
    assert verdict.reason == "ended by the operator"
    assert events[-1].kind == "run_ended"
