"""The end of a case: verify, invariants, plans that took no effect, and what was proved at all."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from switch.clock import NS_PER_SECOND
from switch.judge.always import ALWAYS
from switch.judge.invariants import INVARIANTS
from switch.totals import Totals
from tests.scenario.story import EITHER, LONG, Story, a_case, begun, story

SALE = """
steps:
  - {id: sale, receive: sale, where: {amount: "100"}, within: 60s, reply: REPLY}
"""
SOLD = "1 >> sale 000002 amount=100\n"
OWN = SALE.replace(", reply: REPLY", "")


def with_reply(reply: str) -> str:
    return SALE.replace("REPLY", reply)


# ---- did the plan take effect ------------------------------------------------------------------

NO_EFFECT = "the planned reply did not take effect"


@pytest.mark.parametrize(
    ("reply", "line", "effect"),
    [
        ("none", "1 .. fault_applied 000002 fault=reply_none", True),
        ("none", "", False),
        ("{fault: {mac: wrong}}", "1 .. fault_applied 000002 fault=mac_wrong", True),
        ("{fault: {mac: wrong}}", "1 << sale 000002 00", False),
        ("{fault: {mac: wrong}}", "1 .. undelivered 000002", False),
        ("{outcome: insufficient_funds}", "1 << sale 000002 51", True),
        ("{outcome: insufficient_funds}", "1 << sale 000002 51 whole=no", False),
        ("{outcome: insufficient_funds}", "1 .. undelivered 000002", False),
        ('{code: "51"}', "1 << sale 000002 51", True),
        ("{after: 4s}", "5 .. fault_applied 000002 fault=delay", True),
        ("{set: {rrn: \"000000000001\"}}", "1 << sale 000002 00", False),
        ("{omit: [rrn]}", "1 << sale 000002 00", False),
        ("{hold_until: release}", "1 .. held 000002", False),
        ("{hold_until: end}", "1 .. held 000002", True),
        ("{hold_until: end}", "", False),
    ],
)  # fmt: skip
def test_a_case_whose_planned_reply_met_nobody_is_inconclusive(
    reply: str, line: str, effect: bool
) -> None:
    told = story(with_reply(reply), SOLD + line)
    assert told.found == ([] if effect else [("inconclusive", "plan", "sale")])
    if not effect:
        assert told.findings[0].happened == NO_EFFECT


@pytest.mark.parametrize("reply", ["{outcome: approved}", '{code: "00"}'])
def test_a_planned_approval_alone_need_not_show(reply: str) -> None:
    assert story(with_reply(reply), SOLD).found == []


def test_a_fault_that_was_skipped_is_told_with_its_reason() -> None:
    told = story(
        with_reply("{fault: {mac: wrong}}"),
        SOLD + "1 .. fault_skipped 000002 fault=mac_wrong why=no_MAC",
    )
    assert told.found == [("inconclusive", "plan", "sale")]
    assert told.findings[0].happened == "mac wrong: no MAC"
    assert told.findings[0].expected == "reply: mac wrong"


def test_a_skipped_fault_of_an_unplanned_reply_is_nobodys() -> None:
    told = story(OWN, SOLD + "1 .. fault_skipped 000099 fault=x why=y")
    assert told.found == []


def test_a_plan_in_words() -> None:
    told = begun(with_reply(
        "{outcome: approved, set: {rrn: \"000000000001\"}, omit: [approval_code], after: 5s, "
        "hold_until: release, fault: {mac: wrong, transport: {kind: close}}}"
    ), SOLD)  # fmt: skip
    (plan,) = told.state.plans.values()
    assert plan.what == (
        "approved, mac wrong, transport close after 0 bytes, set rrn, omit approval_code, "
        "after +5.0s, held"
    )
    assert [p.what for p in begun(OWN, SOLD).state.plans.values()] == ["the acquirer's own answer"]
    assert [p.what for p in begun(with_reply("unheard"), SOLD).state.plans.values()] == ["unheard"]


def test_a_planned_reply_of_a_message_that_did_not_get_it_need_not_show() -> None:
    text = with_reply("{outcome: insufficient_funds, first: 1}").replace(
        "within", "count: 2, within"
    )
    told = story(text, SOLD + "1 << sale 000002 51\n2 >> sale 000003 amount=100")
    assert told.found == []


# ---- answered ------------------------------------------------------------------------------------


def test_the_acquirer_must_have_answered_so_itself() -> None:
    text = SALE.replace("reply: REPLY", "answered: approved")
    assert story(text, SOLD).found == []
    told = story(text, "1 >> sale 000002 amount=100 own=invalid_card because=unknown")
    assert told.found == [("inconclusive", "answered", "sale")]
    found = told.findings[0]
    assert found.happened == "the acquirer itself said invalid_card (unknown)"
    assert found.expected == "answered: approved"
    bare = story(text, "1 >> sale 000002 amount=100 own=invalid_card")
    assert bare.findings[0].happened.endswith("(no reason given)")


# ---- verify --------------------------------------------------------------------------------------


def verify(line: str) -> str:
    return OWN + f"verify:\n  - {{{line}}}\n"


@pytest.mark.parametrize(
    ("count", "good"),
    [("2", True), ("1", False), ("3", False), ("{min: 2}", True), ("{min: 3}", False),
     ("{max: 2}", True), ("{max: 1}", False), ("{min: 1, max: 2}", True),
     ("{min: 3, max: 4}", False)],
)  # fmt: skip
def test_messages_are_counted_over_the_whole_case(count: str, good: bool) -> None:
    text = "policy: {unexpected: answer}" + verify(f"message: sale, count: {count}")
    told = story(text, SOLD + "2 >> sale 000003 amount=5\n3 >> sale 000004 residue=yes\n"
                 "4 >> sale 000005 terminal=87654321")  # fmt: skip
    assert told.found == ([] if good else [("fail", "verify", "sale")])
    if not good:
        assert told.findings[0].happened == "2 of them came: #2, #4"


def test_a_count_may_say_which_messages() -> None:
    text = "policy: {unexpected: answer}" + verify(
        'message: [sale, void], where: {stan: "${sale.stan}"}, count: 1, note: once only'
    )
    assert story(text, SOLD + "2 >> sale 000003\n3 >> void 000004").found == []
    told = story(text, SOLD + "2 >> void 000002")
    assert told.findings[0].expected == "sale or sale void (stan 000002) once in the whole case"
    assert told.findings[0].note == "once only"
    span = story("policy: {unexpected: answer}" + verify("message: void, count: {min: 2}"), SOLD)
    assert span.findings[0].expected == "sale void 2 times or more in the whole case"


@pytest.mark.parametrize("status", ["approved", "reversed", "voided", "declined"])
def test_the_ledgers_last_word_counts(status: str) -> None:
    lines = (
        f"1 .. ledger_changed 000002 status=approved\n5 .. ledger_changed 000002 status={status}"
    )
    assert story(verify(f"ledger: {{step: sale, is: {status}}}"), SOLD + lines).found == []
    other = "declined" if status == "approved" else "approved"
    told = story(verify(f"ledger: {{step: sale, is: {other}}}"), SOLD + lines)
    assert told.found == [("fail", "verify", "sale")]
    assert told.findings[0].happened == f"the ledger says {status}"
    assert told.findings[0].expected == f"sale 000002 to be {other} in the ledger"


def test_the_ledger_of_a_step_that_took_nothing() -> None:
    optional = SALE.replace("reply: REPLY", "optional: true").replace("60s", "5s")
    for status, severity in (("approved", "inconclusive"), ("unknown", None)):
        told = story(optional + f"verify:\n  - {{ledger: {{step: sale, is: {status}}}}}\n", "")
        assert told.found == ([(severity, "verify", "sale")] if severity else [])


def test_a_sale_that_the_ledger_has_never_heard_of() -> None:
    assert story(verify("ledger: {step: sale, is: unknown}"), SOLD).found == []


def test_a_batch_without_a_settlement_cannot_be_balanced() -> None:
    told = story(verify("batch: balanced"), SOLD)
    assert told.found == [("inconclusive", "verify", "batch")]


def settled(*stages: str, told: Totals, held: Totals) -> Story:
    """A sale, then what the host wrote about its batch."""
    empty = {"foreign": asdict(Totals())}
    case = begun(verify("batch: balanced"), SOLD)
    for stage in stages:
        body = {"batch": "000001", "stage": stage}
        body |= {"told": {"local": asdict(told)} | empty, "held": {"local": asdict(held)} | empty}
        case.feed(2 * NS_PER_SECOND, "batch_changed", body)
    case.until(LONG, past=True)
    return case


ONE_SALE = Totals(100, 1)


def test_a_batch_is_balanced_when_it_is_closed_with_equal_totals() -> None:
    assert settled("compared", "closed", told=ONE_SALE, held=ONE_SALE).found == []


@pytest.mark.parametrize(
    ("stages", "held", "happened"),
    [
        (
            ("compared",),
            ONE_SALE,
            "batch 000001: the end of its upload never came, or was not accepted",
        ),
        (
            ("compared", "closed"),
            Totals(),
            "batch 000001, local debits: the terminal has 1 for 1.00, the host 0 for 0.00",
        ),
    ],
)
def test_a_batch_is_not_balanced(stages: tuple[str, ...], held: Totals, happened: str) -> None:
    told = settled(*stages, told=ONE_SALE, held=held)
    assert told.found == [("fail", "verify", "batch")]
    assert told.findings[0].happened == happened


def test_invariants_that_need_a_settlement_are_listed_and_change_nothing() -> None:
    told = story(verify("invariants: all"), SOLD)
    assert told.found == []
    assert [note.split(" (")[0] for note in told.state.notes] == [
        f"not checked: {name}" for name in (
            "counted_or_reversed", "no_lost_money", "no_silent_debit", "net_equal", "right_payee")
    ]  # fmt: skip


def test_a_broken_invariant_is_a_failure() -> None:
    told = story(
        verify("invariants: [right_payee]"),
        SOLD + "1 .. ledger_changed 000002 status=approved stan=000002 payee=898310087654321",
    )
    assert told.found == [("fail", "verify", "right_payee")]
    assert told.findings[0].expected == INVARIANTS["right_payee"].text
    assert told.state.notes == ()


# ---- always --------------------------------------------------------------------------------------


def test_what_must_always_hold_is_checked_at_the_end_and_dated_where_it_broke() -> None:
    text = "always: [mac_valid]" + OWN
    told = story(text, "1 >> sale 000002 amount=100 mac=wrong")
    assert told.found == [("fail", "always", "mac_valid")]
    assert (told.findings[0].at, told.findings[0].seq) == (1_000_000_000, 2)
    assert told.findings[0].happened.count("rule") <= 1
    assert story(text, SOLD).found == []


def test_always_is_checked_after_an_early_end_too() -> None:
    text = "always: [mac_valid]" + OWN + "  - {id: next, receive: balance, within: 5s}\n"
    told = story(text, "1 >> sale 000002 amount=100 mac=wrong")
    assert ("fail", "always", "mac_valid") in told.found


@pytest.mark.parametrize("name", ALWAYS)
def test_every_name_of_always_can_be_asked_for(name: str) -> None:
    told = story(f"always: [{name}]" + OWN, SOLD)
    assert all(found[1] != "always" for found in told.found)


# ---- did it prove anything -----------------------------------------------------------------------


def test_a_case_that_checked_nothing_is_inconclusive() -> None:
    told = story("steps:\n  - wait: 1s\n", "")
    assert told.found == [("inconclusive", "script", "")]
    assert told.findings[0].happened == "the case checked nothing"


def test_a_receive_without_where_or_check_checks_nothing() -> None:
    told = story("steps:\n  - {receive: sale, within: 60s}\n", SOLD)
    assert told.found == [("inconclusive", "script", "")]


def test_a_case_of_another_profile_is_judged_by_that_one() -> None:
    other = replace(EITHER, id="87654321", merchant_id="898310087654321")
    assert a_case(OWN, other).profile.id == "87654321"
    told = story(OWN, "1 >> sale 000002 amount=100 terminal=87654321", other)
    assert told.found == []


# ---- where vendors differ ----------------------------------------------------------------------

CHOICE = """
steps:
  - {id: sale, receive: sale, check: {mac: {eq: valid, decided_by: pin_tries}}, within: 60s}
