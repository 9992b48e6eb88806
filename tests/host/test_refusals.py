"""What the host refuses, in the order of protocol 7.1, and what it says then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.acquirer.book import Merchant
from switch.dialect.file import with_options
from switch.scenario.model import Reply
from tests.host.conversation import BOOK, DIALECT, MID, TID, Conversation, signed_on

OTHER_MID = "898310087654321"
SALE = DIALECT.build(
    "sale",
    {
        "stan": "000002", "amount": "000000010000", "35": "6212142000000000012D3012201",
        "entry_mode": "021", "terminal_id": TID, "merchant_id": MID, "currency": "156",
        "batch": "000001", "network_code": "000",
    },
)  # fmt: skip


# ---- step 1: route -------------------------------------------------------------------------


@pytest.mark.parametrize("envelope", ["tpdu=6100030000", "header=503100310000"])
def test_a_frame_of_another_route_is_dropped_in_silence(envelope: str) -> None:
    talk = signed_on()
    talk.play(f">> sale stan=000002 amount=1 {envelope}\n<< nothing\n.. ledger 000002 nothing")
    (dropped,) = talk.events("unreadable")
    assert "is not ours: no answer" in dropped["text"]
    assert talk.said[-1].number == 0


def test_any_nii_is_ours_and_addresses_are_swapped() -> None:
    talk = signed_on()
    talk.play(
        ">> echo tpdu=6012345678 header=613200329912\n<< 00 tpdu=6056781234 header=613200329912"
    )


def test_a_response_from_a_terminal_is_not_answered() -> None:
    talk = Conversation()
    talk.sends_body(DIALECT.encode(replace(SALE, mti="0210")).join())
    talk.play("<< nothing")
    assert talk.events("unreadable")[0]["text"] == "MTI 0210 is a response: no answer"


# ---- step 2: bytes and elements ------------------------------------------------------------


def test_an_undecodable_body_whose_key_elements_were_read_is_a_format_error() -> None:
    talk = signed_on()
    body = DIALECT.encode(SALE).join()
    cut = body[:-3]  # DE 60 ends early; 11, 41 and 42 stand before it
    talk.sends_body(cut)
    talk.play("<< 30 stan=000002 tid=12345678 mid=898310012345678 mac=absent mti=0210")
    (told,) = talk.events("unreadable")
    assert "DE 60 (control)" in told["text"]
    assert "at byte" in told["text"]
    assert talk.said[-1].outcome == "format_error"


def test_the_offset_counts_from_the_length_prefix() -> None:
    talk = signed_on()
    message = DIALECT.encode(SALE)
    before = sum(len(p.prefix + p.value) for p in message.elements if p.element < 60)
    talk.sends_body(message.join()[:-3])
    talk.waiting.clear()
    # length 2, TPDU 5, header 6, MTI 2, bitmap 8
    assert talk.events("unreadable")[0]["text"].endswith(f"at byte {2 + 5 + 6 + 2 + 8 + before}")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x02",
        bytes.fromhex("0200"),
        bytes.fromhex("02007020048000C0801119"),
        DIALECT.encode(SALE).join()[:40],
        bytes.fromhex("XX".replace("X", "F")) * 30,
    ],
)  # fmt: skip
def test_an_undecodable_body_without_key_elements_is_met_with_silence(body: bytes) -> None:
    talk = signed_on()
    talk.sends_body(body)
    talk.play("<< nothing")
    assert [event["bytes"] for event in talk.events("unreadable")] == [len(body)]


def test_an_undecodable_response_is_met_with_silence() -> None:
    talk = signed_on()
    body = DIALECT.encode(replace(SALE, mti="0210")).join()
    talk.sends_body(body[:-3])
    talk.play("<< nothing")


def test_no_number_of_an_unreadable_message_is_told_in_full() -> None:
    talk = signed_on()
    body = DIALECT.encode(SALE).join()
    track = body.index(bytes.fromhex("6212142000000000012D"))
    talk.sends_body(body[:track] + b"\xaa\xbb" + body[track + 2 :])
    talk.waiting.clear()
    said = " ".join(event.line() for event in talk.log.events)
    assert "2142000000000012" not in said


@pytest.mark.parametrize(
    ("kind", "without"),
    [("sale", 3), ("sale", 4), ("sale", 25), ("sale", 60), ("sale", 64), ("balance", 3),
     ("balance", 25), ("balance", 64), ("void", 61), ("void", 4)],
)  # fmt: skip
def test_a_message_without_an_element_that_an_answer_needs_is_a_format_error(
    kind: str, without: int
) -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=10000\n<< 00")
    original = "original=000002" if kind == "void" else ""
    amount = "amount=10000" if kind == "sale" else ""
    mac = "mac=absent" if without == 64 else ""
    talk.play(
        f">> {kind} stan=000003 {original} {amount} without={without} {mac}\n<< 30 stan=000003"
    )
    assert f"DE {without} " in talk.decided()[-1][1]


@pytest.mark.parametrize("without", [3, 4, 25, 39, 41, 42, 60, 64])
def test_a_reversal_without_an_element_that_an_answer_needs_is_a_format_error(without: int) -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=10000\n<< 00")
    mac = "mac=absent" if without == 64 else ""
    talk.play(
        f">> reversal original=000002 without={without} {mac}\n<< 30\n.. ledger 000002 approved"
    )


@pytest.mark.parametrize("without", [41, 42, 60])
@pytest.mark.parametrize("kind", ["echo", "sign_on", "sign_off"])
def test_a_management_message_without_41_42_or_60_is_a_format_error(
    kind: str, without: int
) -> None:
    talk = signed_on()
    talk.play(f">> {kind} stan=000002 without={without}\n<< 30")


@pytest.mark.parametrize("without", [11, 42])
def test_a_message_without_stan_or_merchant_is_answered_all_the_same(without: int) -> None:
    talk = signed_on()
    talk.play(f">> sale stan=000002 amount=10000 without={without}\n<< 30 tid=12345678")


def test_a_sale_without_card_number_is_a_format_error() -> None:
    talk = signed_on()
    talk.play(
        ">> sale stan=000002 amount=1 without=35,52\n<< 30 stan=000002\n.. ledger 000002 nothing"
    )
    assert talk.decided()[-1][1] == "no card number in DE 2 or DE 35"


@pytest.mark.parametrize("without", [22, 49])
def test_any_other_absence_is_a_finding_and_no_refusal(without: int) -> None:
    talk = signed_on()
    talk.play(f">> sale stan=000002 amount=10000 without={without}\n<< 00 stan=000002")
    assert talk.events("received")[-1]["facts"]["format"] == [
        f"{DIALECT.codec.fields[without]} is missing"
    ]


# ---- step 3: the terminal ------------------------------------------------------------------


def test_a_stranger_is_unknown_whatever_it_says() -> None:
    talk = signed_on()
    talk.play("""
        >> sign_on tid=99999999 stan=000001
        << 97 tid=99999999 mac=absent
        >> sale tid=99999999 stan=000002 amount=1
        << 97 tid=99999999 mac=absent requires=0
        >> echo tid=99999999
        << 97
    """)
    assert talk.decided()[-1] == ("unknown_terminal", "this TID is not in the book")


def test_a_format_error_of_a_stranger_comes_before_97() -> None:
    talk = signed_on()
    talk.play(">> sale tid=99999999 stan=000002 amount=1 without=60 mac=absent\n<< 30")


ACCEPTING = replace(BOOK, accept_unknown=True, unknown_tmk="11111111111111112222222222222222")


def test_a_stranger_may_be_accepted_and_brings_its_merchant() -> None:
    talk = Conversation(book=ACCEPTING)
    talk.sides["99999999"] = talk.side("99999999", "700000000000001")
    talk.play("""
        >> sign_on tid=99999999 stan=000001
        << 00 keys=present
        >> sale tid=99999999 stan=000002 amount=1
        << 00 mac=valid mid=700000000000001
        .. merchant 700000000000001 suspended
        >> sale tid=99999999 stan=000003 amount=1
        << 03 mac=valid
    """)
    assert [entry.payee for entry in talk.entries("000002", "99999999")] == ["700000000000001"]


def test_an_accepted_stranger_whose_first_message_lacks_its_merchant_may_still_sign_on() -> None:
    talk = Conversation(book=ACCEPTING)
    talk.sides["99999999"] = talk.side("99999999", "700000000000001")
    talk.play("""
        >> echo tid=99999999 without=42
        << 30
        >> sign_on tid=99999999 stan=000001
        << 00 keys=present
        >> sale tid=99999999 stan=000002 amount=1
        << 00 mac=valid
    """)


def test_to_ask_whether_a_stranger_holds_keys_does_not_make_it_known() -> None:
    talk = Conversation(book=ACCEPTING)
    assert not talk.host.holds_keys("99999999")
    talk.play(">> sign_on tid=99999999 stan=000001 mid=700000000000001\n<< 00 keys=present")
    assert talk.host.holds_keys("99999999")


# ---- steps 4 and 5: signed on, MAC ----------------------------------------------------------


def test_a_sale_before_sign_on_is_told_to_sign_on() -> None:
    talk = Conversation()
    talk.play("""
        >> sale stan=000002 amount=1
        << A0 mac=absent requires=3
        .. ledger 000002 nothing
        >> echo
        << 00 requires=0
    """)
    assert talk.decided()[0][1] == "the terminal has not signed on: no MAC key"
    assert talk.events("received")[0]["facts"]["mac"] == "no_key"


def test_a_sale_after_sign_off_is_told_to_sign_on() -> None:
    talk = signed_on()
    talk.play("""
        >> sign_off stan=000002
        << 00 mac=absent
        >> sale stan=000003 amount=1
        << A0 mac=absent requires=3
        >> sign_on stan=000004
        << 00 keys=present
        >> sale stan=000005 amount=1
        << 00 mac=valid
    """)


def test_a_wrong_mac_is_refused_and_the_answer_carries_none() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=1 mac=wrong
        << A0 mac=absent requires=3
        .. ledger 000002 nothing
        >> sale stan=000003 amount=1            # the keys are still good
        << 00 mac=valid
    """)


