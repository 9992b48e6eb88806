"""The response answers something else, and its MAC is valid for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from switch.dialect import Dialect
from switch.faults import FaultSkipped, leaving
from switch.faults.message_faults import OtherTransaction, WrongMti
from switch.message import Message

if TYPE_CHECKING:
    from tests.faults.conftest import Path


@pytest.mark.parametrize(
    ("mti", "wrong"), [("0210", "0410"), ("0810", "0410"), ("0410", "0210"), ("1210", "1410")]
)
def test_another_message_class_answers(
    mti: str, wrong: str, response: Message, dialect: Dialect
) -> None:
    spoiled = WrongMti().apply(Message(mti, response.fields), dialect)
    assert spoiled.mti == wrong
    assert spoiled.fields == response.fields


def test_the_mti_may_be_given(response: Message, dialect: Dialect) -> None:
    assert WrongMti("0230").apply(response, dialect).mti == "0230"
    with pytest.raises(FaultSkipped, match="the response has MTI 0210 anyway"):
        WrongMti("0210").apply(response, dialect)


def test_the_wrong_mti_is_sealed(path: Path) -> None:
    body = leaving(path.pieces([WrongMti()]))[13:]
    assert body[:2].hex() == "0410"
    assert body == path.seal(body)


def test_the_transaction_before_is_answered(response: Message, dialect: Dialect) -> None:
    spoiled = OtherTransaction().apply(response, dialect)
    changed = {n: v for n, v in spoiled.fields.items() if v != response[n]}
    assert changed == {11: "000001", 37: "103105000001", 38: "A00002"}


@pytest.mark.parametrize(("stan", "before"), [("000001", "999999"), ("999999", "999998")])
def test_the_stan_before_is_never_zero(
    stan: str, before: str, response: Message, dialect: Dialect
) -> None:
    other = response.with_fields({11: stan, 37: "ABCDEFGHIJK9"})
    spoiled = OtherTransaction().apply(other, dialect)
    assert spoiled[11] == before
    assert spoiled[37] == "ABCDEFGHIJK0"


def test_a_response_without_a_stan_answers_nothing_else(dialect: Dialect) -> None:
    with pytest.raises(FaultSkipped, match=r"DE 11 \(STAN\): not in this response"):
        OtherTransaction().apply(Message("0830", {39: "00"}), dialect)
