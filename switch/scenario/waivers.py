"""Waivers: failures that a release goes out with, each with a reason and a last day.

::

    format: 1
    waivers:
      - {case: "late-approval[late=after]", reason: "fixed in firmware 2.4", expires: 2026-12-31}

A waived case is shown and counted as waived and leaves the exit code alone. Its verdict stays what
it is; an error of the run itself is never waived.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from switch.composites import ListOf, Record, read_record
from switch.errors import BadFile
from switch.reading import read_file
from switch.scenario.verdict import Verdict, Waiver
from switch.shapes import Day, OneOf, Words

WAIVER = Record(
    {"case": Words(), "reason": Words(), "expires": Day()},
    required=("case", "reason", "expires"),
    make=Waiver,
)
WAIVERS = Record(
    {"format": OneOf(("1",)), "waivers": ListOf(WAIVER)}, required=("format", "waivers")
)
WAIVABLE = {"fail", "inconclusive"}


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a file, on a given day."""

    waivers: tuple[Waiver, ...]
    today: date

    def applied(self, verdict: Verdict) -> Verdict:
        """The verdict, waived if a waiver that has not expired names its case or scenario."""
        if verdict.status not in WAIVABLE:
            return verdict
        named = (waiver for waiver in self.waivers if waiver.names(verdict.case))
        waiver = next((one for one in named if one.expires >= self.today), None)
        return replace(verdict, waived=waiver)

    def remarks(self, verdicts: Sequence[Verdict]) -> Iterator[str]:
        """Which waivers have expired, and which are not needed any more."""
        for waiver in self.waivers:
            named = [verdict for verdict in verdicts if waiver.names(verdict.case)]
            if not any(verdict.status in WAIVABLE for verdict in named):
                why = "it passed" if named else "no such case was run"
                yield f"the waiver of {waiver.case} is not needed: {why}"
            elif waiver.expires < self.today:
                yield f"the waiver of {waiver.case} expired on {waiver.expires}: it does not apply"


def load(path: Path, today: date) -> Waivers:
    """The waivers of a file.

    Raises:
        BadFile: it cannot be read, or is wrong.
    """
    values, problems = read_record(WAIVERS, read_file(path, str(path)))
    if problems:
        raise BadFile(problems)
    return Waivers(values["waivers"], today)
