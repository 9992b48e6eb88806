"""A library run at a glance: one row for each folder of scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from switch.report.table import WORDS, in_hours
from switch.scenario.verdict import Verdict


def area_table(verdicts: Sequence[Verdict]) -> str:
    """Folder, scenarios, cases and verdicts in columns, with a total below."""
    areas: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        areas.setdefault(PurePath(verdict.case.path).parent.name or ".", []).append(verdict)
    shown = [word for word in WORDS if any(verdict.status == word for verdict in verdicts)]
    rows = [("area", "scenarios", "cases", *(WORDS[word] for word in shown), "simulated")]
    rows += [_row(name, some, shown) for name, some in [*areas.items(), ("all", list(verdicts))]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  " + "  ".join(
            f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)
        )
        for row in rows
    )  # fmt: skip


def _row(name: str, verdicts: Sequence[Verdict], shown: Sequence[str]) -> tuple[str, ...]:
    scenarios = {verdict.case.scenario for verdict in verdicts}
    counts = [sum(verdict.status == word for verdict in verdicts) for word in shown]
    lasted = in_hours(sum(verdict.lasted for verdict in verdicts))
    return (name, str(len(scenarios)), str(len(verdicts)), *(str(n or "") for n in counts), lasted)
