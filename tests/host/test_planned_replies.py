"""What a plan changes about a response: on the wire, and in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from switch.clock import NS_PER_SECOND
from switch.faults import FAULTS, Fault
from switch.message import Message
from switch.records import Delivery, Order, Pause, Write
from switch.scenario.model import Reply
from tests.host.conversation import TID, Conversation, signed_on

SALE = ">> sale stan=000002 amount=10000"


def a_fault(moment: str, kind: str, **keys: Any) -> Fault:
    return FAULTS[moment][kind](**keys)


def spoilt(*faults: Fault, **more: Any) -> Reply:
    return Reply(faults=faults, **more)


def one_delivery(reply: Reply, before: str = "") -> tuple[Conversation, Delivery]:
    """The delivery of a sale's planned response, as it leaves."""
    talk = signed_on()
    talk.play(before)
    talk.host.director.planned["000002"] = reply  # type: ignore[attr-defined]
    talk.sends(SALE.split()[1:])
    ((_, delivery),) = talk.waiting
    talk.waiting.clear()
    return talk, delivery


def told(talk: Conversation, delivery: Delivery) -> list[str]:
    """The faults that the log says were applied once the delivery has left."""
    talk.host.delivered(delivery)
    return [event["fault"] for event in talk.events("fault_applied")]


# ---- moments before the frame: a transcript shows them --------------------------------------

ON_THE_WIRE = {
    "another MTI, validly sealed": (
        a_fault("message", "wrong_mti"),
        "<< 00 mti=0410 mac=valid stan=000002",
        "message wrong_mti",
    ),
    "the transaction before": (
        a_fault("message", "other_transaction"),
        "<< 00 mti=0210 mac=valid stan=000001",
        "message other_transaction",
    ),
    "another payee under a valid MAC": (
        a_fault("field", "not_echoed", name="merchant_id"),
        "<< 00 mac=valid mid=898310012345679 stan=000002",
        "field not_echoed merchant_id",
    ),
    "another amount under a valid MAC": (
        a_fault("field", "value", name="amount", value="000000000001"),
        "<< 00 mac=valid amount=1",
        "field value amount",
    ),
    "no DE 39 under a valid MAC": (
        a_fault("field", "absent", name="rrn"),
        "<< 00 mac=valid rrn=absent",
        "field absent rrn",
    ),
    "a wrong MAC": (a_fault("mac", "wrong"), "<< 00 mac=wrong", "mac wrong"),
    "no MAC": (a_fault("mac", "absent"), "<< 00 mac=absent stan=000002", "mac absent"),
    "a MAC of zeros": (a_fault("mac", "zero"), "<< 00 mac=wrong", "mac zero"),
    "addresses not swapped": (
        a_fault("frame", "swapped_address"),
        "<< 00 mac=valid tpdu=6000030000",
        "frame swapped_address",
    ),
}


@pytest.mark.parametrize(("fault", "answer", "words"), ON_THE_WIRE.values(), ids=ON_THE_WIRE.keys())
def test_a_fault_shows_on_the_wire_and_in_the_log(fault: Fault, answer: str, words: str) -> None:
    talk = signed_on({"000002": spoilt(fault)})
    talk.play(f"{SALE}\n{answer}\n.. ledger 000002 approved")
    assert [event["fault"] for event in talk.events("fault_applied")] == [words]
    assert talk.events("fault_skipped") == []
    assert talk.events("decided")[-1]["planned"] == "plan of 000002"


def test_a_stale_key_is_that_of_the_sign_on_before() -> None:
    talk = signed_on({"000003": spoilt(a_fault("mac", "stale_key"))})
    talk.play("""
        >> sign_on stan=000002
        << 00 keys=present
        >> sale stan=000003 amount=1
        << 00 mac=older
    """)
    assert talk.events("sent")[-1]["facts"]["mac"] == "stale_key"


def test_the_control_case_of_a_mac_matrix_meets_nobody() -> None:
    talk = signed_on({"000002": spoilt(a_fault("mac", "valid"))})
    talk.play(f"{SALE}\n<< 00 mac=valid")
    assert talk.events("fault_applied", "fault_skipped") == []


# ---- moments after the seal: what leaves ----------------------------------------------------

Pieces = Sequence[Any]


def sizes(pieces: Pieces) -> list[Any]:
    """Bytes of writes; pauses in seconds; verbs of orders."""
    words = {Write: lambda p: len(p.data), Pause: lambda p: f"{p.ns / NS_PER_SECOND}s"}
    return [words.get(type(p), lambda p: p.verb)(p) for p in pieces]


