"""The invariants of protocol 7.6 over a log: one that keeps them, one that breaks each."""

from __future__ import annotations

from typing import Any

import pytest

from switch.judge.invariants import INVARIANTS, NOT_CARDS, Judged, Weighed
from switch.records import Event

TID, MID = "12345678", "898310012345678"
SETTLED = ("counted_or_reversed", "no_lost_money", "no_silent_debit", "net_equal")


def booked(status: str, payee: str = MID, stan: str = "000002") -> Event:
    return Event(
        9, 0, "ledger_changed", None, "12345678", {"status": status, "payee": payee, "stan": stan}
    )


def message(kind: str = "received", **fields: Any) -> Event:
    return Event(
        5, 0, kind, 1, "12345678", {"fields": {n.removeprefix("de_"): v for n, v in fields.items()}}
    )


def weigh(name: str, *log: Event, mid: str = MID) -> Weighed:
    return INVARIANTS[name].weigh(log, Judged(TID, mid))


def test_the_table() -> None:
    assert tuple(INVARIANTS) == (*SETTLED, "right_payee", "no_secret_in_log")
    assert all(one.name == name and one.text for name, one in INVARIANTS.items())


@pytest.mark.parametrize("name", SETTLED)
def test_without_a_settlement_totals_are_not_checked_and_never_green(name: str) -> None:
    weighed = weigh(name, booked("approved"))
    assert weighed == Weighed(
        False, why="no settlement in this case: the terminal's totals are unknown"
    )


def test_the_payee_is_the_merchant_of_the_terminal() -> None:
    assert weigh("right_payee", booked("approved")) == Weighed(True)
    wrong = weigh(
        "right_payee", booked("approved"), booked("approved", "898310087654321", "000003")
    )
    assert wrong.breaches == (f"STAN 000003 was credited to 898310087654321, not to {MID}",)


def test_who_was_never_paid_need_not_be_right() -> None:
    assert weigh("right_payee", booked("declined", "x")) == Weighed(False, (), "nothing was booked")
    assert weigh("right_payee", booked("approved", "x"), mid="").breaches == ()


SECRET = "6212142000000000012"


@pytest.mark.parametrize("kind", ["received", "sent"])
@pytest.mark.parametrize("value", [SECRET, "4" * 13, f"card {SECRET}, please", f"={SECRET}="])
def test_a_card_number_in_a_log_is_found(kind: str, value: str) -> None:
    weighed = weigh("no_secret_in_log", message(kind, de_44=value))
    assert weighed.breaches == ("event 5: DE 44 holds a number that looks like a PAN",)


@pytest.mark.parametrize(
    "value",
    ["4" * 12, "4" * 20, f"AB{SECRET}", {"masked": "621214*********0012", "token": "a"}, "", None],
)
def test_what_is_no_card_number(value: Any) -> None:
    weighed = weigh("no_secret_in_log", message(de_44=value))
    assert weighed == Weighed(True)


@pytest.mark.parametrize("number", sorted(NOT_CARDS))
def test_elements_whose_long_numbers_are_no_cards(number: str) -> None:
    assert weigh("no_secret_in_log", message(**{f"de_{number}": "8" * 15})).breaches == ()


def test_a_log_without_a_message_shows_nothing() -> None:
    assert weigh("no_secret_in_log", booked("approved")) == Weighed(
        False, (), "no message in the log"
    )
    assert weigh("no_secret_in_log", Event(1, 0, "received")) == Weighed(True)
