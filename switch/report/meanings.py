"""What a finding means for merchant or cardholder, in one plain sentence.

What no row of :data:`TABLE` knows is told in the words of the first rule that the scenario
names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from switch.dialect import Dialect
from switch.report.circumstance import CAME, classes, facts
from switch.report.meaning_table import TABLE
from switch.requirements import Rule, rules
from switch.scenario.state import Finding
from switch.scenario.verdict import Verdict

NOTHING_SAID = "nothing is proved about the terminal"
WHY_NOT = {
    "missed": "no fault, decline or world change had met it yet; was the transaction started?",
    "unexpected": "the script had not come to its point yet",
    "answered": "the book is not what this case needs",
    "plan": "what the case is about never reached it",
    "never": "what must not come was not watched for",
    "quiet": "what must not come was not watched for",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to say, and the rule that the scenario names for it; empty if it names none."""

    text: str
    rule: str = ""


def meaning(finding: Finding | None, verdict: Verdict, dialect: Dialect) -> Meaning:
    """What a finding means; an empty text where neither table nor rules know.

    Args:
        finding: None where the run itself broke off.
        verdict: on the case it belongs to.
        dialect: of the case.
    """
    if finding is None or finding.severity == "error":
        return Meaning(f"{NOTHING_SAID}: the run broke off")
    if finding.severity == "inconclusive":
        why = WHY_NOT.get(finding.kind, "")
        return Meaning(f"{NOTHING_SAID}: {why}" if why else NOTHING_SAID)
    refs = verdict.case.refs
    found = _row(finding, verdict, dialect)
    if found:
        text, belongs = found
        return Meaning(text, next((rule for rule in belongs.split() if rule in refs), ""))
    judged = [rules()[ref] for ref in refs if ref in rules() and rules()[ref].judged]
    about = f"the case is about rule {judged[0].id}: {clause(judged[0])}" if judged else ""
    return Meaning(about)


def _row(finding: Finding, verdict: Verdict, dialect: Dialect) -> tuple[str, str] | None:
    kind = "came" if finding.kind in CAME else finding.kind
    about, known = classes(finding, dialect) | {"*"}, facts(finding, verdict)
    for key, said in TABLE.items():
        words = key.split()
        if words[0] == kind and words[1] in about and known.issuperset(words[2:]):
            return said
    return None


def clause(rule: Rule) -> str:
    """The rule as part of a sentence: no capital, no full stop."""
    text = rule.text.removesuffix(".")
    return text[0].lower() + text[1:] if text[1:2] in " abcdefghijklmnopqrstuvwxyz" else text


def not_judged(refs: Iterable[str]) -> list[str]:
    """The rules among ``refs`` that no message can prove, each once."""
    known = rules()
    return [ref for ref in dict.fromkeys(refs) if ref in known and not known[ref].judged]
