"""The table of meanings: every row can be reached, and says something to everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from switch.dialect import Dialect
from switch.judge.always import ALWAYS
from switch.judge.invariants import INVARIANTS
from switch.judge.matching import Outcome, Seen
from switch.report.circumstance import FATES, facts
from switch.report.meaning_table import TABLE
from switch.report.meanings import meaning, not_judged
from switch.requirements import rules
from switch.scenario import words
from switch.scenario.model import Case, Condition, Verify
from switch.scenario.state import Finding, NearMiss, Planned
from switch.scenario.verdict import Verdict

KINDS = {"missed", "came", "early", "nudged", "check", "always", "verify"}
BEFORE = {*FATES, "declined", "approved", "refused", "tried", "done", "sign_on", "settlement"}
LEDGER = {*words.LEDGER, "too_many", "too_few"}
CHECKS = {
    "original.stan",
    "reversal_reason",
    "secret",
    "echoes_original",
    "names_original",
    "mac",
    "amount",
    "batch",
    "stan",
    "pin",
    "pan",
    "network_code",
    "records",
}


def finding(kind: str, step: str, *kinds: str, **more: Any) -> Finding:
    return Finding("fail", kind, step, 0, 99, "it happened", kinds=kinds, **more)


@pytest.fixture
def case(cases: Callable[..., list[Case]]) -> Case:
    return next(one for one in cases("timeout-reversal") if one.case == "loss=silent")


def test_rows_name_what_findings_can_be_about(dialect: Dialect) -> None:
    groups = {kind.group for kind in dialect.classes.values()}
    for key in TABLE:
        kind, about, *fact = key.split()
        assert kind in KINDS, key
        assert about in {"*", *dialect.classes, *groups}, key
        known = BEFORE | CHECKS | LEDGER | set(INVARIANTS) | set(ALWAYS) | {"same_stan"}
        assert len(fact) <= 1 and known.issuperset(fact), key


def test_no_row_hides_behind_an_earlier_one() -> None:
    seen: set[str] = set()
    for key in TABLE:
        words = key.split()
        assert " ".join(words[:2]) not in seen, f"{key} can never be reached"
        seen.add(key)


def test_rows_are_plain_sentences_with_known_rules() -> None:
    for key, (text, belongs) in TABLE.items():
        assert text[0].islower() or text.startswith("PIN"), key
        assert not text.endswith("."), key
        assert set(belongs.split()) <= rules().keys(), key


def test_the_rule_is_one_that_the_scenario_names(case: Case, dialect: Dialect) -> None:
    found = finding("never", "no_resend", "sale")
    assert meaning(found, Verdict(case, "fail", found), dialect).rule == "T7"
    other = replace(case, refs=("R1",))
    assert meaning(found, Verdict(other, "fail", found), dialect).rule == ""


@pytest.mark.parametrize(
    ("what", "fate"),
    [
        ("none", "lost"),
        ("unheard", "unheard"),
        ("approved, transport close after 0 bytes", "lost"),
        ("approved, mac wrong", "mac"),
        ("approved, field not_echoed merchant_id", "payee"),
        ("approved, field not_echoed amount", "wrong"),
        ("approved, message wrong_mti", "wrong"),
        ("held", "lost"),
        ("after +70.0s", "lost"),
        ("do_not_honour", "declined"),
    ],
)
def test_what_became_of_the_original(what: str, fate: str, case: Case) -> None:
    plan = Planned("sale", what, effect=True, met=True)
    found = finding("missed", "reversal", "reversal")
    assert fate in facts(found, Verdict(case, "fail", found, plans=(plan,)))


def test_a_reversal_after_the_last_attempt_and_one_after_the_answer(case: Case) -> None:
    """What came before it tells them apart."""
    values = {"stan": "000002", "original.stan": "000002"}
    first = Seen(20, 0, 1, 4, "reversal", "0400", values, {}, {})
    again = replace(first, seq=30, exchange=5)
    found = replace(finding("unexpected", "reversal", "reversal"), about=again)
    for what, word in (("none", "tried"), ("approved", "done")):
        plan = Planned("reversal", what, effect=what == "none", met=True)
        verdict = Verdict(case, "fail", found, steps={"reversal": first}, plans=(plan,))
        assert word in facts(found, verdict)


@pytest.mark.parametrize("what", ["approved, mac wrong", "approved, field not_echoed amount"])
def test_a_reversal_whose_answer_was_spoilt_may_be_tried_again(what: str, case: Case) -> None:
    values = {"stan": "000002", "original.stan": "000002"}
    first = Seen(20, 0, 1, 4, "reversal", "0400", values, {}, {})
    found = replace(
        finding("unexpected", "reversal", "reversal"), about=replace(first, seq=30, exchange=5)
    )
    plan = Planned("reversal", what, effect=True, met=True)
    verdict = Verdict(case, "fail", found, steps={"reversal": first}, plans=(plan,))
    assert "tried" in facts(found, verdict)


def test_a_sign_on_before_is_no_reversal_that_was_tried(case: Case) -> None:
    """A step may take a sign-on or a reversal; only a reversal was an attempt."""
    sale = Seen(9, 0, 1, 2, "sale", "0200", {"stan": "000002"}, {}, {})
    plan = Planned("sale", "approved, mac wrong", effect=True, met=True)
    found = finding("missed", "repeat", "reversal")
    for kind, word in (("sign_on", "mac"), ("reversal", "tried")):
        heard = Seen(20, 0, 1, 4, kind, "0000", {}, {}, {})
        steps = {"sale": sale, "reversal": heard}
        verdict = Verdict(case, "fail", found, steps=steps, plans=(plan,))
        assert word in facts(found, verdict)


def test_an_approval_that_a_needless_reversal_undid(case: Case, dialect: Dialect) -> None:
    sale = Seen(9, 0, 1, 2, "sale", "0200", {"stan": "000002"}, {}, {})
    found = finding("never", "no_resend", "reversal")
    verdict = Verdict(case, "fail", found, steps={"sale": sale}, ledger={2: "reversed"})
    assert meaning(found, verdict, dialect).text.startswith("the goods are gone")


@pytest.mark.parametrize(
    ("kind", "names", "means"),
    [
        ("void", ("amount",), "gets back more than was paid"),
        ("void", (), "may get the money back twice"),
        ("refund", (), "may get the money back twice"),
        ("sale", ("batch",), "counted in the wrong batch"),
        ("sale", ("stan",), "may be debited twice"),
    ],
)
def test_what_a_window_names_says_what_is_wrong(
    kind: str, names: tuple[str, ...], means: str, case: Case, dialect: Dialect
) -> None:
    mark = case.never[0].mark
    where = tuple(Condition(name, "eq", "1", mark) for name in names)
    window = replace(case.never[0], id="w", classes=(kind,), where=where)
    found = finding("never", "w", kind)
    verdict = Verdict(replace(case, never=(window,)), "fail", found)
    assert means in meaning(found, verdict, dialect).text


def test_a_sign_on_that_the_host_asked_for(case: Case, dialect: Dialect) -> None:
    sale = Seen(9, 0, 1, 2, "sale", "0200", {"stan": "000002"}, {}, {})
    plan = Planned("sale", "approved, set processing_requirement", effect=True, met=True)
    found = finding("missed", "again", "sign_on")
    verdict = Verdict(case, "fail", found, steps={"sale": sale}, plans=(plan,))
    assert meaning(found, verdict, dialect).text.startswith("the host asked for a sign-on")


def test_a_sign_on_after_one_that_failed(case: Case, dialect: Dialect) -> None:
    before = Seen(4, 0, 1, 1, "sign_on", "0800", {"stan": "000001"}, {}, {})
    found = finding("missed", "again", "sign_on")
    verdict = Verdict(case, "fail", found, steps={"signed_on": before})
    assert "trades under keys that do not fit" in meaning(found, verdict, dialect).text


def test_a_sale_under_a_used_stan_is_told_as_that(case: Case, dialect: Dialect) -> None:
    sale = Seen(20, 0, 1, 4, "sale", "0200", {"stan": "000002"}, {}, {})
    near = NearMiss(sale, (Outcome("stan", False, "anything but 000002", "000002"),))
    found = replace(finding("missed", "probe", "sale"), near=(near,))
    text = meaning(found, Verdict(case, "fail", found), dialect).text
    assert text.startswith("two transactions cannot be told apart")


def test_a_reply_that_the_host_could_not_give_is_no_loss(case: Case) -> None:
    plan = Planned("sale", "none", effect=True, skipped="reply: the host refused the request")
    found = finding("missed", "reversal", "reversal")
    assert "refused" in facts(found, Verdict(case, "fail", found, plans=(plan,)))


@pytest.mark.parametrize(
    ("about", "found", "means"),
    [
        ("sign_on", "13 of them came: #5", "the terminal signs on again and again"),
        ("reversal", "1 of them came: #5", "not tried often enough"),
        ("reversal", "9 of them came: #5", "after its last attempt"),
        ("sale", "0 of them came", "the merchant cannot sell"),
        ("sale", "7 of them came: #5", "more money moves"),
    ],
)
def test_too_many_and_too_few(
    about: str, found: str, means: str, case: Case, dialect: Dialect
) -> None:
    mark = case.never[0].mark
    counted = replace(
        case, verify=(Verify("message", mark, classes=(about,), count=(2, 3)),), refs=()
    )
    told = replace(finding("verify", about, about, mark=mark), happened=found)
    assert means in meaning(told, Verdict(counted, "fail", told), dialect).text


def test_without_a_row_the_first_judged_rule_speaks(case: Case, dialect: Dialect) -> None:
    found = finding("check", "sale", "sale", expected="currency: 156")
    named = replace(case, refs=("V8", "seed-27", "T7"))
    told = meaning(found, Verdict(named, "fail", found), dialect)
    about = "the request itself must not be sent again after a timeout"
    assert told.text == f"the case is about rule T7: {about}"  # not: this is what happened
    assert meaning(found, Verdict(replace(case, refs=()), "fail", found), dialect).text == ""


@pytest.mark.parametrize(
    "kind", ("missed", "unexpected", "answered", "plan", "never", "quiet", "verify", "script")
)
def test_inconclusive_says_nothing_about_the_terminal(
    kind: str, case: Case, dialect: Dialect
) -> None:
    found = replace(finding(kind, "sale", "sale"), severity="inconclusive")
    text = meaning(found, Verdict(case, "inconclusive", found), dialect).text
    assert text.startswith("nothing is proved about the terminal")


def test_a_run_that_broke_off_says_nothing_about_the_terminal(case: Case, dialect: Dialect) -> None:
    told = meaning(None, Verdict(case, "error", reason="the disk is full"), dialect)
    assert told.text == "nothing is proved about the terminal: the run broke off"


def test_rules_that_need_eyes_are_listed_once() -> None:
    assert not_judged(["T2", "V8", "T9", "V8", "seed-27", "nonsense"]) == ["V8", "T9"]


@pytest.mark.parametrize(
    ("defect", "scenario", "name", "means"),
    [
        ("never-reverses", "timeout-reversal", "loss=silent", "the merchant has no sale"),
        ("gives-up-after-one-try", "timeout-reversal", "loss=closed", "was not tried again"),
        ("pin-in-reversal", "timeout-reversal", "loss=silent", "track or PIN of the card"),
        ("reverses-after-acknowledged", "timeout-reversal", "loss=silent", "the matter was closed"),
        ("reuses-a-stan", "timeout-reversal", "loss=silent", "debited twice"),
        ("reverses-a-decline", "suspended-merchant", "", "no money had moved"),
        ("retries-invalid-merchant", "suspended-merchant", "", "after a decline"),
        ("signs-on-in-a-loop", "suspended-merchant", "", "signing on helps nobody"),
    ],
)
def test_real_defects_mean_what_they_cost(
    defect: str, scenario: str, name: str, means: str, play: Any, dialect: Dialect
) -> None:
    verdict, _ = play(scenario, name, defect)
    assert verdict.status == "fail"
    assert means in meaning(verdict.headline, verdict, dialect).text
