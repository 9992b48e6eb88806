"""The step machine: which step takes a message, when time runs out, and what is found."""

from __future__ import annotations

from copy import copy
from dataclasses import fields, replace

import pytest

from switch.records import Event
from switch.scenario import machine
from switch.scenario.orders import ChangeWorld, EndCase, OrderConnection, ReleaseReply
from switch.scenario.state import State
from tests.scenario.story import DIALECT, EAGER, EITHER, LONG, TID, Story, a_case, begun, story

SECOND = 1_000_000_000
SALE = """
steps:
  - stimulus: {do: sale, amount: "100", prompt: "Start a sale"}
  - {id: sale, receive: sale, where: {amount: "100"}, within: 60s, reply: none}
"""
LOST = (
    SALE
    + """
  - {id: reversal, receive: reversal, where: {original.stan: "${sale.stan}"}, from: sale.received,
     not_before: 55s, within: 75s}
"""
)
SOLD = "1 >> sale 000002 amount=100\n1 .. fault_applied 000002 fault=reply_none\n"


# ---- a step and its message ----------------------------------------------------------------


def test_a_script_goes_from_step_to_step_and_lingers() -> None:
    told = story(SALE, "1 >> sale 000002 amount=100\n1 .. fault_applied 000002 fault=reply_none")
    assert told.found == []
    assert told.asked == [("sale", False)]
    assert told.verdict.status == "pass"
    assert told.state.now == 6 * SECOND, "five seconds after the last step"
    assert isinstance(told.orders[-1], EndCase)


def test_a_message_that_satisfies_where_consumes_the_step_even_if_check_fails() -> None:
    text = LOST.replace(
        "within: 75s}", "within: 75s, check: {reversal_reason: timeout, mac: valid}}"
    )
    told = story(text, SOLD + "60 >> reversal 000002 reversal_reason=06 mac=wrong")
    assert told.found == [("fail", "check", "reversal"), ("fail", "check", "reversal")]
    first = told.findings[0]
    assert (first.expected, first.happened) == ("reversal_reason: 98", "reversal_reason: 06")
    assert "rule R3" in first.note
    assert [o.holds for o in first.near[0].outcomes] == [True, False, False]


def test_messages_of_another_terminal_are_nobodys_business() -> None:
    told = story(
        SALE,
        "1 >> sale 000077 amount=100 terminal=87654321\n"
        "1 >> sale 000002 amount=100\n1 .. fault_applied 000002 fault=x",
    )
    assert told.found == []
    assert told.state.steps["sale"].value("stan") == "000002"


def test_a_reversal_of_an_earlier_case_is_nobodys_business() -> None:
    told = story(LOST, "0.5 >> reversal 000900 residue=yes\n" + SOLD + "60 >> reversal 000002")
    assert told.found == []


def test_a_step_may_take_one_of_several_classes() -> None:
    text = SALE.replace(
        'receive: sale, where: {amount: "100"}', "receive: [sale, balance], check: {mac: valid}"
    )
    assert story(text, "1 >> balance 000002\n1 .. fault_applied 000002 fault=x").found == []


def test_count_wants_that_many_messages() -> None:
    text = LOST.replace("not_before: 55s, within: 75s", "count: 2, within: 75s, reply: none")
    two = "60 >> reversal 000002\n60 .. fault_applied 000002 fault=x\n70 >> reversal 000002\n"
    told = story(text, SOLD + two + "70 .. fault_applied 000002 fault=x")
    assert told.found == []
    one = story(text, SOLD + "60 >> reversal 000002\n60 .. fault_applied 000002 fault=x")
    assert one.found == [("fail", "missed", "reversal")]
    assert one.findings[0].happened.startswith("1 of 2 messages")


def test_a_capture_names_the_message_as_its_id_does() -> None:
    text = (
        LOST.replace("within: 60s, reply", "capture: first, within: 60s, reply")
        .replace("${sale.stan}", "${first.stan}")
        .replace("from: sale.received", "from: first.received")
    )
    assert story(text, SOLD + "60 >> reversal 000002").found == []


