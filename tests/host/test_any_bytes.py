"""Whatever arrives, the host answers or is silent: it never breaks, and books nothing forged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch.dialect import load
from switch.message import Message
from switch.testing import messages
from tests.host.conversation import DIALECT, MID, TID, Conversation, signed_on

CUP = load("cup-pos")


@pytest.fixture(scope="module")
def talk() -> Iterator[Conversation]:
    yield signed_on()


@given(messages(CUP))
@settings(max_examples=60)
def test_any_message_of_any_class_is_answered_once(talk: Conversation, message: Message) -> None:
    message = message.with_fields({41: TID, 42: MID})
    body = talk.sealed(message, {}, talk.side(TID))
    exchange = one(talk, body)
    assert len(exchange) == 1


@given(data=st.data())
@settings(max_examples=80)
def test_any_bytes_in_a_sealed_sale_move_no_money(talk: Conversation, data: st.DataObject) -> None:
    message = talk.request("sale", {"stan": "000002", "amount": "10000"}, talk.side(TID))
    body = talk.sealed(message, {}, talk.side(TID))
    place = data.draw(st.integers(0, len(body) - 1))
    junk = data.draw(
        st.binary(min_size=1, max_size=30).filter(lambda b: b != body[place : place + len(b)])
    )
    spoilt = body[:place] + junk + body[place + len(junk) :]
    before = [entry.status for entry in talk.host.world.ledger.entries]
    one(talk, spoilt)
    assert [entry.status for entry in talk.host.world.ledger.entries] == before


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_at_all(talk: Conversation, body: bytes) -> None:
    assert len(one(talk, body)) <= 1


TRACKS = ["A" * 37, "6" * 37, "D", "6212142000000000012D", "6212142000000000012DAB",
          "6212142000000000012D3A1", "12D3012", "F" * 20 + "D3012"]  # fmt: skip


@pytest.mark.parametrize("track", TRACKS)
def test_a_track_that_says_no_card_number_or_no_date_is_answered(track: str) -> None:
    """An encrypted track looks like this (DE 53, third digit)."""
    conversation = signed_on()
    fields = conversation.request("sale", {"stan": "000002", "amount": "1"}, conversation.side(TID))
    body = conversation.sealed(fields.with_fields({35: track}), {}, conversation.side(TID))
    conversation.sends_body(body)
    (_, delivery) = conversation.waiting.pop()
    assert delivery.sent is not None
    assert delivery.sent["fields"]["39"] in {"00", "14", "30"}
    assert "A" * 10 not in str(conversation.log.events)


def one(talk: Conversation, body: bytes) -> list[bytes]:
    """The responses to one body, each of them readable and in the envelope of a response."""
    talk.sends_body(body)
    wires = []
    for _, delivery in talk.waiting:
        talk.host.delivered(delivery)
        response, _ = talk.read(TID, b"".join(piece.data for piece in delivery.pieces))  # type: ignore[union-attr]
        assert DIALECT.direction(response) == "response"
        wires.append(response.mti.encode())
    talk.waiting.clear()
    return wires
