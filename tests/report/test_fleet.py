"""The figures of a fleet, and when there are too few of them."""

from __future__ import annotations

import pytest

from switch.dialect import load
from switch.records import Event
from switch.report.fleet import Fleet, fleet_text, percentile
from switch.scenario.model import Case, Policy, Profile
from switch.scenario.verdict import Verdict

SECOND = 1_000_000_000
DIALECT = load("cup-pos")
TID = "12345678"


def verdict(status: str = "pass", lasted: int = 300) -> Verdict:
    case = Case(
        "sell", "sell.yaml", "", "", "", (), (), "any", "any", Policy(), Profile(id=TID), (), (),
        (), (), among=20,
    )  # fmt: skip
    return Verdict(case, status, lasted=lasted * SECOND)


def exchange(number: int, took: float | None, code: str = "00", kind: str = "sale") -> list[Event]:
    body = {"exchange": number, "class": kind}
    events = [Event(1, SECOND, "received", 1, TID, body)]
    if took is not None:
        told = {**body, "fields": {"39": code}, "whole": True}
        events.append(Event(2, SECOND + round(took * SECOND), "sent", 1, TID, told))
    return events


def summed(*events: list[Event], lasted: int = 300) -> Fleet:
    fleet = Fleet("sell")
    fleet.add(verdict(lasted=lasted), [one for some in events for one in some], DIALECT)
    return fleet


def test_shares_are_of_what_the_terminal_got_in_time() -> None:
    fleet = summed(exchange(1, 1), exchange(2, 2, "96"), exchange(3, None), exchange(4, 61))
    assert fleet.figures()["shares"] == {"approved": 0.25, "declined": 0.25, "unanswered": 0.5}
    assert fleet.times == [1 * SECOND, 2 * SECOND]


def test_only_new_business_of_the_judged_terminal_counts() -> None:
    stranger = Event(1, 0, "received", 1, "99999999", {"exchange": 3, "class": "sale"})
    fleet = summed(exchange(1, 1, kind="sign_on"), exchange(2, 1, kind="reversal"), [stranger])
    assert fleet.figures()["transactions"] == 0
    assert "no transaction" in fleet_text(fleet)


def test_a_request_whose_timer_still_ran_at_the_end_is_left_out() -> None:
    assert summed(exchange(1, None), lasted=60).fates.total() == 0
    assert summed(exchange(1, None), lasted=62).fates["unanswered"] == 1


@pytest.mark.parametrize(("count", "p95"), [(19, None), (20, 19), (100, 95)])
def test_percentiles_need_twenty_answers(count: int, p95: int | None) -> None:
    assert percentile(range(1, count + 1), 95) == p95


def test_the_summary_in_words() -> None:
    fleet = summed(*(exchange(number, number / 10) for number in range(1, 21)))
    fleet.add(verdict("fail"), [], DIALECT)
    assert fleet_text(fleet).splitlines() == [
        "fleet of 2, sell: 1 passed, 1 failed, 0 inconclusive",
        "  transactions 20: approved 100.0%, declined 0.0%, unanswered 0.0%",
        "  response time: p50 1.00s, p95 1.90s, max 2.00s",
    ]


def test_the_summary_says_that_there_are_too_few_for_percentiles() -> None:
    text = fleet_text(summed(exchange(1, 3)))
    assert text.endswith("response time: max 3.00s; too few answers (1) for percentiles")
