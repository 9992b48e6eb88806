"""What a defect is: one changed habit, and what somebody suffers from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch.terminal.habits import Habits

BOTH = ("eager", "lazy")


@dataclass(frozen=True, slots=True)
class Defect:
    """One mistake.

    Attributes:
        name: what the terminal does, as ``--defect`` takes it.
        rule: the rule of protocol.md that it breaks.
        text: what a merchant or a cardholder suffers.
        changes: habit -> value.
        styles: the styles of terminal in which it shows on the wire.
    """

    name: str
    rule: str
    text: str
    changes: Mapping[str, Any]
    styles: tuple[str, ...] = BOTH

    @property
    def habits(self) -> Habits:
        """The behaviour with this mistake in it."""
        return Habits(**self.changes)
