"""Maintenance: for a time the host answers "later" to new business without looking at it."""

from __future__ import annotations

from dataclasses import dataclass

from switch.errors import Refusal

# Rows 15 and 49 of protocol 8: 96, 90, 91, 92 or 98.
OUTCOMES = (
    "system_error",
    "cut_over",
    "issuer_inoperative",
    "issuer_unreachable",
    "issuer_timeout",
)
FOREVER = 1 << 62  # nanoseconds


@dataclass(frozen=True, slots=True)
class Maintenance:
    """One maintenance.

    Attributes:
        outcome: one of :data:`OUTCOMES`; empty for none.
        of: the message classes it is about; empty: all new business.
        until: nanoseconds; when it is over.
        opens, closes: times of day, ``HH:MM``, between which it is; empty: at any time.
    """

    outcome: str = ""
    of: tuple[str, ...] = ()
    until: int = FOREVER
    opens: str = ""
    closes: str = ""

    def check(self, kind: str, now: int, shown: str, *, new_business: bool) -> None:
        """Refuse what is under maintenance.

        Args:
            kind: message class.
            now: nanoseconds.
            shown: time of day, ``HH:MM``.
            new_business: the class is new business in its dialect.

        Raises:
            Refusal: with the outcome of the maintenance.
        """
        concerned = kind in self.of if self.of else new_business
        if self.outcome and concerned and now < self.until and self._is_open(shown):
            raise Refusal(self.outcome, f"the host is under maintenance for {kind}")

    def _is_open(self, shown: str) -> bool:
        if self.opens <= self.closes:
            return not self.opens or self.opens <= shown < self.closes
        return shown >= self.opens or shown < self.closes  # over midnight
