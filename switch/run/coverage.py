"""Collecting what a suite exercises: by running it against the model terminal, or from logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from switch.dialect import load as load_dialect
from switch.errors import BadUsage
from switch.records import Event
from switch.report.coverage import Exercised
from switch.run.judge import judge
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict

LOG = "events.ndjson"


def exercised(names: Sequence[str], options: RunOptions) -> Exercised:
    """What logs hold, and what scenarios do when they are run.

    Args:
        names: logs (``*.ndjson``), folders of runs, and what ``switch run`` takes; without any,
            the shipped library.
        options: of the run.

    Raises:
        BadUsage, BadFile: nothing can be run or read; logs of another dialect.
    """
    logs = [path for path in map(_log, names) if path]
    scenarios = tuple(name for name in names if not _log(name))
    found = Exercised(load_dialect(options.dialect))
    for verdict, events in _read(logs, options.dialect):
        found.add(verdict, events)
    if scenarios or not logs:
        for verdict, events in Suite(prepare(replace(options, names=scenarios))).run():
            found.add(verdict, events)
    return found


def _log(name: str) -> Path | None:
    """The log that is meant, if one is."""
    path = Path(name)
    if path.suffix == ".ndjson":
        return path
    return path / LOG if (path / LOG).is_file() else None


def _read(logs: Sequence[Path], dialect: str) -> Iterator[tuple[Verdict, Sequence[Event]]]:
    for log in logs:
        for judged in judge(log):
            if judged.dialect.name != dialect:
                raise BadUsage(f"{log} is of dialect {judged.dialect.name}: use --dialect")
            yield judged.verdict, judged.events
