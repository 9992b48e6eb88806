"""The keys of scenario and profile files with a sentence each: what ``switch list keys`` prints.

Made from the shapes that read the files, so that no key can be without its line.
"""

from __future__ import annotations

from collections.abc import Iterator

from switch.composites import Record
from switch.dialect import Dialect
from switch.scenario import shape
from switch.scenario.conditions import Conditions
from switch.scenario.forms import Told
from switch.scenario.profile import PROFILE
from switch.scenario.replies import reply_keys
from switch.scenario.steps import steps
from switch.scenario.vocabulary import Vocabulary
from switch.shapes import OneOf, Shape, Words


def places(dialect: Dialect) -> dict[str, Record]:
    """What a key may stand in -> the record that knows its keys."""
    vocabulary = Vocabulary(dialect)
    lines = {f"verify-{verb}": one for verb, one in shape.verify(vocabulary).verbs.items()}
    return {
        "scenario": shape.scenario(vocabulary),
        **{verb: _inside(record) for verb, record in steps(vocabulary).verbs.items()},
        "reply": reply_keys(vocabulary),
        "never": shape.never(vocabulary).record,
        **lines,
        "profile": PROFILE,
    }


def keys(record: Record) -> Iterator[tuple[str, str]]:
    """Key and sentence."""
    for key, kind in record.keys.items():
        yield key, _sentence(kind)


def _inside(record: Record) -> Record:
    """The mapping under a verb that has no other key; the record itself if there is none."""
    only = next(iter(record.keys.values()))
    kind = only.shape if isinstance(only, Told) else only
    return kind if len(record.keys) == 1 and isinstance(kind, Record) else record


def _sentence(kind: Shape) -> str:
    if isinstance(kind, Told):
        return kind.text
    if isinstance(kind, Conditions):
        return "conditions on values of the message"
    if isinstance(kind, OneOf):
        return f"one of {', '.join(kind.words)}"
    assert isinstance(kind, Words), f"a key of this kind needs a Told: {kind}"
    return kind.what
