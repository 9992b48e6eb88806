"""Registries as rows: what ``switch list`` prints, and pages of reference are made from.

A row is a mapping of plain values with at least ``name`` and ``text``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from switch.acquirer import Book
from switch.dialect import Dialect

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """One thing to list.

    Attributes:
        columns: the keys that the text form shows.
        rows: all rows, of a dialect and a book.
    """

    columns: tuple[str, ...]
    rows: Callable[[Dialect, Book], list[Row]]


Rows = Callable[[Dialect, Book], Iterator[Row]]
LISTINGS: dict[str, Listing] = {}


def listing(name: str, *columns: str) -> Callable[[Rows], Rows]:
    """Register the decorated rows under ``name``."""

    def register(rows: Rows) -> Rows:
        LISTINGS[name] = Listing(columns, lambda dialect, book: list(rows(dialect, book)))
        return rows

    return register


# ---- of the product -----------------------------------------------------------------------


@listing("dialects", "name", "text", "text_zh")
def dialects(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The shipped dialects."""
    from switch.dialect import load, names

    for name in names():
        one = load(name)
        yield {
            "name": name,
            "text": one.title,
            "text_zh": one.title_zh,
            "classes": list(one.classes),
        }


@listing("scenarios", "name", "count", "tags", "text")
def scenarios(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The shipped scenarios, in the words of the dialect and the book."""
    from switch.scenario.loader import Known, find, load
    from switch.scenario.profile import defaults

    terminal = next(iter(book.terminals.values()))
    profile = defaults(id=terminal.id, merchant_id=terminal.merchant)
    known = Known(tuple(book.cards), tuple(book.merchants), tuple(book.terminals))
    rows: dict[str, Row] = {}
    for case in load(find(), dialect=dialect, profile=profile, known=known):
        row = rows.setdefault(
            case.scenario,
            {
                "name": case.scenario,
                "text": case.title,
                "title": case.title,
                "title_zh": case.title_zh,
                "tags": list(case.tags),
                "refs": list(case.refs),
                "path": case.path,
                "stands": case.stands,
                "cases": [],
                "count": 0,
            },
        )
        row["cases"].append(case.id)
        row["count"] += 1
    yield from rows.values()


@listing("keys", "name", "required", "text")
def keys(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The keys of scenario and profile files: ``scenario.stands``, ``receive.within``."""
    from switch.scenario import manual

    for place, record in manual.places(dialect).items():
        for key, text in manual.keys(record):
            required = key in record.required
            yield {"name": f"{place}.{key}", "text": text, "required": required}


@listing("faults", "name", "keys", "text")
def faults(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What may spoil a response."""
    from switch import faults

    yield from faults.listing()


@listing("checks", "name", "text")
def checks(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What ``check`` may ask besides values."""
    from switch.scenario.words import CHECKS

    yield from ({"name": name, "text": text} for name, text in CHECKS.items())


@listing("invariants", "name", "place", "text")
def invariants(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What ``always`` and ``verify: {invariants: ...}`` may name."""
    from switch.judge.always import ALWAYS
    from switch.judge.invariants import INVARIANTS

    for always in ALWAYS.values():
        yield {"name": always.name, "place": "always", "text": always.text}
    for one in INVARIANTS.values():
        yield {"name": one.name, "place": "verify", "text": one.text}


@listing("operators", "name", "operand", "text")
def operators(dialect: Dialect, book: Book) -> Iterator[Row]:
    """How ``where`` and ``check`` compare."""
    from switch.judge.operators import OPERATORS

    for one in OPERATORS.values():
        yield {"name": one.name, "operand": one.operand, "text": one.text}


@listing("defects", "name", "rule", "styles", "text")
def defects(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The mistakes that the model terminal can make."""
    from switch.terminal import DEFECTS

    for one in DEFECTS.values():
        yield {"name": one.name, "rule": one.rule, "styles": list(one.styles), "text": one.text}


@listing("options", "name", "point", "values", "text")
def options(dialect: Dialect, book: Book) -> Iterator[Row]:
    """Where vendors differ: keys of the terminal profile, the model's own choice first."""
    from switch.scenario.options import OPTIONS

    for one in OPTIONS.values():
        yield {
            "name": one.name,
            "point": one.point,
            "text": one.text,
            "values": list(one.values),
            "sentences": dict(one.values),
        }


@listing("stimuli", "name", "text")
def stimuli(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What ``stimulus: {do: ...}`` may ask of a terminal."""
    from switch.scenario.words import STIMULI

    yield from ({"name": name, "text": text} for name, text in STIMULI.items())


@listing("flows", "name", "class_title", "text")
def flows(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The message classes that the host serves, and what it does about them."""
    from switch.host.flows import FLOWS

    for name, flow in FLOWS.items():
        kind = dialect.classes.get(name)
        title = kind.title if kind else ""
        yield {"name": name, "text": inspect.getdoc(flow) or "", "class_title": title}


@listing("requirements", "name", "kind", "strength", "proof", "text")
def requirements(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The rules of a correct terminal, and the documented failures that scenarios answer."""
    from switch.requirements import rules, seeds

    for rule in rules().values():
        yield {"name": rule.id, "kind": "rule"} | _told(asdict(rule))
    for seed in seeds().values():
        yield {"name": seed.id, "kind": "seed"} | _told(asdict(seed))


@listing("rules", "name", "strength", "found_as", "text")
def rules(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What the linter judges of every rule, or why it cannot."""
    from switch.judge.lint.judged import judged

    for one in judged():
        told = {"strength": one.rule.strength, "found_as": one.under or "-", "text": one.text}
        yield {"name": one.rule.id} | told


def _told(entry: Row) -> Row:
    """What the table says of an entry, besides its id."""
    told = {key: value for key, value in entry.items() if value and key != "id"}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in told.items()}


# ---- of a dialect -------------------------------------------------------------------------


@listing("classes", "name", "mti", "response", "match", "mac", "title", "title_zh")
def classes(dialect: Dialect, book: Book) -> Iterator[Row]:
    """The message classes of the dialect."""
    for kind in dialect.classes.values():
        yield {
            "name": kind.name,
            "text": kind.title,
            "title": kind.title,
            "title_zh": kind.title_zh,
            "group": kind.group,
            "mti": kind.mti,
            "response": kind.response_mti,
            "match": {place: list(values) for place, values in kind.match.items()},
            "mac": kind.mac,
            "reversible": kind.reversible,
        }


@listing("outcomes", "name", "code", "action", "en", "zh")
def outcomes(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What the host may answer: the name that scenarios use, and its DE 39."""
    for name, code in dialect.outcomes.items():
        known = dialect.response_codes.get(code)
        en, zh, action = (known.en, known.zh, known.action) if known else ("", "", "")
        yield {"name": name, "text": en, "code": code, "en": en, "zh": zh, "action": action}


@listing("fields", "name", "kind", "place", "text")
def fields(dialect: Dialect, book: Book) -> Iterator[Row]:
    """What ``where`` and ``check`` may name: values, facts, and any element."""
    from switch.scenario.words import FACTS

    for name, place in dialect.value_places.items():
        many = {place: []} if isinstance(place, str) else _by_place(place)
        shown = [f"DE {at} ({', '.join(of)})" if of else _shown(at) for at, of in many.items()]
        text = ", ".join(dict.fromkeys(_called(dialect, at) for at in many))
        if name == "reversal_reason":
            words = dialect.reversal_reasons.items()
            text = "; ".join(f"{word}: {code}" for word, code in words)
        yield {"name": name, "kind": "value", "place": shown, "text": text}
    for name, facts in FACTS.items():
        text = "; ".join(f"{word}: {sentence}" for word, sentence in facts.items())
        yield {"name": name, "kind": "fact", "place": [], "text": text}
    for number, spec in dialect.codec.fields.items():
        yield {
            "name": f"de.{number}",
            "kind": "element",
            "place": [f"DE {number}"],
            "text": spec.name,
        }


def _by_place(places: Any) -> dict[str, list[str]]:
    """Place -> the message classes in which a value stands there."""
    out: dict[str, list[str]] = {}
    for kind, place in places.items():
        out.setdefault(place, []).append(kind)
    return out


def _shown(place: str) -> str:
    return "DE 2 or DE 35" if place == "pan" else f"DE {place}"


def _called(dialect: Dialect, place: str) -> str:
    """What the dialect calls a place."""
    if place == "pan":
        return "card number"
    element = int(place.partition(".")[0])
    for layout in dialect.layouts.get(element, ()):
        for sub in layout.subs:
            if sub.id == place:
                return sub.name
    return dialect.codec.fields[element].name


# ---- of a book ----------------------------------------------------------------------------


@listing("book", "name", "kind", "status", "text")
def book(dialect: Dialect, book: Book) -> Iterator[Row]:
    """Merchants, terminals and cards; test keys and test PINs in full."""
    from switch.report.lines import money

    for merchant in book.merchants.values():
        yield {
            "name": merchant.id,
            "kind": "merchant",
            "status": merchant.status,
            "text": merchant.name,
        }
    for one in book.terminals.values():
        yield {
            "name": one.id,
            "kind": "terminal",
            "status": "",
            "text": f"of merchant {one.merchant}, TMK {one.tmk}",
            "merchant": one.merchant,
            "tmk": one.tmk,
        }
    for card in book.cards.values():
        pin = f"PIN {card.pin}" if card.pin else "no PIN"
        yield {
            "name": card.name,
            "kind": "card",
            "status": card.status,
            "text": f"{card.pan}, expiry {card.expiry}, {pin}, holds {money(card.balance)}",
            "pan": card.pan,
            "expiry": card.expiry,
            "pin": card.pin,
            "balance": card.balance,
        }
