"""The shapes of steps: exactly one verb each (section 3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from switch.acquirer import keys
from switch.composites import Anything, Either, ListOf, MapOf, Record
from switch.scenario import words
from switch.scenario.conditions import Seen, conditions, written
from switch.scenario.forms import BoundAt, SomeOf, Span, Told, Verbs, one_word
from switch.scenario.model import Stimulus
from switch.scenario.replies import reply
from switch.scenario.vocabulary import FILE_NAME, ID, SOME_TIME, Vocabulary
from switch.shapes import Amount, Number, Shape, Switch, Words

WORLD = {
    "merchant": "a merchant",
    "terminal": "a terminal",
    "card": "a card",
    "host": "how the host is doing",
}


# Verbs, and keys beside them, that hold steps.
MADE_OF_STEPS = frozenset({"any_order", "choice", "steps"})


def stimulus(vocabulary: Vocabulary, *, unless: bool) -> Record:
    """What is asked of the terminal."""
    keys: dict[str, Shape] = {
        "do": one_word(words.STIMULI, "stimulus"),
        "amount": Told(Amount(), "minor units"),
        "card": Told(vocabulary.named("card"), "a card of the book; the default card if absent"),
        "entry": Told(one_word(words.ENTRY_OF_STIMULUS), "how the card is read"),
        "table": one_word(words.TABLES, "table"),
        "prompt": Told(Words(), "the words for a person who holds the terminal"),
    }
    if unless:
        keys["unless"] = one_word(words.UNLESS)
    return Record(keys, ("do",), Stimulus)


def receive(vocabulary: Vocabulary) -> Record:
    """The step that awaits a message."""
    where = conditions(vocabulary.dialect, checks=False)
    check = conditions(vocabulary.dialect, checks=True)
    return Record(
        {
            "receive": Told(vocabulary.classes(), "await a message of this class"),
            "id": Told(ID, "the name of this step, and of its message"),
            "where": Told(where, "which message this step is about"),
            "check": Told(check, "what is judged about it"),
            "capture": Told(ID, "another name for its message"),
            "from": Told(BoundAt(), "the instant that the bounds count from"),
            "not_before": Told(Span(floor=True), "an earlier message is the finding: too early"),
            "within": Told(SOME_TIME, "how long the message may take"),
            "provoke": Told(
                stimulus(vocabulary, unless=False),
                "asked once if the message has not come when `within` ends",
            ),
            "optional": Told(Switch(), "its absence is no finding"),
            "count": Told(Number(1, 1000), "so many messages"),
            "reply": Told(reply(vocabulary), "what the host answers; its own answer if absent"),
            "answered": Told(vocabulary.outcome(), "what the acquirer must have decided itself"),
        },
        ("receive",),
    )


def send(vocabulary: Vocabulary) -> Record:
    """The step that says something to a terminal that has not asked."""
    return Record(
        {
            "send": Told(
                vocabulary.one_class(),
                "send a message of this class that nobody asked for: its request where the host "
                "may make it, else its response",
            ),
            "id": Told(ID, "the name of this step, and of its message"),
            "set": Told(written(vocabulary.dialect), "value name or element -> what it says"),
        },
        ("send",),
    )


def observe(vocabulary: Vocabulary) -> Record:
    """The step that looks at what the wire cannot show."""
    return Record(
        {
            "observe": Told(Seen(words.OBSERVED), "what the terminal shows or has printed"),
            "id": Told(ID, "its name in reports"),
            "prompt": Told(Words(), "the question for a person who holds the terminal"),
            "within": Told(SOME_TIME, "how long the answer may take, 10s if absent"),
        },
        ("observe",),
    )


def world(what: str, vocabulary: Vocabulary) -> Record:
    """What a step or a rule changes about a merchant, a terminal, a card or the host."""
    makers: dict[str, Callable[[], keys.Keys]] = {
        "merchant": partial(keys.merchant, vocabulary.classes()),
        "terminal": keys.terminal,
        "card": keys.card,
        "host": partial(keys.host, vocabulary.classes()),
    }
    known = makers[what]()
    read: dict[str, Shape] = {name: Told(key.shape, key.text) for name, key in known.items()}
    if "status" in known:
        read["status"] = one_word(words.STATUSES[what], f"{what} status")
    if what != "card":
        read["for"] = Told(SOME_TIME, words.FOR_A_TIME)
    if what == "host":
        return SomeOf(read, needs=keys.NEEDS | {"for": "maintenance"})
    return SomeOf({"id": vocabulary.named(what), **read}, ("id",), least=2)


def steps(vocabulary: Vocabulary) -> Verbs:
    """One step: exactly one verb; what is made of steps may stand inside what is made of more."""
    plain = {"receive": receive(vocabulary), **_plain(vocabulary)}
    plain |= {"send": send(vocabulary), "observe": observe(vocabulary), "use": USE}
    awaits = Verbs("a step of any_order", {"receive": plain["receive"], "use": USE})
    order = ListOf(awaits, least=2)
    some = plain | {"any_order": _made_of(any_order=Told(order, "await them, whichever is first"))}
    step = Verbs("a step", some)
    branch = Either(mapping=step, sequence=ListOf(step, least=1), what="text")
    branches = Told(ListOf(branch, least=2), "lists of steps; the first message picks one")
    more = some | {"choice": _made_of(choice=branches)}
    times = Told(Number(1, 1000), "so many times")
    inner = Told(ListOf(Verbs("a step", more), least=1), "the steps to repeat")
    every = more | {"repeat": _made_of(repeat=times, steps=inner)}
    return Verbs("a step", every)


def _made_of(**keys: Shape) -> Record:
    return Record(keys, tuple(keys))


def _plain(vocabulary: Vocabulary) -> dict[str, Record]:
    """The verbs of one key that is not made of steps."""
    where = conditions(vocabulary.dialect, checks=False)
    refuse = Told(Record({"for": SOME_TIME}, ("for",)), words.REFUSE)
    connection = Either(
        scalar=one_word(words.CONNECTION),
        mapping=Record({"refuse": refuse}, ("refuse",)),
        what="a list",
    )
    quiet = Record(
        {
            "message": Told(vocabulary.classes(), "the message that must not come"),
            "where": where,
            "for": Told(SOME_TIME, "how long"),
        },
        ("message", "for"),
    )
    plain: dict[str, tuple[Shape, str]] = {
        "stimulus": (stimulus(vocabulary, unless=True), "start something at the terminal"),
        "wait": (SOME_TIME, "pass time"),
        "quiet": (quiet, "pass time in which a message must not come"),
        **{what: (world(what, vocabulary), f"change {whom}") for what, whom in WORLD.items()},
        "connection": (connection, "act on the transport"),
        "release": (ID, "let the held reply of a step go"),
    }
    return {verb: Record({verb: Told(*told)}, (verb,)) for verb, told in plain.items()}


USE = Record(
    {
        "use": Told(FILE_NAME, "put the steps of a fragment here"),
        "with": Told(MapOf(Anything()), "values for its params"),
    },
    ("use",),
)
