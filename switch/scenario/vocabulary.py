"""The words that shapes are made of: a dialect's, and the book's where it is known."""

from __future__ import annotations

from dataclasses import dataclass

from switch.composites import ListOf
from switch.dialect import Dialect
from switch.scenario.forms import NAME, Span
from switch.shapes import OneOf, Shape, Words

ID = Words(NAME, "a name of letters, digits and _")
FILE_NAME = Words(r"[a-z0-9][a-z0-9_-]*", "a name of small letters, digits, - and _")
SOME_TIME = Span(least=1)


@dataclass(frozen=True)
class Vocabulary:
    """What a scenario may name: the words of a dialect, and of the book where it is known.

    Attributes:
        dialect: message classes, values, outcomes.
        cards, merchants, terminals: names of the book; empty: any name.
    """

    dialect: Dialect
    cards: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()

    def classes(self) -> Shape:
        """One message class, or a list of them."""
        return ListOf(self.one_class(), single=True, least=1)

    def one_class(self) -> Shape:
        """One message class."""
        return OneOf(tuple(self.dialect.classes), "message class")

    def outcome(self) -> Shape:
        """An outcome name."""
        return OneOf(tuple(self.dialect.outcomes), "outcome")

    def named(self, what: str) -> Shape:
        """The name of a card, merchant or terminal."""
        known = {"card": self.cards, "merchant": self.merchants, "terminal": self.terminals}[what]
        return OneOf(known, what) if known else Words()
