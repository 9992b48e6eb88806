"""Refunds at the terminal: typed off the slip, never reversed, never twice (3.6, T8, U4)."""

import pytest

from switch import elements as de
from switch.terminal import Record

from .bench import CLOSE, SILENCE, Bench, Say, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])


def refunds(bench: Bench, amount: int | None = None, seconds: float = 1) -> Bench:
    bench.ask("refund", amount=amount)
    return bench.run(seconds)


def test_a_refund_names_its_sale_by_rrn_and_day() -> None:
    bench = refunds(Bench().signed_on().sells(amount=8_800), 5_000)
    (refund,) = bench.of("refund")
    assert (refund.mti, refund.amount) == ("0220", 5_000)
    assert refund[de.RRN] == "103105000002"
    assert refund[de.ORIGINAL] == "000000" + "000000" + "0723"
    assert refund[de.REMARKS] == "000"
    assert refund.pan == "6212142000000000012"
    assert bench.slips[-1].startswith("REFUND 50.00 APPROVED")


def test_what_is_left_may_be_refunded_and_no_more() -> None:
    bench = Bench().signed_on().sells(amount=8_800)
    for amount in (5_000, 3_801, None, 1):
        refunds(bench, amount)
    assert [one.amount for one in bench.of("refund")] == [5_000, 3_800]
    outcomes = [result.outcome for result in bench.results[2:]]
    assert outcomes == ["approved", "refused_locally", "approved", "refused_locally"]


@STYLES
@pytest.mark.parametrize("say", [SILENCE, CLOSE, Say(mac="wrong"), Say(cut=20)])
def test_an_unknown_refund_is_neither_reversed_nor_repeated(style: str, say: Say) -> None:
    bench = Bench(style).signed_on().sells().on("refund", say)
    refunds(bench, seconds=130)
    refunds(bench, seconds=130)
    bench.sells()
    assert len(bench.of("refund")) == 1
    assert not bench.of("reversal")
    assert [result.outcome for result in bench.results[2:]] == [
        "unknown", "refused_locally", "approved",
    ]  # fmt: skip


def test_the_doubt_survives_a_power_cut() -> None:
    bench = Bench().signed_on().sells().on("refund", SILENCE)
    refunds(bench, seconds=61)
    later = refunds(Bench(record=Record.from_json(bench.saved[-1])))
    assert later.results[-1].text == "the last refund of it is in doubt: ask your acquirer"


def test_another_sale_may_be_refunded_while_one_is_in_doubt() -> None:
    bench = Bench().signed_on().sells().on("refund", SILENCE)
    refunds(bench, seconds=61).sells(amount=700)
    assert refunds(bench).of("refund")[-1].amount == 700


def test_a_refused_refund_may_be_asked_again() -> None:
    bench = Bench().signed_on().sells().on("refund", Say("57"))
    refunds(refunds(bench))
    assert [result.outcome for result in bench.results[2:]] == ["declined", "approved"]


def test_a_sale_of_a_settled_batch_can_be_refunded() -> None:
    bench = Bench().signed_on().sells(amount=8_800)
    record = Record.from_json(bench.saved[-1])
    record.batch, record.log = 2, []
    assert refunds(Bench(record=record)).of("refund")[0].amount == 8_800


@pytest.mark.parametrize(
    "before", [(), ("sale", "void"), ("preauth",), ("preauth", "completion", "completion_void")]
)
def test_nothing_to_refund(before: tuple[str, ...]) -> None:
    bench = Bench().signed_on()
    for do in before:
        bench.ask(do)
        bench.run()
    assert refunds(bench).results[-1].outcome == "refused_locally"


def test_a_completion_can_be_refunded() -> None:
    bench = Bench().signed_on()
    for do in ("preauth", "completion", "refund"):
        bench.ask(do)
        bench.run()
    assert bench.transcript == conversation("""
        >> 0100 preauth 000002
        << 0110 00 000002
        >> 0200 completion 000003
        << 0210 00 000003
        >> 0220 refund 000004
        << 0230 00 000004
    """)


def test_a_refunded_sale_is_not_voided() -> None:
    bench = refunds(Bench().signed_on().sells(amount=8_800), 1)
    bench.ask("void")
    bench.run()
    assert bench.results[-1].text == "a part of it was refunded"
