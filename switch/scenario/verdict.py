"""The verdict on one case, out of the state in which its log ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from switch.judge.matching import Seen
from switch.scenario.model import Case
from switch.scenario.state import SEVERITIES, Finding, Planned, State, Window


@dataclass(frozen=True, slots=True)
class Waiver:
    """A failure that somebody answers for.

    Attributes:
        case: id of a case, or the name of a scenario for all its cases.
        reason: why it is let through.
        expires: the last day on which it is.
    """

    case: str
    reason: str
    expires: date

    def names(self, case: Case) -> bool:
        """Whether it is about this case."""
        return self.case in {case.id, case.plot, case.scenario}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a case came to.

    Attributes:
        case: the case.
        status: ``skipped``, ``pass``, ``inconclusive``, ``fail`` or ``error``.
        headline: the finding that decided, if any.
        also: further findings of at least that severity, in log order.
        warnings: they ride beside and change nothing.
        windows: how each ``never`` was watched.
        notes: what could not be checked or is not provable on the wire.
        checked: how many things were held against the terminal.
        reason: why it was skipped or broke off.
        lasted: nanoseconds of the case's own clock.
        seed: with which it can be repeated.
        steps: step id -> the message it received.
        plans: what was planned for the replies, in order, and whether it met the terminal.
        ledger: exchange -> the ledger's last word on it.
        waived: by what the failure is let through, if it is.
    """

    case: Case
    status: str
    headline: Finding | None = None
    also: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    windows: tuple[Window, ...] = ()
    notes: tuple[str, ...] = ()
    checked: int = 0
    reason: str = ""
    lasted: int = 0
    seed: str = ""
    steps: Mapping[str, Seen] = field(default_factory=dict)
    plans: tuple[Planned, ...] = ()
    ledger: Mapping[int, str] = field(default_factory=dict)
    waived: Waiver | None = None

    @property
    def counts_as(self) -> str:
        """The status under which reports count it: its own, or ``waived``."""
        return "waived" if self.waived else self.status

    def summary(self) -> dict[str, Any]:
        """One entry of ``verdicts.json``."""
        return {
            "case": self.case.id,
            "scenario": self.case.scenario,
            "path": self.case.path,
            "status": self.status,
            "waived": _waived(self.waived) if self.waived else None,
            "reason": self.reason or (self.headline.happened if self.headline else ""),
            "headline": _finding(self.headline) if self.headline else None,
            "also": [_finding(finding) for finding in self.also],
            "warnings": [_finding(finding) for finding in self.warnings],
            "windows": [_window(window) for window in self.windows],
            "notes": list(self.notes),
            "checked": self.checked,
            "seconds": self.lasted / 1e9,
            "tags": list(self.case.tags),
            "refs": list(self.case.refs),
            "seed": self.seed,
        }


def _waived(waiver: Waiver) -> dict[str, str]:
    return {"reason": waiver.reason, "expires": waiver.expires.isoformat()}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "kind": finding.kind,
        "step": finding.step,
        "at": finding.at / 1e9,
        "event": finding.seq,
        "expected": finding.expected,
        "happened": finding.happened,
        "note": finding.note,
        "file": str(finding.mark) if finding.mark else "",
        "closest": [
            {
                "event": near.message.seq,
                "class": near.message.kind,
                "conditions": [
                    {"name": o.name, "holds": o.holds, "expected": o.expected, "got": o.got}
                    for o in near.outcomes
                ],
            }
            for near in finding.near
        ],
    }


def _window(window: Window) -> dict[str, Any]:
    return {
        "id": window.never.id,
        "result": window_word(window),
        "seconds": window.seconds(window.closed or 0) / 1e9 if window.closed else 0.0,
        "note": window.never.note,
    }


def window_word(window: Window) -> str:
    """What became of a window, in one or two words."""
    if window.violated:
        return "violated"
    if window.cut:
        return "cut short"
    if window.opened is None:
        return "never opened"
    return "held" if window.closed is not None else "still open"


def worse(one: str, other: str) -> str:
    """The worse of two severities."""
    return max(one, other, key=SEVERITIES.index)


def verdict(state: State, seed: str = "", broken: str = "") -> Verdict:
    """The verdict.

    Args:
        state: after the last event.
        seed: of the case.
        broken: why the run itself broke off (abort, max time, a defect of ours); empty if not.
    """
    findings = [finding for finding in state.findings if finding.severity in SEVERITIES]
    warnings = tuple(finding for finding in state.findings if finding.severity == "warning")
    status = "pass"
    for finding in findings:
        status = worse(status, finding.severity)
    if broken:
        status = worse(status, "inconclusive")
    worst = sorted((f for f in findings if f.severity == status), key=lambda f: f.seq)
    headline = next((f for f in worst if f.kind == "missed"), worst[0] if worst else None)
    if broken and status == "inconclusive":
        headline = None
    also = tuple(finding for finding in findings if finding is not headline)
    return Verdict(
        state.case,
        status,
        headline,
        also,
        warnings,
        state.windows,
        state.notes,
        state.checked,
        broken,
        state.now,
        seed,
        state.steps,
        tuple(state.plans.values()),
        state.ledger,
    )


def skipped(case: Case) -> Verdict:
    """The verdict on a case that cannot run here."""
    return Verdict(case, "skipped", reason=case.skip)
