"""The registry through time, and what a node that lags behind knows of it."""

from __future__ import annotations

import pytest

from switch.acquirer.parties import Merchant, Terminal
from switch.acquirer.registry import LAGGING, Registry

MID, TID = "898310012345678", "12345678"
MINUTE = 60_000_000_000


@pytest.fixture
def registry() -> Registry:
    merchants = {MID: Merchant(MID, "Tea House", account="A-1")}
    return Registry(merchants, {TID: Terminal(TID, MID, "00")})


def status(registry: Registry, minute: int) -> str:
    known = registry.merchant(MID, minute * MINUTE)
    assert known is not None
    return known.status


def test_a_change_is_known_at_once_and_for_good(registry: Registry) -> None:
    registry.change("merchant", MID, 0, {"status": "suspended"})
    assert [status(registry, minute) for minute in (0, 1, 1000)] == ["suspended"] * 3


def test_a_change_for_a_time_is_undone_when_it_is_over(registry: Registry) -> None:
    registry.change("merchant", MID, MINUTE, {"status": "suspended"}, lasts=5 * MINUTE)
    assert [status(registry, minute) for minute in (1, 5, 6, 7)] == [
        "suspended", "suspended", "active", "active",
    ]  # fmt: skip


def test_what_is_changed_again_in_such_a_time_stays_so(registry: Registry) -> None:
    registry.change("merchant", MID, 0, {"status": "suspended", "name": "A"}, lasts=5 * MINUTE)
    registry.change("merchant", MID, MINUTE, {"status": "closed"})
    at_6 = registry.merchant(MID, 6 * MINUTE)
    assert at_6 is not None
    assert (at_6.status, at_6.name) == ("closed", "Tea House")


def test_one_time_within_another_ends_in_what_was_before_both(registry: Registry) -> None:
    registry.change("merchant", MID, 0, {"status": "suspended"}, lasts=9 * MINUTE)
    registry.change("merchant", MID, MINUTE, {"status": "frozen"}, lasts=MINUTE)
    assert [status(registry, minute) for minute in (0, 1, 2, 3)] == [
        "suspended", "frozen", "active", "active",
    ]  # fmt: skip


def test_a_node_that_lags_sees_a_change_later(registry: Registry) -> None:
    registry.falls_behind(5 * MINUTE, LAGGING, 0)
    registry.change("merchant", MID, 0, {"status": "suspended"})
    registry.change("merchant", MID, 2 * MINUTE, {"status": "active"})
    assert [status(registry, minute) for minute in (0, 4, 5, 6, 7)] == [
        "active", "active", "suspended", "suspended", "active",
    ]  # fmt: skip
    true = registry.true_merchant(MID, MINUTE)
    assert true is not None
    assert true.status == "suspended"


def test_setting_the_lag_syncs_first(registry: Registry) -> None:
    registry.change("merchant", MID, 0, {"status": "suspended"})
    registry.falls_behind(5 * MINUTE, LAGGING, 0)
    assert status(registry, 0) == "suspended"
    registry.change("merchant", MID, 0, {"status": "active"})
    assert status(registry, 4) == "suspended"
    registry.falls_behind(5 * MINUTE, LAGGING, 4 * MINUTE)
    assert status(registry, 4) == "active"


def test_only_what_is_named_lags(registry: Registry) -> None:
    registry.falls_behind(5 * MINUTE, ("terminals",), 0)
    registry.change("merchant", MID, 0, {"status": "suspended"})
    registry.change("terminal", TID, 0, {"status": "inactive"})
    terminal = registry.terminal(TID, 0)
    assert terminal is not None
    assert (status(registry, 0), terminal.status) == ("suspended", "active")


def test_a_window_lags_as_a_whole(registry: Registry) -> None:
    registry.falls_behind(5 * MINUTE, LAGGING, 0)
    registry.change("merchant", MID, MINUTE, {"status": "suspended"}, lasts=MINUTE)
    assert [status(registry, minute) for minute in (5, 6, 7)] == ["active", "suspended", "active"]


def test_nothing_piles_up(registry: Registry) -> None:
    for minute in range(100):
        registry.change("merchant", MID, minute * MINUTE, {"status": "suspended"}, lasts=1)
    assert len(registry._merchants[MID].changes) <= 4


def test_a_merchant_is_entered_once(registry: Registry) -> None:
    registry.add(Merchant(MID, "another"))
    registry.add(Merchant("0" * 15, "new"))
    known, new = registry.merchant(MID, 0), registry.merchant("0" * 15, 0)
    assert known is not None
    assert new is not None
    assert (known.name, new.name) == ("Tea House", "new")