def test_the_last_sign_on_wins() -> None:
    talk = signed_on()
    talk.play("""
        >> sign_on stan=000002
        << 00 keys=not:000001
        >> sale stan=000003 amount=1 keys=older
        << A0 mac=absent requires=3
        >> sale stan=000004 amount=1
        << 00 mac=valid
    """)


def test_the_mac_covers_every_byte_on_the_wire() -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=10000\n<< 00")
    side = talk.side(TID)
    sealed, terminal = side.bodies["000002"], talk.host.terminals.of(TID, MID)
    message = talk.dialect.decode(sealed)
    assert terminal.inspect(message, sealed, lambda pan: None).mac == "valid"
    for place in range(len(sealed)):
        for bit in (0x01, 0x80):
            flipped = sealed[:place] + bytes([sealed[place] ^ bit]) + sealed[place + 1 :]
            assert terminal.inspect(message, flipped, lambda pan: None).mac == "wrong", place


@pytest.mark.parametrize("place", [4, 12, 20, 30, 40])
def test_a_flipped_byte_of_a_request_is_answered_as_a_mac_error_or_a_format_error(
    place: int,
) -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=10000\n<< 00")
    body = talk.side(TID).bodies["000002"]
    talk.sends_body(body[:place] + bytes([body[place] ^ 0x01]) + body[place + 1 :])
    told = [exchange.code for exchange in talk.said[-1:]]
    talk.waiting.clear()
    assert told in (["A0"], ["30"], [""], ["97"])
    assert [entry.status for entry in talk.host.world.ledger.entries] == ["approved"]


