"""JSON Schema (draft 2020-12) of every YAML file, for editors: ``switch schema scenario``.

Made from the shapes that read the files. What only the reader can tell is left out: duplicate
keys, names of steps, unused variables.
"""

from __future__ import annotations

from switch.dialect import Dialect
from switch.dialect.schema import DIALECT
from switch.scenario import shape
from switch.scenario.profile import PROFILE
from switch.scenario.rules import rules_shape
from switch.scenario.vocabulary import Vocabulary
from switch.shapes import Schema, Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def of(kind: Shape, title: str, description: str) -> Schema:
    """The schema of a whole file of one shape, a book for instance."""
    head: Schema = {"$schema": DRAFT, "title": title, "description": description}
    return head | kind.schema()


def scenario(dialect: Dialect) -> Schema:
    """The schema of a scenario, in the words of a dialect."""
    text = f"What the host does to a terminal, and what a correct terminal does ({dialect.name})."
    return of(shape.scenario(Vocabulary(dialect)), "scenario", text)


def fragment(dialect: Dialect) -> Schema:
    """The schema of a fragment, in the words of a dialect."""
    kind = shape.fragment(Vocabulary(dialect))
    return of(kind, "fragment", "Steps that scenarios put in place with `use`.")


def profile() -> Schema:
    """The schema of a terminal profile."""
    return of(PROFILE, "terminal profile", "What the terminal under test is and can do.")


def rules(dialect: Dialect) -> Schema:
    """The schema of a rules file, in the words of a dialect."""
    return of(rules_shape(dialect), "standing rules", "What the host answers, and when.")


def dialect() -> Schema:
    """The schema of a dialect file."""
    return of(DIALECT, "dialect", "One ISO 8583 host: framing, fields, messages, codes.")
