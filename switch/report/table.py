"""A run on the screen: a line per case as it ends, the table of verdicts, the last line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO

from switch.clock import NS_PER_SECOND
from switch.report.meanings import not_judged
from switch.report.verdicts import counts
from switch.report.wording import showable
from switch.scenario.verdict import Verdict, Waiver

NAME_COLUMNS = 54
WORDS = {
    "pass": "passed",
    "fail": "failed",
    "error": "errors",
    "inconclusive": "inconclusive",
    "waived": "waived",
    "skipped": "skipped",
}
STYLES = {"pass": "green", "fail": "bold red", "error": "bold magenta", "inconclusive": "yellow",
          "waived": "yellow", "skipped": "dim"}  # fmt: skip


def progress_line(verdict: Verdict, *, clock: str = "virtual") -> str:
    """``PASS timeout-reversal[loss=silent]   150.0s virtual``, as a case ends."""
    left = f"{verdict.counts_as.upper()} {verdict.case.id}"
    if verdict.status == "skipped":
        return showable(f"{left:<{NAME_COLUMNS}}  {verdict.reason}".rstrip())
    if verdict.waived:
        return showable(f"{left:<{NAME_COLUMNS}}  {waiver_text(verdict.status, verdict.waived)}")
    warned = len(verdict.warnings)
    more = f"  {warned} warning{'' if warned == 1 else 's'}" if warned else ""
    return showable(f"{left:<{NAME_COLUMNS}}  {_lasted(verdict):>9} {clock}{more}")


def waiver_text(status: str, waiver: Waiver) -> str:
    """``fail, waived until 2026-12-31: fixed in firmware 2.4``."""
    return f"{status}, waived until {waiver.expires}: {waiver.reason}"


def verdict_table(verdicts: Sequence[Verdict], *, rich: bool | None = None) -> str:
    """All verdicts as a table, without a line end after the last.

    Args:
        verdicts: in the order of the run.
        rich: with colours and lines; by default if stdout is a terminal.
    """
    rows = [
        (verdict.counts_as, verdict.case.id, _lasted(verdict), str(verdict.checked), _why(verdict))
        for verdict in verdicts
    ]
    shown = [tuple(showable(cell) for cell in row) for row in rows]
    if sys.stdout.isatty() if rich is None else rich:
        return _coloured(shown)
    heads = ("verdict", "case", "time", "checks", "what was found")
    return _plain([heads, *shown])


def _why(verdict: Verdict) -> str:
    finding = verdict.headline
    if finding is None:
        return verdict.reason
    return f"{finding.kind} {finding.step}: {finding.happened}"


def _lasted(verdict: Verdict) -> str:
    return "" if verdict.status == "skipped" else f"{verdict.lasted / NS_PER_SECOND:.1f}s"


def _plain(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  "
        f"{row[3]:>{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    )


def _coloured(rows: Sequence[tuple[str, ...]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("verdict", "case"):
        table.add_column(head, no_wrap=True)
    for head in ("time", "checks"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("what was found")
    for status, *cells in rows:
        table.add_row(Text(status, STYLES[status]), *(Text(cell) for cell in cells))
    out = StringIO()
    Console(file=out, force_terminal=True).print(table)
    return out.getvalue().rstrip("\n")


def summary_line(verdicts: Sequence[Verdict], took: float | None, *, clock: str = "virtual") -> str:
    """``41 passed, 1 failed, 2 skipped in 0.42s; 2 h 13 min simulated``.

    Rules that the scenarios name and no message can prove follow on a line of their own.

    Args:
        verdicts: of the whole run.
        took: seconds of real time; None where a log was judged again.
        clock: of the run; what passes on a real clock is not simulated.
    """
    pieces = [f"{number} {WORDS[status]}" for status, number in counts(verdicts).items() if number]
    text = ", ".join(pieces) or "nothing ran"
    text += f" in {took:.2f}s" if took is not None else ""
    lasted = sum(verdict.lasted for verdict in verdicts)
    if lasted and clock != "real":
        text += f"; {in_hours(lasted)} simulated"
    unproved = not_judged(ref for verdict in verdicts for ref in verdict.case.refs)
    return f"{text}\nnot judged: {', '.join(unproved)}" if unproved else text


def in_hours(ns: int) -> str:
    """A long time in the two units that matter.

    >>> in_hours(7_980_000_000_000), in_hours(150_000_000_000), in_hours(4_200_000_000)
    ('2 h 13 min', '2 min 30 s', '4.2 s')
    """
    whole = round(ns / NS_PER_SECOND)
    if whole < 60:
        return f"{ns / NS_PER_SECOND:.1f} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
