"""Books: the default one is good; every mistake is found, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from switch.acquirer import Book
from switch.acquirer.book import DEFAULT_BOOK, load, read
from switch.errors import BadFile
from switch.reading import read_text

GOOD = """\
acquirer: {institution: "48020000", name: Test Acquirer}
merchants:
  - {id: "898310012345678", name: Tea House}
  - {id: "898310087654321", name: 书店, status: frozen}
terminals:
  - {id: "12345678", merchant: "898310012345678", tmk: "0123456789ABCDEF"}
  - {id: "87654321", merchant: "898310087654321", tmk: "0123456789ABCDEFFEDCBA9876543210",
     mak_bytes: 16}
cards:
  - {name: lost, pan: "6212142000000000400", expiry: "3012", status: lost}
  - {name: default, pan: "6212142000000000012", expiry: "3012", pin: "123456", balance: 100}
"""


def book(text: str) -> Book:
    return read(read_text(text, "book.yaml"), text)


def problems(text: str) -> list[str]:
    with pytest.raises(BadFile) as caught:
        book(text)
    return [str(problem) for problem in caught.value.problems]


def test_the_default_book_is_good() -> None:
    default = load()
    assert load(DEFAULT_BOOK) == default
    assert default.card().name == "default"
    assert default.source == DEFAULT_BOOK.read_text(encoding="utf-8")
    assert {t.merchant for t in default.terminals.values()} <= default.merchants.keys()
    statuses = {card.status for card in default.cards.values()}
    assert statuses == {"active", "frozen", "lost", "stolen", "expired", "closed", "restricted",
                        "pin_tries_exceeded"}  # fmt: skip
    assert not default.accept_unknown
    assert not default.magic_amounts


def test_what_a_book_says() -> None:
    read = book(GOOD)
    assert (read.institution, read.name) == ("48020000", "Test Acquirer")
    assert [m.status for m in read.merchants.values()] == ["active", "frozen"]
    assert [t.mak_bytes for t in read.terminals.values()] == [0, 16]
    assert read.cards["default"].balance == 100
    assert (read.cards["lost"].pin, read.cards["lost"].balance) == ("", 0)


def test_a_card_by_name_by_pan_and_without_a_name() -> None:
    read = book(GOOD)
    assert read.card().name == "default", "the first that is active"
    assert read.card("lost") is read.card("6212142000000000400")
    with pytest.raises(KeyError, match="nobody"):
        read.card("nobody")


def test_the_rest_of_a_book_may_be_set() -> None:
    read = book(
        GOOD
        + """\