@pytest.fixture(scope="module")
def right() -> bytes:
    """The frame of the unspoilt response."""
    _, delivery = one_delivery(Reply())
    (write,) = delivery.pieces
    assert isinstance(write, Write)
    return write.data


WHOLE = -1  # stands for the length of the frame
AS_PIECES = {
    "frame truncate after 20 bytes": (a_fault("frame", "truncate"), [20], False),
    "frame split after byte 1, 0.1s apart": (
        a_fault("frame", "split"), [1, "0.1s", WHOLE - 1], True,
    ),
    "frame garbage 32 bytes": (a_fault("frame", "garbage"), [32], False),
    "transport close after 0 bytes": (a_fault("transport", "close"), ["close"], False),
    "transport reset after 7 bytes": (
        a_fault("transport", "reset", after_bytes=7), [7, "reset"], False,
    ),
    "transport half_close after 0 bytes": (
        a_fault("transport", "half_close"), ["half_close"], False,
    ),
    "transport stall after 3 bytes until resumed": (
        a_fault("transport", "stall", after_bytes=3), [3, "stall", WHOLE - 3], True,
    ),
    "timing delay by 2.0s": (
        a_fault("timing", "delay", by=2 * NS_PER_SECOND), ["2.0s", WHOLE], True,
    ),
    "timing duplicate 1 times, 0.0s after": (
        a_fault("timing", "duplicate"), [WHOLE, "0.0s", WHOLE], True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", AS_PIECES)
def test_a_fault_after_the_seal_shows_in_the_pieces_and_in_the_log(
    words: str, right: bytes
) -> None:
    fault, pieces, whole = AS_PIECES[words]
    talk, delivery = one_delivery(spoilt(fault))
    wanted = [len(right) + 1 + p if isinstance(p, int) and p < 0 else p for p in pieces]
    assert sizes(delivery.pieces) == wanted
    assert told(talk, delivery) == [words]
    assert talk.events("sent")[-1]["whole"] is whole


def test_a_stale_replay_is_the_response_before() -> None:
    _, delivery = one_delivery(spoilt(a_fault("timing", "stale_replay", instead=True)))
    (write,) = delivery.pieces
    talk = signed_on()
    assert isinstance(write, Write)
    assert write.data == talk.wires[0]  # the same seed gives the same sign-on


def test_faults_of_several_moments_meet_one_response(right: bytes) -> None:
    talk, delivery = one_delivery(
        spoilt(
            a_fault("message", "wrong_mti"),
            a_fault("field", "value", name="amount", value="000000000001"),
            a_fault("mac", "wrong"),
            a_fault("frame", "trailing_bytes", bytes_=4),
            a_fault("transport", "close", after_bytes=50),
            a_fault("timing", "delay", by=NS_PER_SECOND),
        )
    )
    assert sizes(delivery.pieces) == ["1.0s", 50, "close"]
    assert delivery.pieces[2] == Order("close")
    assert [words.split()[0] for words in told(talk, delivery)] == [
        "message", "field", "mac", "frame", "transport", "timing",
    ]  # fmt: skip
    sent = talk.events("sent")[-1]
    assert (sent["mti"], sent["fields"]["4"], sent["facts"]["mac"]) == (
        "0410",
        "000000000001",
        "wrong",
    )
    assert (sent["whole"], sent["bytes"]) == (False, 50)


def test_a_response_that_cannot_be_read_is_told_as_not_whole() -> None:
    talk, delivery = one_delivery(spoilt(a_fault("field", "unparseable")))
    talk.host.delivered(delivery)
    sent = talk.events("sent")[-1]
    assert sent["whole"] is False
    assert set(sent["wire"]) == {"F"}


# ---- what a fault cannot do -----------------------------------------------------------------

SKIPPED = {
    "mac wrong": (a_fault("mac", "wrong"), "sign_on", "this response carries no MAC"),
    "mac stale_key": (
        a_fault("mac", "stale_key"), "sale", "the terminal had no MAC key before this one",
    ),
    "field absent balance": (
        a_fault("field", "absent", name="54"), "sale",
        "DE 54 (balance): not in this response anyway",
    ),
    "field not_echoed reversal_reason": (
        a_fault("field", "not_echoed", name="reversal_reason"), "sale",
        "reversal_reason: not in a sale of cup-pos",
    ),
    "frame truncate after 4000 bytes": (
        a_fault("frame", "truncate", bytes_=4000), "sale", "the frame has only",
    ),
    "message wrong_mti 0210": (
        a_fault("message", "wrong_mti", mti="0210"), "sale", "the response has MTI 0210 anyway",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "kind", "why"), SKIPPED.values(), ids=SKIPPED.keys())
def test_a_fault_that_cannot_take_effect_says_why(fault: Fault, kind: str, why: str) -> None:
    talk = signed_on({"000002": spoilt(fault)})
    mac = "absent" if kind == "sign_on" else "valid"
    talk.play(f">> {kind} stan=000002 amount=1\n<< 00 stan=000002 mac={mac}")
    (skipped,) = talk.events("fault_skipped")
    assert skipped["why"].startswith(why)
    assert skipped["exchange"] == 2
    assert talk.events("fault_applied") == []


def test_a_fault_of_an_earlier_response_needs_one() -> None:
    talk = Conversation({"000001": spoilt(a_fault("timing", "stale_replay"))})
    talk.play(">> sign_on stan=000001\n<< 00 keys=present")
    assert talk.events("fault_skipped")[0]["why"] == "this terminal has had no response before"


def test_each_fault_of_a_refused_request_is_skipped() -> None:
    talk = signed_on({"000002": spoilt(a_fault("mac", "wrong"), a_fault("transport", "close"))})
    talk.play(">> sale stan=000002 amount=1 mac=wrong\n<< A0")
    skipped = talk.events("fault_skipped")
    assert [event["fault"] for event in skipped] == ["mac wrong", "transport close after 0 bytes"]
    assert {event["why"] for event in skipped} == {
        "the host refused the request: DE 64 does not verify under the MAK of the last sign-on"
    }


# ---- set and omit ---------------------------------------------------------------------------


def test_set_and_omit_change_the_response_under_a_valid_mac() -> None:
    reply = Reply(
        set={"merchant_id": "898310000000000", "60.2": "000009", "processing_requirement": "3"},
        omit=("approval_code", "de.63", "pan"),
    )
    talk = signed_on({"000002": reply})
    talk.play(f"""
        {SALE}
        << 00 mac=valid mid=898310000000000 60.2=000009 requires=3 approval=absent pan=absent
    """)
    assert [event["fault"] for event in talk.events("fault_applied")] == [
        "reply set merchant_id, set 60.2, set processing_requirement, omit approval_code, "
        "omit de.63, omit pan"
    ]
    assert talk.events("fault_skipped") == []


CANNOT = {
    "set amount": (Reply(set={"amount": "abc"}), "DE 4 (amount): 'A' is not a digit"),
    "set merchant_id": (
        Reply(set={"merchant_id": "9" * 16}), "DE 42 (MID): 16 bytes, 15 belong there",
    ),
    "set reversal_reason": (
        Reply(set={"reversal_reason": "98"}), "reversal_reason has no place in a sale",
    ),
    "set 60.9": (Reply(set={"60.9": "1"}), "DE 60 has no part 60.9"),
    "omit balance": (Reply(omit=("de.54",)), "it is not in this response anyway"),
    "omit reversal_reason": (
        Reply(omit=("reversal_reason",)), "it is not in this response anyway",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "why"), CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_set_or_omitted_leaves_the_response_as_it_is(reply: Reply, why: str) -> None:
    talk = signed_on({"000002": reply})
    talk.play(f"{SALE}\n<< 00 mac=valid amount=10000 mid=898310012345678")
    (skipped,) = talk.events("fault_skipped")
    assert skipped["why"].startswith(why.split(",")[0])
    assert talk.events("fault_applied") == []


def test_what_could_be_set_beside_what_could_not_is_told() -> None:
    talk = signed_on({"000002": Reply(set={"amount": "abc", "rrn": "100000999999"})})
    talk.play(f"{SALE}\n<< 00 mac=valid amount=10000 rrn=100000999999")
    assert [event["fault"] for event in talk.events("fault_applied")] == ["reply set rrn"]


# ---- unsaid, unheard, held, delayed ---------------------------------------------------------


def test_a_reply_left_unsaid_is_booked() -> None:
    talk = signed_on({"000002": Reply(none=True)})
    talk.play(f"{SALE}\n<< nothing\n.. ledger 000002 approved\n.. balance default 99990000")
    decided = talk.events("decided")[-1]
    assert (decided["response"], decided["outcome"]) == ("none", "approved")
    (applied,) = talk.events("fault_applied")
    assert (applied["fault"], applied["step"]) == ("reply none", "plan of 000002")


def test_an_unheard_request_is_not_decided_and_not_booked() -> None:
    talk = signed_on({"000002": Reply(unheard=True)})
    talk.play(f"{SALE}\n<< nothing\n.. ledger 000002 nothing\n.. balance default 100000000")
    decided = talk.events("decided")[-1]
    assert (decided["response"], decided["outcome"], decided["code"]) == ("unheard", "", "")
    assert [event["fault"] for event in talk.events("fault_applied")] == ["reply unheard"]
    talk.play(">> sale again=000002\n<< 00 approval=present\n.. ledger 000002 approved")


def test_a_request_that_nobody_heard_still_counts_a_wrong_mac() -> None:
    talk = signed_on({"000002": Reply(unheard=True)})
    talk.play(">> sale stan=000002 amount=1 mac=wrong\n<< nothing")
    assert talk.events("received")[-1]["facts"]["mac"] == "wrong"


def test_a_held_response_waits_for_its_release_and_goes_once() -> None:
    talk = signed_on({"000002": Reply(hold_until="release")})
    talk.play(f"{SALE}\n<< nothing\n.. ledger 000002 approved")
    assert talk.events("decided")[-1]["response"] == "held"
    assert [event["exchange"] for event in talk.events("held")] == [2]
    talk.play(".. release 2\n<< 00 stan=000002 mac=valid\n.. release 2\n<< nothing")
    assert [event["exchange"] for event in talk.events("released")] == [2]
    assert [e["fault"] for e in talk.events("fault_applied")] == ["timing reply held back"]


def test_a_held_response_is_sealed_under_the_key_that_verified_its_request() -> None:
    """7.4: sign-on while transactions are in flight."""
    talk = signed_on({"000002": Reply(hold_until="release")})
    talk.play(f"""
        {SALE}
        << nothing
        >> sign_on stan=000003
        << 00 keys=present mac=absent
        .. release 2
        << 00 stan=000002 mac=older
        >> sale stan=000004 amount=1
        << 00 mac=valid
    """)


def test_a_sign_on_never_seals_its_own_response() -> None:
    talk = signed_on()
    talk.play(">> sign_on stan=000002\n<< 00 mac=absent\n>> sign_on stan=000003\n<< 00 mac=absent")


def test_a_delay_touches_delivery_only(right: bytes) -> None:
    talk, delivery = one_delivery(Reply(after=3 * NS_PER_SECOND))
    assert sizes(delivery.pieces) == ["3.0s", len(right)]
    talk.play(".. ledger 000002 approved")
    assert told(talk, delivery) == ["timing reply after a delay"]


def test_a_response_that_did_not_reach_the_terminal_is_told_with_the_reason() -> None:
    talk, delivery = one_delivery(spoilt(a_fault("mac", "wrong")))
    talk.host.delivered(delivery, "the terminal had closed the connection")
    (undelivered,) = talk.events("undelivered")
    assert undelivered["why"] == "the terminal had closed the connection"
    assert (undelivered.conn, undelivered.terminal) == (1, TID)
    assert talk.events("fault_applied") == []
    talk.play(".. ledger 000002 approved")


def test_a_duplicate_of_a_released_response_is_possible() -> None:
    talk = signed_on({"000002": spoilt(a_fault("timing", "duplicate"), hold_until="release")})
    talk.play(f"{SALE}\n<< nothing")
    (delivery,) = talk.host.release(2)
    assert [type(piece) for piece in delivery.pieces] == [Write, Pause, Write]
    talk.host.delivered(delivery)
    assert [event["fault"] for event in talk.events("fault_applied")] == [
        "timing duplicate 1 times, 0.0s after", "timing reply held back",
    ]  # fmt: skip


def test_a_header_digit_set_by_the_host_stands_in_the_header_only() -> None:
    talk = signed_on({"000002": Reply(set={"processing_requirement": "5"})})
    talk.play(f"{SALE}\n<< 00 header=603105310000 mac=valid")


def test_messages_of_the_wire_module_are_what_was_meant() -> None:
    """The sent event is read from the bytes: a fault before the seal shows in its fields."""
    talk = signed_on({"000002": spoilt(a_fault("field", "not_echoed", name="stan"))})
    talk.play(f"{SALE}\n<< 00 stan=000003 mac=valid")
    sent = talk.events("sent")[-1]
    assert sent["values"]["stan"] == "000003"
    assert isinstance(talk.side(TID).sent["000002"], Message)
