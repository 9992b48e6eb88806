"""QR sales at the terminal (X21): a code instead of a card, otherwise a sale like any other."""

from __future__ import annotations

import pytest

from switch import elements as de
from tests.terminal.bench import CARDS, SILENCE, Bench, Say, conversation

CODE = CARDS["pin"].code


def pays(bench: Bench, seconds: float = 1, **more: object) -> Bench:
    bench.ask("qr_sale", **more)
    return bench.run(seconds)


def test_it_shows_the_code_and_no_card() -> None:
    bench = pays(Bench().signed_on(), amount=4_500)
    (request,) = bench.of("qr_sale")
    assert bytes.fromhex(request[de.EXTENSION]) == f"A3019{CODE}".encode()
    assert (request.mti, request.amount, request[de.ENTRY_MODE]) == ("0200", 4_500, "032")
    assert request.part("60.1") == "60"
    assert not {de.PAN, de.EXPIRY, de.TRACK_2, de.PIN_BLOCK, de.IC_DATA} & set(request.fields)
    assert bench.slips == ["QR SALE 45.00 APPROVED, STAN 000002"]


@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_it_is_reversed_when_nobody_answers(style: str) -> None:
    bench = pays(Bench(style).signed_on().on("qr_sale", SILENCE), 61).sells()
    assert bench.transcript == conversation("""
        >> 0200 qr_sale 000002
        >> 0400 reversal 98 000002
        << 0410 00 000002
        >> 0200 sale 000003
        << 0210 00 000003
    """)
    (reversal,) = bench.of("reversal")
    assert not {de.PAN, de.EXTENSION} & set(reversal.fields)


def test_the_permanent_memory_never_holds_the_code() -> None:
    bench = pays(Bench().signed_on().on("qr_sale", SILENCE), 61)
    kept = "".join(bench.saved)
    assert CODE not in kept
    assert CODE.encode().hex() not in kept


def test_a_decline_is_shown() -> None:
    bench = pays(Bench().signed_on().on("qr_sale", Say("51")))
    assert [result.outcome for result in bench.results[1:]] == ["declined"]
    assert not bench.of("reversal")


def test_a_partial_approval_counts_with_its_amount() -> None:
    bench = pays(
        Bench().signed_on().on("qr_sale", Say("10", set={4: "000000003000"})), amount=4_500
    )
    assert bench.slips == ["QR SALE 30.00 APPROVED, STAN 000002"]


def test_nothing_starts_without_a_code() -> None:
    bench = pays(Bench().signed_on(), card="plain")
    assert bench.results[-1].text == "no payment code"
    assert not bench.of("qr_sale")


@pytest.mark.parametrize("do", ["void", "refund"])
def test_it_is_neither_voided_nor_refunded_by_card(do: str) -> None:
    bench = pays(Bench().signed_on())
    bench.ask(do)
    bench.run()
    assert bench.results[-1].outcome == "refused_locally"


def test_a_batch_counts_it_and_uploads_it_without_a_card_number() -> None:
    bench = pays(Bench().signed_on(), amount=4_500).on("settlement", Say(flags="21"))
    bench.ask("settle")
    bench.run(5)
    (settlement,) = bench.of("settlement")
    assert settlement.part("48.1") == "000000004500"
    (upload,) = bench.of("batch_upload")
    assert upload[48] == "01" + "00" + "000002" + "0" * 20 + "000000004500"
