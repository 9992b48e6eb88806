"""Every rule of the requirements: which judge of the linter looks at it, or why none can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from switch.judge.lint.found import RULES
from switch.requirements import Rule, rules

# A rule -> the rule under whose id its breach is reported: the wire shows the same.
UNDER = {
    "P4": "T2",
    "P5": "P3",
    "P6": "T2",
    "T5": "V1",
    "T10": "T2",
    "V9": "V3",
    "R12": "R3",
    "R21": "N1",
    "S5": "D8",
    "B1": "R14",
    "B3": "B2",
    "B7": "B4",
    "B12": "B11",
    "N3": "R4",
    "N5": "N1",
    "U2": "T2",
    "U6": "O6",
    "W1": "T2",
    "W2": "T2",
}
SEEN = "only screen or slip show it"
OTHER_DIALECTS = "of other dialects than this one"
# A rule -> why no message proves that it was broken, unless somebody says what was done.
WHY_NOT = {
    "P1": "how full the log is, and its limits, are the terminal's",
    "V11": "that nothing comes of it is the normal case",
    "R2": "a power cut is not on the wire; what it loses is found as T2",
    "R17": "what the card refused is not on the wire",
    "R18": "a power cut is not on the wire; a reversal after it is right",
    "R22": "either date is right",
    "D11": "what a text decided is not on the wire",
    "H2": "a power cut is not on the wire",
    "H3": "that nothing comes of it is the normal case",
    "H4": "an interrupted download may go on any time later",
    "O1": "when a sale was made offline is not on the wire",
    "W3": "a power cut is not on the wire; a reversal after it is right",
    "W4": "a power cut is not on the wire; a reversal after it is found as R16",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule, and what the linter does about it.

    Attributes:
        rule: of the requirements.
        under: the id that is reported; empty if it is not judged.
        text: what is looked at, or why nothing can be.
    """

    rule: Rule
    under: str
    text: str


def judged() -> Iterator[Judged]:
    """Every rule of the requirements, in their order."""
    for rule in rules().values():
        under = UNDER.get(rule.id, rule.id)
        looks = [one.text.split(".")[0] for one in RULES.values() if under in one.rules]
        if looks:
            yield Judged(rule, under, "; ".join(looks))
        else:
            seen = "" if rule.judged else SEEN
            other = OTHER_DIALECTS if rule.applies else ""
            yield Judged(rule, "", WHY_NOT.get(rule.id, seen or other))
