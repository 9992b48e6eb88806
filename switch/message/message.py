"""A message as the house passes it around: ``request[STAN]``, never ``request[11]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from switch import elements as de

LONGEST_PAN = 19  # digits (ISO/IEC 7812-1)
YYMM = 4  # digits


Span = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Message:
    """MTI and data elements, with the message class that the dialect found.

    Attributes:
        mti: four digits.
        fields: element -> value as on the wire (digits, hex or text).
        kind: the message class (``sale``, ``reversal`` ...), ``unknown`` if no class fits.
        parts: ``60.2`` -> value of the divided elements.
        notes: what was read leniently.
        spans: where each element was, as ``Decoded.spans``; empty for a message that was made.
    """

    mti: str
    fields: Mapping[int, str]
    kind: str = "unknown"
    parts: Mapping[str, str] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    spans: Mapping[int, Span] = field(default_factory=dict, compare=False)

    def __getitem__(self, element: int) -> str:
        return self.fields[element]

    def __contains__(self, element: object) -> bool:
        return element in self.fields

    def __iter__(self) -> Iterator[int]:
        return iter(self.fields)

    def __repr__(self) -> str:  # values may be secret
        return f"Message({self.mti} {self.kind}, elements {sorted(self.fields)})"

    def get(self, element: int, default: str = "") -> str:
        """The value of an element, or ``default``."""
        return self.fields.get(element, default)

    def part(self, name: str) -> str:
        """A part such as ``60.2``; empty if it is not there."""
        return self.parts.get(name, "")

    @property
    def amount(self) -> int:
        """DE 4 in minor units; 0 if absent."""
        return int(self.get(de.AMOUNT) or 0)

    @property
    def pan(self) -> str:
        """DE 2, or what stands before the separator in track 2; empty if neither says one.

        A track that travels encrypted (DE 53, third digit 1) says none.
        """
        card = self.get(de.PAN) or self.get(de.TRACK_2).partition("D")[0]
        return card if card.isdigit() and len(card) <= LONGEST_PAN else ""

    @property
    def expiry(self) -> str:
        """DE 14, or YYMM of track 2; empty if neither says one."""
        date = self.get(de.EXPIRY) or self.get(de.TRACK_2).partition("D")[2][:4]
        return date if date.isdigit() and len(date) == YYMM else ""

    def with_fields(self, changed: Mapping[int, str]) -> Message:
        """The same message with some elements set."""
        return replace(self, fields={**self.fields, **changed})

    def without(self, *elements: int) -> Message:
        """The same message without some elements."""
        kept = {number: value for number, value in self.fields.items() if number not in elements}
        return replace(self, fields=kept)
