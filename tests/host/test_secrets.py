"""Nothing secret leaves the host: no PAN, track, PIN block or key in any event."""

from __future__ import annotations

import pytest

from switch.message import Message
from switch.records import KINDS
from switch.scenario.model import Reply
from tests.host.conversation import BOOK, DIALECT, MID, TID, Conversation, signed_on

EVERYTHING = f"""
    >> sign_on stan=000002 network_code=004
    << 00 keys=present
    >> sale stan=000003 amount=10000
    << 00
    >> sale stan=000004 amount=10000 card=lost
    << 41
    >> sale stan=000005 amount=10000 pin=111111
    << 55
    >> sale stan=000006 amount=10000 card=9999999999999999
    << 14
    >> sale stan=000007 amount=10000 mac=wrong
    << A0
    >> void stan=000008 original=000003
    << 00
    >> reversal original=000008 de.2=6212142000000000012
    << 00
    >> balance stan=000009
    << 00
    >> sale stan=000010 amount=1 60.1=99
    << 40
    >> sale stan=000011 amount=1 de.36=996212142000000000012
    << 00
    >> sale stan=000012 amount=1 de.55=9F26081122334455667788
    << 00
    .. card default pin=654321
    .. card 6212142000000000103 status=lost
    .. merchant {MID} closed
    >> sign_on stan=000013
    << 03
    >> sale stan=000014 amount=10000 tid=99999999
    << 97
"""


@pytest.fixture(scope="module")
def talk() -> Conversation:
    conversation = signed_on({"000003": Reply(set={"pan": "6212142000000000012"})})
    conversation.play(EVERYTHING)
    # A batch upload lists card numbers in DE 48, a chip puts one into tag 5A of DE 55.
    identity = {41: TID, 42: MID, 60: "00000001201"}
    details = "01" + "00" + "000003" + "06212142000000000012" + "000000010000"
    chip = "5A0A6212142000000000012F57116212142000000000012D30122011234567"
    for number, fields in enumerate([{48: details}, {55: chip}, {55: chip[:-2]}, {55: chip[2:]}]):
        fields = {11: f"{20 + number:06d}", **fields, **identity}
        body = DIALECT.encode(DIALECT.classified(Message("0320", fields))).join()
        conversation.sends_body(body)
        conversation.play("<< 30" if number else "<< 00")  # without details it is none
    cut = DIALECT.encode(conversation.side(TID).sent["000003"]).join()
    for length in range(len(cut)):
        conversation.sends_body(cut[:length])
        conversation.waiting.clear()
    return conversation


def secrets(talk: Conversation) -> dict[str, str]:
    """Everything secret that went over the wire or lies in the book."""
    side = talk.side(TID)
    keys = {f"{age} {name}": getattr(held, name).hex().upper()
            for age, held in (("new", side.keys), ("old", side.older)) if held
            for name in ("pik", "mak")}  # fmt: skip
    out = {f"middle of the PAN of {c.name}": c.pan[4:-2] for c in BOOK.cards.values()}
    out |= {f"PAN of {card.name}": card.pan for card in BOOK.cards.values()}
    out |= {f"TMK of {t.id}": t.tmk for t in BOOK.terminals.values()}
    out |= {f"PIN block of {stan}": m[52] for stan, m in side.sent.items() if 52 in m}
    out |= {f"track of {stan}": m[35][20:] for stan, m in side.sent.items() if 35 in m}
    out |= {f"cryptograms of {stan}": m[62] for stan, m in side.answers.items() if 62 in m}
    return out | keys | {"a stranger's PAN": "9999999999999999", "PIN": "654321"}


def test_no_event_holds_a_secret(talk: Conversation) -> None:
    hidden = secrets(talk)
    assert len(hidden) > 30
    for event in talk.log.events:
        line = event.line().upper()
        found = [name for name, value in hidden.items() if value in line]
        assert found == [], f"event {event.seq} {event.kind}: {found}"


def test_the_wire_of_an_event_keeps_its_length_and_hides_the_middle_of_a_pan(
    talk: Conversation,
) -> None:
    for event in talk.events("received", "sent"):
        wire = event["wire"]
        assert len(wire) == 2 * event["bytes"], event.seq
        assert "6212142000000000012" not in wire
        assert "12142000000000012" not in wire


def test_equal_secrets_have_equal_tokens_and_others_have_others(talk: Conversation) -> None:
    sales = {
        event["values"]["stan"]: event
        for event in talk.events("received")
        if event["class"] == "sale"
    }
    assert sales["000003"]["values"]["pan"] == sales["000005"]["values"]["pan"]
    assert sales["000003"]["values"]["pan"] != sales["000004"]["values"]["pan"]
    assert sales["000003"]["values"]["pan"]["masked"] == "621214*********0012"


def test_a_reply_names_the_same_card_by_the_same_token(talk: Conversation) -> None:
    received = next(e for e in talk.events("received") if e["values"].get("stan") == "000003")
    sent = next(e for e in talk.events("sent") if e["values"].get("stan") == "000003")
    assert received["values"]["pan"] == sent["values"]["pan"] == sent["fields"]["2"]


def test_every_event_is_in_the_vocabulary(talk: Conversation) -> None:
    for event in talk.log.events:
        assert event.kind in KINDS
        assert set(event.body) - {"bytes", "wire"} <= set(KINDS[event.kind][1]), event.kind


def test_a_new_pin_is_not_told(talk: Conversation) -> None:
    changed = [event["changes"] for event in talk.events("world_changed")]
    assert changed[0] == {}
    assert talk.events("world_changed")[1]["id"] == "621214*********0103"


def test_what_the_repr_of_values_shows() -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=10000\n<< 00")
    (entry,) = talk.entries("000002")
    terminal = talk.host.terminals.of(TID, MID)
    shown = repr((entry, terminal.record, talk.side(TID).sent["000002"], BOOK.cards["default"],
                  BOOK.terminals[TID]))  # fmt: skip
    for secret in (
        "6212142000000000012",
        BOOK.terminals[TID].tmk,
        "123456'",
        terminal.record.working_keys,
    ):
        assert secret not in shown
