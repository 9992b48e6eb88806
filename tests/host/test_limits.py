"""What a merchant may do, how much and how fast, as its terminal is told (7.1 steps 6, 9, 11)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from switch.acquirer.limits import Limits, Velocity
from tests.host.conversation import BOOK, MID, Conversation, signed_on

SECOND_TID = "12345679"  # of the same merchant
MINUTE = 60_000_000_000


def shop(**changes: Any) -> Conversation:
    """A signed-on terminal whose merchant has these."""
    talk = signed_on()
    talk.host.change("1", "merchant", MID, changes)
    return talk


def test_an_amount_of_nothing_is_no_amount() -> None:
    signed_on().play("""
        >> sale stan=000002 amount=0
        << 13
        .. ledger 000002 declined
    """)


def test_a_class_without_a_contract() -> None:
    shop(permits=("sale", "balance")).play("""
        >> sale stan=000002 amount=10000
        << 00
        >> void original=000002 stan=000003 amount=10000
        << 40
        .. ledger 000002 approved
        >> balance stan=000004
        << 00
        >> reversal original=000002
        << 00
    """)


ENTRIES = {
    "stripe": ("021", "0", "00"),
    "fallback": ("021", "2", "45"),
    "manual": ("011", "0", "58"),
    "chip": ("051", "1", "58"),
    "contactless": ("071", "1", "58"),
    "nothing said": ("001", "0", "00"),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_way_to_take_cards_without_a_contract(entry: str) -> None:
    mode, condition, code = ENTRIES[entry]
    talk = shop(entry=("stripe",))
    talk.play(f"""
        >> sale stan=000002 amount=100 entry_mode={mode} 60.4=5 60.5={condition}
        << {code}
    """)


def test_the_fee_is_that_of_the_category() -> None:
    merchants = {**BOOK.merchants, MID: replace(BOOK.merchants[MID], fee=38)}
    talk = Conversation(book=replace(BOOK, merchants=merchants, fees={"1234": 60}))
    talk.play(f"""
        >> sign_on stan=000001
        << 00
        >> sale stan=000002 amount=100
        << 23
        .. ledger 000002 declined
        .. merchant {MID} fee=60
        >> sale stan=000003 amount=100
        << 00
    """)
    assert talk.decided()[1] == (
        "fee_not_accepted", f"the fee of merchant {MID} is 38, of its category 60",
    )  # fmt: skip


def test_limits_of_a_sale_and_a_day() -> None:
    talk = shop(limits=Limits(sale=1000, day=1500))
    talk.play("""
        >> sale stan=000002 amount=1001
        << 61
        >> sale stan=000003 amount=1000
        << 00
        >> sale stan=000004 amount=501
        << 61
        >> sale stan=000005 amount=500
        << 00
        >> sale stan=000006 amount=1
        << 61
        >> reversal original=000005
        << 00
        >> sale stan=000007 amount=1
        << 00
        .. wait 15h
        >> sale stan=000008 amount=1000
        << 00
    """)


def test_a_burst_is_refused_and_then_the_merchant_is_suspended() -> None:
    rule = Velocity(MINUTE, count=2, most=500, suspend_after=2)
    talk = shop(velocity=(rule,))
    talk.play(f"""
        >> sale stan=000002 amount=100
        << 00
        >> sale stan=000003 amount=100
        << 00
        >> sale stan=000004 amount=100
        << 65
        >> sale stan=000005 amount=501
        << 00
        >> sale stan=000006 amount=100
        << 65
        >> sale stan=000007 amount=501
        << 03
        .. wait 1m
        >> sale stan=000008 amount=1
        << 03
        .. merchant {MID} active
        >> sale stan=000009 amount=1
        << 00
    """)
    told = [event.body for event in talk.events("world_changed")]
    assert told[0]["changes"] == {
        "velocity": [{"within": "60.0s", "count": 2, "most": 500, "suspend_after": 2}]
    }
    suspended = {"status": "suspended"}
    assert told[1] == {"step": "", "what": "merchant", "id": MID, "changes": suspended}


def test_other_terminals_of_the_merchant_count_with_it() -> None:
    shop(limits=Limits(day=1000)).play(f"""
        >> sale stan=000002 amount=1000
        << 00
        >> sign_on stan=000001 tid={SECOND_TID}
        << 00
        >> sale stan=000002 amount=1 tid={SECOND_TID}
        << 61
    """)
