"""Windows in which a message must not come: when they open and close, and what they prove."""

from __future__ import annotations

import pytest

from switch.scenario.verdict import window_word
from tests.scenario.story import EAGER, EITHER, LAZY, Story, begun, story

SECOND = 1_000_000_000
SALE = """
steps:
  - {id: sale, receive: sale, within: 60s, reply: {outcome: insufficient_funds}}
  - wait: 20s
"""
BEGIN = "1 >> sale 000002\n1 << sale 000002 51\n"


def never(*lines: str) -> str:
    return SALE + "never:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


NO_REVERSAL = (
    "id: none, message: reversal, from: sale.replied, until: end, note: a decline moved no money"
)
NO_SALE = "id: none, message: sale, from: sale.received, for: 10s"


def words(told: Story) -> dict[str, str]:
    return {window.never.id: window_word(window) for window in told.state.windows}


# ---- opening and closing ---------------------------------------------------------------------


def test_the_message_that_opens_a_window_is_not_inside() -> None:
    told = story(never(NO_SALE), BEGIN)
    assert told.found == []
    assert words(told) == {"none": "held"}


def test_a_window_opens_right_after_its_event_in_the_order_of_the_log() -> None:
    """The same instant does not matter: what comes after the event is inside, before it outside."""
    text = never("id: none, message: balance, from: sale.replied, for: 10s")
    before = story(text, "1 >> sale 000002\n1 >> balance 000003\n1 << sale 000002 51")
    assert ("fail", "never", "none") not in before.found
    after = story(text, "1 >> sale 000002\n1 << sale 000002 51\n1 >> balance 000003")
    assert ("fail", "never", "none") in after.found


@pytest.mark.parametrize(("at", "inside"), [("10.999999999", True), ("11", False)])
def test_for_covers_its_start_and_not_its_end(at: str, inside: bool) -> None:
    told = story(never(NO_SALE), BEGIN + f"{at} >> sale 000003")
    assert told.found == [("fail", "never", "none") if inside else ("fail", "unexpected", "sale")]


def test_the_message_that_closes_a_window_is_inside() -> None:
    text = SALE.replace("wait: 20s", "{id: next, receive: sale, within: 60s}") + (
        "never:\n  - {id: none, message: sale, from: sale.replied, until: next.received}\n"
    )
    assert story(text, BEGIN + "5 >> sale 000003").found == [("fail", "never", "none")]


def test_a_window_may_begin_with_the_case_and_end_with_it() -> None:
    text = never("id: none, message: balance, from: start, until: end")
    assert words(story(text, "0.1 >> balance 000009\n" + BEGIN)) == {"none": "violated"}
    lingering = story(text, BEGIN + "25.9 >> balance 000009")
    assert words(lingering) == {"none": "violated"}
    assert words(story(text, BEGIN)) == {"none": "held"}


def test_a_window_opens_once() -> None:
    text = SALE.replace("within: 60s", "within: 60s, count: 2") + f"never:\n  - {{{NO_SALE}}}\n"
    told = begun(text, "1 >> sale 000002\n5 >> sale 000003\n")
    assert told.state.windows[0].opened == 1 * SECOND


def test_where_says_which_message_must_not_come() -> None:
    text = never(
        'id: none, message: sale, where: {stan: "${sale.stan}"}, from: sale.received, until: end'
    )
    told = story(text, BEGIN + "5 >> sale 000003\n6 >> sale 000002")
    assert told.found == [("fail", "unexpected", "sale"), ("fail", "never", "none")]
    violated = told.findings[1]
    assert violated.expected == "no sale (stan 000002) from sale.received until end"
    assert violated.happened == "sale 000002 came inside the window"


def test_every_violation_is_a_finding_and_none_is_unexpected_besides() -> None:
    told = story(never(NO_SALE), BEGIN + "5 >> sale 000003\n6 >> sale 000004")
    assert told.found == [("fail", "never", "none")] * 2
    assert told.state.windows[0].violated == 2
    assert told.findings[0].expected == "no sale from sale.received for 10.0s"


def test_a_forbidden_background_message_is_reported() -> None:
    text = never("id: loop, message: sign_on, from: sale.replied, until: end")
    assert story(text, BEGIN + "5 >> sign_on 000003").found == [("fail", "never", "loop")]


def test_a_message_that_a_step_takes_may_violate_a_window_too() -> None:
    text = (
        SALE.replace("wait: 20s", "{id: next, receive: sale, within: 60s}")
        + f"never:\n  - {{{NO_SALE}}}\n"
    )
    told = story(text, BEGIN + "5 >> sale 000003")
    assert told.found == [("fail", "never", "none")]
    assert told.state.steps["next"].value("stan") == "000003"


def test_a_violated_window_counts_even_before_anything_met_the_terminal() -> None:
    text = never(NO_SALE).replace("reply: {outcome: insufficient_funds}", "answered: approved")
    told = story(text, "1 >> sale 000002\n5 >> sale 000003")
    assert ("fail", "never", "none") in told.found


# ---- what a window that held proves ------------------------------------------------------------

LAZY_CLASSES = [
    "reversal", "script_result", "offline_sale", "ic_offline_sale", "completion_advice",
    "adjustment", "tip", "sign_on",
]  # fmt: skip


@pytest.mark.parametrize("kind", LAZY_CLASSES)
@pytest.mark.parametrize("profile", [EITHER, LAZY], ids=["either", "lazy"])
def test_what_is_sent_before_the_next_transaction_is_not_disproved_by_silence(
    kind: str, profile: object
) -> None:
    text = never(f"id: none, message: {kind}, from: sale.replied, until: end")
    told = story(text, BEGIN, profile)  # type: ignore[arg-type]
    assert told.found == [("inconclusive", "never", "none")]
    assert "start one inside the window" in told.findings[0].happened


