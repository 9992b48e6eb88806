"""What the terminal did without asking: offline sale, adjustment, tip, completion advice."""

from __future__ import annotations

import pytest

from switch.scenario.model import Reply

from .conversation import MID, signed_on

OFFLINE = "condition=00 original.batch=000000 original.stan=000000 61.3=0000 61.4=01"
EXCESSIVE = 100_000_001  # one more than any card of the book holds


def test_an_offline_sale_is_booked_even_if_the_card_is_empty_by_now() -> None:
    signed_on().play(f"""
        >> offline_sale stan=000002 amount={EXCESSIVE} {OFFLINE}
        << 00 stan=000002 mti=0230 mac=valid approval=absent settles=0105
        .. ledger 000002 approved
        .. balance default -1
    """)


def test_it_is_taken_from_a_suspended_merchant() -> None:
    """7.1: the upload of earlier offline sales is always accepted."""
    signed_on().play(f"""
        .. merchant {MID} suspended
        >> offline_sale stan=000002 amount=500 {OFFLINE}
        << 00
        >> sale stan=000003 amount=500
        << 03
    """)


def test_a_repeat_is_answered_alike_and_booked_once() -> None:
    signed_on().play(f"""
        >> offline_sale stan=000002 amount=500 {OFFLINE}
        << 00
        >> offline_sale again=000002
        << 00 rrn=of:000002
        .. balance default 99999500
    """)


@pytest.mark.parametrize(
    ("request_", "code"), [("amount=500 card=lost", "41"), ("amount=0", "13"),
                           ("amount=500 card=6212142000000009999", "14")],
)  # fmt: skip
def test_what_cannot_be_booked_is_refused(request_: str, code: str) -> None:
    signed_on().play(f"""
        >> offline_sale stan=000002 {request_} {OFFLINE}
        << {code}
        .. ledger 000002 declined
    """)


@pytest.mark.parametrize("kind", ["adjustment", "tip"])
@pytest.mark.parametrize("original", ["sale", "offline_sale"])
def test_a_new_amount_takes_the_place_of_the_sale(kind: str, original: str) -> None:
    more = OFFLINE if original == "offline_sale" else ""
    talk = signed_on()
    talk.play(f"""
        >> {original} stan=000002 amount=10000 {more}
        << 00
        >> {kind} stan=000003 amount=11000 original.batch=000001 original.stan=000002
        << 00 mti=0230
        .. ledger 000002 adjusted
        .. ledger 000003 approved
        .. balance default 99989000
        >> settlement stan=000004 local=11000/1/0/0
        << -- de.48.5=1
    """)
    told = [(e["stan"], e["status"]) for e in talk.events("ledger_changed")]
    assert told == [("000002", "approved"), ("000003", "approved"), ("000002", "adjusted")]


ADJUST = "original.batch=000001 original.stan="


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (f"amount=500 {ADJUST}000009", "25"),
        (f"amount=500 {ADJUST}000002 card=no-pin", "14"),
        (f"amount=0 {ADJUST}000002", "13"),
        (f"amount=500 {ADJUST}000003", "25"),
    ],
)
def test_an_adjustment_of_nothing_is_refused(asked: str, code: str) -> None:
    signed_on().play(f"""
        >> sale stan=000002 amount=10000
        << 00
        >> void stan=000003 original=000009 amount=10000
        << 25
        >> adjustment stan=000004 {asked}
        << {code}
        .. ledger 000002 approved
        .. balance default 99990000
    """)


def test_what_was_adjusted_is_neither_adjusted_nor_voided_again() -> None:
    signed_on().play(f"""
        >> sale stan=000002 amount=10000
        << 00
        >> adjustment stan=000003 amount=9000 {ADJUST}000002
        << 00
        >> tip stan=000004 amount=12000 {ADJUST}000002
        << 12
        >> void stan=000005 original=000002
        << 12
        .. balance default 99991000
    """)


def test_a_scenario_cannot_adjust_what_is_not_there() -> None:
    talk = signed_on({"000002": Reply(outcome="approved")})
    talk.play(f"""
        >> adjustment stan=000002 amount=500 {ADJUST}000009
        << 00
        .. ledger 000002 nothing
    """)


def test_a_completion_advice_closes_its_authorization() -> None:
    """U6: booked like a completion, from a suspended merchant, too."""
    signed_on().play(f"""
        >> preauth stan=000002 amount=10000
        << 00
        .. held default 10000
        .. merchant {MID} suspended
        >> completion_advice stan=000003 original=000002 amount=8000
        << 00 mti=0230 mac=valid
        .. held default 0
        .. balance default 99992000
        .. ledger 000002 completed
        >> completion_advice again=000003
        << 00
        .. balance default 99992000
        >> completion_advice stan=000004 original=000002 amount=8000
        << 12
        >> settlement stan=000005 local=8000/1/0/0
        << -- de.48.5=1
    """)


def test_a_completion_advice_without_an_authorization_is_refused() -> None:
    signed_on().play("""
        >> completion_advice stan=000002 amount=1 approval_code=NOBODY 61.3=0105
        << 25
        .. ledger 000002 declined
    """)


def test_a_sale_that_was_refunded_in_part_is_not_adjusted() -> None:
    signed_on().play("""
        >> sale stan=000002 amount=10000
        << 00
        >> refund stan=000003 original=000002 amount=3000
        << 00
        >> adjustment stan=000004 original=000002 amount=12000 original.batch=000001 original.stan=000002 entry_mode=012
        << 12
        .. balance default 99993000
    """)  # noqa: E501
