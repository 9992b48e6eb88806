"""What a dialect knows about messages: class, parts, values, presence, responses."""

from __future__ import annotations

import pytest
from hypothesis import given

from switch.dialect import Answer, Dialect, load
from switch.message import Message
from switch.testing import messages

CUP = load("cup-pos")
PAN = "6212142000000000012"


@pytest.mark.parametrize("name", sorted(CUP.classes))
def test_messages_of_a_class_belong_to_it(name: str) -> None:
    @given(messages(CUP, [name]))
    def check(message: Message) -> None:
        kind = CUP.classes[name]
        assert (message.kind, message.mti) == (name, kind.mti)
        assert CUP.direction(message) == "request"
        assert CUP.presence(message) == []
        assert CUP.absent(message) == []

    check()


@pytest.mark.parametrize("name", sorted(CUP.classes))
def test_responses_belong_to_the_class_of_their_request(name: str) -> None:
    @given(messages(CUP, [name]))
    def check(request: Message) -> None:
        response = CUP.respond(request, Answer("approved", {12: "103105", 37: "103105000002"}))
        kind = CUP.classes[name]
        assert (response.kind, response.mti) == (name, kind.response_mti)
        assert CUP.direction(response) == "response"
        assert all(response[number] == request[number] for number in kind.echo if number in request)
        assert response.get(39) == ("00" if 39 in kind.host else "")
        assert set(response) <= {*kind.echo, *kind.host}

    check()


def test_a_message_of_no_class(dialect: Dialect) -> None:
    message = dialect.classified(Message("0200", {3: "999999", 63: "CUP"}))
    assert message.kind == "unknown"
    assert message.part("63.1") == "CUP"
    assert dialect.presence(message) == []
    # What no class of this MTI can be answered without.
    assert dialect.absent(message) == [11, 25, 41, 42, 60, 64]


def test_a_message_that_could_not_be_read(dialect: Dialect) -> None:
    assert dialect.classified(Message("", {})).kind == "unknown"


def test_a_response_is_divided_as_its_request_says(dialect: Dialect) -> None:
    keys = "A" * 32 + "B" * 8 + "C" * 32 + "D" * 8
    bare = Message("0810", {60: "00000001999", 62: keys})
    assert dialect.classified(bare).kind == "unknown"
    response = dialect.classified(bare, "sign_on")
    assert response.part("62.2") == "B" * 8


@pytest.mark.parametrize(
    ("code", "kind"), [("001", "sign_on"), ("003", "sign_on"), ("360", "parameter_download"),
                       ("370", "capk_download"), ("390", "blacklist_download"), ("777", "unknown")]
)  # fmt: skip
def test_management_classes_hang_on_the_network_code(code: str, kind: str) -> None:
    assert CUP.classified(Message("0800", {60: "00000001" + code})).kind == kind


def test_build(dialect: Dialect) -> None:
    values = {"amount": "000000000100", "stan": "000002", "batch": "000001", "pan": "", "63": "x"}
    sale = dialect.build("sale", values)
    assert sale.kind == "sale"
    assert sale.fields == {
        3: "000000", 4: "000000000100", 11: "000002", 25: "00", 60: "22000001", 63: "x",
    }  # fmt: skip


def test_values_have_names(dialect: Dialect) -> None:
    fields = {11: "000003", 37: "103105000002", 60: "23000001000", 61: "000001000002"}
    void = dialect.classified(Message("0200", {3: "200000", 25: "00", **fields}))
    values = dialect.values(void)
    assert void.kind == "void"
    assert values["original.stan"] == "000002"
    assert values["original.batch"] == "000001"
    assert values["original.rrn"] == "103105000002"
    assert "pan" not in values
    assert dialect.place("original.stan", "reversal") == "11"
    assert dialect.place("original.rrn", "reversal") == ""
    assert dialect.place("no such name", "sale") == ""


def test_presence_says_what_is_missing_and_what_must_not_be_there(dialect: Dialect) -> None:
    reversal = dialect.classified(Message("0400", {3: "000000", 35: PAN + "D3012"}))
    said = dialect.presence(reversal)
    assert "DE 39 (response code) is missing" in said
    assert "DE 35 (track 2) must not be there (R5)" in said
    sale = Message("0200", {3: "000000", 25: "00", 60: "22000001000"})
    assert dialect.presence(dialect.classified(sale))[-1] == "no card number in DE 2 or DE 35"


def test_encode_leaves_the_mac_to_the_seal(dialect: Dialect) -> None:
    message = Message("0200", {3: "000000", 64: "1122334455667788"})
    assert dialect.encode(message).get(64) is None
    sealed = dialect.encode(message, sealed=True)
    room = sealed.get(64)
    assert room is not None and room.value == bytes(8)
    assert dialect.codec.decode(sealed.join()).fields[64] == "0" * 16