def test_a_lenient_pad_does_not_spoil_the_mac() -> None:
    """The host verifies what travelled, not what it would have written itself."""
    talk = signed_on()
    message = talk.request(
        "sale", {"stan": "000002", "amount": "1", "card": "default"}, talk.side(TID)
    )
    parts = DIALECT.encode(message, sealed=True)
    entry = parts.get(22)
    assert entry is not None
    odd = parts.with_part(replace(entry, value=bytes.fromhex("021F")))
    body = talk.host.terminals.of(TID, MID).seal(odd.join())
    talk.sends_body(body)
    talk.play("<< 00 mac=valid")
    assert talk.events("received")[-1]["facts"]["mac"] == "valid"


POLICIES = {
    "check": "A0 mac=absent requires=3",
    "report": "00 mac=valid requires=0",
    "off": "00 mac=valid requires=0",
}


@pytest.mark.parametrize(("policy", "answer"), POLICIES.items())
def test_a_wrong_mac_under_each_policy(policy: str, answer: str) -> None:
    talk = signed_on(mac_policy=policy)
    talk.play(f">> sale stan=000002 amount=1 mac=wrong\n<< {answer}")
    notes = [note for note in talk.said[-1].notes if "--mac report" in note]
    assert notes == (
        ["MAC wrong: answered as if it were right (--mac report)"] if policy == "report" else []
    )


