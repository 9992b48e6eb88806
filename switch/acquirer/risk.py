"""Risk control: what was sold, held against limits and velocity rules (7.1 step 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from switch.acquirer.ledger import Entry
from switch.acquirer.limits import Velocity
from switch.acquirer.parties import Merchant
from switch.acquirer.registry import Moment, booked


@dataclass(frozen=True, slots=True)
class Asked:
    """A sale that is asked for.

    Attributes:
        at: nanoseconds.
        day: of the calendar, ``2026-01-05``.
        mid, tid, pan: of whom.
        amount: minor units.
    """

    at: int
    day: str
    mid: str
    tid: str
    pan: str = field(repr=False)
    amount: int

    def party(self, of: str) -> str:
        """MID, TID or PAN."""
        return {"merchant": self.mid, "terminal": self.tid, "card": self.pan}[of]


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a sale is refused: outcome, sentence, and whether the merchant is suspended for it."""

    outcome: str
    because: str
    suspends: bool = False


class Risk:
    """What each merchant sold, and what it was refused."""

    def __init__(self) -> None:
        self._sold: dict[str, list[tuple[Asked, Entry]]] = {}
        self._refused: dict[tuple[str, Velocity], list[int]] = {}

    def sold(self, asked: Asked, entry: Entry) -> None:
        """Note what was booked; it counts while the ledger says that it is approved."""
        self._sold.setdefault(asked.mid, []).append((asked, entry))

    def breach(self, asked: Asked, merchant: Merchant, known: Moment) -> Breach | None:
        """What this sale would break first, if anything.

        Args:
            asked: the sale.
            merchant: its merchant.
            known: up to which moment this node knows what was sold.
        """
        for limit, sold, span in self._sums(asked, merchant, known):
            if sold + asked.amount > limit:
                text = f"the limit is {limit} {span}, and {sold} is sold already (minor units)"
                return Breach("amount_limit", text)
        for rule in merchant.velocity:
            if rule.concerns(asked.amount) and (why := self._broken(rule, asked, known)):
                return self._refusal(rule, asked, why)
        return None

    def _sums(
        self, asked: Asked, merchant: Merchant, known: Moment
    ) -> Iterator[tuple[int, int, str]]:
        """Limit, what counts against it so far, and what it is for; minor units."""
        limits, sold = merchant.limits, list(self._known(asked.mid, known))
        yield limits.sale, 0, "at a time"
        for limit, span, length in ((limits.day, "a day", 10), (limits.month, "a month", 7)):
            same = (e.amount for past, e in sold if past.day[:length] == asked.day[:length])
            yield limit, sum(same), span

    def _known(self, mid: str, known: Moment) -> Iterator[tuple[Asked, Entry]]:
        """Approved sales of a merchant that this node knows of, newest first."""
        for past, entry in reversed(self._sold.get(mid, [])):
            if booked(past.at) <= known and entry.status == "approved":
                yield past, entry

    def _broken(self, rule: Velocity, asked: Asked, known: Moment) -> str:
        """In words how the sale would break the rule; empty if it does not."""
        amounts = [
            entry.amount
            for past, entry in self._known(asked.mid, known)
            if past.at > asked.at - rule.within
            and past.party(rule.of) == asked.party(rule.of)
            and rule.concerns(past.amount)
        ]
        if rule.count and len(amounts) >= rule.count:
            return f"{rule.count} sales of this {rule.of} are all that may come in this time"
        if sum(amounts) + asked.amount > rule.amount:
            return f"more than {rule.amount} of this {rule.of} in this time"
        return ""

    def _refusal(self, rule: Velocity, asked: Asked, why: str) -> Breach:
        times = self._refused.setdefault((asked.party(rule.of), rule), [])
        times[:] = [at for at in times if at > asked.at - rule.within] + [asked.at]
        suspends = 0 < rule.suspend_after <= len(times)
        return Breach(rule.refuse, f"{why}; refused {len(times)} times", suspends)
