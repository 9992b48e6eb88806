"""Settlement and batch upload at the host, as transcripts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.scenario.model import Reply

from .conversation import BOOK, MID, TID, Conversation, signed_on

DAY = """
    >> sale stan=000002 amount=10000
    << 00
    >> sale stan=000003 amount=2500
    << 00
    >> void stan=000004 original=000003
    << 00
    >> sale stan=000005 amount=700 card=foreign
    << 00
    >> sale stan=000006 amount=100000000000
    << 51
    >> sale stan=000007 amount=900
    << 00
    >> reversal original=000007
    << 00
"""
TOTALS = "local=12500/2/2500/1 foreign=700/1/0/0"


def day() -> Conversation:
    talk = signed_on()
    talk.play(DAY)
    return talk


def test_equal_totals_balance_and_the_end_opens_the_next_batch() -> None:
    talk = day()
    talk.play(f"""
        >> settlement stan=000008 {TOTALS}
        << -- mti=0510 mac=absent de.48.1=000000012500 de.48.5=1 de.48.10=1 settles=0105
        .. batch 000001
        >> batch_end stan=000009 network_code=207 records=0000
        << 00 mti=0330 de.48=0000
        .. batch 000002
        >> sign_on stan=000010
        << 00 control=00000002003
    """)


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        ("local=12500/2/2500/1", "de.48.5=1 de.48.10=2"),
        ("local=12500/2/0/0 foreign=700/1/0/0", "de.48.5=2 de.48.10=1"),
        ("local=12500/1/2500/1 foreign=700/1/0/0", "de.48.5=2 de.48.10=1"),
        ("local=12501/2/2500/1 foreign=701/1/0/0", "de.48.5=2 de.48.10=2"),
    ],
)
def test_each_group_has_its_own_flag(told: str, flags: str) -> None:
    """7.5: amounts and counts of debits and credits, group by group."""
    day().play(f">> settlement stan=000008 {told}\n<< -- {flags} de.48.1=000000012500")


def test_a_host_that_echoes_the_totals() -> None:
    """X20: some hosts repeat what the terminal said."""
    talk = signed_on(book=replace(BOOK, options={"settlement_totals": "echo"}))
    talk.play("""
        >> settlement stan=000002 local=5/1/0/0
        << -- de.48.1=000000000005 de.48.5=2 de.48.10=1
    """)


@pytest.mark.parametrize("without", ["48", "local", "short"])
def test_totals_that_cannot_be_read_are_answered_with_flag_3(without: str) -> None:
    digits = {"48": "without=48", "local": "de.48=0000", "short": "de.48=" + "0" * 50}[without]
    talk = day()
    talk.play(f">> settlement stan=000008 {digits}\n<< -- de.48.5=3 de.48.10=3")
    assert not talk.events("batch_changed")


def test_a_host_that_cannot_compare_says_so() -> None:
    talk = signed_on({"000002": Reply(outcome="system_error")})
    talk.play("""
        >> settlement stan=000002
        << -- de.48.5=3 de.48.10=3
        .. batch 000001
    """)


def test_settlement_needs_no_sign_on_and_no_active_merchant() -> None:
    """7.1: from a known terminal it is always accepted."""
    Conversation().play(f"""
        .. merchant {MID} suspended
        >> settlement stan=000001
        << -- de.48.5=1 de.48.10=1
    """)


def test_what_the_terminal_never_had_is_taken_back_after_202() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=10000
        << 00
        >> sale stan=000003 amount=2500
        << 00
        >> settlement stan=000004 local=10000/1/0/0
        << -- de.48.5=2
        >> batch_upload stan=000005 details=00:000002:default:10000
        << 00 de.48=01
        .. ledger 000003 approved
        >> batch_end stan=000006 network_code=202 records=0001
        << 00
        .. ledger 000002 approved
        .. ledger 000003 reversed
        .. balance default 99990000
        .. batch 000002
    """)
    assert talk.decided()[-1][1] == "taken back, the terminal does not have it: STAN 000003"


def test_what_only_the_terminal_has_is_booked_after_202_and_is_a_duplicate_later() -> None:
    talk = signed_on()
    talk.play("""
        >> settlement stan=000003 local=10000/1/0/0
        << -- de.48.5=2
        >> batch_upload stan=000004 details=00:000002:default:10000
        << 00
        >> batch_end stan=000005 network_code=202 records=0001
        << 00
        .. ledger 000002 approved
        .. balance default 99990000
        >> sale stan=000002 amount=10000
        << 94
        .. balance default 99990000
    """)
    closed = talk.events("batch_changed")[-1]
    assert closed["told"] == closed["held"]


def test_what_the_host_reversed_stays_so_for_people_to_look_into() -> None:
    talk = day()
    talk.play("""
        >> settlement stan=000008 local=900/1/0/0 foreign=700/1/0/0
        << -- de.48.5=2 de.48.10=1
        >> batch_upload stan=000009 details=00:000007:default:900
        << 00
        >> batch_end stan=000010 network_code=202 records=0001
        << 00
        .. ledger 000007 reversed
    """)
    because = talk.decided()[-1][1]
    assert because.endswith("disputed, the host has it otherwise: STAN 000007")


def test_a_voided_sale_that_the_terminal_has_neither_of_leaves_no_trace() -> None:
    talk = day()
    talk.play("""
        >> settlement stan=000008 local=10000/1/0/0 foreign=700/1/0/0
        << -- de.48.5=2
        >> batch_upload stan=000009 details=00:000002:default:10000
        << 00
        >> batch_end stan=000010 network_code=202 records=0001
        << 00
        .. ledger 000004 reversed
        .. ledger 000003 reversed
        .. balance default 99990000
    """)