def test_the_mac_stands_in_its_place_before_higher_elements(dialect: Dialect) -> None:
    message = Message("0200", {3: "000000", 102: "account"})
    sealed = dialect.encode(message, sealed=True)
    assert [part.element for part in sealed.elements] == [3, 64, 102]
    assert dialect.codec.decode(sealed.join()).fields[102] == "account"


def test_outcomes_and_codes(dialect: Dialect) -> None:
    assert dialect.code("insufficient_funds") == "51"
    assert dialect.code("Z9") == "Z9"
    assert dialect.outcome("51") == "insufficient_funds"
    assert dialect.outcome("Z9") == "Z9"
    assert dialect.approves("00") and not dialect.approves("51")
    assert dialect.in_words("51") == "insufficient funds"
    assert dialect.in_words("Z9") == "not in the table of codes"


def test_the_header_asks_for_what_the_host_wants(dialect: Dialect) -> None:
    assert dialect.header("603100310000", "3") == "603103310000"
    assert dialect.header("603100310000", "") == "603100310000"
    assert dialect.header("6031", "3") == "6031"


def test_routes(dialect: Dialect) -> None:
    assert dialect.routed("6000030000", "613100310000")
    assert not dialect.routed("6800030000", "613100310000")
    assert not dialect.routed("6000030000", "313100310000")


def test_a_card_number_is_written_in_de_2(dialect: Dialect) -> None:
    assert (dialect.written("pan", "sale"), dialect.written("de.22", "sale")) == ("2", "22")
    assert (dialect.written("60.2", "sale"), dialect.written("original.stan", "sale")) == (
        "60.2",
        "",
    )
    built = dialect.build("sale", {"pan": PAN})
    assert built[2] == PAN
    assert dialect.with_value(built, "pan", "6212142000000000103")[2] == "6212142000000000103"


@pytest.mark.parametrize(
    ("name", "value", "number", "text"),
    [
        ("amount", "000000000001", 4, "000000000001"),
        ("60.2", "9", 60, "22000009000"),
        ("batch", "000009", 60, "22000009000"),
        ("60.4", "5", 60, "220000010005"),
        ("61.1", "000007", 61, "000007"),
        ("original.stan", "000008", 61, "000000000008"),
    ],
)
def test_one_value_of_a_message_may_be_set(
    dialect: Dialect, name: str, value: str, number: int, text: str
) -> None:
    void = dialect.build("void", {"60.2": "000001", "60.3": "000"})
    void = void.with_fields({60: "22000001000"})
    assert dialect.with_value(void, name, value)[number] == text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reversal_reason", "reversal_reason has no place in a sale"),
        ("nonsense", "nonsense has no place in a sale"),
        ("129", "129 has no place in a sale"),
        ("60.9", "DE 60 has no part 60.9"),
        ("4.1", "DE 4 has no part 4.1"),
    ],
)
def test_a_value_without_a_place_cannot_be_set(dialect: Dialect, name: str, said: str) -> None:
    with pytest.raises(KeyError, match=said):
        dialect.with_value(dialect.build("sale", {}), name, "1")


@pytest.mark.parametrize(
    ("track", "pan", "expiry"),
    [
        (f"{PAN}D3012201", PAN, "3012"),
        (f"{PAN}D", PAN, ""),
        (PAN, PAN, ""),
        (f"{PAN}D30A2", PAN, ""),
        ("6" * 20 + "D3012", "", "3012"),
        ("AB12D3012", "", "3012"),
        ("D3012", "", "3012"),
    ],
)
def test_what_a_track_says_of_its_card(track: str, pan: str, expiry: str) -> None:
    message = Message("0200", {35: track})
    assert (message.pan, message.expiry) == (pan, expiry)


def test_what_a_response_code_says(dialect: Dialect) -> None:
    assert (dialect.in_words("51"), dialect.in_words("ZZ")) == (
        "insufficient funds",
        "not in the table of codes",
    )
    assert (dialect.outcome("51"), dialect.outcome("36")) == (
        "insufficient_funds",
        dialect.outcome("36"),
    )
    assert dialect.outcome("ZZ") == dialect.code("ZZ") == "ZZ"


def test_a_header_without_room_for_the_digit_stays(dialect: Dialect) -> None:
    assert dialect.header("603100310000", "3") == "603103310000"
    assert dialect.header("603100310000", "") == "603100310000"
    assert dialect.header("6031", "3") == "6031"
