"""One ``switch run``: progress on the screen, files in a folder, an exit code."""

from __future__ import annotations

import asyncio
import io
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from switch.records import Event
from switch.report.failure import failure_text
from switch.report.fleet import Fleet, fleet_text
from switch.report.table import progress_line, summary_line
from switch.report.verdicts import NOTHING_RAN, exit_code
from switch.run import earlier
from switch.run.command import CommandDriver
from switch.run.output import RunFolder
from switch.run.outside import run_outside
from switch.run.plan import OUTSIDE, Prepared
from switch.run.prompt import PromptDriver
from switch.run.suite import Suite
from switch.scenario import waivers
from switch.scenario.verdict import Verdict

INTERRUPTED = 130


class Session:
    """Runs a plan and tells what came of it."""

    def __init__(self, prepared: Prepared) -> None:
        self.options = prepared.options
        self.waivers = (
            waivers.load(self.options.waive, date.today()) if self.options.waive else None
        )
        rest = earlier.rest(prepared)  # read before a report could be written over it
        self.prepared, self.kept = rest.prepared, rest.kept
        self.verdicts: list[Verdict] = []
        self.fleets: dict[str, Fleet] = {}
        self.folder: RunFolder  # made when there is something to put into it
        self._began = time.monotonic()
        self._started = datetime.now().isoformat(timespec="seconds")

    def run(self) -> int:
        """Run every case; an interrupt still writes the report of what is known."""
        if not self.prepared.cases and not self.kept:
            failed = self.options.failed
            why = f"none of them failed in {failed}" if failed else "no case was selected"
            print(f"switch run: {why}", file=sys.stderr)
            return NOTHING_RAN
        self.folder = RunFolder(self.options.out, self.options.junit)
        interrupted = False
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a CI timeout ends it alike
        self._keep()
        try:
            if self.options.driver in OUTSIDE:
                command = self.options.command
                driver = CommandDriver(command) if command else PromptDriver()
                asyncio.run(run_outside(Suite(self.prepared), driver, self._each))
            else:
                for verdict, events in Suite(self.prepared).run():
                    self._each(verdict, events)
        except KeyboardInterrupt:
            interrupted = True
        self._finish(interrupted=interrupted)
        return INTERRUPTED if interrupted else exit_code(self.verdicts)

    def _keep(self) -> None:
        """What an earlier run had ended is part of this one."""
        for one in self.kept:
            self._add(one.verdict, one.events)
        if self.options.resume:
            self._say(f"kept: {len(self.kept)} cases that ended in {self.options.resume}")

    def _add(self, verdict: Verdict, events: Sequence[Event]) -> Verdict:
        waived = self.waivers.applied(verdict) if self.waivers else verdict
        self.verdicts.append(waived)
        self.folder.add(events)
        return waived

    def _each(self, verdict: Verdict, events: Sequence[Event]) -> None:
        verdict = self._add(verdict, events)
        if verdict.case.among:
            fleet = self.fleets.setdefault(verdict.case.plot, Fleet(verdict.case.plot))
            fleet.add(verdict, events, self.prepared.dialect)
        good = verdict.counts_as in {"pass", "waived", "skipped"}
        line = progress_line(verdict, clock=self.options.clock.partition(":")[0])
        self._say(line if good else self._failure(verdict))

    @staticmethod
    def _say(text: str) -> None:
        try:
            print(text, flush=True)
        except BrokenPipeError:  # nobody reads along any more: run on, the files are written
            sys.stdout = io.StringIO()

    def _failure(self, verdict: Verdict) -> str:
        judge = f"switch judge {self.folder.shown / 'events.ndjson'}"
        return failure_text(
            verdict, rerun=self.rerun(verdict), judge=judge, dialect=self.prepared.dialect
        )

    def rerun(self, verdict: Verdict) -> str:
        """The command that runs this one case again."""
        options = self.options
        path = verdict.case.path  # of a shipped file this is only a name for people
        words = ["switch", "run", path if Path(path).is_file() else verdict.case.scenario]
        words += ["--case", verdict.case.case] if verdict.case.case else []
        words += ["--seed", options.seed]
        words += ["--terminal", options.terminal] if options.terminal != "model" else []
        words += ["--terminals", str(options.terminals)] if options.terminals else []
        words += ["--style", options.style] if options.style != "eager" else []
        if options.over != "memory" and options.driver == "model":
            words += ["--over", options.over]
        words += ["--clock", options.clock] if options.clock != "virtual" else []
        words += ["--listen", options.listen] if options.listen else []
        if options.max_time:
            words += ["--max-time", f"{options.max_time // 1_000_000}ms"]
        for name in ("book", "profile"):
            path = getattr(options, name)
            words += [f"--{name}", str(path)] if path else []
        return shlex.join(words)

    def _finish(self, *, interrupted: bool) -> None:
        if interrupted:
            print("\nswitch run: interrupted; the report holds what was known", file=sys.stderr)
        code = INTERRUPTED if interrupted else exit_code(self.verdicts)
        with suppress(KeyboardInterrupt):
            self.folder.finish(self.verdicts, self._facts(code), self.options.junit)
        if not self.verdicts:
            return
        took = time.monotonic() - self._began
        clock = self.options.clock.partition(":")[0]
        for remark in self.waivers.remarks(self.verdicts) if self.waivers else ():
            self._say(remark)
        for fleet in self.fleets.values():
            self._say(fleet_text(fleet))
        self._say(summary_line(self.verdicts, took, clock=clock))
        if self.options.meta:
            self._say("meta: " + ", ".join(f"{name} {value}" for name, value in self.options.meta))
        self._say(f"report: {', '.join(str(path) for path in self._paths())}")

    def _paths(self) -> Iterator[object]:
        for name in ("events.ndjson", "verdicts.json", "junit.xml"):
            yield self.folder.shown / name

    def _facts(self, code: int) -> dict[str, Any]:
        options = self.options
        fleets = [fleet.figures() for fleet in self.fleets.values()]
        return {
            "started": self._started,
            "dialect": self.prepared.dialect.name,
            "terminal": options.terminal,
            "style": options.style,
            "over": options.over,
            "clock": options.clock,
            "seed": options.seed,
            "exit_code": code,
        } | {
            name: fact for name, fact in (("meta", dict(options.meta)), ("fleets", fleets)) if fact
        }
