"""Refund: by RRN, date and card, never more than was paid (protocol 3.6, 7.3)."""

from __future__ import annotations

import pytest

from switch.scenario.model import Reply
from tests.host.conversation import MID, Conversation, signed_on

SALE = """
    >> sale stan=000002 amount=10000
    << 00 stan=000002 amount=10000 mac=valid approval=present
    .. balance default 99990000
"""


@pytest.fixture
def talk() -> Conversation:
    """A terminal that has signed on and sold once."""
    conversation = signed_on()
    conversation.play(SALE)
    return conversation


REFUNDS = {
    "all of it, without an approval code": """
        >> refund stan=000003 original=000002
        << 00 stan=000003 mti=0230 amount=10000 mac=valid approval=absent rrn=not:000002
        .. ledger 000002 approved
        .. ledger 000003 approved
        .. balance default 100000000
        """,
    "in parts, up to what was paid": """
        >> refund stan=000003 original=000002 amount=4000
        << 00 stan=000003
        >> refund stan=000004 original=000002 amount=6001
        << 64 stan=000004
        >> refund stan=000005 original=000002 amount=6000
        << 00 stan=000005
        >> refund stan=000006 original=000002 amount=1
        << 64 stan=000006
        .. balance default 100000000
        """,
    "in another batch, with zeros for the original's": """
        >> refund stan=000003 original=000002 batch=000009 61.1=000000 61.2=000000
        << 00 stan=000003
        """,
    "on another settlement date": """
        .. clock 23:00
        >> refund stan=000003 original=000002
        << 00 stan=000003 settles=0106
        """,
    "again: the stored answer, no second credit": """
        >> refund stan=000003 original=000002
        << 00 stan=000003
        >> refund again=000003
        << 00 stan=000003 rrn=of:000003
        .. balance default 100000000
        """,
    "of nothing at all": """
        >> refund stan=000003 original=000002 amount=0
        << 13 stan=000003
        """,
    "of a sale of another day": """
        >> refund stan=000003 original=000002 61.3=0104
        << 25 stan=000003
        """,
    "to another card": """
        >> refund stan=000003 original=000002 card=no-pin
        << 25 stan=000003
        """,
    "by an RRN that nobody gave": """
        >> refund stan=000003 original=000002 rrn=000000000001
        << 25 stan=000003
        .. ledger 000003 declined
        """,
    "without an RRN": """
        >> refund stan=000003 original=000002 without=37
        << 25 stan=000003
        """,
    "of an authorization": """
        >> preauth stan=000003 amount=100
        << 00 stan=000003
        >> refund stan=000004 original=000003
        << 25 stan=000004
        """,
    "of a completion": """
        >> preauth stan=000003 amount=100
        << 00 stan=000003
        >> completion stan=000004 original=000003
        << 00 stan=000004
        >> refund stan=000005 original=000004
        << 00 stan=000005
        .. balance default 99990000
        """,
    "of a voided sale": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> refund stan=000004 original=000002
        << 12 stan=000004
        .. balance default 100000000
        """,
    "of a reversed sale": """
        >> reversal original=000002
        << 00 stan=000002
        >> refund stan=000004 original=000002
        << 25 stan=000004
        """,
    "of a declined sale": """
        >> sale stan=000003 amount=101 card=poor
        << 51 stan=000003
        >> refund stan=000004 original=000003 card=poor
        << 12 stan=000004
        .. balance poor 100
        """,
    "of frozen funds": f"""
        .. merchant {MID} frozen
        >> refund stan=000003 original=000002
        << 57 stan=000003
        """,
    "and then a void, which would pay twice": """
        >> refund stan=000003 original=000002 amount=1
        << 00 stan=000003
        >> void stan=000004 original=000002
        << 12 stan=000004
        .. balance default 99990001
        """,
    "and then a reversal of the sale, which gives back only the rest": """
        >> refund stan=000003 original=000002 amount=4000
        << 00 stan=000003
        >> reversal original=000002
        << 00 stan=000002
        .. balance default 100000000
        """,
    "and its reversal, which no terminal should send": """
        >> refund stan=000003 original=000002 amount=4000
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
        .. ledger 000003 reversed
        .. balance default 99990000
        >> refund stan=000004 original=000002
        << 00 stan=000004
        """,
    "the sale reversed, then the refund: nobody pays twice": """
        >> refund stan=000003 original=000002 amount=4000
        << 00 stan=000003
        >> reversal original=000002
        << 00 stan=000002
        >> reversal original=000003
        << 00 stan=000003
        .. balance default 100000000
        """,
}


@pytest.mark.parametrize("transcript", REFUNDS.values(), ids=REFUNDS.keys())
def test_a_refund(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


def test_a_refund_that_a_scenario_approves_credits_without_a_sale() -> None:
    talk = signed_on({"000003": Reply(outcome="approved")})
    talk.play("""
        >> refund stan=000003 original=000099 amount=700 rrn=000000000001
        << 00 stan=000003
        .. ledger 000003 approved
        .. balance default 100000700
    """)
