"""QR sales (X21): no card number, the payment code in DE 59 stands for the payer's card."""

from __future__ import annotations

import pytest

from tests.host.conversation import MID, Conversation, signed_on

CODE, POOR, UNKNOWN = "6288471093562810417", "6288471093562810607", "6288471093562810995"


def qr(stan: str, code: str = CODE, amount: int = 10_000, de59: str = "") -> str:
    """The request line of a QR sale."""
    value = (de59 or f"A3{len(code):03d}{code}").encode().hex()
    return f">> qr_sale stan={stan} amount={amount} entry_mode=032 de.59={value}"


@pytest.fixture
def talk() -> Conversation:
    return signed_on()


CASES = {
    "debits the card that the code stands for, and tells no card number": f"""
        {qr("000002")}
        << 00 stan=000002 mti=0210 amount=10000 mac=valid approval=present pan=absent
        .. ledger 000002 approved
        .. balance default 99990000
        """,
    "is paid by the code, whatever card it shows besides": f"""
        {qr("000002")} de.35=6212142000000000103D30122011234567
        << 00
        .. balance default 99990000
        .. balance no-pin 100000000
        """,
    "of somebody without the money": f"""
        {qr("000002", POOR)}
        << 51
        .. ledger 000002 declined
        """,
    "of a blocked card": f"""
        .. card default status=lost
        {qr("000002")}
        << 41
        """,
    "by a code that nobody gave out": f"""
        {qr("000002", UNKNOWN)}
        << 14
        """,
    "with something behind the code": f"""
        {qr("000002", de59=f"A3019{CODE}A2003SN1")}
        << 00
        .. balance default 99990000
        """,
    "without a whole code": f"""
        {qr("000002", de59=f"A3020{CODE}")}
        << 30
        {qr("000003", de59=f"A2019{CODE}")}
        << 30
        {qr("000004", de59=f"A30x9{CODE}")}
        << 30
        .. balance default 100000000
        """,
    "without DE 59": f"""
        {qr("000002")} without=59
        << 30
        """,
    "of nothing": f"""
        {qr("000002", amount=0)}
        << 13
        """,
    "again: the stored answer, no second debit": f"""
        {qr("000002")}
        << 00 stan=000002
        >> qr_sale again=000002
        << 00 stan=000002 rrn=of:000002
        .. balance default 99990000
        """,
    "taken back by a reversal, which shows no card either": f"""
        {qr("000002")}
        << 00 stan=000002
        >> reversal original=000002 reason=98
        << 00 stan=000002 pan=absent
        .. ledger 000002 reversed
        .. balance default 100000000
        """,
    "that cannot be voided": f"""
        {qr("000002")}
        << 00 stan=000002
        >> void stan=000003 original=000002
        << 40
        .. ledger 000002 approved
        """,
    "where cards are not permitted (row 56)": f"""
        .. merchant {MID} permits=qr_sale
        >> sale stan=000002 amount=10000
        << 40
        {qr("000003")}
        << 00
        """,
    "where cards may not be taken in another way": f"""
        .. merchant {MID} entry=qr
        >> sale stan=000002 amount=10000
        << 58
        {qr("000003")}
        << 00
        """,
    "where the merchant has no contract for it": f"""
        .. merchant {MID} permits=sale
        {qr("000002")}
        << 40
        """,
    "counted in the totals": f"""
        {qr("000002")}
        << 00 stan=000002
        >> settlement stan=000003 local=10000/1/0/0
        << -- de.48.5=1 de.48.10=1
        """,
}


@pytest.mark.parametrize("name", CASES)
def test_a_qr_sale(talk: Conversation, name: str) -> None:
    talk.play(CASES[name])


def test_a_payment_code_is_in_no_event(talk: Conversation) -> None:
    talk.play(f"{qr('000002')}\n<< 00\n{qr('000003')} 60.1=22\n<< 30")
    lines = "".join(event.line().upper() for event in talk.log.events)
    for code in (CODE, CODE.encode().hex().upper()):
        assert code not in lines
        assert code[6:-4] not in lines
    ours, other = (event["fields"]["59"] for event in talk.events("received")[-2:])
    assert ours == other
    assert set(ours["masked"]) == {"*"}