unknown_terminals: {accept: yes, tmk: "0123456789ABCDEF"}
magic_amounts: on
host: {sync_lag: 5m, stale: [merchants], pin_tries: 2}
options: {mac_on_declines: all, lenient_padding: off}
"""
    )
    assert (read.accept_unknown, read.unknown_tmk) == (True, "0123456789ABCDEF")
    assert read.magic_amounts
    assert read.host == {"sync_lag": 300_000_000_000, "stale": ("merchants",), "pin_tries": 2}
    assert read.options == {"mac_on_declines": "all", "lenient_padding": False}


# What is replaced in the good book -> the complaint.
MISTAKES = {
    "an unknown status": (
        "status: lost", "status: lots",
        "book.yaml:10:70: 'lots' is not one of active, inactive, frozen, lost",
    ),
    "a word that is nearly one": ("status: lost", "status: lsot", "did you mean 'lost'?"),
    "a merchant status of a card": (
        "status: frozen", "status: stolen", "book.yaml:4:47: 'stolen' is not one of active,",
    ),
    "the same merchant twice": (
        'id: "898310087654321"', 'id: "898310012345678"',
        "book.yaml:4:10: id '898310012345678' stands twice in merchants",
    ),
    "the same terminal twice": (
        'id: "87654321"', 'id: "12345678"',
        "book.yaml:7:10: id '12345678' stands twice in terminals",
    ),
    "the same card name twice": (
        "name: lost", "name: default", "book.yaml:11:12: name 'default' stands twice in cards",
    ),
    "the same card number twice": (
        "6212142000000000400", "6212142000000000012",
        "book.yaml:11:26: pan '6212142000000000012' stands twice in cards",
    ),
    "a terminal of no merchant": (
        'merchant: "898310012345678"', 'merchant: "898310099999999"',
        "book.yaml:6:32: no merchant '898310099999999' in this book",
    ),
    "an MID that is too short": (
        '- {id: "898310087654321"', '- {id: "8983100"',
        "book.yaml:4:10: '8983100' is not an MID of 15 characters",
    ),
    "a TID that is too long": (
        'id: "87654321"', 'id: "876543210"', "'876543210' is not a TID of 8 characters",
    ),
    "a key of no length": (
        'tmk: "0123456789ABCDEF"', 'tmk: "0123456789ABCDE"',
        "is not a key of 16, 32 or 48 hex digits",
    ),
    "a terminal without a key": (
        ', tmk: "0123456789ABCDEF"', "", "book.yaml:6:5: key 'tmk' is missing",
    ),
    "a PIN of three digits": (
        'pin: "123456"', 'pin: "123"', "book.yaml:11:70: '123' is not a PIN of 4 to 12 digits",
    ),
    "a maintenance of no class": (
        "acquirer:", "host: {maintenance: cut_over, of: [sales]}\nacquirer:",
        "book.yaml:1:36: 'sales' is no message class; did you mean 'sale'?",
    ),
    "a maintenance of nothing": (
        "acquirer:", "host: {of: sale}\nacquirer:",
        "book.yaml:1:8: 'of' says nothing without 'maintenance'",
    ),
    "a time that no clock shows": (
        "acquirer:", "host: {cut_over: 24:00}\nacquirer:",
        "book.yaml:1:18: '24:00' is not a time of day such as 23:00",
    ),
    "a PAN with letters": ("6212142000000000400", "62121420000000004OO", "book.yaml:10:23:"),
    "an unknown key": ("name: lost,", "nmae: lost,", "did you mean 'name'?"),
    "a duplicate key": ("balance: 100", "balance: 100, balance: 1", "balance"),
    "an acquirer without a name": (", name: Test Acquirer", "", "key 'name' is missing"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_found_with_its_place(old: str, new: str, said: str) -> None:
    assert GOOD.count(old) >= 1
    found = problems(GOOD.replace(old, new, 1))
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("book.yaml:") for problem in found)


def test_accepting_strangers_needs_their_key() -> None:
    (found,) = problems(GOOD + "unknown_terminals: {accept: on}\n")
    assert found == "book.yaml:12:20: accepting unknown terminals needs their tmk"
    assert not book(GOOD + "unknown_terminals: {accept: off}\n").accept_unknown


def test_a_book_needs_an_active_card() -> None:
    (found,) = problems(GOOD.replace("balance: 100", "status: closed"))
    assert found == "book.yaml:9:1: at least one card must be active"


@pytest.mark.parametrize("missing", ["acquirer", "merchants", "terminals", "cards"])
def test_a_book_has_four_parts(missing: str) -> None:
    parts = GOOD.split("\n")
    starts = [number for number, line in enumerate(parts) if line and not line.startswith(" ")] + [
        99
    ]
    here = next(i for i, number in enumerate(starts) if parts[number].startswith(missing))
    rest = "\n".join(parts[: starts[here]] + parts[starts[here + 1] :])
    assert f"key '{missing}' is missing" in " ".join(problems(rest))


@pytest.mark.parametrize(
    "text", ["- a list\n", "just words\n", "merchants: none\nterminals: {}\ncards: [1, 2]\n"]
)
def test_a_file_that_is_no_book_at_all(text: str) -> None:
    assert problems(text)


def test_all_mistakes_are_told_at_once() -> None:
    found = problems(
        GOOD.replace("status: lost", "status: lots").replace("status: frozen", "status: x")
    )
    assert len(found) == 2


def test_a_book_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load(path).name == "Test Acquirer"
    path = tmp_path / "bad.yaml"
    path.write_text("- x\n")
    with pytest.raises(BadFile, match=r"bad\.yaml:1:1"):
        load(path)
