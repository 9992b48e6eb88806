"""What many terminals at once came to: verdicts, answers, and how long these took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect
from switch.records import Event
from switch.report.table import WORDS
from switch.scenario.verdict import Verdict

FEWEST = 20  # answers; the p95 of fewer is only the slowest of them
FATES = ("approved", "declined", "unanswered")
ALWAYS_SHOWN = ("pass", "fail", "inconclusive")


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest value that so many percent do not exceed; None for too few values.

    >>> percentile(range(1, 101), 95), percentile([1, 2], 50)
    (95, None)
    """
    if len(ordered) < FEWEST:
        return None
    return ordered[-(-len(ordered) * percent // 100) - 1]


@dataclass(slots=True)
class Fleet:
    """The cases of one fleet; add them one by one.

    A transaction is a message of new business of the judged terminal. It is unanswered if no
    whole response left within the terminal's timer; one whose timer still ran when the case
    ended is not counted. Response times are from the arrival of a request to the last byte of
    its response, without the line.

    Attributes:
        plot: what all of them played.
        verdicts: status -> terminals.
        fates: of :data:`FATES` -> transactions.
        times: of the answers, nanoseconds.
    """

    plot: str
    verdicts: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    times: list[int] = field(default_factory=list)

    def add(self, verdict: Verdict, events: Sequence[Event], dialect: Dialect) -> None:
        """The case of one more terminal."""
        self.verdicts[verdict.counts_as] += 1
        timer = verdict.case.profile.timeout
        answers = {event["exchange"]: event for event in events if _whole(event)}
        for request in (event for event in events if _counts(event, verdict, dialect)):
            answer = answers.get(request["exchange"])
            if answer is not None and answer.at - request.at <= timer:
                approved = dialect.approves(answer["fields"].get("39", ""))
                self.fates["approved" if approved else "declined"] += 1
                self.times.append(answer.at - request.at)
            elif request.at + timer < verdict.lasted:
                self.fates["unanswered"] += 1

    def figures(self) -> dict[str, Any]:
        """One entry of ``fleets`` in ``verdicts.json``; times in seconds, shares of one."""
        ordered = sorted(self.times)
        times = {f"p{percent}": percentile(ordered, percent) for percent in (50, 95)}
        times["max"] = ordered[-1] if ordered else None
        return {
            "case": self.plot,
            "terminals": self.verdicts.total(),
            "verdicts": dict(self.verdicts),
            "transactions": self.fates.total(),
            "shares": {fate: self._share(fate) for fate in FATES},
            "answers": len(ordered),
            "response_seconds": {
                name: None if ns is None else ns / NS_PER_SECOND for name, ns in times.items()
            },
        }

    def _share(self, fate: str) -> float | None:
        total = self.fates.total()
        return round(self.fates[fate] / total, 4) if total else None


def _whole(event: Event) -> bool:
    return event.kind == "sent" and bool(event["whole"])


def _counts(event: Event, verdict: Verdict, dialect: Dialect) -> bool:
    """Whether it is a request of new business from the judged terminal."""
    if event.kind != "received" or event.terminal != verdict.case.profile.id:
        return False
    kind = dialect.classes.get(event["class"])
    return kind is not None and kind.new_business


def fleet_text(fleet: Fleet) -> str:
    """The summary of one fleet, three lines without a line end after the last."""
    words = [
        f"{fleet.verdicts[status]} {word}"
        for status, word in WORDS.items()
        if fleet.verdicts[status] or status in ALWAYS_SHOWN
    ]
    head = f"fleet of {fleet.verdicts.total()}, {fleet.plot}: {', '.join(words)}"
    return "\n".join((head, *(f"  {line}" for line in _lines(fleet.figures()))))


def _lines(figures: dict[str, Any]) -> Iterable[str]:
    if not figures["transactions"]:
        yield "no transaction"
        return
    shares = ", ".join(f"{fate} {share:.1%}" for fate, share in figures["shares"].items())
    yield f"transactions {figures['transactions']}: {shares}"
    times = figures["response_seconds"]
    if times["max"] is None:
        return
    longest = f"max {times['max']:.2f}s"
    if times["p50"] is None:
        yield f"response time: {longest}; too few answers ({figures['answers']}) for percentiles"
    else:
        yield f"response time: p50 {times['p50']:.2f}s, p95 {times['p95']:.2f}s, {longest}"
