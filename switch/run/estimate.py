"""How long a suite will take on a real clock, told before it starts.

The model terminal plays it on virtual time as the profile describes the terminal: what passes on
its clock would pass on a real one. A terminal that may reverse late is taken to do so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from switch.run.plan import Prepared, RunOptions, prepare
from switch.run.suite import Suite
from switch.scenario.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one scenario will take.

    Attributes:
        cases: that are played; ``skipped`` are not, with this profile and a real clock.
        ns: of the clock, nanoseconds, for all its cases.
        asked: how often something is started at the terminal; what a person needs for it is
            not in ``ns``.
    """

    cases: int = 0
    skipped: int = 0
    ns: int = 0
    asked: int = 0

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.cases + other.cases,
            self.skipped + other.skipped,
            self.ns + other.ns,
            self.asked + other.asked,
        )


def estimates(options: RunOptions) -> dict[str, Estimate]:
    """What each scenario will take on a real clock.

    Args:
        options: which scenarios, profile, dialect and book; terminal, link and clock are replaced.

    Raises:
        BadUsage, BadFile: as of ``switch run``.
    """
    plan = played(prepare(replace(options, terminal="model", over="tcp", clock="real")))
    found: dict[str, Estimate] = {}
    for verdict, events in Suite(plan).run():
        asked = sum(event.kind == "stimulus_asked" and not event["skipped"] for event in events)
        name = verdict.case.scenario
        found[name] = found.get(name, Estimate()) + _of(verdict, asked)
    return found


def played(real: Prepared) -> Prepared:
    """The same cases on virtual time, by the slower style that the profile leaves open."""
    style = "eager" if real.profile.reverses == "eager" else "lazy"
    return replace(real, options=replace(real.options, clock="virtual", over="memory", style=style))


def _of(verdict: Verdict, asked: int) -> Estimate:
    if verdict.status == "skipped":
        return Estimate(skipped=1)
    return Estimate(1, 0, verdict.lasted, asked)


def total(found: Iterable[Estimate]) -> Estimate:
    """All of them together."""
    return sum(found, Estimate())
