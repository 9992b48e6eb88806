"""``Host.push``: what the host says to a terminal that has not asked."""

from __future__ import annotations

from typing import Any

import pytest

from switch.message import Message
from switch.records import Delivery, Event
from tests.host.conversation import TID, Conversation
from tests.host.test_planned_replies import signed_on


def pushed(talk: Conversation, kind: str, conn: int = 1, **values: Any) -> tuple[Delivery, ...]:
    return talk.host.push(TID, kind, values, conn, "7")


def left(talk: Conversation, delivery: Delivery) -> Event:
    """The ``sent`` event, once the delivery has left."""
    talk.host.delivered(delivery)
    (event,) = talk.events("sent")[-1:]
    return event


def test_a_class_names_its_response_an_approval() -> None:
    talk = signed_on()
    (delivery,) = pushed(talk, "sale", stan="000777", amount="000000000100")
    event = left(talk, delivery)
    assert (event["class"], event["mti"], event["step"], event["whole"]) == (
        "sale", "0210", "7", True,
    )  # fmt: skip
    fields = event["fields"]
    assert (fields["3"], fields["4"], fields["11"]) == ("000000", "000000000100", "000777")
    assert (fields["39"], fields["41"], fields["49"]) == ("00", TID, "156")
    assert len(fields["37"]) == 12 and len(fields["38"]) == 6
    assert event["facts"]["mac"] == "valid"


def test_what_it_says_can_be_set_and_is_under_the_mac() -> None:
    talk = signed_on()
    (delivery,) = pushed(talk, "sale", response_code="05", stan="000777")
    talk.waiting.append((TID, delivery))
    talk.play("<< 05 stan=000777 mac=valid")


def test_a_class_that_the_host_may_ask_for_names_its_request() -> None:
    talk = signed_on()
    event = left(talk, *pushed(talk, "echo"))
    assert (event["mti"], event["fields"]["41"]) == ("0820", TID)
    assert event["facts"]["mac"] == "not_required"
    message = Message("0820", dict(event["fields"]))
    assert talk.dialect.direction(message) == "request"


def test_nothing_is_booked() -> None:
    talk = signed_on()
    left(talk, *pushed(talk, "sale", stan="000777", amount="000000000100"))
    assert not talk.events("ledger_changed") and not talk.host.world.ledger.entries


@pytest.mark.parametrize(
    ("conn", "values", "why"),
    [
        (0, {}, "the terminal has no open connection"),
        (1, {"stan": "abc"}, "set stan: "),
        (1, {"original.stan": "000002"}, "set original.stan: "),
    ],
)
def test_what_cannot_be_as_told_does_not_leave(conn: int, values: dict[str, str], why: str) -> None:
    talk = signed_on()
    assert pushed(talk, "echo" if "original.stan" in values else "sale", conn, **values) == ()
    (event,) = talk.events("undelivered")
    assert event["step"] == "7" and event["why"].startswith(why)


def test_a_stall_is_told() -> None:
    talk = signed_on()
    (delivery,) = pushed(talk, "sale")
    talk.host.stalled(delivery)
    assert [event["step"] for event in talk.events("held")] == ["7"]
