"""One outside terminal goes through many cases: what lives on, and what returns to the book."""

from __future__ import annotations

import pytest

from tests.host.conversation import MID, TID, Conversation, signed_on
from tests.host.test_refusals import ACCEPTING


@pytest.fixture
def talk() -> Conversation:
    """The case after one in which the terminal signed on and sold."""
    first = signed_on()
    first.play(f"""
        >> sale stan=000002 amount=10000
        << 00 stan=000002 mac=valid
        .. card poor balance=5
        .. merchant {MID} frozen
    """)
    return Conversation(before=first)


def test_keys_live_on_and_cards_return_to_the_book(talk: Conversation) -> None:
    talk.play("""
        .. balance default 100000000
        .. balance poor 100
        >> sale stan=000003 amount=100 card=poor
        << 00 stan=000003 mac=valid
        >> void stan=000004 original=000003 card=poor
        << 00 stan=000004
    """)
    assert talk.host.holds_keys(TID)


def test_the_store_of_duplicates_is_empty_again(talk: Conversation) -> None:
    talk.play("""
        >> sale again=000002
        << 00 stan=000002 rrn=not:000002
        .. ledger 000002 approved
        .. balance default 99990000
    """)
    assert talk.events("decided")[-1]["replay"] is False


def test_a_reversal_of_an_older_sale_is_answered_and_marked(talk: Conversation) -> None:
    talk.play("""
        >> reversal original=000002
        << 00 stan=000002 mac=valid rrn=of:000002
        .. balance default 100000000              # the book's: nothing of this case is undone
        >> reversal original=000002
        << 00 stan=000002
        >> reversal original=000002 amount=1
        << 25 stan=000002
    """)
    assert [event["residue"] for event in talk.events("received")] == [True, True, True]
    (told,) = talk.events("ledger_changed")
    assert (told["exchange"], told["status"]) == (2, "reversed")


def test_the_older_exchange_is_none_of_this_case(talk: Conversation) -> None:
    """A judge that asks what became of a sale of this case must not read of an older one."""
    talk.play("""
        >> sale stan=000003 amount=1
        << 00
        >> sale stan=000004 amount=1
        << 00
        >> reversal original=000002
        << 00
    """)
    numbers = [event["exchange"] for event in talk.events("received")]
    assert numbers == [3, 4, 5]
    assert [event["exchange"] for event in talk.events("ledger_changed")] == [3, 4, 2]


def test_a_void_of_an_older_sale_finds_nothing(talk: Conversation) -> None:
    talk.play("""
        >> void stan=000003 original=000002
        << 25 stan=000003
    """)


def test_a_reversal_of_this_cases_sale_is_no_residue(talk: Conversation) -> None:
    talk.play("""
        >> sale stan=000002 amount=500
        << 00 stan=000002
        >> reversal original=000002
        << 00 stan=000002
        .. ledger 000002 reversed
        .. balance default 100000000
    """)
    assert talk.events("received")[-1]["residue"] is None


def test_originals_of_all_earlier_cases_are_remembered(talk: Conversation) -> None:
    talk.play(">> sale stan=000003 amount=1\n<< 00")
    third = Conversation(before=talk)
    third.play("""
        >> reversal original=000002
        << 00 rrn=of:000002
        >> reversal original=000003
        << 00 rrn=of:000003
    """)
    assert [event["residue"] for event in third.events("received")] == [True, True]


def test_rrns_go_on(talk: Conversation) -> None:
    before = talk.side(TID).answers["000002"][37]
    talk.play(">> balance stan=000003\n<< 00")
    assert int(talk.side(TID).answers["000003"][37]) == int(before) + 1


def test_a_stranger_keeps_its_merchant() -> None:
    first = Conversation(book=ACCEPTING)
    first.side("99999999", "700000000000001")
    first.play(">> sign_on tid=99999999 stan=000001\n<< 00 keys=present")
    second = Conversation(book=ACCEPTING, before=first)
    second.play(">> sale tid=99999999 stan=000002 amount=1\n<< 00 mac=valid mid=700000000000001")