@pytest.mark.parametrize(
    ("policy", "answer"), [("check", "30"), ("report", "00 mac=valid"), ("off", "00 mac=valid")]
)
def test_an_absent_mac_under_each_policy(policy: str, answer: str) -> None:
    talk = signed_on(mac_policy=policy)
    talk.play(f">> sale stan=000002 amount=1 mac=absent\n<< {answer}")


@pytest.mark.parametrize(
    ("policy", "answer"), [("check", "A0"), ("report", "A0"), ("off", "00 mac=absent")]
)
def test_no_sign_on_under_each_policy(policy: str, answer: str) -> None:
    talk = Conversation(mac_policy=policy)
    talk.play(f">> sale stan=000002 amount=1\n<< {answer}")


@pytest.mark.parametrize(
    ("option", "declined", "mac_error"),
    [("all", "valid", "valid"), ("all_but_mac_errors", "valid", "absent"),
     ("approved_only", "absent", "absent")],
)  # fmt: skip
def test_which_declines_are_signed(option: str, declined: str, mac_error: str) -> None:
    talk = signed_on(dialect=with_options(DIALECT, {"mac_on_declines": option}))
    talk.play(f"""
        >> sale stan=000002 amount=1
        << 00 mac=valid
        >> sale stan=000003 amount=10000 card=poor
        << 51 mac={declined}
        >> sale stan=000004 amount=1 mac=wrong
        << A0 mac={mac_error}
    """)


def test_a_book_may_set_the_options_of_a_dialect() -> None:
    talk = signed_on(book=replace(BOOK, options={"mac_on_declines": "approved_only"}))
    talk.play(">> sale stan=000002 amount=10000 card=poor\n<< 51 mac=absent")


# ---- step 6: the merchant ------------------------------------------------------------------

NEW_BUSINESS = """
        >> sale stan=000003 amount=1
        << {sale}
        >> balance stan=000004
        << {balance}
        >> void stan=000005 original=000002
        << {void}
        >> reversal original=000002
        << 00
        >> echo
        << 00
        >> sign_on stan=000006
        << {sign_on}
        >> sign_off stan=000007
        << 00
"""
STATUSES = {
    "active": {"sale": "00", "balance": "00", "void": "00", "sign_on": "00"},
    "suspended": {"sale": "03", "balance": "03", "void": "03", "sign_on": "00"},
    "frozen": {"sale": "00", "balance": "00", "void": "57", "sign_on": "00"},
    "closed": {"sale": "03", "balance": "03", "void": "03", "sign_on": "03"},
}


@pytest.mark.parametrize("status", STATUSES)
def test_what_a_merchant_may_do_in_each_status(status: str) -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=10000\n<< 00")
    talk.play(f".. merchant {MID} {status}\n" + NEW_BUSINESS.format(**STATUSES[status]))


