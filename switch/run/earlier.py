"""Earlier runs: what is left of one that was cut off, and what failed in one that was not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from switch.errors import BadUsage
from switch.records import Event
from switch.run.judge import Judged, judge, read_events
from switch.run.plan import Prepared, RunOptions

INTERRUPTED = "interrupted"  # why a case broke off that was not played to its end
GREEN = {"pass", "skipped"}


@dataclass(frozen=True, slots=True)
class Rest:
    """What a run has still to do.

    Attributes:
        prepared: with the cases that are to be played.
        kept: those that the earlier run had ended.
    """

    prepared: Prepared
    kept: tuple[Judged, ...] = ()


def rest(prepared: Prepared) -> Rest:
    """What ``--failed`` and ``--resume`` leave to be played.

    Raises:
        BadUsage, BadFile: the earlier run cannot be read, or is another one.
    """
    options, cases = prepared.options, prepared.cases
    if options.failed:
        wanted = failed(options.failed, options.terminal)
        cases = tuple(case for case in cases if case.id in wanted)
    if not options.resume:
        return Rest(replace(prepared, cases=cases))
    chosen = {case.id for case in cases}
    ended = tuple(one for one in kept(options.resume, options) if one.verdict.case.id in chosen)
    over = {one.verdict.case.id for one in ended}
    left = tuple(case for case in cases if case.id not in over)
    return Rest(replace(prepared, cases=left), ended)


def failed(run: Path, terminal: str) -> frozenset[str]:
    """The ids of the cases that did not pass in a run, waived ones among them.

    Args:
        run: its folder, or its ``verdicts.json``.
        terminal: as ``--terminal`` names it now; another one proves nothing about that run's.

    Raises:
        BadUsage: it is no report of a run, or of another terminal.
    """
    path = run / "verdicts.json" if run.is_dir() else run
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        then: str = report["terminal"]
        wanted = {case["case"] for case in report["cases"] if case["status"] not in GREEN}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadUsage(f"--failed {run}: no verdicts.json of a run there ({error})") from None
    if then != terminal:
        raise BadUsage(f"--failed {run}: it was run with --terminal {then}, not {terminal}")
    return frozenset(wanted)


def kept(run: Path, options: RunOptions) -> list[Judged]:
    """The cases that a run which was cut off had ended, judged again from its log.

    Args:
        run: its folder, or its ``events.ndjson``.
        options: of this run.

    Raises:
        BadUsage: it was run with other options.
        BadFile: its log cannot be read.
    """
    path = run / "events.ndjson" if run.is_dir() else run
    for case in read_events(path):
        _same_run(case[0], options, run)
    return [judged for judged in judge(path) if _ended(judged.events)]


def _ended(events: Sequence[Event]) -> bool:
    last = events[-1]
    return last.kind == "run_ended" and last["reason"] != INTERRUPTED


def _same_run(started: Event, options: RunOptions, run: Path) -> None:
    """Half a run under one seed and half under another would be no run at all."""
    wanted = {
        "terminal": (started["driver"], options.terminal),
        "style": (started["style"], options.style),
        "over": (started["over"], options.over),
        "clock": (started["clock"], options.clock),
        "seed": (str(started["seed"]).partition("/")[0], options.seed),
    }
    for name, (then, now) in wanted.items():
        if then != now:
            raise BadUsage(f"--resume {run}: it was run with --{name} {then}, not {now}")