# ---- time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("55.999", [("fail", "early", "reversal")]),
        ("56", []),                                            # 1 + 55: included
        ("60", []),
        ("76", []),                                            # 1 + 75: included
    ],
)  # fmt: skip
def test_not_before_and_within_include_their_ends(at: str, found: list[object]) -> None:
    told = story(LOST, SOLD + f"{at} >> reversal 000002")
    assert told.found == found


def test_a_message_after_within_is_too_late() -> None:
    told = story(LOST, SOLD + "76.000000001 >> reversal 000002")
    assert told.found == [("fail", "missed", "reversal")]
    missed = told.findings[0]
    assert missed.at == 76 * SECOND
    assert missed.happened.startswith("0 matching messages")
    assert missed.expected == (
        "reversal of the sale (original.stan 000002) from +55.0s to +75.0s after sale.received"
    )


def test_too_early_gets_its_reply_and_is_the_finding() -> None:
    text = LOST.replace("within: 75s}", "within: 75s, reply: {outcome: system_error}}")
    told = story(text, SOLD + "10 >> reversal 000002\n10 << reversal 000002 96")
    assert told.found == [("fail", "early", "reversal")]
    assert told.findings[0].happened == "reversal 000002 came too early, +9.0s after sale.received"
    assert told.reply("000002").outcome == "system_error"


def test_not_before_without_from_counts_from_the_step() -> None:
    text = "steps:\n  - wait: 10s\n  - {id: echo, receive: echo, not_before: 5s, within: 20s}\n"
    assert story(text, "14 >> echo -").found == [("fail", "early", "echo")]
    late = story(text, "31 >> echo -")
    assert late.findings[0].expected.endswith("from +5.0s to +20.0s after the step began")


def test_within_without_a_number_is_the_timer_and_a_margin() -> None:
    text = SALE.replace("within: 60s, ", "")
    told = story(text, "75 >> sale 000002 amount=100\n75 .. fault_applied 000002 fault=x")
    assert told.found == []
    assert story(text, "75.1 .. time").findings[0].at == 75 * SECOND


def test_a_person_gets_time_after_a_stimulus() -> None:
    slow = replace(EITHER, human=60 * SECOND)
    transcript = "119 >> sale 000002 amount=100\n119 .. fault_applied 000002 fault=x"
    assert story(SALE, transcript, slow).found == []
    assert story(SALE, transcript).found[0] == ("inconclusive", "missed", "sale")
    told = story(SALE, "", slow)
    assert told.findings[0].at == 120 * SECOND
    assert (
        told.findings[0].expected
        == 'sale (amount 100) within 120.0s of "Start a sale" (asked at +0.0s)'
    )


