"""JSON Schema (draft 2020-12) of every YAML file, for editors: ``switch schema scenario``.

Made from the shapes that read the files. What only the reader can tell is left out: duplicate
keys, names of steps, unused variables.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from switch.dialect import Dialect
from switch.dialect.schema import DIALECT
from switch.scenario import shape
from switch.scenario.profile import PROFILE
from switch.scenario.rules import rules_shape
from switch.scenario.vocabulary import Vocabulary
from switch.shapes import Schema, Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMED = frozenset({"properties", "patternProperties"})  # name -> schema
MANY = frozenset({"anyOf", "oneOf"})
ONE = frozenset({"items", "additionalProperties", "not"})
WORTH_SHARING = 200  # characters of JSON


def of(kind: Shape, title: str, description: str) -> Schema:
    """The schema of a whole file of one shape, a book for instance."""
    head: Schema = {"$schema": DRAFT, "title": title, "description": description}
    return head | _shared(kind.schema())


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


def _shared(whole: Schema) -> Schema:
    """The same schema with what stands in it more than once put under ``$defs``.

    Every ``where`` knows every value and operator: written out, a scenario's schema has over a
    million characters, more than an editor likes to read.
    """
    alike = _Alike()
    alike.number(whole)
    often = [n for n, count in alike.counts.items() if count > 1 and alike.sizes[n] > WORTH_SHARING]
    names = {number: f"shared-{place}" for place, number in enumerate(often, 1)}

    def put(node: Any) -> Any:
        name = names.get(alike.number_of(node))
        return {"$ref": f"#/$defs/{name}"} if name else _mapped(node, put)

    defs = {name: _mapped(alike.nodes[number], put) for number, name in names.items()}
    out: Schema = _mapped(whole, put)
    return out | ({"$defs": defs} if defs else {})


class _Alike:
    """Gives equal schemas one number, from the inside out.

    Attributes:
        counts: number -> how often such a schema stands in the whole.
        sizes: number -> characters of JSON.
        nodes: number -> one of them.
    """

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.sizes: dict[int, int] = {}
        self.nodes: dict[int, Schema] = {}
        self._numbers: dict[str, int] = {}
        self._of: dict[int, int] = {}

    def number(self, node: Any) -> Any:
        """The number of a schema; all inside it get theirs, too."""
        if not isinstance(node, dict):
            return str(node)
        inner: list[int] = []
        flat = _mapped(node, lambda one: _kept(self.number(one), inner))
        text = json.dumps(flat, sort_keys=True)
        number = self._numbers.setdefault(text, len(self._numbers))
        self._of[id(node)] = number
        self.counts[number] += 1
        self.nodes.setdefault(number, node)
        self.sizes[number] = len(text) + sum(self.sizes[one] for one in inner)
        return number

    def number_of(self, node: Any) -> int:
        """The number that a schema has; -1 for what is none."""
        return self._of.get(id(node), -1)


def _kept(number: Any, into: list[int]) -> Any:
    if isinstance(number, int):
        into.append(number)
    return number


def _mapped(node: Any, change: Callable[[Any], Any]) -> Any:
    """A schema whose inner ones are changed, itself not."""
    if not isinstance(node, dict):
        return node
    out = dict(node)
    for key in node:
        if key in NAMED:
            out[key] = {name: change(inner) for name, inner in node[key].items()}
        elif key in MANY:
            out[key] = [change(inner) for inner in node[key]]
        elif key in ONE:
            out[key] = change(node[key])
    return out
