"""JSON Schema (draft 2020-12) of every YAML file, for editors: ``switch schema scenario``.

Made from the shapes that read the files. What only the reader can tell is left out: duplicate
keys, names of steps, unused variables.
"""

from __future__ import annotations

import json
from collections import Counter
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
    seen: Counter[str] = Counter()
    _count(whole, seen)
    often = (text for text, count in seen.items() if count > 1 and len(text) > WORTH_SHARING)
    names = {text: f"shared-{number}" for number, text in enumerate(often, 1)}
    defs = {name: _inside(json.loads(text), names) for text, name in names.items()}
    return _inside(whole, names) | ({"$defs": defs} if defs else {})


def _count(node: Any, seen: Counter[str]) -> None:
    if not isinstance(node, dict):
        return
    seen[json.dumps(node, sort_keys=True)] += 1
    for inner in _inner(node):
        _count(inner, seen)


def _inner(node: Schema) -> list[Any]:
    """The schemas directly inside a schema."""
    out: list[Any] = []
    for key, inner in node.items():
        if key in NAMED:
            out += inner.values()
        elif key in MANY:
            out += inner
        elif key in ONE:
            out.append(inner)
    return out


def _inside(node: Schema, names: dict[str, str]) -> Schema:
    """A schema whose inner ones are replaced by references, itself not."""
    out = dict(node)
    for key in node:
        if key in NAMED:
            out[key] = {name: _put(inner, names) for name, inner in node[key].items()}
        elif key in MANY:
            out[key] = [_put(inner, names) for inner in node[key]]
        elif key in ONE:
            out[key] = _put(node[key], names)
    return out


def _put(node: Any, names: dict[str, str]) -> Any:
    if not isinstance(node, dict):
        return node
    name = names.get(json.dumps(node, sort_keys=True))
    return {"$ref": f"#/$defs/{name}"} if name else _inside(node, names)
