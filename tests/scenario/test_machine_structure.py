"""Steps that are made of steps: any_order, choice, repeat."""

from __future__ import annotations

import pytest

from tests.scenario.story import begun, story

SECOND = 1_000_000_000
ORDER = """
steps:
  - stimulus: {do: sale, prompt: "Start a sale"}
  - any_order:
      - {id: keys, receive: sign_on, within: 20s}
      - {id: reversal, receive: reversal, within: 30s, check: {stan: "000009"}}
      - {id: note, receive: status_upload, optional: true, within: 40s}
  - {id: after, receive: sale, where: {stan: {gt: "${reversal.stan}"}}, within: 60s}
"""
BRANCHES = """
steps:
  - stimulus: {do: sale, prompt: "Start a sale"}
  - choice:
      - - {id: reversal, receive: reversal, within: 20s}
        - {id: again, receive: sale, where: {stan: {gt: "${reversal.stan}"}}, within: 20s}
      - {id: keys, receive: sign_on, within: 30s}
  - {id: last, receive: echo, check: {mac: valid}, within: 10s}
"""
REPEAT = """
steps:
  - repeat: 3
    steps:
      - stimulus: {do: sale, prompt: "Start a sale"}
      - {id: sale, receive: sale, within: 10s, reply: {outcome: do_not_honour, first: 2}}
      - {id: signed, receive: sign_on, optional: true, within: 2s}
  - {id: last, receive: echo, where: {stan: {gt: "${sale.stan}"}}, within: 10s}
"""
SILENT = "\nnever:\n  - {id: quiet, message: void, from: start, until: end}\n"


# ---- any order -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "transcript",
    [
        "1 >> sign_on 000008\n2 >> reversal 000009\n3 >> status_upload 000010\n",
        "1 >> reversal 000009\n2 >> status_upload 000008\n3 >> sign_on 000010\n",
        "1 >> status_upload 000007\n2 >> reversal 000009\n3 >> sign_on 000010\n",
    ],
)
def test_messages_may_come_in_any_order(transcript: str) -> None:
    told = story(ORDER, transcript + "4 >> sale 000011")
    assert told.found == []
    assert set(told.state.steps) == {"keys", "reversal", "note", "after"}


def test_what_is_optional_among_them_is_waited_for_and_passed_over() -> None:
    told = story(ORDER, "1 >> reversal 000009\n2 >> sign_on 000010\n45 >> sale 000011")
    assert told.found == []
    early = story(ORDER, "1 >> reversal 000009\n2 >> sign_on 000010\n39 >> sale 000011")
    assert early.found[0] == ("inconclusive", "unexpected", "sale")


def test_the_one_that_does_not_come_is_missed() -> None:
    told = story(ORDER + SILENT, "1 >> reversal 000009\n1 << reversal 000009 00")
    assert [one[1:] for one in told.found] == [("missed", "keys")]
    assert told.findings[0].expected.startswith("sign-on within 20.0s of")


def test_each_of_them_is_judged_by_its_own_check() -> None:
    told = story(ORDER, "1 >> reversal 000005\n2 >> sign_on 000010\n45 >> sale 000011")
    assert told.found == [("fail", "check", "reversal")]


def test_one_message_is_not_taken_twice() -> None:
    text = ORDER.replace("receive: sign_on", "receive: reversal")
    told = story(text, "1 >> reversal 000009\n")
    assert told.found == [("inconclusive", "missed", "reversal")]


# ---- choice --------------------------------------------------------------------------------


def test_the_first_message_picks_the_branch() -> None:
    told = story(BRANCHES, "1 >> reversal 000002\n2 >> sale 000003\n3 >> echo 000004")
    assert told.found == []
    assert set(told.state.steps) == {"reversal", "again", "last"}
    other = story(BRANCHES, "1 >> sign_on 000002\n3 >> echo 000004")
    assert other.found == []
    assert set(other.state.steps) == {"keys", "last"}


def test_the_rest_of_the_other_branch_is_not_waited_for() -> None:
    told = story(BRANCHES, "1 >> sign_on 000002\n2 >> reversal 000003\n3 >> echo 000004")
    assert told.found == [("inconclusive", "unexpected", "reversal")]


def test_a_branch_may_still_come_when_the_time_of_another_is_over() -> None:
    told = story(BRANCHES, "25 >> sign_on 000002\n26 >> echo 000004")
    assert told.found == []
    late = story(BRANCHES, "25 >> reversal 000002\n26 >> sign_on 000003\n27 >> echo 000004")
    assert [one[1:] for one in late.found] == [("unexpected", "reversal")]


def test_a_choice_of_which_nothing_comes_is_missed_with_all_its_branches() -> None:
    told = story(BRANCHES, "5 >> balance 000002")
    assert [one[1:] for one in told.found] == [("unexpected", "balance"), ("missed", "keys")]
    missed = told.findings[-1]
    assert missed.at == 30 * SECOND
    one, other = missed.expected.split("; or ")
    assert one.startswith("reversal within 20.0s")
    assert other.startswith("sign-on within 30.0s")
    assert [message.kind for message in missed.others] == ["balance"]


# ---- repeat --------------------------------------------------------------------------------

THREE = (
    "1 >> sale 000001\n1 << sale 000001 05\n2 >> sale 000002\n2 << sale 000002 05\n"
    "2.5 >> sign_on 000003\n3 >> sale 000004\n3 << sale 000004 00\n"
)


def test_the_same_steps_so_many_times() -> None:
    told = story(REPEAT, THREE.replace("2 >> sale", "4 >> sale").replace("2 <<", "4 <<")
                 .replace("2.5", "4.5").replace("3 >> sale", "5 >> sale").replace("3 <<", "5 <<")
                 + "9 >> echo 000009")  # fmt: skip
    assert told.found == []
    assert told.asked == [("sale", False)] * 3
    assert told.state.steps["sale"].value("stan") == "000004", "the name is of the last one"
    assert [told.reply(stan).outcome for stan in ("000001", "000002", "000004")] == [
        "do_not_honour", "do_not_honour", ""
    ]  # fmt: skip


def test_a_round_that_fails_ends_the_script() -> None:
    told = story(REPEAT, "1 >> sale 000001\n1 << sale 000001 05")
    assert [one[1:] for one in told.found] == [("missed", "sale")]
    assert told.asked == [("sale", False)] * 2


def test_the_next_round_waits_until_what_is_optional_is_over() -> None:
    told = begun(REPEAT, "1 >> sale 000001\n2.9 .. time")
    assert len(told.asked) == 1
    told.line("3", "..", "time")
    told.until(3 * SECOND, past=True)
    assert len(told.asked) == 2
