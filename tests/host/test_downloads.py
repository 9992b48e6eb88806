"""Parameter, CAPK, AID and blacklist downloads as conversations (protocol 2.11, 3.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.acquirer.downloads import Downloads
from switch.errors import BadFile
from switch.message.tlv import read_groups, read_tags

from .conversation import BOOK, MID, TID, Conversation, signed_on

RID = "A000000333"
CARDS = ("lost", "stolen")


def text(value: str) -> str:
    return value.encode().hex().upper()


def capk(index: str) -> str:
    return f"9F0605{RID}9F2201{index}"


def answer(talk: Conversation) -> str:
    """DE 62 of the last response."""
    return talk.sides[TID].answers[""][62]


def with_page(size: int) -> Conversation:
    return signed_on(book=replace(BOOK, downloads=replace(BOOK.downloads, page=size)))


def test_parameters_of_the_book_and_the_name_of_the_merchant() -> None:
    talk = signed_on()
    talk.play("""
        >> parameter_download
        << 00 mti=0810 mac=absent requires=0 62.13=3 62.18=0 62.19=10 62.20=1 62.12=absent
        >> parameter_download network_code=364
        << 00 62.13=3
        >> parameter_end
        << 00 62=absent
    """)
    talk.play(f"""
        .. merchant {MID} name=茶馆
        >> parameter_download
        << 00
    """)
    assert talk.sides[TID].answers[""].part("62.22") == "茶馆".ljust(38)


def test_a_long_name_is_cut_between_characters() -> None:
    talk = signed_on()
    talk.play(f"""
        .. merchant {MID} name=x{"茶" * 30}
        >> parameter_download
        << 00
    """)
    assert talk.sides[TID].answers[""].part("62.22") == "x" + "茶" * 19 + " "


def test_a_list_that_is_longer_than_a_page_is_asked_for_page_by_page() -> None:
    with_page(2).play(f"""
        >> capk_query 62={text("100")}
        << 00 mti=0830 62.1=2 62.9F22[1]=02 62.9F22[2]=03 62.DF05[1]=20301231
        >> capk_query 62={text("102")}
        << 00 62.1=2 62.9F22[1]=08 62.9F22[2]=0A
        >> capk_query 62={text("104")}
        << 00 62.1=3 62.9F22[1]=0B 62.9F22[2]=absent
        >> capk_query 62={text("105")}
        << 00 62.1=0 62.9F06[1]=absent
    """)


def test_a_list_that_fits_into_one_page_says_so() -> None:
    with_page(10).play(f"""
        >> aid_query 62={text("100")}
        << 00 62.1=1 62.9F06[1]={RID}010101 62.9F06[4]={RID}010106
    """)


@pytest.mark.parametrize("records", ["6", "x", "99", ""])
def test_more_records_than_there_are_cannot_have_been_received(records: str) -> None:
    signed_on().play(f"""
        >> capk_query 62={text("1" + records.rjust(2))}
        << 30 62=absent
    """)


def test_a_public_key_comes_with_the_checksum_of_emv_book_2() -> None:
    talk = signed_on()
    talk.play(f"""
        >> capk_download 62={capk("08")}
        << 00 62.1=1 62.9F22[1]=08 62.DF04[1]=03
    """)
    (record,) = read_groups(answer(talk)[2:])
    assert list(record) == ["9F06", "9F22", "DF05", "DF06", "DF07", "DF02", "DF04", "DF03"]
    assert len(record["DF03"]) == 40
    assert record == {**BOOK.downloads.capks[2].tags}


def test_a_record_that_is_not_there_is_no_error() -> None:
    signed_on().play(f"""
        >> capk_download 62={capk("FF")}
        << 00 62.1=0
        >> aid_download 62=9F0605{RID}
        << 00 62.1=0
        >> aid_download
        << 00 62.1=0
    """)


def test_the_parameters_of_an_application() -> None:
    talk = signed_on()
    talk.play(f"""
        >> aid_download 62=9F0608{RID}010101
        << 00 62.1=1 62.DF11[1]=D84000A800 62.9F1B[1]=00000000
    """)
    assert read_tags(answer(talk)[2:])["9F06"] == RID + "010101"


def test_a_request_that_is_no_tlv_is_a_format_error() -> None:
    signed_on().play("""
        >> capk_download 62=9F06
        << 30 62=absent
    """)


def test_the_blacklist_is_what_the_world_holds_now() -> None:
    talk = with_page(1)
    talk.play(f"""
        >> blacklist_download 62={text("000")}
        << 00 62.1=2 62.2=001
        >> blacklist_download 62={text("001")}
        << 00 62.1=3 62.2=002
        .. card stolen status=active
        >> blacklist_download 62={text("000")}
        << 00 62.1=1 62.2=001
        .. card lost status=active
        >> blacklist_download 62={text("000")}
        << 00 62.1=0 62.2=000
    """)


def test_no_card_number_of_the_blacklist_is_in_the_log() -> None:
    talk = signed_on()
    talk.play(f"""
        >> blacklist_download 62={text("000")}
        << 00 62.1=1 62.2=002
    """)
    sent = bytes.fromhex(answer(talk)).decode()
    lines = "".join(event.line() for event in talk.log.events)
    for name in CARDS:
        pan = BOOK.cards[name].pan
        assert f"19{pan}" in sent
        assert pan not in lines
        assert text(pan) not in lines.upper()


def test_what_the_host_asks_for_stands_in_every_header_until_it_is_done() -> None:
    signed_on().play(f"""
        .. terminal {TID} requires=parameters,blacklist
        >> sale stan=000002 amount=10000
        << 00 requires=1
        >> echo
        << 00 requires=1
        >> parameter_download
        << 00 requires=1
        >> parameter_end
        << 00 requires=7
        >> sale stan=000003 amount=10000
        << 00 requires=7
        >> blacklist_end
        << 00 requires=0
    """)


@pytest.mark.parametrize(
    ("wanted", "digit", "done"),
    [
        ("parameters", "1", "parameter_end"), ("status", "2", "status_upload"),
        ("sign_on", "3", "sign_on stan=000009"), ("capk", "4", "capk_end"), ("aid", "5", "aid_end"),
        ("blacklist", "7", "blacklist_end"),
    ],
)  # fmt: skip
def test_each_requirement_has_its_digit_and_its_end(wanted: str, digit: str, done: str) -> None:
    signed_on().play(f"""
        .. terminal {TID} requires={wanted}
        >> echo
        << 00 requires={digit}
        >> {done}
        << 00 requires=0
        >> echo
        << 00 requires=0
    """)


def test_a_refusal_keeps_its_own_requirement() -> None:
    signed_on().play(f"""
        .. terminal {TID} requires=parameters
        >> sale stan=000002 amount=10000 mac=wrong
        << A0 requires=3
    """)


def test_a_book_may_ask_from_the_start_and_may_have_no_tables() -> None:
    terminals = {**BOOK.terminals, TID: replace(BOOK.terminals[TID], requires=("aid",))}
    signed_on(book=replace(BOOK, terminals=terminals, downloads=Downloads())).play(f"""
        >> aid_query 62={text("100")}
        << 00 62.1=0 requires=5
        >> parameter_download
        << 00 62.22=present
    """)


def test_what_a_book_may_not_say_of_downloads() -> None:
    from switch.acquirer.book import DEFAULT_BOOK, read
    from switch.reading import read_text

    for old, new in (
        ("redials: 3", "redials: 10"),
        ('tip: "0"', 'tip: "2"'),
        ("rid: A000000333", "rid: A00000033"),
        ("page: 3", "page: 0"),
        ("aid: A000000333010101", "aid: A0"),
        ('"DF14": "9F3704"', '"DF14": "' + "9F3704" * 400 + '"'),
    ):
        source = DEFAULT_BOOK.read_text(encoding="utf-8")
        assert old in source
        with pytest.raises(BadFile):
            read(read_text(source.replace(old, new, 1), "book"), source)


@pytest.mark.parametrize("index", ("31A2CB30", "40A2CB"))
def test_a_page_number_in_other_digits_is_refused(index: str) -> None:
    """GBK has digits that ``str.isdigit`` knows and ``int`` does not."""
    signed_on().play(f">> aid_query network_code=382 62={index}\n<< 30")
