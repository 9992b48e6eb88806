"""The world while it runs: what a change does, what money does, what blocks a card."""

from __future__ import annotations

import pytest

from switch.acquirer import Entry, World
from switch.acquirer.book import load
from switch.acquirer.ledger import Ledger
from switch.acquirer.parties import CARD_STATUSES
from switch.errors import Refusal
from tests.host.conversation import FixedClock

BOOK = load()
MID = "898310012345678"
PAN = BOOK.cards["default"].pan
TODAY = "2601"


@pytest.fixture
def world() -> World:
    return World(BOOK, FixedClock())


def entry(stan: str, status: str = "approved", kind: str = "sale", **more: object) -> Entry:
    values: dict[str, object] = {
        "exchange": int(stan), "kind": kind, "key": ("12345678", MID, "000001", stan),
        "amount": 500, "pan": PAN, "rrn": "r", "approval": "a", "date": "0105",
            "settlement_date": "0105",
        "outcome": "approved", "status": status, "content": "c", "payee": MID, "answer": {},
    }  # fmt: skip
    values["asked"] = more.get("amount", values["amount"])
    return Entry(**(values | more))  # type: ignore[arg-type]


def outcome(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.reason


# ---- changes -------------------------------------------------------------------------------


def test_a_merchant_changes_its_status_and_its_name(world: World) -> None:
    world.change("merchant", MID, {"status": "suspended"})
    world.change("merchant", MID, {"name": "New Tea House"})
    merchant = world.registry.merchant(MID, 0)
    assert merchant is not None
    assert (merchant.status, merchant.name) == ("suspended", "New Tea House")
    assert BOOK.merchants[MID].status == "active", "the book stays what it was"


@pytest.mark.parametrize("name", ["default", PAN])
def test_a_card_changes_by_name_and_by_pan(world: World, name: str) -> None:
    world.change("card", name, {"status": "lost", "balance": "7", "pin": "0000", "expiry": "2701"})
    card = world.cards[PAN]
    assert (card.status, card.balance, card.pin, card.expiry) == ("lost", 7, "0000", "2701")


@pytest.mark.parametrize(
    ("what", "id_", "status"),
    [
        ("merchant", MID, "lost"),
        ("card", "default", "suspended"),
        ("terminal", "12345678", "frozen"),
    ],
)
def test_a_status_that_it_cannot_have_is_refused(
    world: World, what: str, id_: str, status: str
) -> None:
    with pytest.raises(ValueError, match=f"{what} status '{status}', known: active"):
        world.change(what, id_, {"status": status})


@pytest.mark.parametrize(
    ("what", "id_"), [("merchant", "0" * 15), ("card", "nobody"), ("terminal", "00000000")]
)
def test_nobody_cannot_be_changed(world: World, what: str, id_: str) -> None:
    with pytest.raises(KeyError):
        world.change(what, id_, {"status": "active"})


# ---- cards ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [status for status in CARD_STATUSES if status != "active"])
def test_a_card_that_is_not_active_is_refused(world: World, status: str) -> None:
    world.change("card", "default", {"status": status})
    with pytest.raises(Refusal) as refused:
        world.check_card(PAN, "", TODAY)
    assert refused.value.because == f"card default is {status}"


def test_a_card_is_told_apart_by_its_date(world: World) -> None:
    assert world.check_card(PAN, "3012", TODAY).name == "default"
    assert world.check_card(PAN, "", "3012").name == "default"
    for expiry, today in (("3011", TODAY), ("", "3101")):
        with pytest.raises(Refusal) as refused:
            world.check_card(PAN, expiry, today)
        assert outcome(refused) == "expired_card"


def test_pin_tries_are_counted_per_card(world: World) -> None:
    card, other = world.cards[PAN], world.cards[BOOK.cards["poor"].pan]
    for tried in (card, other, card):
        with pytest.raises(Refusal) as refused:
            world.check_pin(tried, "wrong")
        assert outcome(refused) == "wrong_pin"
    with pytest.raises(Refusal) as refused:
        world.check_pin(card, "wrong")
    assert outcome(refused) == "pin_tries_exceeded"
    assert world.cards[PAN].status == "pin_tries_exceeded"
    assert world.cards[other.pan].status == "active"


def test_a_block_of_nonsense_is_no_try(world: World) -> None:
    for _ in range(5):
        with pytest.raises(Refusal) as refused:
            world.check_pin(world.cards[PAN], "malformed")
        assert outcome(refused) == "pin_error"
    assert world.cards[PAN].status == "active"


@pytest.mark.parametrize("verdict", ["valid", "absent", "unchecked"])
def test_pins_that_need_no_no(world: World, verdict: str) -> None:
    world.check_pin(world.cards[PAN], verdict)


def test_the_number_of_tries_may_be_another() -> None:
    world = World(BOOK, FixedClock(), pin_tries=1)
    with pytest.raises(Refusal) as refused:
        world.check_pin(world.cards[PAN], "wrong")
    assert outcome(refused) == "pin_tries_exceeded"


# ---- money ---------------------------------------------------------------------------------


def test_money_of_an_unknown_card_moves_nowhere(world: World) -> None:
    before = dict(world.cards)
    world.move("9999999999999", -500)
    assert world.cards == before


def test_a_sale_undone_gives_the_money_back(world: World) -> None:
    sold = entry("000002")
    world.undo(sold)
    assert sold.status == "reversed"
    assert world.cards[PAN].balance == BOOK.cards["default"].balance + 500


def test_a_void_undone_takes_the_money_again_and_the_sale_stands(world: World) -> None:
    sold = entry("000002")
    void = entry("000003", kind="void", original=sold)
    assert world.post(void) == [sold]
    assert sold.status == "voided"
    before = world.cards[PAN].balance
    assert world.undo(void) == [sold]
    assert (sold.status, void.status) == ("approved", "reversed")
    assert world.cards[PAN].balance == before - 500


# ---- the ledger ----------------------------------------------------------------------------


def test_the_newest_of_equal_keys_is_found() -> None:
    ledger = Ledger()
    first, second = entry("000002", "declined"), entry("000002")
    ledger.add(first)
    ledger.add(second)
    assert ledger.original(first.key) is second
    assert ledger.repeat_of(first.key) is second


def test_a_batch_of_zeros_matches_any() -> None:
    ledger = Ledger()
    ledger.add(entry("000002"))
    tid, mid, _, stan = entry("000002").key
    assert ledger.original((tid, mid, "000000", stan)) is ledger.entries[0]
    assert ledger.original((tid, mid, "", stan)) is ledger.entries[0]
    assert ledger.original((tid, mid, "000009", stan)) is None
    assert ledger.original((tid, "0" * 15, "000001", stan)) is None
    assert ledger.repeat_of((tid, mid, "000000", stan)) is None


def test_a_reversal_that_came_first_is_remembered_by_its_whole_key() -> None:
    ledger = Ledger()
    ledger.remember_reversal(("12345678", MID, "000001", "000002"))
    assert ledger.was_reversed_early(("12345678", MID, "000001", "000002"))
    assert not ledger.was_reversed_early(("12345678", MID, "000002", "000002"))


def test_older_entries_come_before_the_newer_ones() -> None:
    old, new = Ledger(), Ledger()
    old.add(entry("000002", "declined"))
    new.add(entry("000002"))
    merged = new.merged(old)
    assert [found.status for found in merged.entries] == ["declined", "approved"]
    assert merged.original(entry("000002").key) is new.entries[0]
    assert new.merged(None).entries == new.entries


def test_residue_is_what_only_an_earlier_case_knows() -> None:
    past = Ledger()
    past.add(entry("000002"))
    past.add(entry("000003"))
    world = World(BOOK, FixedClock(), past=past)
    world.ledger.add(entry("000003"))
    key = entry("000002").key
    assert world.is_residue(key)
    assert world.original(key) is past.entries[0]
    assert not world.is_residue(entry("000003").key)
    assert world.original(entry("000003").key) is world.ledger.entries[0]
    assert not world.is_residue(entry("000009").key)
    assert world.original(entry("000009").key) is None
    assert not World(BOOK, FixedClock()).is_residue(key)


def test_card_numbers_do_not_show_in_the_repr_of_an_entry() -> None:
    assert PAN not in repr(entry("000002", answer={2: PAN}))
