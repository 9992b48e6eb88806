"""The bottleneck as terminals meet it: the acquirer decides at arrival, the response waits."""

from __future__ import annotations

from switch.records import Pause
from tests.host.conversation import TID, signed_on

SECOND = 1_000_000_000


def test_the_response_waits_and_the_decision_does_not() -> None:
    talk = signed_on()
    talk.play(".. host queue_delay=2s queue_ahead=40")
    talk.sends(["sale", "stan=000002", "amount=10000"])
    ((_, delivery),) = talk.waiting
    assert [entry.status for entry in talk.entries("000002")] == ["approved"]
    assert delivery.pieces[0] == Pause(82 * SECOND)
    assert talk.events("decided")[-1]["queued"] == 82 * SECOND
    assert talk.said[-1].notes == ("answered in 82.0s: 40 messages are ahead of it",)
    talk.play("""
        << 00
        .. host queue_delay=0s
        >> sale stan=000003 amount=1
        << 00
    """)
    assert "queued" not in talk.events("decided")[-1].body


def test_who_is_shed_is_told_to_come_later() -> None:
    talk = signed_on()
    talk.play("""
        .. host queue_delay=1s queue_ahead=5 queue_limit=5
        >> sale stan=000002 amount=10000
        << 96 mac=valid
        .. ledger 000002 declined
        .. wait 1s
        >> sale stan=000003 amount=10000
        << 00
    """)
    assert talk.decided()[1] == ("system_error", "the queue is full: shed")


def test_who_is_shed_in_silence_was_never_heard() -> None:
    talk = signed_on()
    talk.play("""
        .. host queue_delay=1s queue_ahead=5 queue_limit=5 shed=silence
        >> sale stan=000002 amount=10000
        << nothing
        .. ledger 000002 nothing
        .. wait 5s
        >> reversal original=000002
        << 25
    """)
    assert talk.decided()[1] == ("", "the queue is full: shed")
    assert talk.events("fault_applied")[0]["fault"] == "reply unheard"


def test_the_share_that_is_shed_is_drawn_from_the_seed() -> None:
    talk = signed_on()
    talk.play(".. host queue_delay=1s queue_ahead=500 queue_limit=1 shed_share=30")
    for stan in range(2, 102):
        talk.sends(f"echo stan={stan:06d}".split())
        talk.waiting.clear()
    draws = [event["value"] for event in talk.events("draw")]
    shed = [event for event in talk.events("decided") if event["outcome"] == "system_error"]
    assert len(draws) == 100
    assert len(shed) == len([value for value in draws if value < 30])
    assert 15 < len(shed) < 45
    assert {event.terminal for event in shed} == {TID}
