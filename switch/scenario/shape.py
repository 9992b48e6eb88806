"""The closed schema of scenario files, in the words of one dialect.

Reading and JSON Schema come from these objects, so they cannot differ. What a schema cannot
say (a bound that names no step, an unused variable) is checked in ``build`` and ``expand``.
"""

from __future__ import annotations

import re

from switch.composites import Anything, Either, ListOf, MapOf, Record
from switch.dialect import names
from switch.reading import Text, Wrong
from switch.requirements import requirement_ids
from switch.scenario import words
from switch.scenario.conditions import conditions, decided_by
from switch.scenario.forms import NAME, BoundAt, Placed, SomeOf, Told, Verbs, one_word
from switch.scenario.model import Policy
from switch.scenario.profile import requirements
from switch.scenario.steps import steps
from switch.scenario.vocabulary import FILE_NAME, ID, SOME_TIME, Vocabulary
from switch.shapes import Number, OneOf, Shape, Words

PHASES = ("setup", "steps", "teardown")


def never(vocabulary: Vocabulary) -> Placed:
    """A message that must not come inside a window."""
    keys: dict[str, Shape] = {
        "id": Told(ID, "its name in reports"),
        "message": Told(vocabulary.classes(), "the message that must not come"),
        "where": conditions(vocabulary.dialect, checks=False),
        "from": Told(BoundAt(), "where the window opens"),
        "until": Told(BoundAt(), "where it ends"),
        "for": Told(SOME_TIME, "how long it is"),
        "note": Told(Words(), "why; reports show it"),
        "decided_by": decided_by(),
    }
    record = Record(keys, ("message", "from"))
    return Placed(record, "never", ("until", "for"), why="a never needs the end of its window")


def verify(vocabulary: Vocabulary) -> Verbs:
    """One line of what is checked at the end."""
    many = SomeOf({"min": Number(0, 100_000), "max": Number(0, 100_000)})
    beside = {"note": Told(Words(), "why; reports show it"), "decided_by": decided_by()}
    message = {
        "message": Told(vocabulary.classes(), "count messages"),
        "where": conditions(vocabulary.dialect, checks=False),
        "count": Told(
            Either(scalar=Number(0, 100_000), mapping=many, what="a list"),
            "how many came in the whole case: a number, or {min, max}; at least one if absent",
        ),
        **beside,
    }
    ledger = Record({"step": ID, "is": one_word(words.LEDGER)}, ("step", "is"))
    some = ListOf(one_word(words.INVARIANTS, "invariant"), least=1)
    invariants = Either(scalar=OneOf(("all",)), sequence=some, what="a mapping")
    told = "what the books must fulfil: all, or a list of them"
    balanced = Told(OneOf(("balanced",)), "the terminal's totals are the host's")
    return Verbs(
        "a line of verify",
        {
            "message": Record(message, ("message",)),
            "ledger": Record({"ledger": Told(ledger, "the ledger at the end"), **beside}),
            "batch": Record({"batch": balanced, **beside}),
            "invariants": Record({"invariants": Told(invariants, told), **beside}),
        },
    )


def name_key(key: Text) -> None:
    """A key that names a variable, an axis or a param."""
    if not re.fullmatch(NAME, key.value):
        raise Wrong(key.mark, f"'{key.value}' is not a name of letters, digits and _")
    if key.value in words.RESERVED:
        raise Wrong(key.mark, f"'{key.value}' has a meaning of its own; take another name")


def dialects(present: str) -> Shape:
    """The dialects a file is for; ``present`` may be one that is not shipped."""
    known = tuple(dict.fromkeys(("any", *names(), present)))
    return ListOf(OneOf(known, "dialect"), single=True, least=1)


def scenario(vocabulary: Vocabulary) -> Record:
    """A whole scenario file."""
    groups = {kind.group for kind in vocabulary.dialect.classes.values()}
    background = tuple(dict.fromkeys((*sorted(groups), *vocabulary.dialect.classes)))
    step = steps(vocabulary)
    axis = Either(sequence=ListOf(Words(), least=1), mapping=MapOf(Anything()), what="text")
    policy = {
        "unexpected": one_word(words.UNEXPECTED),
        "background": ListOf(OneOf(background, "message class or group"), single=True),
    }
    refs = ListOf(OneOf(requirement_ids(), "rule"), single=True)
    told: dict[str, tuple[Shape, str]] = {
        "format": (OneOf(("1",)), "the version of this format"),
        "name": (FILE_NAME, "as reports and the command line call it"),
        "title": (Words(), "one sentence"),
        "title_zh": (Words(), "the same in Chinese"),
        "tags": (ListOf(FILE_NAME, single=True), "words to choose by"),
        "refs": (refs, "rules and seeds of requirements.yaml it is about"),
        "dialect": (dialects(vocabulary.dialect.name), "a name, a list of names, or any"),
        "stands": (Words(), "why it stands if no defect dies by it alone; reports do not show it"),
        "requires": (requirements(), "what the terminal profile must offer"),
        "vars": (MapOf(Anything(), name_key), "constants, used as ${name}"),
        "matrix": (MapOf(axis, name_key), "axes; each combination is a case"),
        "exclude": (ListOf(MapOf(ListOf(Words(), single=True, least=1))), "combinations to drop"),
        "clock": (one_word(words.CLOCKS), "under another clock the case is skipped"),
        "policy": (Record(policy, make=Policy), "what becomes of a message that no step takes"),
        "setup": (ListOf(step), "steps before; a failure here is inconclusive"),
        "steps": (ListOf(step, least=1), "what the host does and a correct terminal does about it"),
        "teardown": (ListOf(step), "steps that always run"),
        "never": (ListOf(never(vocabulary)), "messages that must not come"),
        "always": (ListOf(one_word(words.ALWAYS, "invariant")), "invariants over the log"),
        "verify": (ListOf(verify(vocabulary)), "what must hold at the end"),
    }
    required = ("format", "name", "title", "steps")
    return Record({key: Told(*pair) for key, pair in told.items()}, required)


def fragment(vocabulary: Vocabulary | None = None) -> Record:
    """A fragment file; its steps are read where they are used, without a vocabulary not at all."""
    step = ListOf(steps(vocabulary), least=1) if vocabulary else Anything()
    params = Either(sequence=ListOf(ID), mapping=MapOf(Anything(), name_key), what="text")
    told: dict[str, tuple[Shape, str]] = {
        "format": (OneOf(("1",)), "the version of this format"),
        "fragment": (FILE_NAME, "its name, as `use` says it: the file's"),
        "title": (Words(), "one sentence"),
        "params": (params, "names that `with` must give, or name -> default"),
        "steps": (step, "what is put in the place of `use`"),
    }
    return Record({key: Told(*pair) for key, pair in told.items()}, ("fragment", "steps"))
