"""Limits and velocity: what counts, for whom, how long, and what a breach leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from switch.acquirer.limits import Limits, Velocity
from switch.acquirer.parties import Merchant
from switch.acquirer.registry import Lag
from switch.acquirer.risk import Asked, Breach, Risk
from tests.acquirer.test_world import entry

MID, OTHER = "898310012345678", "898310087654321"
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
TODAY = Asked(0, "2026-01-05", MID, "12345678", "6212142000000000012", 100)


class Shop:
    """One merchant that sells, and what it is told."""

    def __init__(self, lag: Lag | None = None, **of_merchant: Any) -> None:
        self.risk = Risk()
        self.lag = lag or Lag()
        self.merchant = Merchant(MID, "Tea House", **of_merchant)
        self.count = 0

    def sells(self, amount: int, at: int = 0, **more: Any) -> Breach | None:
        asked = replace(TODAY, amount=amount, at=at, **more)
        breach = self.risk.breach(asked, self.merchant, self.lag.view("sales", at))
        self.count += 1
        sold = entry(f"{self.count:06d}", "declined" if breach else "approved", amount=amount)
        self.risk.sold(asked, sold)
        return breach


def test_a_limit_for_one_sale() -> None:
    shop = Shop(limits=Limits(sale=1000))
    assert shop.sells(1000) is None
    breach = shop.sells(1001)
    assert breach is not None
    assert breach.outcome == "amount_limit"


@pytest.mark.parametrize(
    ("limits", "next_one"),
    [(Limits(day=1000), "2026-01-06"), (Limits(month=1000), "2026-02-01")],
)
def test_a_limit_for_a_day_and_a_month(limits: Limits, next_one: str) -> None:
    shop = Shop(limits=limits)
    assert [bool(shop.sells(amount)) for amount in (600, 401, 400, 1)] == [False, True, False, True]
    assert shop.sells(1000, day=next_one) is None


def test_what_was_taken_back_does_not_count() -> None:
    shop = Shop(limits=Limits(day=1000))
    asked, sold = TODAY, entry("000001", amount=1000)
    shop.risk.sold(asked, sold)
    assert shop.sells(1) is not None
    sold.status = "reversed"
    assert shop.sells(1) is None


def test_other_merchants_do_not_count() -> None:
    shop = Shop(limits=Limits(day=1000))
    shop.risk.sold(replace(TODAY, mid=OTHER), entry("000001", amount=1000))
    assert shop.sells(1000) is None


def test_so_many_sales_in_a_time() -> None:
    shop = Shop(velocity=(Velocity(MINUTE, count=2),))
    told = [shop.sells(1, at=second * SECOND) for second in (0, 30, 59, 60, 61, 90)]
    assert [breach and breach.outcome for breach in told] == [
        None, None, "count_limit", None, "count_limit", None,
    ]  # fmt: skip


def test_so_much_money_in_a_time() -> None:
    shop = Shop(velocity=(Velocity(MINUTE, amount=100, refuse="suspected_fraud"),))
    told = [shop.sells(amount) for amount in (60, 41, 40, 1)]
    assert [breach and breach.outcome for breach in told] == [
        None, "suspected_fraud", None, "suspected_fraud",
    ]  # fmt: skip


def test_only_sales_of_such_amounts() -> None:
    small = Shop(velocity=(Velocity(MINUTE, count=1, most=500),))
    assert [bool(small.sells(amount)) for amount in (500, 501, 501, 1)] == [False] * 3 + [True]
    large = Shop(velocity=(Velocity(MINUTE, count=1, least=500),))
    assert [bool(large.sells(amount)) for amount in (500, 499, 499, 501)] == [False] * 3 + [True]


@pytest.mark.parametrize(
    ("of", "other"),
    [("terminal", {"tid": "87654321"}), ("card", {"pan": "6212142000000000103"})],
)
def test_whose_sales_are_counted(of: str, other: dict[str, str]) -> None:
    shop = Shop(velocity=(Velocity(MINUTE, count=1, of=of),))
    assert shop.sells(1) is None
    assert shop.sells(1, **other) is None
    assert shop.sells(1) is not None


def test_refusals_in_the_same_time_lead_to_suspension() -> None:
    shop = Shop(velocity=(Velocity(MINUTE, count=1, suspend_after=2),))
    told = [shop.sells(1, at=second * SECOND) for second in (0, 1, 62, 63, 64)]
    assert [breach and breach.suspends for breach in told] == [None, False, None, False, True]


def test_a_node_that_lags_counts_what_it_knows() -> None:
    shop = Shop(Lag(MINUTE), limits=Limits(day=100))
    assert [bool(shop.sells(100, at=at * SECOND)) for at in (0, 59, 60)] == [False, False, True]


def test_a_rule_that_limits_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="a velocity rule limits a count, an amount, or both"):
        Velocity(MINUTE)