def test_a_refused_sign_on_brings_no_keys_and_leaves_the_old_ones() -> None:
    talk = signed_on()
    talk.play(f"""
        .. merchant {MID} closed
        >> sign_on stan=000002
        << 03 keys=absent mac=absent
        .. merchant {MID} active
        >> sale stan=000003 amount=1
        << 00 mac=valid
    """)


@pytest.mark.parametrize("mid", [OTHER_MID, "000000000000001"])
def test_a_merchant_that_is_not_this_terminals_is_invalid(mid: str) -> None:
    talk = signed_on()
    talk.play(f"""
        >> sign_on stan=000002 mid={mid}
        << 03 keys=absent mid={mid}
        >> sale stan=000003 amount=1 mid={mid}
        << 03 mac=valid
    """)


def test_a_merchant_that_left_the_book_is_invalid() -> None:
    merchants = {OTHER_MID: Merchant(OTHER_MID, "Harbour Bookshop")}
    talk = Conversation(book=replace(BOOK, merchants=merchants))
    talk.play(">> sign_on stan=000001\n<< 03 keys=absent")
    assert "is not in the book" in talk.decided()[0][1]


def test_other_merchants_are_not_touched() -> None:
    talk = signed_on()
    talk.play(f"""
        .. merchant {MID} suspended
        >> sign_on tid=87654321 stan=000001
        << 00
        >> sale tid=87654321 stan=000002 amount=1
        << 00 mac=valid mid={OTHER_MID}
    """)


def test_a_suspension_ends_without_a_new_sign_on() -> None:
    talk = signed_on()
    talk.play(f"""
        .. merchant {MID} suspended
        >> sale stan=000002 amount=1
        << 03
        .. merchant {MID} active
        >> sale stan=000003 amount=1
        << 00 mac=valid
    """)


def test_the_mac_is_checked_before_the_merchant() -> None:
    talk = signed_on()
    talk.play(f".. merchant {MID} suspended\n>> sale stan=000002 amount=1 mac=wrong\n<< A0")


def test_the_merchant_is_checked_before_the_card() -> None:
    talk = signed_on()
    talk.play(f".. merchant {MID} suspended\n>> sale stan=000002 amount=1 card=lost\n<< 03")


def test_a_repeat_is_no_new_business() -> None:
    talk = signed_on()
    talk.play(f"""
        >> sale stan=000002 amount=1
        << 00
        .. merchant {MID} suspended
        >> sale again=000002
        << 00 rrn=of:000002
    """)


# ---- step 9: what this host serves ---------------------------------------------------------


@pytest.mark.parametrize("code", ["005", "011"])
def test_a_sign_on_of_a_key_layout_that_is_not_served_is_not_permitted(code: str) -> None:
    talk = Conversation()
    talk.play(f">> sign_on stan=000001 network_code={code}\n<< 58 keys=absent")
    assert talk.decided()[0][1] == f"no key layout for DE 60.3 = {code}"


@pytest.mark.parametrize(("code", "size"), [("001", 24), ("003", 40), ("004", 60)])
def test_de_60_3_chooses_the_layout_of_the_keys(code: str, size: int) -> None:
    talk = Conversation()
    talk.play(f">> sign_on stan=000001 network_code={code}\n<< 00 control=00000001{code}")
    assert len(talk.side(TID).answers["000001"][62]) == 2 * size
    talk.play(">> sale stan=000002 amount=1\n<< 00 mac=valid")


def test_a_planned_approval_of_an_unknown_layout_delivers_double_length_keys() -> None:
    talk = Conversation({"000001": Reply(outcome="approved")})
    talk.sends(["sign_on", "stan=000001", "network_code=005"])
    ((_, delivery),) = talk.waiting
    assert delivery.sent is not None
    assert delivery.sent["fields"]["62"]["masked"] == "*" * 80


def test_a_terminal_may_have_a_double_length_mac_key() -> None:
    terminals = {TID: replace(BOOK.terminals[TID], mak_bytes=16)}
    talk = Conversation(
        book=replace(BOOK, terminals=terminals),
        dialect=replace(DIALECT, mac_algorithm="x9.19"),
    )
    talk.play("""
        >> sign_on stan=000001
        << 00
        >> sale stan=000002 amount=1
        << 00 mac=valid
    """)
    keys = talk.side(TID).keys
    assert keys is not None and len(keys.mak) == 16


