"""What leaves is byte for byte what the vectors say."""

import pytest

from switch import elements as de
from switch.terminal import Card, Record

from .bench import CARDS, DIALECT, SILENCE, Bench

SIGNED_ON = "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8B651F9E9BACE9AE10000000000000000AB7153CA"
# Published vectors V073, V075, V084 and V097: sign-on, sale with PIN, its reversal, echo.
V073 = (
    "005B600003000060310031000008000020000000C0001600000131323334353637383839383331303031323334"
    "353637380011000000010030002953657175656E6365204E6F313633313030534E303030303030303030310003"
    "303120"
)
V075 = (
    "007360000300006031003100000200302004C020C0981100000000000000010000000202100012366212142000"
    "000000012D30122011234567893132333435363738383938333130303132333435363738313536AF5DABE4951A"
    "871526000000000000000013220000010006004337343546443445"
)
V084 = (
    "0051600003000060310031000004003020048002C0801100000000000000010000000202100039383132333435"
    "3637383839383331303031323334353637383135360013220000010006003241303846353531"
)
V097 = (
    "0034600003000060310031000008200000000000C0001031323334353637383839383331303031323334353637"
    "380011000000013010"
)


def ready() -> Record:
    return Record(signed_on=True, keys=SIGNED_ON, layout="double", stan=1)


def test_sign_on_is_v073() -> None:
    bench = Bench()
    bench.ask("sign_on")
    bench.run()
    assert bench.frames[0].hex().upper() == V073


def test_sale_and_reversal_are_v075_and_v084() -> None:
    bench = Bench("eager", record=ready()).on("sale", SILENCE).sells(61)
    assert bench.frames[0].hex().upper() == V075
    assert bench.frames[1].hex().upper() == V084


def test_echo_is_v097() -> None:
    bench = Bench()
    bench.ask("echo")
    bench.run()
    assert bench.frames[0].hex().upper() == V097


@pytest.mark.parametrize(
    ("entry", "card", "mode"),
    [
        ("stripe", "pin", "021"),
        ("stripe", "plain", "022"),
        ("manual", "pin", "011"),
        ("manual", "plain", "012"),
    ],
)
def test_entry_mode_and_card_elements(entry: str, card: str, mode: str) -> None:
    bench = Bench("eager", record=ready(), entry=entry).sells(card=card)
    sale = bench.of("sale")[0]
    assert sale[de.ENTRY_MODE] == mode
    assert (de.TRACK_2 in sale) == (entry == "stripe")
    assert (de.PAN in sale) == (de.EXPIRY in sale) == (entry == "manual")
    assert (de.PIN_BLOCK in sale) == (de.PIN_CAPTURE in sale) == (card == "pin")
    assert sale.pan == CARDS[card].pan


@pytest.mark.parametrize("entry", ["stripe", "manual"])
def test_a_reversal_copies_what_r4_lists_and_nothing_r5_forbids(entry: str) -> None:
    bench = Bench("eager", record=ready(), entry=entry).on("sale", SILENCE).sells(61)
    sale, reversal = bench.of("sale")[0], bench.of("reversal")[0]
    kind = DIALECT.classes["reversal"]
    for number in set(kind.copies) & set(sale):
        assert reversal[number] == sale[number]
    assert not set(kind.never) & set(reversal)
    assert not DIALECT.presence(reversal)
    assert not DIALECT.presence(sale)


def test_every_request_is_well_formed_and_sealed_under_the_key_in_force() -> None:
    bench = Bench().sells()
    for do in ("void", "balance", "echo", "sign_off"):
        bench.ask(do)
    bench.run()
    assert not [problem for one in bench.requests for problem in DIALECT.presence(one)]
    assert "MAC" not in bench.transcript


def test_stan_wraps_to_one() -> None:
    record = ready()
    record.stan = 999_998
    bench = Bench("eager", record=record).sells().sells()
    assert [sale[de.STAN] for sale in bench.of("sale")] == ["999999", "000001"]


def test_track_2_and_repr_of_a_card() -> None:
    card = Card("x", "6212142000000000012", "3012", "123456")
    assert card.track_2 == "6212142000000000012D3012201123456789"
    assert "6212142000000000012" not in repr(card)
    assert "123456" not in repr(card)
