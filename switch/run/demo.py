"""``switch demo``: the product in fifteen seconds, on embedded defaults."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from switch.records import Event
from switch.report.areas import area_table
from switch.report.failure import failure_text
from switch.report.ladder import ladder
from switch.report.table import progress_line, summary_line
from switch.run.output import RunFolder
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict

SHOWN = "timeout-reversal[loss=silent]"
DEFECT = "new-stan-in-reversal"


def headline(text: str) -> None:
    """A line that begins a part of the demo."""
    print(f"\n── {text} " + "─" * max(0, 92 - len(text)))


def demo(over: str = "tcp", out: Path | None = None) -> int:
    """Run the library, show one case, then a terminal with a defect.

    Args:
        over: ``tcp`` (a real loopback port) or ``memory``.
        out: folder of the report.

    Returns:
        0 if the correct terminal passed everything and the defect was caught.
    """
    began = time.monotonic()
    options = RunOptions(over=over)
    prepared = prepare(options)
    folder = RunFolder(out)
    place = "a loopback TCP port" if over == "tcp" else "an in-memory link"
    print(f"The host plays the acquirer on {place}; the model terminal is connected to it.")
    print("Time is virtual: a minute of waiting costs nothing.")
    headline("the documented failures, against a correct terminal")
    verdicts, logs = _run(Suite(prepared), folder)
    headline(f"what passed between them: {SHOWN}")
    print(ladder(logs.get(SHOWN, []), prepared.dialect))
    headline(f"the same case, with a defect: {DEFECT}")
    failed = _broken(options, folder.path / "defect.ndjson")
    headline("verdicts")
    print(area_table(verdicts))
    print(summary_line(verdicts, time.monotonic() - began))
    folder.finish(verdicts, _facts(options, verdicts), None)
    print(f"\nreport files: {folder.path}/events.ndjson  verdicts.json  junit.xml  defect.ndjson")
    print("next:  switch serve    switch run --terminal model:DEFECT    switch list defects")
    good = all(verdict.status in {"pass", "skipped"} for verdict in verdicts)
    return 0 if good and verdicts and failed == "fail" else 1


def _run(suite: Suite, folder: RunFolder) -> tuple[list[Verdict], dict[str, list[Event]]]:
    verdicts: list[Verdict] = []
    logs: dict[str, list[Event]] = {}
    for verdict, events in suite.run():
        verdicts.append(verdict)
        logs[verdict.case.id] = events
        folder.add(events)
        print(progress_line(verdict), flush=True)
    return verdicts, logs


def _broken(options: RunOptions, log: Path) -> str:
    """Run the shown case with the defect; its log stands apart from that of the library."""
    scenario, _, case = SHOWN.rstrip("]").partition("[")
    broken = replace(options, names=(scenario,), case=case, terminal=f"model:{DEFECT}")
    prepared = prepare(broken)
    for verdict, events in Suite(prepared).run():
        log.write_text("".join(f"{event.line()}\n" for event in events), encoding="utf-8")
        rerun = f"switch run {scenario} --case {case} --terminal model:{DEFECT}"
        judge = f"switch judge {log}"
        print(failure_text(verdict, rerun=rerun, judge=judge, dialect=prepared.dialect))
        return verdict.status
    return ""


def _facts(options: RunOptions, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {
        "terminal": options.terminal,
        "style": options.style,
        "over": options.over,
        "clock": "virtual",
        "seed": options.seed,
        "dialect": options.dialect,
    }