def test_a_scenario_may_decide_where_the_host_has_no_flow() -> None:
    talk = signed_on({"000002": Reply(outcome="approved")})
    talk.play(">> sale stan=000002 amount=1 60.1=99\n<< 00 stan=000002")
    assert talk.events("decided")[-1]["own"] == "function_not_supported"


def test_a_message_of_no_class_is_not_supported() -> None:
    talk = signed_on()
    talk.play(
        ">> sale stan=000002 amount=1 60.1=99\n"
        "<< 40 stan=000002 amount=1 mac=valid control=99000001000"
    )
    assert talk.events("received")[-1]["class"] == "unknown"


def test_a_message_of_no_class_without_what_all_of_its_mti_need_is_a_format_error() -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=1 60.1=99 without=25\n<< 30 stan=000002")


def test_an_mti_of_no_class_is_not_supported() -> None:
    talk = signed_on()
    message = replace(talk.request("echo", {"stan": "000002"}, talk.side(TID)), mti="0620")
    talk.sends_body(DIALECT.encode(replace(message, mti="0920")).join())
    talk.play("<< 40 mti=0930 stan=000002")


# ---- step 12: card and PIN -----------------------------------------------------------------

CARDS = {
    "default": "00", "no-pin": "00", "frozen": "62", "lost": "41", "stolen": "43", "expired": "54",
    "closed": "14", "restricted": "36", "pin_tries_exceeded": "75", "6212142000000009999": "14",
}  # fmt: skip


@pytest.mark.parametrize(("card", "code"), CARDS.items())
def test_a_sale_with_each_kind_of_card(card: str, code: str) -> None:
    talk = signed_on()
    status = "approved" if code == "00" else "declined"
    talk.play(
        f">> sale stan=000002 amount=1 card={card}\n<< {code} mac=valid\n.. ledger 000002 {status}"
    )


def test_a_card_whose_date_has_passed_is_expired() -> None:
    talk = signed_on()
    talk.play(
        ".. card default expiry=2512\n"
        ">> sale stan=000002 amount=1 de.35=6212142000000000012D2512\n<< 54"
    )


def test_a_card_is_good_until_the_end_of_its_month() -> None:
    talk = signed_on()
    talk.play(
        ".. card default expiry=2601\n"
        ">> sale stan=000002 amount=1 de.35=6212142000000000012D2601\n<< 00"
    )


def test_another_expiry_than_in_the_book_is_refused() -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=1 de.35=6212142000000000012D3011201\n<< 54")


def test_a_typed_card_number_needs_no_track() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=1 without=35 de.2=6212142000000000012 de.14=3012
        << 00 pan=6212142000000000012
    """)


def test_the_whole_balance_may_be_spent_and_no_more() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=101 card=poor
        << 51
        >> sale stan=000003 amount=100 card=poor
        << 00
        >> sale stan=000004 amount=1 card=poor
        << 51
        .. balance poor 0
    """)