def test_the_other_group_is_left_alone() -> None:
    talk = day()
    talk.play("""
        >> settlement stan=000008 foreign=700/1/0/0
        << -- de.48.5=2 de.48.10=1
        >> batch_end stan=000009 network_code=202 records=0000
        << 00
        .. ledger 000002 reversed
        .. ledger 000005 approved
    """)


def test_after_207_nothing_is_compared() -> None:
    talk = day()
    talk.play("""
        >> settlement stan=000008
        << -- de.48.5=2 de.48.10=2
        >> batch_end stan=000009 network_code=207 records=0000
        << 00
        .. ledger 000002 approved
        .. batch 000002
    """)


def test_a_repeated_block_and_a_repeated_end_change_nothing() -> None:
    talk = day()
    talk.play(f"""
        >> settlement stan=000008 {TOTALS}
        << -- de.48.5=1
        >> batch_upload stan=000009 details=00:000002:default:10000
        << 00
        >> batch_upload again=000009
        << 00 de.48=01
        >> batch_end stan=000010 network_code=207 records=0001
        << 00
        >> batch_end again=000010
        << 00
        .. batch 000002
    """)
    assert len(talk.events("batch_changed")) == 2


@pytest.mark.parametrize("digits", ["0200000262121420000000000120000000010000", "02", "99"])
def test_a_block_that_announces_more_than_it_holds_is_a_format_error(digits: str) -> None:
    talk = signed_on()
    talk.play(f">> batch_upload stan=000002 details=00:000002:default:1 de.48={digits}\n<< 30")


def test_details_are_facts_without_the_card_number() -> None:
    talk = signed_on()
    talk.play("""
        >> batch_upload stan=000002 details=00:000005:default:700,01:000006:foreign:80
        << 00 de.48=02
    """)
    received = talk.events("received")[-1]
    assert received["facts"]["details"] == [
        {"stan": "000005", "amount": 700, "card_class": "local"},
        {"stan": "000006", "amount": 80, "card_class": "foreign"},
    ]
    assert received["fields"]["48"]["masked"].strip("*") == ""
    assert talk.events("sent")[-1]["fields"]["48"] == "02"


def test_a_notice_counts_for_the_transaction_that_it_names() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=10000
        << 00
        >> settlement stan=000003 local=10000/1/5/1
        << -- de.48.5=2
        >> batch_notice stan=000004 amount=10000 de.2=6212142000000000012 network_code=000 original.stan=000002 original.batch=000001
        << 00
        >> batch_ic_failed stan=000005 amount=1 de.2=6212142000000000012 network_code=206
        << 00
        >> batch_end stan=000006 network_code=202 records=0001
        << 00
        .. ledger 000002 approved
    """)  # noqa: E501


def test_a_batch_that_began_in_the_case_before_counts_on() -> None:
    before = signed_on()
    before.play(">> sale stan=000002 amount=10000\n<< 00")
    Conversation(before=before).play("""
        >> sale stan=000003 amount=500
        << 00
        >> settlement stan=000004 local=10500/2/0/0
        << -- de.48.5=1
    """)


def test_the_batch_after_999999_is_1() -> None:
    talk = signed_on()
    talk.host.terminals.of(TID, MID).record.batch = 999_999
    talk.play("""
        >> batch_end stan=000002 batch=999999 network_code=207 records=0000
        << 00
        .. batch 000001
    """)


def test_a_refund_that_only_a_notice_tells_of_gives_money_back() -> None:
    talk = signed_on()
    before = talk.host.world.cards["6212142000000000012"].balance
    talk.play("""
        >> sale stan=000002 amount=10000
        << 00
        >> settlement stan=000003 local=10000/1/3000/1
        << -- de.48.5=2
        >> batch_upload stan=000004 details=00:000002:default:10000
        << 00
        >> batch_notice stan=000005 network_code=000 3=200000 25=00 60.1=25 2=6212142000000000012 amount=3000 currency=156 original.batch=000001 original.stan=000009
        << 00
        >> batch_end stan=000006 network_code=202 records=0002
        << 00
    """)  # noqa: E501
    assert talk.host.world.cards["6212142000000000012"].balance == before - 10000 + 3000


def test_a_settlement_takes_no_money_back_that_an_earlier_case_moved() -> None:
    """The cards of this case are back at the book: only the booking is undone."""
    first = signed_on()
    first.play(">> sale stan=000002 amount=10000\n<< 00")
    talk = Conversation(before=first)
    before = talk.host.world.cards["6212142000000000012"].balance
    talk.play("""
        >> settlement stan=000004 local=0/0/0/0
        << -- de.48.5=2
        >> batch_end stan=000006 network_code=202 records=0000
        << 00
    """)
    assert talk.host.world.cards["6212142000000000012"].balance == before


def test_details_under_the_code_of_another_message_stay_secret() -> None:
    talk = signed_on()
    details = "01" + "00" + "000002" + "6212142000000000012".rjust(20, "0") + "000000010000"
    for stan, code in (("000002", "000"), ("000003", "202"), ("000004", "203")):
        talk.play(f">> batch_notice stan={stan} network_code={code} 48={details}\n<< 00")
    lines = "\n".join(event.line() for event in talk.log.events)
    assert "6212142000000000012" not in lines
