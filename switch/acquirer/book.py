"""The book: the acquirer's world as data, before anything happens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from switch.acquirer import keys
from switch.acquirer.downloads import DOWNLOADS, Downloads
from switch.acquirer.maintenance import OUTCOMES, Maintenance
from switch.acquirer.parties import Card, Merchant, Terminal
from switch.composites import ListOf, MapOf, Record, read_record
from switch.dialect import load as load_dialect
from switch.dialect import names as dialects
from switch.dialect.schema import OPTIONS
from switch.errors import BadFile
from switch.reading import Mapping as MappingNode
from switch.reading import Node, Problem, Sequence, Text, Wrong, did_you_mean, read_file
from switch.shapes import Digits, Number, OneOf, Shape, Switch, Words

DEFAULT_BOOK = Path(__file__).with_name("default-book.yaml")
KEY = Words(r"([0-9A-Fa-f]{16}){1,3}", "a key of 16, 32 or 48 hex digits")
DOUBLE_KEY = Words(r"[0-9A-Fa-f]{32}", "a key of 32 hex digits")
DIGITS_OF_TID = Words(r".{8}", "a TID of 8 characters")
DIGITS_OF_MID = Words(r".{15}", "an MID of 15 characters")


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the acquirer knows at the start.

    ``source`` is the text of the file; ``options`` override the dialect's; ``host`` is how the
    host itself is doing, as ``keys.host`` says; ``fees`` are the merchant fees by category
    (MCC), hundredths of a percent; ``issuer_key`` is the master key (hex) that the chips of the
    cards are made with, or empty.
    """

    institution: str
    name: str
    merchants: Mapping[str, Merchant]
    terminals: Mapping[str, Terminal]
    cards: Mapping[str, Card]
    accept_unknown: bool
    unknown_tmk: str
    magic_amounts: bool
    options: Mapping[str, str | bool]
    downloads: Downloads
    host: Mapping[str, Any]
    fees: Mapping[str, int]
    source: str = field(repr=False)
    issuer_key: str = field(default="", repr=False)

    def card(self, name: str = "") -> Card:
        """The card of this name or PAN; the first active one without a name.

        Raises:
            KeyError: no such card.
        """
        if not name:
            return next(card for card in self.cards.values() if card.status == "active")
        if name in self.cards:
            return self.cards[name]
        for card in self.cards.values():
            if card.pan == name:
                return card
        raise KeyError(name)


def _mcc(key: Text) -> None:
    """A key that is a merchant category."""
    if not re.fullmatch(r"[0-9]{4}", key.value):
        raise Wrong(key.mark, f"{key.value!r} is not a merchant category of 4 digits")


def _shapes(of: keys.Keys) -> dict[str, Shape]:
    return {name: key.shape for name, key in of.items()}


CLASSES = ListOf(keys.MESSAGE_CLASS, single=True)
MERCHANT = Record(
    {"id": DIGITS_OF_MID} | _shapes(keys.merchant(CLASSES)),
    required=("id", "name"),
    make=Merchant,
)
TERMINAL = Record(
    {
        "id": DIGITS_OF_TID,
        "merchant": DIGITS_OF_MID,
        "tmk": KEY,
        "mak_bytes": OneOf(("8", "16")),
    }
    | _shapes(keys.terminal()),
    required=("id", "merchant", "tmk"),
    make=lambda mak_bytes="0", **read: Terminal(mak_bytes=int(mak_bytes), **read),
)
CARD = Record(
    {
        "name": Words("[a-z][a-z0-9_-]*", "a name of lower-case letters, digits, - and _"),
        "pan": Digits(13, 19),
        "organisation": Words(r"[A-Z]{3}", "a card organisation of 3 letters"),
        "sequence": Digits(3, 3),
        "code": Digits(16, 24),
    }
    | _shapes(keys.card()),
    required=("name", "pan", "expiry"),
    make=Card,
)
DAILY = Record(
    {
        "maintenance": OneOf(OUTCOMES),
        "of": CLASSES,
        "opens": keys.TIME_OF_DAY,
        "closes": keys.TIME_OF_DAY,
    },
    required=("maintenance", "opens", "closes"),
    make=lambda maintenance, **read: Maintenance(maintenance, **read),
)
HOST = Record(
    _shapes(keys.host(CLASSES)) | {"pin_tries": Number(1, 10), "daily": ListOf(DAILY)},
    needs=keys.NEEDS,
)
BOOK: Shape = Record(
    {
        "acquirer": Record(
            {"institution": Digits(8, 11), "name": Words(), "fees": MapOf(Number(0, 10_000), _mcc)},
            required=("institution", "name"),
        ),
        "issuer": Record({"master_key": DOUBLE_KEY}, required=("master_key",)),
        "merchants": ListOf(MERCHANT, least=1),
        "terminals": ListOf(TERMINAL, least=1),
        "cards": ListOf(CARD, least=1),
        "unknown_terminals": Record({"accept": Switch(), "tmk": KEY}, required=("accept",)),
        "magic_amounts": Switch(),
        "options": OPTIONS,
        "host": HOST,
        "downloads": DOWNLOADS,
    },
    required=("acquirer", "merchants", "terminals", "cards"),
)


