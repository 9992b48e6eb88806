"""A message as the house passes it around."""

from __future__ import annotations

import pytest

from switch.elements import AMOUNT, EXPIRY, PAN, STAN, TRACK_2
from switch.message import Message

TRACK = "6212142000000000012D30122011234567890"


def test_elements_by_name() -> None:
    message = Message("0200", {STAN: "000001", AMOUNT: "000000000100"})
    assert message[STAN] == "000001"
    assert message.amount == 100
    assert STAN in message and PAN not in message
    assert list(message) == [STAN, AMOUNT]
    assert message.get(PAN) == "" and message.get(PAN, "none") == "none"
    assert message.part("60.2") == ""
    with pytest.raises(KeyError):
        message[PAN]


def test_card_number_and_expiry_come_from_either_place() -> None:
    swiped = Message("0200", {TRACK_2: TRACK})
    assert (swiped.pan, swiped.expiry) == ("6212142000000000012", "3012")
    keyed = Message("0200", {PAN: "6212142000000000020", EXPIRY: "2901", TRACK_2: TRACK})
    assert (keyed.pan, keyed.expiry) == ("6212142000000000020", "2901")
    bare = Message("0820", {})
    assert (bare.pan, bare.expiry, bare.amount) == ("", "", 0)


def test_changes_make_another_message() -> None:
    message = Message("0200", {STAN: "000001", AMOUNT: "000000000100"}, kind="sale")
    assert message.with_fields({STAN: "000002"})[STAN] == "000002"
    assert message.without(STAN, PAN).fields == {AMOUNT: "000000000100"}
    assert message[STAN] == "000001"


def test_its_repr_shows_no_value() -> None:
    shown = repr(Message("0200", {PAN: "6212142000000000012"}, kind="sale"))
    assert shown == "Message(0200 sale, elements [2])"
