"""What a batch comes to: debits and credits of each currency group (protocol 2.7, 7.5, B2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

LOCAL, FOREIGN = "local", "foreign"  # cards of the country's own organisation, and all others
GROUPS = (LOCAL, FOREIGN)
OWN_ORGANISATION = "CUP"  # DE 63.1 (2.12)
AMOUNT_DIGITS, COUNT_DIGITS = 12, 3
# The check flag of each group in DE 48 of a settlement response (2.7).
NOT_CHECKED, BALANCED, NOT_BALANCED, CANNOT = "0", "1", "2", "3"


@dataclass(frozen=True, slots=True)
class Totals:
    """Debits and credits of one group; amounts in minor units.

    >>> Totals().plus("debit", 500).plus("credit", 200).net
    300
    """

    debit_amount: int = 0
    debit_count: int = 0
    credit_amount: int = 0
    credit_count: int = 0

    @property
    def net(self) -> int:
        """What the merchant is owed, minor units."""
        return self.debit_amount - self.credit_amount

    def plus(self, books: str, amount: int) -> Totals:
        """With one more transaction, a ``debit`` or a ``credit`` of so many minor units."""
        if books == "debit":
            return Totals(
                self.debit_amount + amount, self.debit_count + 1,
                self.credit_amount, self.credit_count,
            )  # fmt: skip
        return Totals(
            self.debit_amount, self.debit_count,
            self.credit_amount + amount, self.credit_count + 1,
        )  # fmt: skip

    def values(self, group: str) -> dict[str, str]:
        """The totals as a dialect's values: ``local.debit_amount`` and so on, digits."""
        return {
            f"{group}.{name}": f"{value:0{_digits(name)}d}" for name, value in asdict(self).items()
        }

    @staticmethod
    def of(values: Mapping[str, str], group: str) -> Totals:
        """The totals of one group in the values of a settlement.

        Raises:
            ValueError: a value is missing or not digits.
        """
        names = Totals.__dataclass_fields__
        return Totals(*(int(values.get(f"{group}.{name}", "")) for name in names))


def _digits(name: str) -> int:
    return COUNT_DIGITS if name.endswith("count") else AMOUNT_DIGITS


def money(minor_units: int) -> str:
    """An amount as it is printed.

    >>> money(1005)
    '10.05'
    """
    return f"{minor_units // 100}.{minor_units % 100:02d}"


def group_of(organisation: str) -> str:
    """The currency group of a card organisation (DE 63.1); unnamed counts as local."""
    return LOCAL if organisation.strip() in {"", OWN_ORGANISATION} else FOREIGN


def add_up(counted: Iterable[tuple[str, str, int]]) -> dict[str, Totals]:
    """Group -> totals of transactions given as (group, ``debit`` or ``credit``, amount)."""
    out = {group: Totals() for group in GROUPS}
    for group, books, amount in counted:
        out[group] = out[group].plus(books, amount)
    return out
