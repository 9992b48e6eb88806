"""What a suite has exercised: message classes, DE 39, faults, rules, documented failures.

Read off the events of its cases, so that a fault that never took effect is not counted. A rule
or a documented failure counts only where a case that names it was judged; rules that no message
can prove are no part of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from switch import requirements
from switch.dialect import Dialect
from switch.faults import FAULTS, MOMENTS
from switch.records import Event
from switch.scenario.verdict import Verdict
from switch.scenario.words import CONNECTION

FATES = {
    "approved": "answered with an approval",
    "declined": "answered with a refusal",
    "lost": "no whole response left: unsaid, cut, or closed",
    "spoilt": "answered, but with a fault in message, field, MAC, frame or by reply set",
    "late": "answered after a delay, or held back",
}
REPLIES = ("none", "unheard", "set", "omit")
SPOILING = {"message", "field", "mac", "frame", "reply"}
JUDGED = {"pass", "fail"}


@dataclass(slots=True)
class Answered:
    """What became of one request."""

    kind: str
    code: str = ""
    whole: bool = False
    faults: list[str] = field(default_factory=list)

    def fates(self, dialect: Dialect) -> set[str]:
        """Which of :data:`FATES` it met."""
        if not self.whole:
            return {"lost"}
        moments = {fault.partition(".")[0] for fault in self.faults}
        found = {"approved" if dialect.approves(self.code) else "declined"} if self.code else set()
        found |= {"spoilt"} if moments & SPOILING else set()
        return found | ({"late"} if "timing" in moments else set())


@dataclass(slots=True)
class Exercised:
    """How often each thing was exercised; add the cases one by one.

    Attributes:
        dialect: of the cases.
        classes: message class -> fate -> exchanges.
        codes: message class -> DE 39 that left -> responses.
        faults: message class -> fault -> times; ``connection`` holds what the script did to it.
        named: rule or documented failure -> cases that name it and were judged.
        cases: how many.
    """

    dialect: Dialect
    classes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    codes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    named: Counter[str] = field(default_factory=Counter)
    cases: int = 0

    def add(self, verdict: Verdict, events: Iterable[Event]) -> None:
        """One more case."""
        self.cases += 1
        if verdict.status in JUDGED:
            self.named.update(verdict.case.refs)
        for one in self._answered(events).values():
            self.classes[one.kind].update(one.fates(self.dialect))
            self.codes[one.kind].update([one.code] if one.code else [])
            self.faults[one.kind].update(one.faults)

    def _answered(self, events: Iterable[Event]) -> dict[int, Answered]:
        out: dict[int, Answered] = {}
        for event in events:
            if event.kind == "received" and event["class"] in self.dialect.classes:
                out[event["exchange"]] = Answered(event["class"])
            elif event.kind == "connection_ordered":
                self.faults["connection"]["connection." + event["verb"].partition(" ")[0]] += 1
            elif event.kind in {"sent", "fault_applied"} and event["exchange"] in out:
                _note(out[event["exchange"]], event)
        return out


def _note(answered: Answered, event: Event) -> None:
    if event.kind == "fault_applied":
        answered.faults.append(fault_name(event["fault"]))
    elif event["whole"]:
        answered.whole = True
        answered.code = (event["values"] or {}).get("response_code", "")


def fault_name(text: str) -> str:
    """A fault as the registry calls it, from its words in the log.

    >>> fault_name("transport close after 0 bytes"), fault_name("reply set amount, omit batch")
    ('transport.close', 'reply.set')
    """
    moment, _, rest = text.partition(" ")
    return f"{moment}.{rest.partition(' ')[0]}"


# ---- what there is to exercise ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dimension:
    """One kind of thing: what there is, and how much of it was exercised."""

    name: str
    everything: tuple[str, ...]
    covered: frozenset[str]

    @property
    def gaps(self) -> list[str]:
        """What was not exercised."""
        return [one for one in self.everything if one not in self.covered]

    @property
    def percent(self) -> float:
        """Of a hundred; of nothing everything is covered."""
        return share([self])


def share(dimensions: Sequence[Dimension]) -> float:
    """What was exercised of all dimensions together, of a hundred."""
    everything = sum(len(one.everything) for one in dimensions)
    gaps = sum(len(one.gaps) for one in dimensions)
    return 100.0 * (everything - gaps) / everything if everything else 100.0


def dimensions(exercised: Exercised) -> list[Dimension]:
    """Classes by fate, DE 39, faults, rules, documented failures."""
    dialect = exercised.dialect
    met = {f"{kind} {fate}" for kind, fates in exercised.classes.items() for fate in fates}
    codes = {code for found in exercised.codes.values() for code in found}
    faults = {fault for found in exercised.faults.values() for fault in found}
    fates = tuple(f"{kind} {fate}" for kind in dialect.classes for fate in FATES)
    answers = tuple(sorted(set(dialect.outcomes.values())))
    return [
        _dimension("message class x fate", fates, met),
        _dimension("DE 39", answers, codes),
        _dimension("fault", known_faults(), faults),
        _dimension("rule", known_rules(dialect), exercised.named),
        _dimension("documented failure", tuple(requirements.seeds()), exercised.named),
    ]


def _dimension(name: str, everything: tuple[str, ...], met: Iterable[str]) -> Dimension:
    return Dimension(name, everything, frozenset(everything).intersection(met))


def known_faults() -> tuple[str, ...]:
    """Every way to spoil a reply or a connection, as :func:`fault_name` calls it."""
    spoilt = [f"{moment}.{kind}" for moment in MOMENTS for kind in FAULTS[moment]]
    ordered = [f"connection.{verb}" for verb in (*CONNECTION, "refuse")]
    return (*(f"reply.{verb}" for verb in REPLIES), *spoilt, *ordered)


def known_rules(dialect: Dialect) -> tuple[str, ...]:
    """The rules that messages of this dialect can prove."""
    return tuple(
        rule.id
        for rule in requirements.rules().values()
        if rule.judged and rule.applies in {"", dialect.name}
    )
