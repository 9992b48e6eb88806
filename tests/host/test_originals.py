"""Which original a reversal or a void means, and what happens to it (protocol 7.3)."""

from __future__ import annotations

import pytest

from switch.scenario.model import Reply
from tests.host.conversation import DIALECT, MID, Conversation, signed_on

SALE = """
    >> sale stan=000002 amount=10000
    << 00 stan=000002 amount=10000 mac=valid approval=present
    .. ledger 000002 approved
    .. balance default 99990000
"""


@pytest.fixture
def talk() -> Conversation:
    """A terminal that has signed on and sold once."""
    conversation = signed_on()
    conversation.play(SALE)
    return conversation


REVERSALS = {
    "a sale": """
        >> reversal original=000002
        << 00 stan=000002 mti=0410 amount=10000 mac=valid rrn=of:000002 approval=absent
        .. ledger 000002 reversed
        .. balance default 100000000
        """,
    "a sale twice: the same answer, no second effect": """
        >> reversal original=000002
        << 00 stan=000002 rrn=present
        >> reversal original=000002
        << 00 stan=000002 rrn=of:000002
        .. ledger 000002 reversed
        .. balance default 100000000
        """,
    "a sale of another amount": """
        >> reversal original=000002 amount=9999
        << 25 stan=000002 rrn=not:000002
        .. ledger 000002 approved
        .. balance default 99990000
        """,
    "a sale with another card": """
        >> reversal original=000002 de.2=6212142000000000103
        << 25 stan=000002
        .. ledger 000002 approved
        """,
    "a sale with its own card": """
        >> reversal original=000002 de.2=6212142000000000012
        << 00 stan=000002 pan=6212142000000000012
        .. ledger 000002 reversed
        """,
    "a sale of another batch": """
        >> reversal original=000002 batch=000002
        << 25 stan=000002
        .. ledger 000002 approved
        """,
    "a sale without its batch number": """
        >> reversal original=000002 batch=000000
        << 00 stan=000002
        .. ledger 000002 reversed
        """,
    "a sale of another merchant": """
        >> reversal original=000002 mid=898310087654321
        << 25 stan=000002
        .. ledger 000002 approved
        """,
    "a declined sale": """
        >> sale stan=000003 amount=10000 card=poor
        << 51 stan=000003 approval=absent
        >> reversal original=000003
        << 00 stan=000003 rrn=of:000003
        .. ledger 000003 declined
        .. balance poor 100
        """,
    "a voided sale: nothing is left to take back": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> reversal original=000002
        << 00 stan=000002
        .. ledger 000002 voided
        .. balance default 100000000
        """,
    "a void: the sale is valid again": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        .. balance default 100000000
        >> reversal original=000003
        << 00 stan=000003 rrn=of:000003
        .. ledger 000002 approved
        .. ledger 000003 reversed
        .. balance default 99990000
        """,
    "a void, after which the sale may be voided again": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
        >> void stan=000004 original=000002
        << 00 stan=000004
        .. ledger 000002 voided
        .. balance default 100000000
        """,
    "the sale after its void was reversed": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
        >> reversal original=000002
        << 00 stan=000002
        .. ledger 000002 reversed
        .. balance default 100000000
        """,
    "a balance inquiry, of which nothing is booked": """
        >> balance stan=000003
        << 00 stan=000003
        >> reversal original=000003 amount=0
        << 25 stan=000003
        .. ledger 000003 nothing
        """,
}


