"""``docs/requirements.md``, made from ``specs/requirements.yaml``.

``python -m switch.cli.requirements_page > docs/requirements.md`` writes it; a test fails when it
is stale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from switch.requirements import Rule, Seed, rules, sections, seeds

HEAD = """\
# Requirements

Made by `python -m switch.cli.requirements_page > docs/requirements.md` from
`specs/requirements.yaml`; a test fails when it is stale. Scenarios name these ids in `refs`,
findings and reports name them back; `switch coverage` shows which of them a suite exercises.

Strength: a **must** was found in two or more independent implementations, a **should** in one or
by our judgement; where **vendor**s differ, breaking the rule only warns unless the terminal
profile fixes it (`switch run --profile`). Proof: **wire** can be told from messages, **seen** only
from screen or slip, so no verdict on messages counts it. Sources are sections of the protocol
reference with its marks: [A] several sources, [B] one, [J] our judgement, [X] sources disagree.
"""
SEEDS_HEAD = """
## Documented failures

What the field has reported, and the rules that a correct terminal keeps through it. Each has at
least one scenario (`refs: [seed-1]`), and its scenarios together name every rule listed here.

| id | failure | rules | also | document |
| --- | --- | --- | --- | --- |
"""
DOCUMENTS = "S000 to S004 are the five articles that this product answers."


def page() -> str:
    """The whole page."""
    counted = Counter(rule.strength for rule in rules().values())
    strengths = ", ".join(f"{counted[name]} {name}" for name in ("must", "should", "vendor"))
    total = f"{len(rules())} rules ({strengths}) and {len(seeds())} documented failures.\n"
    rows = "\n".join(_seed(seed) for seed in seeds().values())
    return "\n".join([HEAD, total, *_sections()]) + SEEDS_HEAD + f"{rows}\n\n{DOCUMENTS}\n"


def _sections() -> Iterator[str]:
    for number, title in sections().items():
        yield f"## {number} {title}\n"
        yield "| id | rule | strength | proof | source |\n| --- | --- | --- | --- | --- |"
        yield from (_rule(rule) for rule in rules().values() if rule.section == number)
        yield ""


def _rule(rule: Rule) -> str:
    only = f" (only {rule.applies})" if rule.applies else ""
    text = f"{rule.text}{only}<br>{rule.text_zh}"
    return _row(rule.id, text, rule.strength, rule.proof, rule.source)


def _seed(seed: Seed) -> str:
    what = f"{seed.text}<br>{seed.text_zh}"
    return _row(seed.id, what, ", ".join(seed.asserts), seed.also, seed.document)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    print(page(), end="")
