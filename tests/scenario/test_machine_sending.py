"""Send steps: what the host says unasked, its bound, and what it proves."""

from __future__ import annotations

import pytest

from switch.scenario.orders import SendMessage
from tests.scenario.story import begun, story

SECOND = 1_000_000_000
SEND = """
steps:
  - {id: sale, receive: sale, within: 60s}
  - {id: own, send: sale, set: {stan: "${sale.stan}", amount: "000000000100"}}
  - {id: next, receive: sale, where: {stan: {ne: "${own.stan}"}}, check: {mac: valid}, from: own.sent, within: 10s}
never:
  - {id: no_reversal, message: reversal, from: own.sent, until: end}
"""  # noqa: E501
SOLD = "1 >> sale 000002\n1 << sale 000002 00\n"


def test_it_is_ordered_with_its_references_resolved() -> None:
    told = begun(SEND, SOLD)
    (order,) = [one for one in told.orders if isinstance(one, SendMessage)]
    assert order == SendMessage("2", "sale", {"stan": "000002", "amount": "000000000100"})


def test_what_was_sent_is_the_message_of_its_step() -> None:
    told = story(SEND, SOLD + "3 >> sale 000003")
    assert told.found == []
    assert told.state.steps["own"].value("stan") == "000002"
    assert told.state.bounds["own.sent"] == 1 * SECOND
    assert told.verdict.status == "pass"


def test_it_has_met_the_terminal_when_it_left() -> None:
    assert story(SEND, SOLD).found == [("fail", "missed", "next")]
    assert story(SEND, SOLD + "3 >> reversal 000002\n4 >> sale 000003").found == [
        ("fail", "never", "no_reversal")
    ]


def test_what_could_not_leave_is_inconclusive_and_the_script_goes_on() -> None:
    text = SEND.replace("own.sent, within", "sale.received, within")
    told = story(text, SOLD + "3 >> sale 000003", leaves="undelivered")
    assert told.found == [
        ("inconclusive", "script", "own"),
        ("inconclusive", "never", "no_reversal"),
    ]
    assert told.findings[0].happened == "the sale message of the host did not leave: a reason"
    assert "next" in told.state.steps
    assert told.verdict.status == "inconclusive"


@pytest.mark.parametrize("ends", [True, False])
def test_behind_a_stall_the_script_goes_on_and_may_end_it(ends: bool) -> None:
    text = """
steps:
  - {id: own, send: sale}
  - connection: resume
  - {id: sale, receive: sale, check: {mac: valid}, within: 60s}
"""
    told = begun(text, leaves="held")
    if ends:
        told.leaves = "sent"
        told.sends(SECOND, SendMessage("1", "sale", {}))
    told.play("2 >> sale 000002")
    told.until(100 * SECOND, past=True)
    wanted = [] if ends else [("inconclusive", "script", "own")]
    assert (told.found, told.state.ended) == (wanted, True)
