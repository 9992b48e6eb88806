"""How much a merchant may sell: limits, and rules about many sales in a short time.

Protocol 7.1 step 11 and 8, rows 9, 10, 41, 48 and 50.
"""

from __future__ import annotations

from dataclasses import dataclass

NO_LIMIT = 10**12  # minor units: no DE 4 reaches it
PARTIES = ("merchant", "terminal", "card")
BREACHES = (
    "count_limit",
    "amount_limit",
    "suspected_fraud",
    "security_violation",
    "violation_of_law",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so much money for one sale, a calendar day, a calendar month; minor units."""

    sale: int = NO_LIMIT
    day: int = NO_LIMIT
    month: int = NO_LIMIT


@dataclass(frozen=True, slots=True)
class Velocity:
    """One rule about many sales in a short time; the sale that would break it is refused.

    Attributes:
        within: nanoseconds, up to now.
        of: whose sales are counted: those of the ``merchant``, the ``terminal`` or the ``card``.
        count: at most so many; 0 for any number.
        amount: at most so much together, minor units.
        least, most: only sales of such amounts count and are judged.
        refuse: one of :data:`BREACHES`.
        suspend_after: after so many refusals within the same time the merchant is suspended; 0
            for never.

    Raises:
        ValueError: it limits nothing.
    """

    within: int
    of: str = "merchant"
    count: int = 0
    amount: int = NO_LIMIT
    least: int = 0
    most: int = NO_LIMIT
    refuse: str = "count_limit"
    suspend_after: int = 0

    def __post_init__(self) -> None:
        if not self.count and self.amount == NO_LIMIT:
            raise ValueError("a velocity rule limits a count, an amount, or both")

    def concerns(self, amount: int) -> bool:
        """It is about sales of this amount."""
        return self.least <= amount <= self.most
