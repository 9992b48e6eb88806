"""Settlement at the terminal: totals, upload, end, and where it goes on, as transcripts."""

from __future__ import annotations

import pytest

from switch import elements as de
from switch.terminal import Record
from switch.terminal.record import Approved, Settling

from .bench import CLOSE, SILENCE, Bench, Say, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])
FOREIGN = Say(set={de.REMARKS: "VIS"})


def settles(bench: Bench, seconds: float = 1) -> Bench:
    bench.ask("settle")
    return bench.run(seconds)


def digits(bench: Bench, number: int = -1) -> str:
    """DE 48 of a settlement, local and foreign totals apart."""
    sent = bench.of("settlement")[number][de.PRIVATE_DIGITS]
    return f"{sent[:31]} {sent[31:]}"


@STYLES
def test_a_balanced_batch_is_closed_and_the_next_begins(style: str) -> None:
    bench = Bench(style).signed_on().sells(amount=10_000).sells(amount=2_500)
    bench.ask("void")
    settles(bench.run())
    bench.sells()
    assert bench.transcript.endswith(
        conversation("""
            >> 0500 settlement 000005
            << 0510 -- 000005
            >> 0320 batch_end 000006
            << 0330 00 000006
            >> 0200 sale 000007
            << 0210 00 000007
        """)
    )
    assert digits(bench) == "0000000125000020000000025000010" + " " + "0" * 31
    (end,) = bench.of("batch_end")
    assert (end.part("60.3"), end.part("60.2"), end[48]) == ("207", "000001", "0000")
    assert bench.of("sale")[-1].part("60.2") == "000002"
    assert bench.results[-2].outcome == "done"
    assert bench.slips[3] == ("SETTLED BATCH 000001, local: 2 debits 125.00, 1 credits 25.00")


def test_foreign_cards_are_counted_apart_and_only_the_disputed_group_is_uploaded() -> None:
    """2.7, B6; which cards are foreign says DE 63.1 of the response (2.12)."""
    bench = Bench().signed_on().on("sale", Say(), FOREIGN).on("settlement", Say(flags="12"))
    bench.sells(amount=100).sells(amount=700, card="plain")
    settles(bench)
    assert digits(bench) == f"{100:012d}001{0:015d}0 {700:012d}001{0:015d}0"
    (details,) = bench.of("batch_upload")
    assert details[48] == f"01 01 000003 {'4012345678909':0>20} {700:012d}".replace(" ", "")
    (end,) = bench.of("batch_end")
    assert (end.part("60.3"), end[48]) == ("202", "0001")
    assert bench.slips[-1].endswith("; foreign: 1 debits 7.00, 0 credits 0.00")


def test_details_go_eight_at_a_time_each_message_with_its_own_stan() -> None:
    bench = Bench().signed_on().on("settlement", Say(flags="21"))
    for _ in range(10):
        bench.sells()
    settles(bench)
    assert [one[48][:2] for one in bench.of("batch_upload")] == ["08", "02"]
    assert [one[de.STAN] for one in bench.requests[-4:]] == ["000012", "000013", "000014", "000015"]
    assert bench.of("batch_end")[0][48] == "0010"
    assert bench.of("batch_upload")[1].part("48.3[1]") == "000010"


@STYLES
def test_a_pending_reversal_goes_first(style: str) -> None:
    """B1, R14: and what was reversed is not counted (B4)."""
    bench = Bench(style).signed_on().on("sale", SILENCE).on("reversal", SILENCE, SILENCE)
    bench.sells(200)
    settles(bench, 200)
    kinds = [one.kind for one in bench.requests]
    assert kinds[-3:] == ["reversal", "settlement", "batch_end"]
    assert digits(bench) == "0" * 31 + " " + "0" * 31


@pytest.mark.parametrize("say", [Say(flags="33"), Say(flags="13"), Say(flags="10"), SILENCE, CLOSE,
                                 Say(omit=(48,)), Say(set={48: "0" * 30}), Say(mti="0530"),
                                 Say(set={de.TERMINAL_ID: "87654321"})])  # fmt: skip
@STYLES
def test_without_two_good_flags_nothing_has_happened(style: str, say: Say) -> None:
    """B7: the batch is kept, sales go on in it, and it may be settled again."""
    bench = Bench(style).signed_on().on("settlement", say).sells()
    settles(bench, 70)
    assert bench.results[-1].outcome == "unknown" and not bench.of("batch_upload")
    bench.sells()
    settles(bench)
    assert bench.of("sale")[-1].part("60.2") == "000001"
    assert digits(bench).startswith(f"{200:012d}002")
    assert bench.of("settlement")[0][de.STAN] != bench.of("settlement")[1][de.STAN]
    assert bench.results[-1].outcome == "done"


@pytest.mark.parametrize("say", [SILENCE, CLOSE, Say(set={de.STAN: "000999"})])
def test_a_lost_block_is_repeated_unchanged(say: Say) -> None:
    bench = Bench().signed_on().on("settlement", Say(flags="21")).on("batch_upload", say, say)
    settles(bench.sells(), 200)
    first, *repeats = bench.of("batch_upload")
    assert [one.fields for one in repeats] == [first.fields, first.fields]
    assert bench.results[-1].outcome == "done"