@pytest.mark.parametrize("transcript", REVERSALS.values(), ids=REVERSALS.keys())
def test_a_reversal_of(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


VOIDS = {
    "a sale: its own approval code, and the original named": """
        >> void stan=000003 original=000002
        << 00 stan=000003 mac=valid approval=of:000002 rrn=not:000002 61.2=000002 amount=10000
        .. ledger 000002 voided
        .. ledger 000003 approved
        .. balance default 100000000
        """,
    "a sale twice": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> void stan=000004 original=000002
        << 12 stan=000004 approval=absent
        .. ledger 000004 declined
        .. balance default 100000000
        """,
    "a sale that nobody made": """
        >> void stan=000003 original=000099 amount=10000 rrn=100000000099
        << 25 stan=000003
        .. ledger 000003 declined
        """,
    "a sale of another batch": """
        >> void stan=000003 original=000002 61.1=000009
        << 25 stan=000003
        .. ledger 000002 approved
        """,
    "a sale with another RRN": """
        >> void stan=000003 original=000002 rrn=000000000001
        << 25 stan=000003
        """,
    "a sale without its RRN": """
        >> void stan=000003 original=000002 without=37
        << 00 stan=000003 approval=of:000002
        """,
    "a void": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> void stan=000004 original=000003
        << 25 stan=000004
        .. balance default 100000000
        """,
    "a reversed sale": """
        >> reversal original=000002
        << 00 stan=000002
        >> void stan=000003 original=000002
        << 25 stan=000003
        .. balance default 100000000
        """,
    "a declined sale": """
        >> sale stan=000003 amount=10000 card=poor
        << 51 stan=000003
        >> void stan=000004 original=000003 card=poor
        << 12 stan=000004
        """,
    "a sale with another card": """
        >> void stan=000003 original=000002 card=no-pin
        << 14 stan=000003
        .. ledger 000002 approved
        """,
    "a part of a sale": """
        >> void stan=000003 original=000002 amount=5000
        << 64 stan=000003
        .. ledger 000002 approved
        """,
    "a sale of the settlement date before": """
        .. clock 23:00
        >> void stan=000003 original=000002
        << 12 stan=000003 settles=0106 date=0105
        .. ledger 000002 approved
        """,
}


@pytest.mark.parametrize("transcript", VOIDS.values(), ids=VOIDS.keys())
def test_a_void_of(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


RACES = {
    "a reversal overtakes its sale": """
        >> sale stan=000009 amount=1 header=903100310000   # lost on its way
        << nothing
        >> reversal original=000009
        << 25 stan=000009
        >> sale stan=000009 amount=1 again=000009
        << 12 stan=000009 approval=absent
        .. ledger 000009 nothing
        .. balance default 99990000
        """,
    "a sale after its own reversal": """
        >> reversal original=000002
        << 00 stan=000002
        >> sale again=000002
        << 12 stan=000002 rrn=of:000002 approval=absent
        .. ledger 000002 reversed
        .. balance default 100000000
        """,
    "a repeat with the same content": """
        >> sale again=000002
        << 00 stan=000002 mac=valid rrn=of:000002 approval=of:000002 time=of:000002
        .. ledger 000002 approved
        .. balance default 99990000
        """,
    "a repeat of a decline": """
        >> sale stan=000003 amount=10000 card=poor
        << 51 stan=000003
        .. card poor balance=10000
        >> sale again=000003
        << 51 stan=000003 rrn=of:000003
        .. balance poor 10000
        """,
    "a repeat of a sale that was voided since": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> sale again=000002
        << 00 stan=000002 rrn=of:000002
        .. ledger 000002 voided
        .. balance default 100000000
        """,
    "a repeat of a void": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> void again=000003
        << 00 stan=000003 rrn=of:000003 approval=of:000002
        .. balance default 100000000
        """,
    "a repeat of a void that was reversed": """
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
        >> void again=000003
        << 12 stan=000003
        .. ledger 000002 approved
        .. balance default 99990000
        """,
    "the STAN of another sale": """
        >> sale stan=000002 amount=5000
        << 94 stan=000002 rrn=not:000002
        .. ledger 000002 approved
        .. balance default 99990000
        """,
    "the STAN of a sale in a void": """
        >> sale stan=000003 amount=1
        << 00 stan=000003
        >> void stan=000003 original=000002
        << 94 stan=000003
        .. ledger 000002 approved
        """,
    "the same STAN in another batch": """
        >> sale stan=000002 amount=5000 batch=000002
        << 00 stan=000002 rrn=not:000002
        .. balance default 99985000
        """,
    "the same STAN of another terminal": """
        >> sign_on tid=12345679 stan=000001
        << 00 stan=000001 keys=present
        >> sale tid=12345679 stan=000002 amount=5000
        << 00 stan=000002 tid=12345679
        .. balance default 99985000
        """,
    "a repeat with a PIN typed again": """
        >> sale stan=000002 amount=10000 pin=999999
        << 00 stan=000002 rrn=of:000002
        .. balance default 99990000
        """,
    "a reversal refused for its amount does not spoil a repeat": """
        >> reversal original=000002 amount=9999
        << 25 stan=000002
        >> sale again=000002
        << 00 stan=000002 mac=valid
        .. ledger 000002 approved
        """,
}


@pytest.mark.parametrize("transcript", RACES.values(), ids=RACES.keys())
def test_a_race(talk: Conversation, transcript: str) -> None:
    talk.play(transcript)


def test_a_reversal_while_the_sale_is_in_progress_finds_it() -> None:
    talk = signed_on({"000002": Reply(hold_until="release")})
    talk.play("""
        >> sale stan=000002 amount=10000
        << nothing
        .. ledger 000002 approved
        >> reversal original=000002
        << 00 stan=000002 mti=0410
        .. ledger 000002 reversed
        .. release 2                      # the sale's approval, late
        << 00 stan=000002 mti=0210 mac=valid
        .. ledger 000002 reversed
        .. balance default 100000000
    """)


def test_a_void_while_the_reversal_of_its_sale_is_unheard_is_accepted_then_reversed_in_vain() -> (
    None
):
    talk = signed_on({"000003": Reply(unheard=True)})
    talk.play(SALE)
    talk.play("""
        >> void stan=000003 original=000002
        << nothing
        .. ledger 000003 nothing
        .. ledger 000002 approved
        >> reversal original=000003       # the terminal never heard of its void
        << 25 stan=000003
        >> void again=000003
        << 12 stan=000003
        .. balance default 99990000
    """)


def test_a_replay_says_so_in_the_log_and_books_nothing(talk: Conversation) -> None:
    before = len(talk.events("ledger_changed"))
    talk.play(">> sale again=000002\n<< 00 stan=000002")
    decided = talk.events("decided")[-1]
    assert (decided["replay"], decided["because"]) == (
        True,
        "a repeat: the stored answer again (7.4)",
    )
    assert len(talk.events("ledger_changed")) == before


def test_a_reversed_void_tells_of_both_entries(talk: Conversation) -> None:
    talk.play("""
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> reversal original=000003
        << 00 stan=000003
    """)
    told = [(e["by"], e["stan"], e["status"]) for e in talk.events("ledger_changed")]
    assert told == [
        (2, "000002", "approved"),
        (3, "000003", "approved"),
        (3, "000002", "voided"),
        (4, "000003", "reversed"),
        (4, "000002", "approved"),
    ]


# ---- a scenario decides in the acquirer's place ----------------------------------------------


def test_a_planned_approval_books_what_the_acquirer_would_have_refused() -> None:
    talk = signed_on({"000002": Reply(outcome="approved")})
    talk.play("""
        >> sale stan=000002 amount=10000 card=poor
        << 00 stan=000002 approval=present
        .. ledger 000002 approved
        .. balance poor -9900
        >> balance stan=000003 card=poor
        << 00 stan=000003 balance=1002156D000000009900
    """)
    assert talk.events("decided")[1]["own"] == "insufficient_funds"


def test_a_planned_decline_books_a_decline() -> None:
    talk = signed_on({"000002": Reply(code="05"), "000003": Reply(outcome="system_error")})
    talk.play("""
        >> sale stan=000002 amount=10000
        << 05 stan=000002 approval=absent
        .. ledger 000002 declined
        .. balance default 100000000
        >> balance stan=000003
        << 96 stan=000003 balance=absent
    """)


def test_an_approved_reversal_or_void_without_an_original_books_nothing() -> None:
    approved = Reply(outcome="approved")
    talk = signed_on({"000009": approved, "000003": approved})
    talk.play("""
        >> sale stan=000009 amount=1 tpdu=9900030000
        << nothing
        >> reversal original=000009
        << 00 stan=000009
        .. ledger 000009 nothing
        >> void stan=000003 original=000099 amount=10000
        << 00 stan=000003 approval=absent
        .. ledger 000003 nothing
        .. balance default 100000000
    """)


def test_a_planned_refusal_of_a_reversal_leaves_the_sale_and_the_next_try_takes_it_back() -> None:
    talk = signed_on()
    talk.play(SALE)
    talk.host.director.planned["000002"] = Reply(outcome="system_error")  # type: ignore[attr-defined]
    talk.play("""
        >> reversal original=000002
        << 96 stan=000002
        .. ledger 000002 approved
        >> reversal original=000002
        << 00 stan=000002
        .. ledger 000002 reversed
        .. balance default 100000000
    """)


def test_a_planned_approval_never_voids_a_void() -> None:
    talk = signed_on({"000004": Reply(outcome="approved")})
    talk.play(SALE)
    talk.play("""
        >> void stan=000003 original=000002
        << 00 stan=000003
        >> void stan=000004 original=000003 amount=10000
        << 00 stan=000004
        .. ledger 000003 approved
        .. balance default 100000000
    """)


def test_a_planned_approval_of_a_part_void_gives_back_what_its_reversal_takes() -> None:
    talk = signed_on({"000003": Reply(outcome="approved")})
    talk.play(SALE)
    talk.play("""
        >> void stan=000003 original=000002 amount=5000
        << 00 stan=000003
        .. balance default 100000000
        >> reversal original=000003
        << 00 stan=000003
        .. ledger 000002 approved
        .. balance default 99990000
    """)


# ---- numbers and dates (7.2) -----------------------------------------------------------------


def test_every_transaction_has_its_own_rrn() -> None:
    talk = signed_on()
    for number in range(2, 42):
        talk.play(f">> balance stan={number:06d}\n<< 00 rrn=present acquirer=48020000")
    side = talk.side("12345678")
    rrns = {answer[37] for answer in side.answers.values()}
    assert len(rrns) == 41
    assert all(len(rrn) == 12 and rrn.startswith("100000") for rrn in rrns)


def test_the_running_number_of_an_rrn_wraps() -> None:
    talk = signed_on()
    talk.host._numbers.sequence = 999_999
    talk.play(">> balance stan=000002\n<< 00 rrn=100000000001")


def test_approval_codes_are_six_characters_and_differ() -> None:
    talk = signed_on()
    for number in range(2, 22):
        talk.play(f">> sale stan={number:06d} amount=1\n<< 00 approval=present")
    codes = [answer[38] for answer in talk.side("12345678").answers.values() if 38 in answer]
    assert len(set(codes)) == 20
    assert all(len(code) == 6 and code.isalnum() and code == code.upper() for code in codes)


@pytest.mark.parametrize(
    ("clock", "settles"),
    [("22:59", "0105"), ("23:00", "0106"), ("23:59", "0106"), ("00:00", "0105")],
)
def test_the_settlement_date_advances_at_23_and_the_date_does_not(clock: str, settles: str) -> None:
    talk = signed_on()
    time = clock.replace(":", "") + "00"
    talk.play(f"""
        .. clock {clock}
        >> sale stan=000002 amount=1
        << 00 time={time} date=0105 settles={settles}
    """)


def test_the_first_three_parts_of_de_60_come_back() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=1 60.4=6 60.5=2
        << 00 control=22000001000
        >> echo stan=000003
        << 00 control=00000001301 stan=absent
        >> sign_on stan=000004
        << 00 control=00000001003
    """)


def test_what_the_host_writes_about_the_card_and_itself() -> None:
    talk = signed_on()
    talk.play(f"""
        >> sale stan=000002 amount=1
        << 00 pan=6212142000000000012 de.14=3012 acquirer=48020000 mid={MID} remarks=CUP
        >> void stan=000003 original=000002
        << 00 pan=6212142000000000012 de.14=absent 63.1=CUP
    """)
    institution = talk.side("12345678").answers["000002"][44]
    assert institution == "48020000   48020000   "


def test_the_balance_is_told_in_de_54() -> None:
    talk = signed_on()
    talk.play(">> balance stan=000002 card=poor\n<< 00 balance=1002156C000000000100 amount=absent")
    assert DIALECT.currency == "156"