def test_silence_proves_it_of_an_eager_terminal() -> None:
    told = story(never(NO_REVERSAL), BEGIN, EAGER)
    assert told.found == []
    assert told.state.checked == 1


def test_another_message_inside_proves_it() -> None:
    text = never(NO_REVERSAL).replace("wait: 20s", "{id: next, receive: sale, within: 60s}")
    assert story(text, BEGIN + "5 >> sale 000003").found == []


@pytest.mark.parametrize("line", ["5 >> echo -", "5 >> reversal 000077"])
def test_background_and_the_class_itself_prove_nothing(line: str) -> None:
    text = never(
        NO_REVERSAL.replace(
            "message: reversal", 'message: reversal, where: {original.stan: "000002"}'
        )
    )
    told = story(text, BEGIN + line)
    assert ("inconclusive", "never", "none") in told.found


def test_a_message_before_the_window_proves_nothing() -> None:
    text = never("id: none, message: reversal, from: sale.undelivered, until: end")
    told = story(text, BEGIN + "5 >> balance 000003\n6 .. undelivered 000002")
    assert told.found == [("fail", "unexpected", "balance"), ("inconclusive", "never", "none")]


def test_other_classes_need_no_other_message() -> None:
    assert story(never(NO_SALE), BEGIN).verdict.status == "pass"


def test_a_window_that_never_opened_is_inconclusive() -> None:
    told = story(never("id: none, message: balance, from: sale.undelivered, until: end"), BEGIN)
    assert told.found == [("inconclusive", "never", "none")]
    assert told.findings[0].happened == "its window never opened: sale.undelivered did not happen"
    assert words(told) == {"none": "never opened"}


def test_a_window_that_was_not_watched_to_its_end_is_inconclusive() -> None:
    told = story(never("id: none, message: balance, from: sale.received, for: 500s"), BEGIN)
    assert told.found == [("inconclusive", "never", "none")]
    assert told.findings[0].happened == "its window was not watched to its end"
    assert words(told) == {"none": "still open"}


def test_windows_of_a_script_that_ended_early_were_cut_short() -> None:
    text = SALE + "  - {id: next, receive: balance, within: 5s}\nnever:\n"
    for line in (NO_REVERSAL, "id: late, message: balance, from: next.received, until: end",
                 "id: brief, message: sale, from: sale.received, for: 1s"):  # fmt: skip
        text += f"  - {{{line}}}\n"
    told = story(text, BEGIN)
    assert told.found == [("fail", "missed", "next")], "the headline is what ended the script"
    assert words(told) == {"none": "cut short", "late": "never opened", "brief": "held"}


def test_a_window_may_begin_where_a_step_was_missed() -> None:
    text = SALE.replace("wait: 20s", "{id: next, receive: balance, within: 5s}")
    text += "never:\n  - {id: none, message: void, from: next.missed, until: end}\n"
    told = story(text, BEGIN)
    assert told.state.windows[0].opened == 6 * SECOND
    assert words(told) == {"none": "cut short"}


def test_how_long_a_window_was_watched() -> None:
    told = story(
        never(NO_SALE, "id: other, message: void, from: sale.undelivered, until: end"), BEGIN
    )
    held, unopened = told.state.windows
    assert held.seconds(told.state.now) == 10 * SECOND
    assert unopened.seconds(told.state.now) == 0
    running = begun(never(NO_REVERSAL), BEGIN + "5 .. time").state
    assert running.windows[0].seconds(5 * SECOND) == 4 * SECOND


# ---- quiet -------------------------------------------------------------------------------------

QUIET = """
steps:
  - {id: sale, receive: sale, within: 60s, reply: {outcome: insufficient_funds}}
  - quiet: {message: MESSAGE, for: 10s}
  - {id: next, receive: balance, within: 60s}
"""


def test_quiet_passes_time_and_counts() -> None:
    told = story(QUIET.replace("MESSAGE", "sale"), BEGIN + "12 >> balance 000003")
    assert told.found == []
    assert told.state.checked == 1


@pytest.mark.parametrize(("at", "found"), [("10.9", [("fail", "quiet", "quiet 2")]),
                                           ("11", [("fail", "unexpected", "sale")])])  # fmt: skip
def test_quiet_covers_its_start_and_not_its_end(at: str, found: list[object]) -> None:
    told = story(
        QUIET.replace("MESSAGE", "sale"), BEGIN + f"{at} >> sale 000003\n12 >> balance 000004"
    )
    assert told.found == found


def test_a_broken_quiet_says_since_when() -> None:
    told = story(QUIET.replace("MESSAGE", "sale"), BEGIN + "5 >> sale 000003\n12 >> balance 000004")
    assert told.findings[0].expected == "no sale for 10.0s from +1.0s"


def test_a_quiet_of_a_lazy_class_needs_another_message_too() -> None:
    told = story(QUIET.replace("MESSAGE", "reversal"), BEGIN + "12 >> balance 000003")
    assert told.found == [("inconclusive", "never", "quiet 2")]
    met = story(
        QUIET.replace("MESSAGE", "reversal"), BEGIN + "5 >> void 000004\n12 >> balance 000003"
    )
    assert met.found == [("fail", "unexpected", "void")]


def test_a_bound_never_opens_a_quiet_again() -> None:
    told = begun(QUIET.replace("MESSAGE", "sale"), BEGIN + "12 >> balance 000003")
    assert [window.opened for window in told.state.windows] == [1 * SECOND]