def test_a_refused_block_is_sent_again_as_a_new_message() -> None:
    bench = Bench().signed_on().on("settlement", Say(flags="21")).on("batch_upload", Say("96"))
    settles(bench.sells(), 5)
    first, second = bench.of("batch_upload")
    assert (first[48], first[de.STAN]) == (second[48], "000004") and second[de.STAN] == "000005"


@STYLES
def test_after_three_attempts_it_stops_and_goes_on_there_later(style: str) -> None:
    """B9, P1: the next transaction settles first, from the block that was lost."""
    bench = Bench(style).signed_on().on("settlement", Say(flags="21"))
    bench.on("batch_upload", *[SILENCE] * 3)
    settles(bench.sells(), 400)
    assert len(bench.of("batch_upload")) == 3
    assert ("display", "UPLOAD FAILED, SETTLE AGAIN") in bench.shown
    bench.sells()
    assert [one.kind for one in bench.requests][-3:] == ["batch_upload", "batch_end", "sale"]
    assert len(bench.of("settlement")) == 1
    assert bench.of("sale")[-1].part("60.2") == "000002"


def test_a_sale_does_not_start_while_the_batch_cannot_be_closed() -> None:
    bench = Bench().signed_on().on("batch_end", *[SILENCE] * 6)
    settles(bench.sells(), 400)
    bench.sells(400)
    assert len(bench.of("sale")) == 1
    assert bench.results[-1].outcome == "refused_locally"


# Settling on seconds after it began: while the 0500, the first block or the end waits.
@pytest.mark.parametrize("lost", ["settlement", "batch_upload", "batch_end"])
@STYLES
def test_it_goes_on_at_the_same_step_after_a_power_cut(style: str, lost: str) -> None:
    """W5: the very message that waited is sent again, nothing before it."""
    bench = Bench(style).signed_on().on("settlement", Say(flags="21")).on(lost, SILENCE)
    if lost == "settlement":
        bench.plan["settlement"] = [SILENCE, Say(flags="21")]
    settles(bench.sells())
    before = len(bench.requests)
    again = bench.restarted()
    again.on("settlement", Say(flags="21")).ask("next_transaction")
    again.run()
    waited = bench.requests[before - 1]
    assert waited.kind == lost and again.requests[0].fields == waited.fields
    rest = ["settlement", "batch_upload", "batch_end"]
    assert [one.kind for one in again.requests] == [*rest[rest.index(lost) :], "sale"]


def test_an_eager_terminal_goes_on_at_power_on_a_lazy_one_when_it_is_used() -> None:
    for style, expected in (("eager", 1), ("lazy", 0)):
        bench = Bench(style).signed_on().on("batch_end", SILENCE)
        settles(bench.sells())
        bench.ask("power_off")
        bench.ask("power_on")
        bench.run(5)
        assert len(bench.of("batch_end")) == 1 + expected


def test_a_sign_on_does_not_renumber_the_batch_that_is_being_settled() -> None:
    """The host may have closed it and be one batch on."""
    bench = Bench().signed_on().on("batch_end", *[SILENCE] * 3)
    settles(bench.sells(), 400)
    bench.batch = "000002"
    bench.ask("sign_on")
    settles(bench.run())
    assert {one.part("60.2") for one in bench.of("batch_end")} == {"000001"}
    assert bench.terminal.record.batch == 2


@pytest.mark.parametrize("limit", [{"log_room": 2}, {"batch_limit": 200}])
def test_a_full_batch_is_settled_before_the_next_sale(limit: dict[str, int]) -> None:
    """P1: by the number of its transactions, or by its amount."""
    bench = Bench(**limit).signed_on().sells().sells().sells()
    kinds = [one.kind for one in bench.requests[1:]]
    assert kinds == ["sale", "sale", "settlement", "batch_end", "sale"]


def test_the_batch_after_999999_is_1() -> None:
    bench = Bench(record=Record(batch=999_999))
    bench.batch = "999999"
    settles(bench.signed_on())
    assert bench.terminal.record.batch == 1


def test_refunds_and_completions_are_told_by_notices() -> None:
    """3.1: one 0320 each, with what the transaction referred to."""
    refund = Approved("000007", 1, 500, "pin", "103105000007", "", "0723", kind="refund")
    record = Record(batch=1, stan=9, log=[refund], settling=Settling(flags="21"))
    bench = settles(Bench(record=record))
    (notice,) = bench.of("batch_notice")
    assert notice[de.CONTROL].startswith("25000001000") and notice[de.AMOUNT] == f"{500:012d}"
    assert (notice.part("61.1"), notice.part("61.2"), notice[37]) == (
        "000001", "000007", "103105000007",
    )  # fmt: skip
    assert not bench.of("batch_upload") and bench.of("batch_end")[0][48] == "0001"
