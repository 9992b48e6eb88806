"""Partial approvals, settlement as far as it goes, and what a terminal's record restores."""

from __future__ import annotations

import pytest

from switch.host.terminals import HostTerminal
from switch.scenario.model import Reply
from tests.host.conversation import DIALECT, MID, TID, Conversation, signed_on


def partly(**more: object) -> Conversation:
    """A terminal whose sale 000002 is approved in part."""
    return signed_on({"000002": Reply(outcome="partial", **more)})  # type: ignore[arg-type]


PARTIAL = """
    >> sale stan=000002 amount=10000
    << 10 stan=000002 amount=5000 mac=valid approval=present
    .. ledger 000002 approved
    .. balance default 99995000
"""
AFTER_PARTIAL = {
    "a repeat gets the same part": """
        >> sale again=000002
        << 10 amount=5000 rrn=of:000002 approval=of:000002
        .. balance default 99995000
        """,
    "a reversal that names what was asked": """
        >> reversal original=000002
        << 00 rrn=of:000002
        .. ledger 000002 reversed
        .. balance default 100000000
        """,
    "a reversal that names what was granted is of another amount (R4)": """
        >> reversal original=000002 amount=5000
        << 25
        .. ledger 000002 approved
        """,
    "a void of what was granted": """
        >> void stan=000003 original=000002 amount=5000
        << 00 approval=of:000002
        .. ledger 000002 voided
        .. balance default 100000000
        """,
    "a void of what was asked": """
        >> void stan=000003 original=000002 amount=10000
        << 64
        .. ledger 000002 approved
        .. balance default 99995000
        """,
}


@pytest.mark.parametrize("transcript", AFTER_PARTIAL.values(), ids=AFTER_PARTIAL.keys())
def test_a_partial_approval_moves_what_it_grants(transcript: str) -> None:
    talk = partly()
    talk.play(PARTIAL)
    talk.play(transcript)


def test_a_scenario_may_say_how_much_is_granted() -> None:
    talk = partly(set={"amount": "000000002500"})
    talk.play("""
        >> sale stan=000002 amount=10000
        << 10 amount=2500 mac=valid
        .. balance default 99997500
        >> reversal original=000002
        << 00
        .. balance default 100000000
    """)


def test_more_than_was_asked_is_never_granted() -> None:
    talk = partly(set={"amount": "000000099999"})
    talk.play(">> sale stan=000002 amount=10000\n<< 10\n.. balance default 99990000")


def test_another_amount_in_an_approval_in_full_is_only_said() -> None:
    """The wrong-amount fault: the terminal must not believe it (rule V4)."""
    talk = signed_on({"000002": Reply(set={"amount": "000000002500"})})
    talk.play("""
        >> sale stan=000002 amount=10000
        << 00 amount=2500 mac=valid
        .. balance default 99990000
    """)


def test_reversing_sale_and_void_leaves_nothing_standing() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=10000
        << 00
        >> void stan=000003 original=000002
        << 00
        >> reversal original=000002        # nothing is left to take back, but it was answered 00
        << 00
        .. ledger 000002 voided
        >> reversal original=000003
        << 00
        .. ledger 000002 reversed
        .. ledger 000003 reversed
        .. balance default 100000000
    """)


def test_a_balance_inquiry_may_be_repeated() -> None:
    talk = signed_on()
    talk.play("""
        >> balance stan=000002 card=poor
        << 00 balance=1002156C000000000100
        .. card poor balance=7
        >> balance again=000002
        << 00 rrn=of:000002 balance=1002156C000000000100
        >> sale stan=000002 amount=1
        << 94
    """)
    assert talk.events("ledger_changed") == []


# ---- sign-off, and a record that is read back ------------------------------------------------


def test_a_refused_sign_off_keeps_the_keys() -> None:
    talk = signed_on({"000002": Reply(outcome="system_error")})
    talk.play("""
        >> sign_off stan=000002
        << 96 mac=absent
        >> sale stan=000003 amount=1
        << 00 mac=valid
    """)


@pytest.mark.parametrize("code", ["001", "003", "004"])
def test_a_terminal_is_restored_from_its_record(code: str) -> None:
    """The record is all that a journal keeps: the keys as cryptograms under the TMK."""
    talk = Conversation()
    talk.play(f">> sign_on stan=000001 network_code={code}\n<< 00 keys=present")
    known = talk.host.terminals.of(TID, MID)
    again = HostTerminal(known.record, DIALECT)
    assert again.keys == known.keys == talk.side(TID).keys
    assert again.stale_seal() is None
    talk.play(">> sign_off stan=000002\n<< 00")
    assert HostTerminal(known.record, DIALECT).keys is None