def test_slack_widens_a_bound_on_a_real_clock() -> None:
    transcript = SOLD + "76.2 >> reversal 000002"
    assert story(LOST, transcript, slack=SECOND // 2).found == []
    assert story(LOST, transcript).found != []


def test_within_waits_for_the_event_it_counts_from() -> None:
    text = LOST.replace("from: sale.received", "from: sale.undelivered").replace(
        "not_before: 55s, ", ""
    )
    text = text.replace("reply: none", "reply: {after: 10s}")
    told = story(
        text,
        """
        1 >> sale 000002 amount=100
        300 .. undelivered 000002
        375 >> reversal 000002
    """,
    )
    assert ("fail", "missed", "reversal") not in told.found


@pytest.mark.parametrize("word", ["replied", "held", "undelivered"])
def test_bounds_are_named_by_events_of_a_reply(word: str) -> None:
    reply = {
        "replied": "{outcome: approved}",
        "held": "{hold_until: release}",
        "undelivered": "{after: 1s}",
    }
    text = SALE.replace("reply: none", f"reply: {reply[word]}") + (
        f"  - {{id: next, receive: balance, from: sale.{word}, not_before: 10s, within: 20s}}\n"
    )
    line = {"replied": "5 << sale 000002 00", "held": "5 .. held 000002",
            "undelivered": "5 .. undelivered 000002"}[word]  # fmt: skip
    early = begun(text, f"1 >> sale 000002 amount=100\n{line}\n14 >> balance 000003")
    assert [f.kind for f in early.findings] == ["early"]
    told = begun(text, f"1 >> sale 000002 amount=100\n{line}\n15 >> balance 000003")
    assert told.findings == []


def test_a_reply_that_left_in_part_is_not_replied() -> None:
    text = SALE.replace("reply: none", "reply: {outcome: approved}")
    told = begun(text, "1 >> sale 000002 amount=100\n2 << sale 000002 00 whole=no")
    assert "sale.replied" not in told.state.bounds


def test_a_wait_passes_time_before_the_messages_of_its_end() -> None:
    text = "steps:\n  - wait: 10s\n  - {id: echo, receive: echo, within: 5s}\n"
    assert story(text, "10 >> echo -").state.steps.keys() == {"echo"}
    assert story(text, "9.999 >> echo -").found == [("inconclusive", "missed", "echo")]


def test_an_event_may_come_without_the_deadlines_before_it() -> None:
    """A log on a real clock holds no deadline for a moment that a message overtook."""
    told = Story(a_case(LOST))
    told.feed(0, "run_started", {}, None)
    told.received(SECOND, "sale", "000002", {"amount": "100"})
    told.feed(SECOND, "fault_applied", {"exchange": 1, "fault": "x"})
    told.received(200 * SECOND, "reversal", "000002", {})
    assert told.found[0] == ("fail", "missed", "reversal")
    assert told.findings[0].at == 76 * SECOND


# ---- optional ------------------------------------------------------------------------------

OPTIONAL = (
    SALE
    + """
  - {id: nudged, receive: balance, within: 5s, optional: true}
  - {id: probe, receive: sale, where: {amount: "100"}, within: 60s}
"""
)


def test_an_optional_step_may_be_met() -> None:
    told = story(OPTIONAL, SOLD + "2 >> balance 000003\n3 >> sale 000004 amount=100")
    assert told.found == []
    assert set(told.state.steps) == {"sale", "nudged", "probe"}


def test_an_optional_step_may_be_passed_over_by_its_follower() -> None:
    told = story(OPTIONAL, SOLD + "2 >> sale 000004 amount=100")
    assert told.found == []
    assert set(told.state.steps) == {"sale", "probe"}


def test_an_optional_step_ends_by_its_own_time() -> None:
    told = story(OPTIONAL, SOLD + "6.1 >> balance 000003\n7 >> sale 000004 amount=100")
    assert told.found == [("fail", "unexpected", "balance")]


def test_a_message_that_fits_both_goes_to_the_earlier() -> None:
    text = (
        SALE
        + """
  - {id: first, receive: sale, within: 5s, optional: true}
  - {id: second, receive: sale, within: 60s}
"""
    )
    told = story(text, SOLD + "2 >> sale 000003\n3 >> sale 000004")
    assert told.state.steps["first"].value("stan") == "000003"
    assert told.state.steps["second"].value("stan") == "000004"


def test_before_any_other_verb_the_script_waits_for_the_optional_step() -> None:
    text = (
        SALE
        + """
  - {id: maybe, receive: balance, within: 5s, optional: true}
  - stimulus: {do: echo}
  - {receive: echo, within: 60s}
"""
    )
    met = begun(text, SOLD + "2 >> balance 000003")
    assert met.asked == [("sale", False), ("echo", False)]
    waiting = begun(text, SOLD + "5.9 .. time")
    assert waiting.asked == [("sale", False)]
    passed = begun(text, SOLD + "6.1 .. time")
    assert passed.asked == [("sale", False), ("echo", False)]


def test_two_optional_steps_and_their_follower_are_open_together() -> None:
    text = (
        SALE
        + """
  - {id: one, receive: balance, within: 5s, optional: true}
  - {id: two, receive: void, within: 5s, optional: true}
  - {id: three, receive: echo, within: 60s}
"""
    )
    told = begun(text, SOLD)
    assert [waiting.step.id for waiting in told.state.open] == ["one", "two", "three"]
    told.play("2 >> void 000003")
    assert [waiting.step.id for waiting in told.state.open] == ["three"]


def test_a_near_miss_of_an_optional_step_is_judged_when_it_is_passed_over() -> None:
    text = (
        SALE
        + """
  - {id: maybe, receive: reversal, where: {original.stan: "${sale.stan}"}, within: 50s,
     optional: true}
  - {id: probe, receive: sale, within: 60s}
"""
    )
    told = story(text, SOLD + "2 >> reversal 000077\n3 >> sale 000003")
    assert told.found == [("fail", "unexpected", "reversal")]
    assert told.findings[0].near[0].message.value("stan") == "000077"


def test_a_message_that_the_follower_takes_is_no_near_miss_of_the_optional_step() -> None:
    text = (
        SALE
        + """
  - {id: maybe, receive: reversal, where: {original.stan: "${sale.stan}"}, within: 50s,
     optional: true}
  - {id: other, receive: reversal, where: {original.stan: "000077"}, within: 60s}
"""
    )
    assert story(text, SOLD + "2 >> reversal 000077").found == []


def test_a_near_miss_of_two_steps_is_told_once() -> None:
    text = (
        SALE
        + """
  - {id: maybe, receive: reversal, where: {original.stan: "${sale.stan}"}, within: 50s,
     optional: true}
  - {id: other, receive: reversal, where: {original.stan: "000077"}, within: 60s}
"""
    )
    told = story(text, SOLD + "2 >> reversal 000088\n3 >> reversal 000077")
    assert told.found == [("fail", "unexpected", "reversal")]


# ---- provoke -------------------------------------------------------------------------------

NUDGED = LOST.replace(
    "within: 75s", 'within: 75s, provoke: {do: next_transaction, prompt: "Start another sale"}'
)


def test_a_nudge_renews_within_once() -> None:
    told = story(NUDGED, SOLD + "151 >> reversal 000002")
    assert told.found == []
    assert told.asked == [("sale", False), ("next_transaction", True)]


def test_a_renewed_within_ends_too() -> None:
    told = story(NUDGED, SOLD + "151.1 .. time")
    assert told.found == [("fail", "missed", "reversal")]
    assert told.asked[1:] == [("next_transaction", True)], "once"
    assert told.findings[0].at == 151 * SECOND
    assert told.findings[0].expected.endswith(
        'then within 75.0s of "Start another sale" (asked at +76.0s)'
    )


def test_a_nudge_that_is_not_asked_yet_keeps_the_step_open() -> None:
    told = begun(NUDGED, SOLD, answers_asked=True)
    told.answers_asked = False
    told.play("1000 .. time")
    assert told.found == []
    told.feed(1000 * SECOND, "stimulus_asked", {"step": "reversal", "provoke": True})
    told.play("1075 >> reversal 000002")
    assert told.found == []


def test_needing_a_nudge_is_a_failure_of_an_eager_terminal() -> None:
    told = story(NUDGED, SOLD + "77 >> reversal 000002", EAGER)
    assert told.found == [("fail", "nudged", "reversal")]
    assert story(NUDGED, SOLD + "60 >> reversal 000002", EAGER).found == []


def test_not_before_keeps_its_start_after_a_nudge() -> None:
    text = NUDGED.replace("not_before: 55s", "not_before: 80s")
    told = story(text, SOLD + "77 >> reversal 000002")
    assert told.found == [("fail", "early", "reversal")]


# ---- near misses and unexpected messages ---------------------------------------------------


def test_a_near_miss_is_shown_with_the_missed_step() -> None:
    told = story(LOST, SOLD + "60 >> reversal 000077\n61 >> balance 000003")
    assert told.found == [("fail", "unexpected", "balance"), ("fail", "missed", "reversal")]
    missed = told.findings[1]
    assert [near.message.value("stan") for near in missed.near] == ["000077"]
    assert [other.kind for other in missed.others] == ["balance"]
    assert missed.happened.startswith("0 matching messages; 2 others")
    assert told.verdict.headline is missed


def test_a_near_miss_of_a_step_that_is_met_later_was_unexpected() -> None:
    told = story(LOST, SOLD + "60 >> reversal 000077\n61 >> reversal 000002")
    assert told.found == [("fail", "unexpected", "reversal")]
    assert told.findings[0].seq == told.findings[0].about.seq  # type: ignore[union-attr]


@pytest.mark.parametrize("policy", ["answer", "ignore"])
def test_a_near_miss_may_be_none_of_our_business(policy: str) -> None:
    told = story(
        f"policy: {{unexpected: {policy}}}{LOST}",
        SOLD + "60 >> reversal 000077\n61 >> reversal 000002",
    )
    assert told.found == []


@pytest.mark.parametrize(
    ("policy", "found", "unheard"),
    [
        ("fail", [("fail", "unexpected", "balance")], None),
        ("answer", [], None),
        ("ignore", [], True),
    ],
)
def test_what_becomes_of_a_message_that_nobody_takes(
    policy: str, found: list[object], unheard: bool | None
) -> None:
    told = story(
        f"policy: {{unexpected: {policy}}}{LOST}",
        SOLD + "30 >> balance 000003\n60 >> reversal 000002",
    )
    assert told.found == found
    reply = told.reply("000003")
    assert (reply.unheard if reply else None) == unheard


def test_an_unexpected_message_says_what_was_awaited() -> None:
    told = story(LOST, SOLD + "30 >> sale 000003 amount=5\n60 >> reversal 000002")
    (found,) = told.findings
    assert found.happened == "sale 000003 arrived and no step, window or background takes it"
    assert found.expected == "reversal of the sale (original.stan 000002)"
    after = story(SALE, SOLD + "2 >> balance 000003")
    assert after.findings[0].expected == "nothing but background messages"


@pytest.mark.parametrize("kind", ["echo", "sign_on", "sign_off", "status_upload", "capk_query"])
def test_management_is_background(kind: str) -> None:
    assert story(LOST, SOLD + f"30 >> {kind} 000003\n60 >> reversal 000002").found == []


def test_background_may_be_chosen() -> None:
    text = "policy: {background: [balance]}" + LOST
    told = story(text, SOLD + "30 >> balance 000003\n31 >> echo -\n60 >> reversal 000002")
    assert told.found == [("fail", "unexpected", "echo")]


# ---- what has met the terminal -------------------------------------------------------------


def test_until_something_has_met_the_terminal_a_miss_is_inconclusive() -> None:
    told = story(SALE, "")
    assert told.found == [("inconclusive", "missed", "sale")]


MEETS = {
    "a reply left unsaid": "1 .. fault_applied 000002 fault=reply_none",
    "a decline that was sent": "1 << sale 000002 51",
    "a refused connection": "1 .. connection_closed by=refused",
    "a connection that the host closed": "1 .. connection_closed by=host",
}


@pytest.mark.parametrize("line", MEETS.values(), ids=MEETS.keys())
def test_what_has_met_the_terminal(line: str) -> None:
    text = SALE.replace("reply: none", "reply: {after: 1s}")
    text += "  - {id: next, receive: balance, within: 60s}\n"
    told = story(text, f"1 >> sale 000002 amount=100\n{line}")
    assert ("fail", "missed", "next") in told.found


MEETS_NOT = {
    "an approval": "1 << sale 000002 00",
    "a decline cut short": "1 << sale 000002 51 whole=no",
    "a decline for another terminal": "1 << sale 000002 51 terminal=87654321",
    "a connection that the terminal closed": "1 .. connection_closed by=terminal",
    "a fault of a response that nobody planned": "1 .. fault_applied 000099 fault=x",
    "a fault that was skipped": "1 .. fault_skipped 000002 fault=mac_wrong why=no_MAC",
}


@pytest.mark.parametrize("line", MEETS_NOT.values(), ids=MEETS_NOT.keys())
def test_what_has_not_met_the_terminal(line: str) -> None:
    text = SALE.replace("reply: none", "answered: approved")
    text += "  - {id: next, receive: balance, within: 60s}\n"
    told = begun(text, "1 >> sale 000002 amount=100")
    if "terminal=87654321" in line:
        body = {"exchange": 1, "whole": True, "fields": {"39": "51"}}
        told.feed(SECOND, "sent", body, "87654321")
    else:
        told.play(line)
    told.until(LONG, past=True)
    assert ("inconclusive", "missed", "next") in told.found


WORLD = """
steps:
  - merchant: {id: "898310012345678", status: suspended}
  - stimulus: {do: sale}
  - {id: sale, receive: sale, within: 60s}
  - {id: next, receive: balance, within: 60s}
"""


def test_a_world_change_meets_the_terminal_at_the_first_message_it_decides() -> None:
    nobody = story(WORLD, "")
    assert nobody.found == [("inconclusive", "missed", "sale")]
    told = story(WORLD, "1 >> sale 000002 own=invalid_merchant")
    assert told.found == [("fail", "missed", "next")]
    unheard = story(WORLD, "1 >> sale 000002 response=unheard")
    assert unheard.found == [("inconclusive", "missed", "next")]
    (changed,) = (o for o in told.orders if isinstance(o, ChangeWorld))
    assert (changed.what, changed.changes) == ("merchant", {"status": "suspended"})


@pytest.mark.parametrize(("verb", "met"), [("close", True), ("reset", True), ("half_close", True),
                                           ("stall", True), ("refuse_next", False),
                                           ("resume", False)])  # fmt: skip
def test_an_act_on_the_transport_meets_the_terminal_unless_it_only_prepares(
    verb: str, met: bool
) -> None:
    text = f"steps:\n  - connection: {verb}\n  - {{id: sale, receive: sale, within: 60s}}\n"
    told = story(text, "")
    assert told.found[0] == ("fail" if met else "inconclusive", "missed", "sale")
    (order,) = (o for o in told.orders if isinstance(o, OrderConnection))
    assert order.verb == verb


def test_refusing_for_a_time_is_an_order_with_a_length() -> None:
    told = begun("steps:\n  - connection: {refuse: {for: 30s}}\n  - wait: 1s\n", "")
    (order,) = (o for o in told.orders if isinstance(o, OrderConnection))
    assert (order.verb, order.ns) == ("refuse", 30 * SECOND)


def test_an_order_that_found_no_connection_has_met_nobody() -> None:
    told = Story(
        a_case("steps:\n  - connection: close\n  - {id: sale, receive: sale, within: 60s}\n")
    )
    told.carry_out = lambda at, order: None  # type: ignore[method-assign]
    told.feed(0, "run_started", {}, None)
    told.feed(
        0, "connection_ordered", {"step": "1", "verb": "close (no connection to act on)"}, None
    )
    told.until(LONG, past=True)
    assert told.found[0] == ("inconclusive", "missed", "sale")


def test_setup_that_fails_is_inconclusive_whatever_has_met_the_terminal() -> None:
    text = "setup:\n  - connection: reset\n  - {id: hello, receive: sign_on, within: 5s}\n" + SALE
    told = story(text, "")
    assert told.found == [("inconclusive", "missed", "hello")]


# ---- replies -------------------------------------------------------------------------------


def test_a_reply_is_planned_with_the_values_of_earlier_messages() -> None:
    text = (
        SALE
        + """
  - id: next
    receive: balance
    within: 60s
    reply:
      set: {rrn: "${sale.stan}"}
      fault: {field: {kind: value, name: stan, value: "${sale.stan}"}}
"""
    )
    told = begun(text, SOLD + "2 >> balance 000003")
    reply = told.reply("000003")
    assert reply.set == {"rrn": "000002"}
    assert reply.faults[0].value == "000002"


GATES = {
    "first: 2": "110000",
    "times: 2": "110000",
    "every: 2": "010101",
    "every: 2, times: 1": "010000",
}


@pytest.mark.parametrize(("gate", "given"), GATES.items())
def test_which_of_the_messages_get_the_planned_reply(gate: str, given: str) -> None:
    text = LOST.replace(
        "not_before: 55s, within: 75s",
        f"within: 75s, count: 6, reply: {{outcome: system_error, {gate}}}",
    )
    told = begun(text, SOLD)
    got = ""
    for number in range(6):
        told.play(
            f"{10 + number} >> reversal 000002\n{10 + number} .. fault_applied 000002 fault=x"
        )
        got += "1" if told.reply("000002").outcome else "0"
    assert got == given


HELD = """
steps:
  - {id: sale, receive: sale, within: 60s, reply: {hold_until: BOUND}}
  - {id: next, receive: balance, within: 60s, reply: none}
  - {id: last, receive: void, within: 60s}
"""


@pytest.mark.parametrize(
    ("bound", "line"),
    [("next.received", "5 >> balance 000003"), ("sale.held", "1 .. held 000002"),
     ("next.undelivered", "6 .. undelivered 000003")],
)  # fmt: skip
def test_a_held_reply_goes_at_its_bound(bound: str, line: str) -> None:
    told = begun(HELD.replace("BOUND", bound), "1 >> sale 000002")
    if "000003" in line and "undelivered" in line:
        told.play("5 >> balance 000003")
    assert not any(isinstance(o, ReleaseReply) for o in told.orders)
    told.play(line)
    told.play("9 .. held 000002")
    assert [o.exchange for o in told.orders if isinstance(o, ReleaseReply)] == [1], "once"


def test_a_release_step_lets_a_held_reply_go() -> None:
    text = """
steps:
  - {id: sale, receive: sale, within: 60s, reply: {hold_until: release}}
  - wait: 10s
  - release: sale
"""
    told = story(text, "1 >> sale 000002\n1 .. held 000002\n11 .. fault_applied 000002 fault=x")
    assert [o.exchange for o in told.orders if isinstance(o, ReleaseReply)] == [1]


def test_there_is_nothing_to_release_where_nothing_came() -> None:
    text = """
steps:
  - {id: sale, receive: sale, within: 5s, optional: true, reply: {hold_until: release}}
  - release: sale
"""
    told = story(text, "")
    assert told.found[0] == ("inconclusive", "script", "sale")
    assert told.findings[0].happened == "nothing to release: it received no message"


# ---- stimuli -------------------------------------------------------------------------------

UNLESS = (
    """
setup:
  - stimulus: {do: sign_on, unless: signed_on}
  - {id: hello, receive: sign_on, within: 60s}
"""
    + SALE
)


@pytest.mark.parametrize("signed_on", [True, False])
def test_unless_signed_on_passes_over_the_stimulus_and_its_receive(signed_on: bool) -> None:
    told = begun(UNLESS, "", holds_keys=signed_on)
    assert [waiting.step.id for waiting in told.state.open] == ["sale" if signed_on else "hello"]


def test_a_stimulus_step_is_complete_when_it_is_asked() -> None:
    told = Story(a_case(SALE), answers_asked=False)
    told.feed(0, "run_started", {}, None)
    told.play("500 .. time")
    assert told.state.open == ()
    told.feed(500 * SECOND, "stimulus_asked", {"step": "99", "provoke": False})
    assert told.state.open == (), "another step was asked"
    told.feed(500 * SECOND, "stimulus_asked", {"step": "1", "provoke": False})
    assert [waiting.opened for waiting in told.state.open] == [500 * SECOND]


def test_a_world_change_of_another_step_completes_nothing() -> None:
    told = Story(a_case(WORLD))
    told.carry_out = lambda at, order: None  # type: ignore[method-assign]
    told.feed(0, "run_started", {}, None)
    told.feed(0, "world_changed", {"step": "99"}, None)
    assert told.state.blocked == "world 1"


# ---- the end -------------------------------------------------------------------------------


def test_teardown_runs_after_a_miss_and_nothing_lingers() -> None:
    text = LOST + '\nteardown:\n  - merchant: {id: "898310012345678", status: active}\n'
    told = story(text, SOLD)
    assert told.found == [("fail", "missed", "reversal")]
    assert [o.changes for o in told.orders if isinstance(o, ChangeWorld)] == [{"status": "active"}]
    assert told.state.now == 76 * SECOND
    assert told.state.phase == "teardown"


def test_a_miss_in_teardown_ends_the_case() -> None:
    text = SALE + "\nteardown:\n  - {id: bye, receive: sign_off, within: 5s}\n"
    told = story(text, SOLD)
    assert told.found == [("fail", "missed", "bye")]
    assert told.state.ended


def test_verify_is_not_asked_after_an_early_end() -> None:
    text = LOST + "\nverify:\n  - {ledger: {step: sale, is: reversed}}\n"
    assert story(text, SOLD).found == [("fail", "missed", "reversal")]


def test_a_message_while_the_case_lingers_is_unexpected() -> None:
    told = story(SALE, SOLD + "5.9 >> balance 000003")
    assert told.found == [("fail", "unexpected", "balance")]
    assert told.state.now == 6 * SECOND


def test_nothing_counts_after_the_end() -> None:
    told = story(SALE, SOLD)
    told.received(10 * SECOND, "balance", "000003", {})
    assert told.found == []
    assert told.state.now == 6 * SECOND


def test_findings_and_the_end_of_a_log_are_not_read_again() -> None:
    told = begun(LOST, SOLD)
    before = told.state
    for kind in ("finding", "run_ended"):
        after, orders, found = machine.advance(before, Event(99, 500 * SECOND, kind))
        assert (after.now, orders, found) == (before.now, [], ())


# ---- purity --------------------------------------------------------------------------------

LONG_STORY = """
policy: {background: [echo]}
steps:
  - merchant: {id: "898310012345678", status: suspended}
  - stimulus: {do: sale}
  - {id: sale, receive: sale, within: 60s, reply: {hold_until: next.received}}
  - connection: stall
  - quiet: {message: void, for: 3s}
  - {id: maybe, receive: void, within: 4s, optional: true}
  - {id: next, receive: balance, where: {stan: {ne: "${sale.stan}"}}, within: 9s, count: 2,
     reply: {outcome: approved, every: 2}, provoke: {do: balance}}
never:
  - {id: twice, message: sale, from: sale.received, until: end}
  - {id: brief, message: reversal, from: sale.received, for: 2s}
verify:
  - {ledger: {step: sale, is: approved}}
  - {message: sale, count: 1}
  - {invariants: all}
"""
LONG_LOG = """
1 >> sale 000002
1 .. held 000002
1 .. ledger_changed 000002 status=approved payee=898310012345678
2 >> reversal 000002
3 >> echo -
4.5 >> void 000003
5 >> balance 000002
6 >> sale 000005
20 >> balance 000006
21 >> balance 000007
21 << balance 000007 00
"""


def snapshot(state: State) -> dict[str, object]:
    """Every field, its collections copied one level deep."""
    return {field.name: copy(getattr(state, field.name)) for field in fields(state)}


def test_an_old_state_stays_what_it_was() -> None:
    told = story(LONG_STORY, LONG_LOG)
    assert len(told.findings) > 3
    state = machine.begin(told.case, DIALECT)
    for event in told.log:
        before = snapshot(state)
        after, _, _ = machine.advance(state, event)
        again, _, _ = machine.advance(state, event)
        assert snapshot(state) == before, event
        assert after == again
        state = after


def test_a_deadline_more_or_less_changes_no_finding() -> None:
    told = story(LONG_STORY, LONG_LOG)
    state, found = machine.begin(told.case, DIALECT), []
    for event in told.log:
        if event.kind != "deadline" or event is told.log[-2]:
            state, _, new = machine.advance(state, event)
            found += list(new)
    assert [(f.kind, f.step, f.at) for f in found] == [
        (f.kind, f.step, f.at) for f in told.findings
    ]


def test_the_terminal_of_the_profile_is_judged() -> None:
    assert a_case(SALE).profile.id == TID


SETTLE = """
steps:
  - {id: totals, receive: settlement, within: 60s, reply: REPLY}
"""


@pytest.mark.parametrize(
    ("flags", "met"),
    [
        ("local.flag=1 foreign.flag=1", False),
        ("local.flag=2 foreign.flag=1", True),
        ("local.flag=1 foreign.flag=3", True),
    ],
)
def test_a_settlement_says_no_with_its_flags(flags: str, met: bool) -> None:
    """B12: it has no DE 39."""
    text = SETTLE.replace("REPLY", "{outcome: system_error}")
    told = begun(text, f"1 >> settlement 000002\n1.1 << settlement 000002 - {flags}")
    assert told.state.met == met
