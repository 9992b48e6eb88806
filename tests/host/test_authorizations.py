"""Pre-authorization, increment, completion and their voids (protocol 3.6, 7.3, 7.4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.scenario.model import Reply
from tests.host.conversation import BOOK, MID, Conversation, signed_on

AUTHORIZED = """
    >> preauth stan=000002 amount=10000
    << 00 stan=000002 mti=0110 amount=10000 mac=valid approval=present rrn=present
    .. ledger 000002 approved
    .. balance default 100000000
    .. held default 10000
"""
COMPLETED = """
    >> completion stan=000003 original=000002 amount=8000
    << 00 stan=000003 mti=0210 amount=8000 mac=valid approval=not:000002 61.2=000002
    .. ledger 000002 completed
    .. ledger 000003 approved
    .. balance default 99992000
    .. held default 0
"""


@pytest.fixture
def talk() -> Conversation:
    """A terminal that has signed on and holds one authorization."""
    conversation = signed_on()
    conversation.play(AUTHORIZED)
    return conversation


AUTHORIZATIONS = {
    "holds money, so that less is available": """
        >> balance stan=000003
        << 00 stan=000003 balance=1002156C000099990000
        >> sale stan=000004 amount=99990001
        << 51 stan=000004
        >> sale stan=000005 amount=99990000
        << 00 stan=000005
        """,
    "of more than the card has": """
        >> preauth stan=000003 amount=101 card=poor
        << 51 stan=000003 approval=absent
        .. held poor 0
        """,
    "of nothing at all": """
        >> preauth stan=000003 amount=0
        << 13 stan=000003
        """,
    "of a card that is blocked": """
        >> preauth stan=000003 amount=1 card=lost
        << 41 stan=000003
        .. ledger 000003 declined
        """,
    "of a suspended merchant": f"""
        .. merchant {MID} suspended
        >> preauth stan=000003 amount=1
        << 03 stan=000003
        """,
    "again: the stored answer, and no second hold": """
        >> preauth again=000002
        << 00 stan=000002 approval=of:000002 rrn=of:000002
        .. held default 10000
        """,
    "with the STAN of another": """
        >> preauth stan=000002 amount=20000
        << 94 stan=000002
        .. held default 10000
        """,
    "reversed": """
        >> reversal original=000002
        << 00 stan=000002 mti=0410 rrn=of:000002
        .. ledger 000002 reversed
        .. held default 0
        >> reversal original=000002
        << 00 stan=000002
        .. held default 0
        >> completion stan=000003 original=000002
        << 25 stan=000003
        """,
}


@pytest.mark.parametrize("transcript", AUTHORIZATIONS.values(), ids=AUTHORIZATIONS.keys())
def test_an_authorization(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


INCREMENTS = {
    "holds more under the same approval code": """
        >> preauth_increment stan=000003 original=000002 amount=5000
        << 00 stan=000003 mti=0110 amount=5000 approval=of:000002
        .. held default 15000
        >> completion stan=000004 original=000002 amount=17250
        << 00 stan=000004
        .. held default 0
        .. balance default 99982750
        """,
    "reversed": """
        >> preauth_increment stan=000003 original=000002 amount=5000
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
        .. ledger 000003 reversed
        .. ledger 000002 approved
        .. held default 10000
        """,
    "of an authorization that is reversed later": """
        >> preauth_increment stan=000003 original=000002 amount=5000
        << 00 stan=000003
        >> reversal original=000002
        << 00 stan=000002
        .. held default 0
        >> reversal original=000003
        << 00 stan=000003
        .. held default 0
        """,
    "of an authorization that is voided, whose void is reversed": """
        >> preauth_increment stan=000003 original=000002 amount=5000
        << 00 stan=000003
        >> preauth_void stan=000004 original=000002 amount=15000
        << 00 stan=000004
        .. held default 0
        >> reversal original=000004
        << 00 stan=000004
        .. held default 15000
        """,
    "of more than the card has": """
        >> preauth stan=000003 amount=60 card=poor
        << 00 stan=000003
        >> preauth_increment stan=000004 original=000003 amount=41 card=poor
        << 51 stan=000004
        .. held poor 60
        """,
    "of nothing": """
        >> preauth_increment stan=000003 original=000002 amount=1 approval_code=NOTHIS
        << 25 stan=000003
        .. ledger 000003 declined
        """,
    "of a completed one": COMPLETED
    + """
        >> preauth_increment stan=000004 original=000002 amount=1
        << 12 stan=000004
        .. held default 0
        """,
}


@pytest.mark.parametrize("transcript", INCREMENTS.values(), ids=INCREMENTS.keys())
def test_an_increment(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


COMPLETIONS = {
    "of less: the rest is released": COMPLETED,
    "of exactly as much as the limit": """
        >> completion stan=000003 original=000002 amount=11500
        << 00 stan=000003
        .. held default 0
        .. balance default 99988500
        """,
    "of more than the limit: the authorization stays open": """
        >> completion stan=000003 original=000002 amount=11501
        << 64 stan=000003 approval=absent
        .. ledger 000002 approved
        .. ledger 000003 declined
        .. held default 10000
        >> completion stan=000004 original=000002 amount=10000
        << 00 stan=000004
        """,
    "of nothing at all": """
        >> completion stan=000003 original=000002 amount=0
        << 13 stan=000003
        .. held default 10000
        """,
    "twice": COMPLETED
    + """
        >> completion stan=000004 original=000002 amount=8000
        << 12 stan=000004
        .. balance default 99992000
        """,
    "again: the stored answer, no second debit": COMPLETED
    + """
        >> completion again=000003
        << 00 stan=000003 approval=of:000003
        .. balance default 99992000
        """,
    "with an approval code that nobody gave": """
        >> completion stan=000003 original=000002 approval_code=NOTHIS
        << 25 stan=000003
        .. held default 10000
        """,
    "without an approval code": """
        >> completion stan=000003 original=000002 without=38
        << 25 stan=000003
        """,
    "with another card": """
        >> completion stan=000003 original=000002 card=no-pin
        << 25 stan=000003
        """,
    "of another day": """
        >> completion stan=000003 original=000002 61.3=0104
        << 25 stan=000003
        """,
    "without a day": """
        >> completion stan=000003 original=000002 61.3=0000
        << 00 stan=000003
        """,
    "in another batch": """
        >> completion stan=000003 original=000002 batch=000009 61.1=000001
        << 00 stan=000003
        """,
    "by another terminal of the merchant": """
        >> sign_on tid=12345679 stan=000001
        << 00 stan=000001
        >> preauth tid=12345679 stan=000005 amount=300
        << 00 stan=000005
        >> completion tid=12345679 stan=000003 original=000005 amount=300
        << 00 stan=000003
        """,
    "of a sale": """
        >> sale stan=000003 amount=1
        << 00 stan=000003
        >> completion stan=000004 original=000003
        << 25 stan=000004
        """,
    "of a declined one": """
        >> preauth stan=000003 amount=101 card=poor
        << 51 stan=000003
        >> completion stan=000004 original=000003 card=poor approval_code=NOTHIS
        << 25 stan=000004
        """,
    "with money that is held for something else": """
        >> preauth stan=000003 amount=60 card=poor
        << 00 stan=000003
        >> preauth stan=000004 amount=40 card=poor
        << 00 stan=000004
        >> completion stan=000005 original=000003 card=poor amount=69
        << 51 stan=000005
        >> completion stan=000006 original=000003 card=poor amount=60
        << 00 stan=000006
        .. held poor 40
        .. balance poor 40
        """,
    "reversed: the authorization is open again": COMPLETED
    + """
        >> reversal original=000003
        << 00 stan=000003 rrn=of:000003
        .. ledger 000003 reversed
        .. ledger 000002 approved
        .. balance default 100000000
        .. held default 10000
        >> completion stan=000004 original=000002 amount=9000
        << 00 stan=000004
        """,
    "reversed after a reversal of its authorization: nothing is left of either": COMPLETED
    + """
        >> reversal original=000002
        << 00 stan=000002
        .. ledger 000002 completed
        >> reversal original=000003
        << 00 stan=000003
        .. ledger 000002 reversed
        .. balance default 100000000
        .. held default 0
        """,
}


@pytest.mark.parametrize("transcript", COMPLETIONS.values(), ids=COMPLETIONS.keys())
def test_a_completion(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


VOIDS = {
    "of an authorization": """
        >> preauth_void stan=000003 original=000002
        << 00 stan=000003 mti=0110 approval=of:000002
        .. ledger 000002 voided
        .. held default 0
        >> preauth_void stan=000004 original=000002
        << 12 stan=000004
        >> completion stan=000005 original=000002
        << 12 stan=000005
        """,
    "of a part of an authorization": """
        >> preauth_void stan=000003 original=000002 amount=9999
        << 64 stan=000003
        .. held default 10000
        """,
    "of an authorization, reversed": """
        >> preauth_void stan=000003 original=000002
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
        .. ledger 000002 approved
        .. held default 10000
        """,
    "of an authorization that nobody made": """
        >> preauth_void stan=000003 original=000002 approval_code=NOTHIS
        << 25 stan=000003
        """,
    "of a completed authorization": COMPLETED
    + """
        >> preauth_void stan=000004 original=000002
        << 12 stan=000004
        .. balance default 99992000
        """,
    "of a completion: the authorization is open, then voided": COMPLETED
    + """
        >> completion_void stan=000004 original=000003
        << 00 stan=000004 mti=0210 approval=of:000003
        .. ledger 000003 voided
        .. ledger 000002 approved
        .. balance default 100000000
        .. held default 10000
        >> preauth_void stan=000005 original=000002
        << 00 stan=000005
        .. held default 0
        """,
    "of a completion, twice": COMPLETED
    + """
        >> completion_void stan=000004 original=000003
        << 00 stan=000004
        >> completion_void stan=000005 original=000003
        << 12 stan=000005
        .. balance default 100000000
        .. held default 10000
        """,
    "of a completion, reversed: it stands, and holds nothing": COMPLETED
    + """
        >> completion_void stan=000004 original=000003
        << 00 stan=000004
        >> reversal original=000004
        << 00 stan=000004
        .. ledger 000003 approved
        .. ledger 000002 completed
        .. balance default 99992000
        .. held default 0
        """,
    "of a part of a completion": COMPLETED
    + """
        >> completion_void stan=000004 original=000003 amount=7999
        << 64 stan=000004
        """,
    "of a completion with another RRN": COMPLETED
    + """
        >> completion_void stan=000004 original=000003 rrn=000000000001
        << 25 stan=000004
        """,
    "of a sale as if it were a completion": """
        >> sale stan=000003 amount=1
        << 00 stan=000003
        >> completion_void stan=000004 original=000003
        << 25 stan=000004
        """,
    "of frozen funds": COMPLETED
    + f"""
        .. merchant {MID} frozen
        >> completion_void stan=000004 original=000003
        << 57 stan=000004
        .. ledger 000003 approved
        """,
}


@pytest.mark.parametrize("transcript", VOIDS.values(), ids=VOIDS.keys())
def test_a_void(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


def test_the_limit_of_a_completion_is_an_option_of_the_book() -> None:
    talk = signed_on(book=replace(BOOK, options={"completion_limit": "100"}))
    talk.play(AUTHORIZED)
    talk.play("""
        >> completion stan=000003 original=000002 amount=10001
        << 64 stan=000003
        >> completion stan=000004 original=000002 amount=10000
        << 00 stan=000004
    """)


def test_a_scenario_approves_in_part() -> None:
    talk = signed_on({"000002": Reply(outcome="partial", set={"amount": "000000004000"})})
    talk.play("""
        >> preauth stan=000002 amount=10000
        << 10 stan=000002 amount=4000 approval=present
        .. held default 4000
    """)


@pytest.mark.parametrize("kind", ["preauth_increment", "preauth_void", "completion_void"])
def test_an_approval_that_a_scenario_decides_books_nothing_without_an_original(kind: str) -> None:
    talk = signed_on({"000003": Reply(outcome="approved")})
    talk.play(f"""
        >> {kind} stan=000003 original=000099 amount=1 approval_code=NOTHIS rrn=000000000001
        << 00 stan=000003 approval=absent
        .. ledger 000003 nothing
        .. held default 0
    """)


def test_a_completion_that_a_scenario_approves_debits_without_an_authorization() -> None:
    talk = signed_on({"000003": Reply(outcome="approved")})
    talk.play("""
        >> completion stan=000003 original=000099 amount=700 approval_code=NOTHIS
        << 00 stan=000003 approval=present
        .. ledger 000003 approved
        .. balance default 99999300
        >> reversal original=000003
        << 00 stan=000003
        .. balance default 100000000
    """)


def test_an_authorization_may_be_chosen_by_its_amount() -> None:
    talk = signed_on(book=replace(BOOK, magic_amounts=True))
    talk.play(">> preauth stan=000002 amount=10051\n<< 51 stan=000002")


def test_every_status_that_changes_is_told_once() -> None:
    talk = signed_on()
    talk.play(AUTHORIZED)
    talk.play(COMPLETED)
    talk.play(">> completion_void stan=000004 original=000003\n<< 00 stan=000004")
    told = [(e["by"], e["stan"], e["status"]) for e in talk.events("ledger_changed")]
    assert told == [
        (2, "000002", "approved"),
        (3, "000003", "approved"),
        (3, "000002", "completed"),
        (4, "000004", "approved"),
        (4, "000003", "voided"),
        (4, "000002", "approved"),
    ]
