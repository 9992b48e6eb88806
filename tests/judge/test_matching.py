"""A message of the log against conditions: what holds, what was got, and the usual cause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from switch.dialect import load
from switch.judge.matching import Outcome, Seen, echoes_original, fits, plain, resolve, seen, weigh
from switch.reading import Mark
from switch.records import Event
from switch.scenario.model import Condition
from switch.shapes import Reference

DIALECT = load("cup-pos")
MARK = Mark("x.yaml", 1, 1)
PAN = {"masked": "621214*********0012", "token": "aa"}
OTHER_PAN = {"masked": "621214*********0103", "token": "bb"}
SALE = {
    "2": PAN, "3": "000000", "4": "000000010000", "11": "000002",
    "14": {"masked": "****", "token": "cc"},
    "22": "021", "25": "00", "26": "12", "35": {"masked": "x", "token": "dd"}, "41": "12345678",
    "42": "898310012345678", "49": "156",
    "52": {"masked": "*", "token": "ee"}, "60": "2200000100060",
}  # fmt: skip
REVERSAL = {n: v for n, v in SALE.items() if n not in {"26", "35", "52"}} | {"39": "98"}


def a(
    kind: str, fields: dict[str, Any], values: dict[str, Any] | None = None, **facts: Any
) -> Seen:
    facts = {"mac": "valid", "pin": "absent", "format": []} | facts
    mti = DIALECT.classes[kind].mti
    return Seen(5, 10, 1, 3, kind, mti, values or {}, fields, facts)


def weighed(name: str, operator: str, operand: Any, message: Seen, **steps: Seen) -> Outcome:
    (outcome,) = weigh([Condition(name, operator, operand, MARK)], message, steps, DIALECT)
    return outcome


SOLD = a("sale", SALE, {"stan": "000002", "pan": PAN, "amount": "000000010000"})


# ---- what a message says -----------------------------------------------------------------------


def test_a_message_is_read_from_its_event_alone() -> None:
    body = {"exchange": 3, "class": "sale", "mti": "0200", "values": {"stan": "000002"},
            "fields": SALE, "facts": {"mac": "valid"}}  # fmt: skip
    message = seen(Event(7, 99, "received", 4, "12345678", body))
    assert (message.seq, message.at, message.conn, message.exchange) == (7, 99, 4, 3)
    assert (message.kind, message.mti, message.value("stan")) == ("sale", "0200", "000002")
    empty = seen(Event(1, 0, "received"))
    assert (empty.kind, empty.exchange, empty.value("stan")) == ("", 0, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [("stan", "000002"), ("de.22", "021"), ("de.5", None), ("mti", "0200"), ("mac", "valid"),
     ("pin", "absent"), ("format", "ok"), ("pan", "token:aa"), ("de.2", "token:aa"), ("rrn", None)],
)  # fmt: skip
def test_the_names_of_values(name: str, value: str | None) -> None:
    assert SOLD.value(name) == value


def test_a_format_finding_is_a_fact() -> None:
    assert a("sale", {}, format=["DE 22 (entry mode) is missing"]).value("format") == "findings"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1", "1"), (5, "5"), ("", None), (None, None), (PAN, "token:aa"), ({}, "token:")],
)
def test_plain_values(value: Any, text: str | None) -> None:
    assert plain(value) == text


# ---- references --------------------------------------------------------------------------------


def test_references_become_what_the_step_received() -> None:
    steps = {"sale": SOLD}
    assert resolve(Reference("sale.stan"), steps) == "000002"
    assert resolve(Reference("sale.de.22"), steps) == "021"
    assert resolve(Reference("nobody.stan"), steps) is None
    assert resolve(("1", Reference("sale.stan")), steps) == ("1", "000002")
    assert resolve(True, steps) is True


# ---- conditions --------------------------------------------------------------------------------

REVERSED = a(
    "reversal", REVERSAL, {"original.stan": "000002", "stan": "000002", "reversal_reason": "98"}
)


def test_a_condition_that_holds_needs_no_hint() -> None:
    outcome = weighed("original.stan", "eq", Reference("sale.stan"), REVERSED, sale=SOLD)
    assert outcome == Outcome("original.stan", True, "000002", "000002")


def test_a_condition_that_fails_tells_the_usual_cause() -> None:
    other = a("reversal", REVERSAL, {"original.stan": "000077"})
    outcome = weighed("original.stan", "eq", Reference("sale.stan"), other, sale=SOLD)
    assert (outcome.holds, outcome.expected, outcome.got) == (False, "000002", "000077")
    assert outcome.hint == (
        "in cup-pos a reversal keeps the STAN of the transaction it reverses (DE 11, rule R4)"
    )


def test_reasons_are_words_of_every_dialect() -> None:
    assert weighed("reversal_reason", "eq", "timeout", REVERSED).holds
    assert (
        weighed("reversal_reason", "in", ("other", "timeout"), REVERSED).expected == "one of 06, 98"
    )
    failed = weighed("reversal_reason", "eq", "mac_error", REVERSED)
    assert (failed.expected, failed.got) == ("A0", "98")
    assert failed.hint == (
        "reasons in DE 39 (rule R3): 98 timeout, 06 other, A0 mac_error, 96 terminal_fault"
    )


def test_a_hint_for_a_cryptogram() -> None:
    wrong = a("sale", SALE, arqc="wrong")
    assert weighed("arqc", "eq", "valid", wrong).hint.startswith("tag 9F26 covers 9F02")


def test_hints_for_a_mac_and_for_any_value() -> None:
    wrong = a("sale", SALE, mac="wrong")
    assert weighed("mac", "eq", "valid", wrong).hint.startswith(
        "the MAC covers MTI to the last byte"
    )
    assert weighed("amount", "eq", "5", SOLD).hint == "amount is DE 4 in cup-pos"
    assert weighed("de.22", "eq", "051", SOLD).hint == ""


def test_secrets_are_compared_by_token_and_shown_masked() -> None:
    again = a("sale", SALE, {"pan": PAN})
    same = weighed("pan", "eq", Reference("sale.pan"), again, sale=SOLD)
    assert (same.holds, same.got) == (True, "621214*********0012")
    other = a("sale", SALE | {"2": OTHER_PAN}, {"pan": OTHER_PAN})
    assert not weighed("pan", "eq", Reference("sale.pan"), other, sale=SOLD).holds
    assert (
        weighed("de.2", "ne", Reference("sale.de.2"), other, sale=SOLD).got == "621214*********0103"
    )


def test_what_is_not_there_is_shown_as_nothing() -> None:
    assert weighed("rrn", "present", True, SOLD).got == "nothing"


def test_format_findings_are_shown_in_full() -> None:
    bad = a(
        "sale", SALE, format=["DE 22 (entry mode) is missing", "no card number in DE 2 or DE 35"]
    )
    outcome = weighed("format", "eq", "ok", bad)
    assert (outcome.holds, outcome.got) == (
        False, "DE 22 (entry mode) is missing; no card number in DE 2 or DE 35",
    )  # fmt: skip


def test_all_conditions_must_hold() -> None:
    good = Condition("stan", "eq", "000002", MARK)
    bad = Condition("amount", "eq", "5", MARK)
    assert fits([], SOLD, {}, DIALECT)
    assert fits([good], SOLD, {}, DIALECT)
    assert not fits([good, bad], SOLD, {}, DIALECT)


def test_a_condition_on_a_step_that_received_nothing_does_not_hold() -> None:
    assert not weighed("original.stan", "eq", Reference("sale.stan"), REVERSED).holds


# ---- echoes_original (R4, R5) ------------------------------------------------------------------


def test_a_right_reversal_echoes_its_original() -> None:
    outcome = weighed("echoes_original", "eq", "sale", REVERSED, sale=SOLD)
    assert outcome == Outcome(
        "echoes_original", True, "every element of R4 as in the original, none of R5", "all equal"
    )


COPIES = [n for n in DIALECT.classes["reversal"].copies if str(n) in SALE]


@pytest.mark.parametrize("number", COPIES)
def test_each_copied_element_must_be_there_and_equal(number: int) -> None:
    absent = a("reversal", {n: v for n, v in REVERSAL.items() if n != str(number)})
    changed = a("reversal", REVERSAL | {str(number): "9"})
    for message, got in ((absent, "absent"), (changed, "9")):
        outcome = echoes_original(message, SOLD, DIALECT)
        assert not outcome.holds
        assert outcome.got.startswith(f"{DIALECT.codec.fields[number]} {got}, original ")


@pytest.mark.parametrize("number", DIALECT.classes["reversal"].never)
def test_each_forbidden_element_must_not_be_there(number: int) -> None:
    outcome = echoes_original(a("reversal", REVERSAL | {str(number): "1"}), SOLD, DIALECT)
    assert outcome.got == f"{DIALECT.codec.fields[number]} must not be there (R5)"


def test_what_the_original_lacked_need_not_be_copied() -> None:
    bare = a("sale", {n: v for n, v in SALE.items() if n not in {"2", "14"}})
    swiped = a("reversal", {n: v for n, v in REVERSAL.items() if n not in {"2", "14"}})
    assert echoes_original(swiped, bare, DIALECT).holds


def test_a_wrong_card_is_shown_masked() -> None:
    outcome = echoes_original(a("reversal", REVERSAL | {"2": OTHER_PAN}), SOLD, DIALECT)
    assert outcome.got == "DE 2 (PAN) 621214*********0103, original 621214*********0012"


def test_an_original_that_was_never_received_cannot_be_echoed() -> None:
    outcome = weighed("echoes_original", "eq", "sale", REVERSED)
    assert (outcome.holds, outcome.got) == (False, "the original was not received")


@pytest.mark.parametrize("kind", ["completion", "preauth_void", "completion_void"])
def test_the_host_date_in_the_reversal_of_a_completion_is_tolerated(kind: str) -> None:
    original = a(kind, SALE | {"61": "0000010000010105"})
    right = a("reversal", REVERSAL | {"61": "0000010000010106"})
    wrong = a("reversal", REVERSAL | {"61": "0000010000090105"})
    assert echoes_original(right, original, DIALECT).holds  # R22
    assert not echoes_original(wrong, original, DIALECT).holds
    void = a("void", SALE | {"61": "0000010000010105"})
    assert not echoes_original(right, void, DIALECT).holds


# ---- names_original (N4, U1, U4, U5) -----------------------------------------------------------

TOLD = {"13": "0105", "37": "100000000002", "38": "A00001"}
DEPOSIT = replace(a("preauth", SALE, {"stan": "000002", "batch": "000001"}), answer=TOLD)
NAMED = {
    "original.batch": "000001", "original.stan": "000002", "original.date": "0105",
    "original.rrn": "100000000002", "approval_code": "A00001",
}  # fmt: skip


def naming(kind: str, **changed: str) -> Outcome:
    values = NAMED | {name.replace("__", "."): value for name, value in changed.items()}
    return weighed("names_original", "eq", "deposit", a(kind, {}, values), deposit=DEPOSIT)


@pytest.mark.parametrize(
    "kind", ["void", "completion", "preauth_void", "completion_void", "refund"]
)
def test_a_right_reference_holds(kind: str) -> None:
    assert naming(kind).got == "all equal"


@pytest.mark.parametrize(
    ("kind", "name", "place"),
    [
        ("completion", "approval_code", "38"),
        ("completion", "original.date", "61.3"),
        ("preauth_increment", "original.stan", "61.2"),
        ("preauth_void", "original.batch", "61.1"),
        ("completion_void", "original.rrn", "37"),
        ("refund", "original.rrn", "37"),
        ("refund", "original.date", "61.3"),
        ("void", "original.stan", "61.2"),
    ],
)
def test_each_reference_must_be_there_and_right(kind: str, name: str, place: str) -> None:
    for value, shown in (("999999", "999999"), ("", "absent")):
        outcome = naming(kind, **{name.replace(".", "__"): value})
        assert not outcome.holds
        assert outcome.got == f"{name} (DE {place}) {shown}, original {NAMED[name]}"


@pytest.mark.parametrize("nothing", ["", "000000"])
def test_what_may_be_left_out_may_be_zeros(nothing: str) -> None:
    assert naming("refund", original__batch=nothing, original__stan=nothing).holds
    assert naming("void", original__date=nothing, approval_code=nothing).holds
    assert not naming("refund", original__stan="000009").holds


def test_without_a_response_only_the_request_can_be_named() -> None:
    silent = replace(DEPOSIT, answer={})
    values = NAMED | {"approval_code": "", "original.date": ""}
    message = a("completion", {}, values)
    assert weighed("names_original", "eq", "deposit", message, deposit=silent).holds


def test_an_original_that_was_never_received_cannot_be_named() -> None:
    outcome = weighed("names_original", "eq", "deposit", a("completion", {}, NAMED))
    assert (outcome.holds, outcome.got) == (False, "the original was not received")