def test_the_third_wrong_pin_blocks_the_card() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=1 pin=111111
        << 55
        >> sale stan=000003 amount=1 pin=222222
        << 55
        >> sale stan=000004 amount=1 pin=333333
        << 75
        >> sale stan=000005 amount=1
        << 75
        .. card default status=active
        >> sale stan=000006 amount=1 pin=111111
        << 55
        .. balance default 100000000
    """)
    assert talk.decided()[1][1] == "wrong PIN, try 1 of 3"


def test_a_right_pin_sets_the_count_back() -> None:
    talk = signed_on()
    talk.play("""
        >> sale stan=000002 amount=1 pin=111111
        << 55
        >> sale stan=000003 amount=1 pin=111111
        << 55
        >> sale stan=000004 amount=1
        << 00
        >> sale stan=000005 amount=1 pin=111111
        << 55
    """)


def test_a_sale_without_a_pin_passes() -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=1 pin=none\n<< 00")
    assert talk.events("received")[-1]["facts"]["pin"] == "absent"


PINS = {
    "valid": ("", "00"),
    "wrong": ("pin=654321", "55"),
    "malformed": ("de.52=0000000000000000", "99"),
    "unchecked": ("card=no-pin pin=123456", "00"),
}


@pytest.mark.parametrize("fact", PINS)
def test_what_the_host_says_of_a_pin(fact: str) -> None:
    talk = signed_on()
    given, code = PINS[fact]
    talk.play(f">> sale stan=000002 amount=1 {given}\n<< {code}")
    assert talk.events("received")[-1]["facts"]["pin"] == fact


def test_a_pin_without_a_card_or_before_sign_on_is_not_checked() -> None:
    block = "de.52=0123456789ABCDEF"
    talk = Conversation()
    talk.play(f">> sale stan=000002 amount=1 {block}\n<< A0")
    talk.play(
        f">> sign_on stan=000003\n<< 00\n>> sale stan=000004 amount=1 {block} without=35\n<< 30"
    )
    assert [event["facts"]["pin"] for event in talk.events("received")] == [
        "unchecked", "absent", "unchecked",
    ]  # fmt: skip


def test_de_53_says_whether_the_pin_block_holds_the_pan() -> None:
    from switch.security.pin import encrypt_block

    talk = signed_on()
    keys = talk.side(TID).keys
    assert keys is not None
    block = encrypt_block(keys.pik, "123456").hex().upper()
    talk.play(f"""
        >> sale stan=000002 amount=1 de.52={block} de.53=1600000000000000
        << 00
        >> sale stan=000003 amount=1 de.52={block} de.53=2600000000000000
        << 99
    """)


# ---- magic amounts -------------------------------------------------------------------------

MAGIC = replace(BOOK, magic_amounts=True)


@pytest.mark.parametrize(("ending", "outcome"), DIALECT.magic_amounts.items())
def test_the_last_digits_of_an_amount_choose_the_outcome(ending: str, outcome: str) -> None:
    talk = signed_on(book=MAGIC)
    code = DIALECT.code(outcome)
    answer = "nothing" if outcome == "none" else f"{code} stan=000002"
    talk.play(f">> sale stan=000002 amount=12{ending}\n<< {answer}")
    approved = outcome == "none" or DIALECT.approves(code)
    talk.play(f".. ledger 000002 {'approved' if approved else 'declined'}")


def test_round_amounts_are_ordinary_and_reversals_are_not_magic() -> None:
    talk = signed_on(book=MAGIC)
    talk.play("""
        >> sale stan=000002 amount=10000
        << 00
        >> sale stan=000003 amount=990
        << nothing
        .. ledger 000003 approved
        >> reversal original=000003
        << 00
        .. ledger 000003 reversed
    """)


def test_amounts_are_not_magic_unless_the_book_says_so() -> None:
    talk = signed_on()
    talk.play(">> sale stan=000002 amount=12051\n<< 00")


def test_what_a_scenario_plans_goes_before_magic() -> None:
    talk = signed_on({"000002": Reply(outcome="approved")}, book=MAGIC)
    talk.play(">> sale stan=000002 amount=12051\n<< 00")


# ---- a refusal that no plan lifts ----------------------------------------------------------


@pytest.mark.parametrize("spoil", ["mac=wrong", "without=60"])
def test_a_planned_approval_does_not_lift_a_refusal(spoil: str) -> None:
    talk = signed_on({"000002": Reply(outcome="approved")})
    code = {"mac=wrong": "A0", "without=60": "30"}[spoil]
    talk.play(f">> sale stan=000002 amount=1 {spoil}\n<< {code}\n.. ledger 000002 nothing")
    (skipped,) = talk.events("fault_skipped")
    assert skipped["fault"] == "reply"
    assert skipped["why"].startswith("the host refused the request: ")
    assert talk.events("decided")[-1]["planned"] == ""
