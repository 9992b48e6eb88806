"""The numbers that a host gives out (protocol 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from switch.chance import Chance

APPROVAL_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(slots=True)
class Numbers:
    """RRNs and approval codes of one acquirer (7.2), and its count of exchanges."""

    chance: Chance
    sequence: int = 0
    exchanges: int = 0

    def exchange(self) -> int:
        """The number of the next exchange."""
        self.exchanges += 1
        return self.exchanges

    def rrn(self, local: datetime) -> str:
        """12 characters, unique per day: hhmmss and a running number."""
        self.sequence = self.sequence % 999_999 + 1
        return f"{local:%H%M%S}{self.sequence:06d}"

    def approval(self) -> str:
        """6 alphanumerics."""
        draws = self.chance.bytes("approval codes", 6)
        return "".join(APPROVAL_ALPHABET[byte % len(APPROVAL_ALPHABET)] for byte in draws)