never:
  - {id: one, message: sale, from: start, until: end, decided_by: reversal_attempts, note: once}
verify:
  - {message: sale, count: 0, decided_by: entry}
"""


@pytest.mark.parametrize(
    ("known", "severities"),
    [
        ((), ["warning", "warning", "warning"]),
        (("reversal_attempts", "entry"), ["fail", "warning", "fail"]),
        (("pin_tries",), ["warning", "fail", "warning"]),
    ],
)
def test_what_the_profile_decides_only_warns_until_it_does(
    known: tuple[str, ...], severities: list[str]
) -> None:
    profile = replace(EITHER, given=frozenset(known))
    told = story(CHOICE, "1 >> sale 000002 mac=wrong", profile)
    assert [(f.kind, f.step) for f in told.findings] == [
        ("never", "one"), ("check", "sale"), ("verify", "sale")
    ]  # fmt: skip
    assert [f.severity for f in told.findings] == severities
    assert told.verdict.status == ("fail" if known else "pass")


def test_a_warning_says_which_key_would_make_it_a_failure() -> None:
    told = story(CHOICE, "1 >> sale 000002", replace(EITHER, given=frozenset()))
    assert told.findings[0].note == (
        "once; vendors differ: reversal_attempts in the profile would make it a failure"
    )