@lru_cache(maxsize=16)
def load(path: Path | None = None) -> Book:
    """The book in a file; the demo book without one.

    Raises:
        BadFile: all problems with line and column.
    """
    path = path or DEFAULT_BOOK
    return read(read_file(path), path.read_text(encoding="utf-8"))


def read(node: Node, source: str) -> Book:
    """The book in a tree."""
    values, problems = read_record(BOOK, node)
    problems += _dangling(node)
    if problems:
        raise BadFile(problems)
    unknown: dict[str, Any] = values.get("unknown_terminals", {"accept": False})
    return Book(
        institution=values["acquirer"]["institution"],
        name=values["acquirer"]["name"],
        merchants={merchant.id: merchant for merchant in values["merchants"]},
        terminals={terminal.id: terminal for terminal in values["terminals"]},
        cards={card.name: card for card in values["cards"]},
        accept_unknown=unknown["accept"],
        unknown_tmk=unknown.get("tmk", ""),
        magic_amounts=values.get("magic_amounts", False),
        options=values.get("options", {}),
        downloads=values.get("downloads", Downloads()),
        host=values.get("host", {}),
        fees=values["acquirer"].get("fees", {}),
        source=source,
        issuer_key=values.get("issuer", {}).get("master_key", ""),
    )


def _dangling(node: Node) -> list[Problem]:
    """Names that stand twice, terminals of no merchant, strangers accepted without a key."""
    if not isinstance(node, MappingNode):
        return []
    out: list[Problem] = []
    merchants = _column(node, "merchants", "id", out)
    _column(node, "terminals", "id", out)
    _column(node, "cards", "name", out)
    _column(node, "cards", "pan", out)
    _column(node, "cards", "code", out)
    for row in _rows(node, "terminals"):
        owner = row.get("merchant")
        value = getattr(owner, "value", None)
        if owner is not None and value not in merchants:
            out.append(Problem(owner.mark, f"no merchant {value!r} in this book"))
    out += _unknown_classes(node)
    unknown = node.get("unknown_terminals")
    if isinstance(unknown, MappingNode):
        accept = getattr(unknown.get("accept"), "value", "")
        if accept in {"true", "on", "yes"} and unknown.get("tmk") is None:
            out.append(Problem(unknown.mark, "accepting unknown terminals needs their tmk"))
    cards = _rows(node, "cards")
    if cards and all(getattr(row.get("status"), "value", "active") != "active" for row in cards):
        out.append(Problem(node.key("cards").mark, "at least one card must be active"))
    return out


def _unknown_classes(node: MappingNode) -> list[Problem]:
    """Message classes that no shipped dialect has."""
    host = node.get("host")
    places = []
    if isinstance(host, MappingNode):
        places = [host.get("of"), *(row.get("of") for row in _rows(host, "daily"))]
    places += [row.get("permits") for row in _rows(node, "merchants")]
    named = [text for place in places for text in _texts(place)]
    known = [kind for name in dialects() for kind in load_dialect(name).classes] if named else []
    return [
        Problem(text.mark, f"'{text.value}' is no message class{did_you_mean(text.value, known)}")
        for text in named
        if text.value not in known
    ]


def _texts(node: Node | None) -> list[Text]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return [item for item in items if isinstance(item, Text)]


def _rows(node: MappingNode, name: str) -> list[MappingNode]:
    rows = node.get(name)
    items = rows.items if isinstance(rows, Sequence) else ()
    return [row for row in items if isinstance(row, MappingNode)]


def _column(node: MappingNode, name: str, key: str, out: list[Problem]) -> set[str]:
    seen: set[str] = set()
    for row in _rows(node, name):
        cell = row.get(key)
        value = getattr(cell, "value", None)
        if cell is None or value is None:
            continue
        if value in seen:
            out.append(Problem(cell.mark, f"{key} {value!r} stands twice in {name}"))
        seen.add(value)
    return seen
