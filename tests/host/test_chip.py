"""Chip cards at the host: ARQC verified, ARPC and scripts in the answer, script results noted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.acquirer import Book
from switch.message.tlv import read_tags
from switch.scenario.model import Reply
from switch.security.chip import issuer_authentication
from switch.security.emv import icc_master_key

from .conversation import BOOK, Conversation, signed_on

SCRIPT = "9F180400000001860504DA9F7900"
RESULT = ("amount=100 61.1=000001 61.2=000002 61.3=0723 rrn=100000000001 approval_code=A00001 "
          "processing_code=000000 60.3=951 de.55=")  # fmt: skip
RAN, DID_NOT = "DF310520000000019F36020157", "DF310511000000019F36020157"


def verdicts(talk: Conversation) -> list[str]:
    return [event["facts"]["arqc"] for event in talk.events("received")]


def answered(talk: Conversation, stan: str) -> dict[str, str]:
    """The tags of the response."""
    sides = talk.sides["12345678"].answers
    return read_tags(sides[stan].get(55))


def test_a_right_cryptogram_is_answered_with_the_issuers_own() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=10000 chip=right
        << 00 stan=000002 mac=valid approval=present
        >> balance stan=000003 chip=right
        << 00 stan=000003 balance=present
    """)
    assert verdicts(talk) == ["absent", "valid", "valid"]
    card = BOOK.card()
    key = icc_master_key(bytes.fromhex(BOOK.issuer_key), card.pan, "01")
    sent = read_tags(talk.sides["12345678"].sent["000002"][55])
    assert answered(talk, "000002") == {"91": issuer_authentication(key, sent, "00")}


def test_a_decline_is_authenticated_with_its_own_code() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=10000 chip=right card=poor
        << 51 stan=000002 mac=valid
    """)
    assert answered(talk, "000002")["91"].endswith("3531")


@pytest.mark.parametrize(
    "chip",
    [
        "9F26:0000000000000000",
        "9F36:0158",
        "9F02:000000000001",  # the card agreed to another amount
        "9F37:",
        "95:0000",
        "9F10:0701",
    ],
)
def test_a_wrong_cryptogram_is_declined_and_gets_no_arpc(chip: str) -> None:
    talk = signed_on()
    talk.play(f"""
        >> sale stan=000002 amount=10000 chip={chip}
        << 63 stan=000002 mac=valid de.55=absent
        .. ledger 000002 declined
        .. balance default 100000000
    """)
    assert verdicts(talk)[-1] == "wrong"
    assert talk.decided()[-1][1] == "the ARQC of card default does not verify"


def test_the_book_may_decline_a_wrong_cryptogram_as_do_not_honour() -> None:
    book = replace(BOOK, options={"wrong_cryptogram": "do_not_honour"})
    signed_on(book=book).play("""
        >> sale stan=000002 amount=10000 chip=9F26:0000000000000000
        << 05 stan=000002 mac=valid
    """)


STRIPE_ONLY = {name: replace(card, sequence="") for name, card in BOOK.cards.items()}


@pytest.mark.parametrize(
    "book", [replace(BOOK, issuer_key=""), replace(BOOK, cards=STRIPE_ONLY)],
    ids=["an issuer without keys", "a card without a chip"],
)  # fmt: skip
def test_a_card_whose_key_the_host_does_not_have_is_not_checked(book: Book) -> None:
    talk = signed_on(book=book)
    talk.play("""
        >> sale stan=000002 amount=10000 chip=9F26:0000000000000000
        << 00 stan=000002 mac=valid de.55=absent
    """)
    assert verdicts(talk)[-1] == "unchecked"


def test_a_scenario_may_spoil_one_tag_of_the_answer() -> None:
    talk = signed_on({"000002": Reply(set={"script_after": SCRIPT, "issuer_authentication": "00"})})
    talk.play("""
        >> sale stan=000002 amount=10000 chip=right
        << 00 stan=000002
    """)
    assert answered(talk, "000002") == {"91": "00", "72": SCRIPT}


def scripted() -> Conversation:
    card = replace(BOOK.cards["default"], script_before="860504DA9F7900", script_after=SCRIPT)
    return signed_on(book=replace(BOOK, cards={**BOOK.cards, "default": card}))


@pytest.mark.parametrize(("result", "handed_out_again"), [(RAN, False), (DID_NOT, True)])
def test_a_script_waits_until_the_card_has_run_it(result: str, handed_out_again: bool) -> None:
    talk = scripted()
    talk.play(f"""
        >> sale stan=000002 amount=100 chip=right
        << 00 stan=000002
        >> script_result stan=000003 {RESULT}{result}
        << 00 stan=000003 mac=valid mti=0630
        >> sale stan=000004 amount=100 chip=right
        << 00 stan=000004
    """)
    assert answered(talk, "000002").keys() == {"91", "71", "72"}
    assert ("72" in answered(talk, "000004")) == handed_out_again
    assert [entry.kind for entry in talk.host.world.ledger.entries] == ["sale", "sale"]


def test_a_result_without_its_original_is_stored_all_the_same() -> None:
    talk = signed_on()
    talk.play(f"""
        >> script_result stan=000003 {RESULT}{RAN}
        << 00 stan=000003 mac=valid
    """)
    assert talk.decided()[-1][1].endswith("of a transaction that is not in the ledger")


def test_what_the_tags_lack_is_a_finding() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=100 chip=82:
        << 63 stan=000002
        >> reversal original=000002 de.55=95050000000000820200009F360201579F1E083132333435363738
        << 00 stan=000002
    """)
    found = [event["facts"]["format"] for event in talk.events("received")][1:]
    assert "DE 55 (IC data): tag 82 is missing (2.8)" in found[0]
    assert found[1] == ["DE 55 (IC data): tag 82 must not be there (R6)"]


def test_a_chip_sale_that_was_made_without_the_host_is_booked() -> None:
    signed_on().play("""
        >> ic_offline_sale stan=000002 amount=10000 chip=9F27:40
        << 00 stan=000002 mac=valid approval=absent de.55=absent
        >> ic_offline_sale again=000002
        << 00 stan=000002 mac=valid
        .. ledger 000002 approved
        .. balance default 99990000
        >> ic_offline_sale stan=000003 amount=10000 chip=9F26:0000000000000000
        << 63 stan=000003 mac=valid
        .. ledger 000003 declined
    """)
