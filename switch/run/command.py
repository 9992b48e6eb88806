"""The ``command`` driver: a shell command operates the terminal (adb, a robot, an ECR).

The command is started once for each stimulus. It finds it as one JSON object on its standard
input and as ``SWITCH_*`` variables, and answers with the last line of its output: ``done``,
``busy`` (it is asked again after a second) or ``refused`` and why. Without output its exit
code says so: 0 is done, 75 busy, anything else refused. Asked to ``observe``, it prints what
the display or receipt shows; ``unanswered``, or an exit code that is not 0, if it cannot.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from switch import masking
from switch.clock import Clock
from switch.records import Exchange
from switch.report.lines import exchange_line, note_lines
from switch.run.case import CaseRun
from switch.scenario.model import Stimulus
from switch.scenario.observing import NOBODY

BUSY = 75  # EX_TEMPFAIL of sysexits.h: try again later
AGAIN = 1.0  # seconds until a busy terminal is asked again


class CommandDriver:
    """Runs the command for each stimulus.

    Args:
        command: as the shell reads it.
        out: where lines go.
    """

    def __init__(self, command: str, out: TextIO | None = None) -> None:
        self._command = command
        self._out = out or sys.stdout
        self._played: CaseRun | None = None
        self._clock: Clock | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.stopped = False
        self.again = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        """Nothing to listen to."""
        return lambda: None

    def begin(self, played: CaseRun, clock: Clock, number: int, count: int) -> None:
        """A new case."""
        self._played, self._clock = played, clock
        played.told = self.exchanged
        print(f"\n── {number}/{count}  {played.case.id}", file=self._out, flush=True)

    def ask(self, step: str, stimulus: Stimulus) -> None:
        """Start something at the terminal."""
        asked = {"do": stimulus.do, "card": stimulus.card, "prompt": stimulus.prompt}
        if stimulus.amount is not None:
            asked["amount"] = str(stimulus.amount)
        self._start(self._stimulus(self._case(), step, asked))

    def observe(self, step: str, channel: str, prompt: str) -> None:
        """Ask what the terminal shows or has printed."""
        asked = {"do": "observe", "observe": channel, "prompt": prompt}
        self._start(self._look(self._case(), step, channel, asked))

    def exchanged(self, exchange: Exchange) -> None:
        """A message came and was answered, or not."""
        played, clock = self._case(), self._clock
        assert clock is not None
        line = exchange_line(exchange, played.cast.dialect, clock.local())
        print("\n".join([line, *note_lines(exchange)]), file=self._out, flush=True)

    def finish(self) -> None:
        """The case is over: whatever still runs for it is ended."""
        for task in self._tasks:
            task.cancel()

    # ---- the command -------------------------------------------------------------------

    def _case(self) -> CaseRun:
        assert self._played is not None
        return self._played

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stimulus(self, played: CaseRun, step: str, asked: Mapping[str, str]) -> None:
        answer, _ = await self._run(played, step, asked)
        was_busy = False
        while answer.startswith("busy"):
            was_busy = True
            await asyncio.sleep(AGAIN)
            answer, _ = await self._run(played, step, asked)
        if was_busy:  # what counts from the stimulus counts from when it was taken
            played.asked_again(step, asked["do"])
        played.answered(step, answer)

    async def _look(
        self, played: CaseRun, step: str, channel: str, asked: Mapping[str, str]
    ) -> None:
        text, code = await self._run(played, step, asked)
        while text.startswith("busy") or code == BUSY:
            await asyncio.sleep(AGAIN)
            text, code = await self._run(played, step, asked)
        unseen = code or text == NOBODY or text.startswith("refused")
        answer = NOBODY if unseen else ""
        played.observed(step, channel, "" if answer else text, answer)

    async def _run(self, played: CaseRun, step: str, asked: Mapping[str, str]) -> tuple[str, int]:
        """Start the command once; its answer and its exit code."""
        told = {**asked, "step": step, "case": played.case.id, "terminal": played.case.profile.id}
        variables = {f"SWITCH_{name.upper()}": value for name, value in told.items()}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_shell(
            self._command,
            stdin=pipe,
            stdout=pipe,
            env={**os.environ, **variables},
            start_new_session=True,  # so that what the shell started ends with it
        )
        try:
            out, _ = await process.communicate((json.dumps(told) + "\n").encode())
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        code = process.returncode or 0
        lines = out.decode(errors="replace").strip().splitlines()
        silent = "done" if not code else "busy" if code == BUSY else f"refused: exit code {code}"
        said = "\n".join(lines) if asked["do"] == "observe" else (lines or [silent])[-1].strip()
        return masking.text(said), code
