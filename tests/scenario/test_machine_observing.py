"""What the wire cannot show: observe steps, and a busy terminal that is asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenario.story import EITHER, story

SECOND = 1_000_000_000
LOOK = """
steps:
  - {id: sale, receive: sale, within: 60s, reply: none}
  - wait: 1s
  - {id: shown, observe: {display: {contains: "${sale.stan}", lacks: APPROVED}}, within: 5s}
  - {id: last, receive: echo, within: 20s}
"""
SOLD = "1 >> sale 000002\n1 .. fault_applied 000002 fault=x\n3 >> echo 000003\n"


@pytest.mark.parametrize(
    ("answer", "text", "found"),
    [
        ("", "SALE 000002 OPEN", []),
        ("", "SALE 000002 APPROVED", [("fail", "observe", "shown")]),
        ("", "", [("fail", "observe", "shown")]),
        ("yes", "", []),
        ("no", "", [("fail", "observe", "shown")] * 2),
        ("unanswered", "", [("inconclusive", "observe", "shown")]),
    ],
)
def test_what_is_seen_is_judged(answer: str, text: str, found: list[object]) -> None:
    told = story(LOOK, SOLD, shows={"display": (answer, text)})
    assert told.found == found
    assert "last" in told.state.steps, "the script goes on"


def test_a_finding_says_what_was_to_be_seen() -> None:
    told = story(LOOK, SOLD, shows={"display": ("", "SALE 000002 APPROVED")})
    assert told.findings[0].happened == "the display showed SALE 000002 APPROVED"
    assert told.findings[0].expected == "display: nothing with APPROVED in it"


def test_nobody_who_looks_is_inconclusive_after_a_time() -> None:
    told = story(LOOK, SOLD.replace("3 >>", "8 >>"))
    assert told.found == [("inconclusive", "observe", "shown")]
    assert told.findings[0].at == 7 * SECOND
    slow = story(LOOK, SOLD.replace("3 >>", "68 >>"), replace(EITHER, human=60 * SECOND))
    assert slow.findings[0].at == 67 * SECOND


def test_what_the_terminal_shows_by_itself_answers_nobody() -> None:
    shown = "3 .. observed 000002 channel=display text=SALE_000002\n"
    told = story(LOOK, SOLD.replace("3 >>", shown + "8 >>"))
    assert told.found == [("inconclusive", "observe", "shown")]


def test_a_busy_terminal_is_asked_again_and_within_begins_anew() -> None:
    text = """
steps:
  - stimulus: {do: sale}
  - {id: sale, receive: sale, check: {mac: valid}, within: 10s}
"""
    again = "8 .. stimulus_asked - step=1 do=sale\n"
    assert story(text, again + "17 >> sale 000002").found == []
    assert story(text, again + "19 >> sale 000002").findings[0].at == 18 * SECOND
