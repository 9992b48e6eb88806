"""The table of what a correct terminal does: ``specs/requirements.yaml``.

Rules are the demands of the protocol reference (its section 6); seeds are the failures that the
field has documented (its section 8). Scenarios name both in ``refs``, defects the rule they break.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from switch.composites import ListOf, MapOf, Record, read_record
from switch.errors import BadFile
from switch.reading import read_file
from switch.shapes import OneOf, Shape, Words
from switch.shipped import shipped

TOLD: dict[str, Shape] = {key: Words() for key in ("text", "text_zh", "source")}
RULE: dict[str, Shape] = TOLD | {
    "strength": OneOf(("must", "should", "vendor")),
    "proof": OneOf(("wire", "seen")),
}
SEED: dict[str, Shape] = TOLD | {"asserts": ListOf(Words())}
REQUIREMENTS = Record(
    {
        "format": OneOf(("1",)),
        "sections": MapOf(Words()),
        "rules": MapOf(Record(RULE | {"applies": Words()}, required=tuple(RULE))),
        "seeds": MapOf(Record(SEED | {"also": Words()}, required=tuple(SEED))),
    },
    required=("format", "rules", "seeds"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        text, text_zh: a sentence.
        source: section of the protocol reference, its mark and source keys.
        strength: ``must``, ``should``, or ``vendor``: the terminal profile decides.
        proof: ``wire``: messages can prove it; ``seen``: only screen or slip.
        applies: to which dialects, if not to all.
    """

    id: str
    text: str
    text_zh: str
    source: str
    strength: str
    proof: str
    applies: str = ""

    @property
    def judged(self) -> bool:
        """It can be proved on the wire."""
        return self.proof != "seen"

    @property
    def section(self) -> str:
        """Where the protocol reference states it: ``6.3``."""
        return self.source.split(maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Seed:
    """One documented failure.

    Attributes:
        text, text_zh: what went wrong, and the phrase of the document.
        source: row of section 8 and the document.
        asserts: the rules that a correct terminal keeps in it.
        also: what else must show, in words.
    """

    id: str
    text: str
    text_zh: str
    source: str
    asserts: tuple[str, ...]
    also: str = ""

    @property
    def document(self) -> str:
        """Which of the five documents names it: ``S003``."""
        return self.source.split()[-1]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    tree = read_file(shipped("specs") / "requirements.yaml", "specs/requirements.yaml")
    values, problems = read_record(REQUIREMENTS, tree)
    if problems:
        raise BadFile(problems)
    return dict(values)


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by id, in the order of the table."""
    return {name: Rule(name, **entry) for name, entry in _table()["rules"].items()}


@lru_cache(maxsize=1)
def seeds() -> dict[str, Seed]:
    """Every documented failure by id, in the order of the table."""
    return {name: Seed(name, **entry) for name, entry in _table()["seeds"].items()}


def sections() -> dict[str, str]:
    """Section of the protocol reference -> its title."""
    return dict(_table().get("sections", {}))


def requirement_ids() -> tuple[str, ...]:
    """What ``refs`` may name: every rule and every seed."""
    return (*rules(), *seeds())
