"""Store and forward at the terminal: kept, sent, repeated, given up, as transcripts."""

from __future__ import annotations

import pytest

from switch import elements as de
from switch.security import WorkingKeys

from .bench import CLOSE, PIK, SILENCE, Bench, Say, conversation
from .test_settlement import STYLES, digits, settles

OTHER_MAK = bytes.fromhex("F82A9BA462D57A7C")


def offline(bench: Bench, amount: int = 500) -> Bench:
    bench.ask("offline_sale", amount=amount)
    return bench.run()


@STYLES
def test_a_stored_sale_goes_out_behind_the_next_online_transaction(style: str) -> None:
    """O1: stored first; nothing leaves when it is made."""
    bench = offline(Bench(style).signed_on())
    assert bench.transcript == "" and bench.slips == [
        "OFFLINE SALE 5.00 APPROVED, STAN 000002, CARD 621214*********0012"
    ]
    bench.sells()
    assert bench.transcript == conversation("""
        >> 0200 sale 000003
        << 0210 00 000003
        >> 0220 offline_sale 000002
        << 0230 00 000002
    """)
    assert not bench.terminal.record.queue


def test_its_message() -> None:
    """2.10: it has no original, and was approved by voice; typed in, without PIN or track."""
    bench = offline(Bench().signed_on()).sells()
    (sent,) = bench.of("offline_sale")
    assert sent[de.ORIGINAL] == "0" * 16 + "01"
    assert (sent[de.ENTRY_MODE], sent[de.APPROVAL_CODE]) == ("012", "888888")
    assert sent[de.CONTROL].startswith("30000001000")
    assert not {de.TRACK_2, de.PIN_BLOCK} & set(sent)


def test_the_record_keeps_no_card_number() -> None:
    bench = offline(Bench().signed_on())
    assert "6212142" not in bench.saved[-1] and "3012" not in bench.saved[-1]


def test_it_goes_out_after_a_decline_too_but_not_when_the_line_is_dead() -> None:
    bench = offline(Bench("lazy").signed_on()).on("sale", SILENCE, Say("51"))
    bench.sells(61)
    assert not bench.of("offline_sale")
    bench.sells()
    assert len(bench.of("offline_sale")) == 1


def test_enough_of_them_go_out_at_once() -> None:
    bench = Bench(upload_threshold=2).signed_on()
    assert not offline(bench).of("offline_sale")
    assert len(offline(bench).of("offline_sale")) == 2


@STYLES
def test_settlement_sends_them_first_and_counts_them(style: str) -> None:
    bench = offline(offline(Bench(style).signed_on()))
    settles(bench)
    assert bench.transcript.startswith(
        conversation("""
            >> 0220 offline_sale 000002
            << 0230 00 000002
            >> 0220 offline_sale 000003
            << 0230 00 000003
            >> 0500 settlement 000004
        """)
    )
    assert digits(bench).startswith(f"{1000:012d}002")


@pytest.mark.parametrize("code", ["00", "94"])
def test_accepted_or_known_already_is_done(code: str) -> None:
    bench = settles(offline(Bench().signed_on().on("offline_sale", Say(code))))
    assert len(bench.of("offline_sale")) == 1
    assert digits(bench).startswith(f"{500:012d}001")


@pytest.mark.parametrize("code", ["14", "41", "30", "96"])
def test_any_other_code_is_final_and_not_counted(code: str) -> None:
    """O3: listed on a slip, in no total."""
    bench = offline(Bench().signed_on().on("offline_sale", Say(code))).sells()
    settles(bench)
    assert len(bench.of("offline_sale")) == 1
    assert digits(bench).startswith(f"{100:012d}001")
    assert f"UPLOAD REFUSED {code}: STAN 000002, NOT IN THE TOTALS" in bench.slips
    assert bench.slips[-1].endswith("; refused uploads: STAN 000002")


def test_the_details_of_stored_sales_come_first() -> None:
    """3.6, step 6: offline before online."""
    bench = offline(Bench().signed_on().sells()).on("settlement", Say(flags="21"))
    settles(bench)
    (details,) = bench.of("batch_upload")
    assert (details.part("48.3[1]"), details.part("48.3[2]")) == ("000003", "000002")


LOST = [SILENCE, CLOSE, Say(mac="wrong"), Say(set={de.STAN: "000999"}), Say(cut=20)]


@pytest.mark.parametrize("say", LOST)
def test_no_good_reply_sends_the_same_message_again(say: Say) -> None:
    """O4, O6, O7."""
    bench = offline(Bench().signed_on().on("offline_sale", say)).sells(70)
    settles(bench)
    first, second = bench.of("offline_sale")
    assert first.without(de.MAC).fields == second.without(de.MAC).fields
    assert not bench.of("reversal")


def test_after_the_last_try_it_is_for_people_and_stays_in_the_totals() -> None:
    """O5: at most three attempts, then a fault slip; the details of the batch will name it."""
    bench = offline(Bench().signed_on().on("offline_sale", *[SILENCE] * 9))
    settles(bench.on("settlement", Say(flags="21")), 300)
    assert len(bench.of("offline_sale")) == 3
    assert any("STAN 000002 could not be uploaded" in slip for slip in bench.slips)
    assert bench.of("batch_upload")[0].part("48.3[1]") == "000002"


def test_attempts_are_counted_over_many_occasions() -> None:
    bench = offline(Bench().signed_on().on("offline_sale", *[SILENCE] * 9))
    for _ in range(5):
        bench.sells(70)
    assert len(bench.of("offline_sale")) == 3


def test_what_never_connected_is_no_attempt_and_settlement_waits() -> None:
    bench = offline(Bench(keeps_connection=False).signed_on())
    bench.refuse = 99
    settles(bench, 100)
    assert bench.results[-1].outcome == "unknown" and not bench.of("settlement")
    bench.refuse = 0
    settles(bench)
    assert bench.results[-1].outcome == "done"


def test_a_call_for_new_keys_is_no_refusal() -> None:
    """D8: it signs on and sends the stored sale under the new keys."""
    bench = offline(Bench().signed_on().on("offline_sale", Say("A0", mac="absent")))
    bench.next_keys = [WorkingKeys(PIK, OTHER_MAK)]
    settles(bench)
    kinds = [one.kind for one in bench.requests[1:]]
    assert kinds[:4] == ["offline_sale", "sign_on", "offline_sale", "settlement"]
    assert "wrong MAC" not in bench.transcript


@STYLES
def test_the_queue_survives_a_power_cut(style: str) -> None:
    """W6: while it waits, and while its upload waits for the answer."""
    bench = offline(Bench(style).signed_on().on("offline_sale", SILENCE)).sells()
    again = bench.restarted()
    settles(again)
    assert again.of("offline_sale")[0].fields == bench.of("offline_sale")[0].fields
    assert again.terminal.record.batch == 2


@pytest.mark.parametrize(
    ("do", "amount", "kind", "total"),
    [("tip", 100, "tip", 600), ("adjust", 450, "adjustment", 450)],
)
def test_a_new_amount_takes_the_place_of_the_sale(
    do: str, amount: int, kind: str, total: int
) -> None:
    bench = Bench().signed_on().sells(amount=500)
    bench.ask(do, amount=amount)
    settles(bench.run())
    (sent,) = bench.of(kind)
    assert (sent.amount, sent.part("61.2"), sent.part("61.1")) == (total, "000002", "000001")
    assert sent.get(48) == (f"{100:012d}" if kind == "tip" else "")
    assert sent[de.RRN] == "103105000002"
    assert digits(bench).startswith(f"{total:012d}001{0:012d}000")


def test_a_refused_adjustment_has_adjusted_nothing() -> None:
    bench = Bench().signed_on().on("adjustment", Say("25")).sells(amount=500)
    bench.ask("adjust", amount=450)
    settles(bench.run())
    assert digits(bench).startswith(f"{500:012d}001")


@pytest.mark.parametrize("asked", [("tip",), ("sale", "void", "tip"), ("sale", "tip", "adjust")])
def test_nothing_to_adjust(asked: tuple[str, ...]) -> None:
    bench = Bench().signed_on()
    for do in asked:
        bench.ask(do, amount=500)
        bench.run()
    assert bench.results[-1].outcome == "refused_locally"


def test_a_sale_that_was_adjusted_is_not_voided() -> None:
    """U1."""
    bench = Bench().signed_on().sells(amount=500)
    for do in ("tip", "void"):
        bench.ask(do, amount=10)
        bench.run()
    assert bench.results[-1].outcome == "refused_locally" and not bench.of("void")


def test_no_offline_sale_while_the_batch_is_being_settled() -> None:
    """B11."""
    bench = Bench().signed_on().on("batch_end", *[SILENCE] * 3)
    settles(bench.sells(), 300)
    offline(bench)
    assert bench.results[-1].outcome == "refused_locally"


def advised(bench: Bench, amount: int = 800) -> Bench:
    for do, each in (("preauth", 1000), ("completion_advice", amount)):
        bench.ask(do, amount=each)
        bench.run()
    return bench


def test_an_advice_completes_the_authorization_without_the_host() -> None:
    """U6: stored and sent like an offline sale, and in the totals."""
    bench = advised(Bench().signed_on())
    assert not bench.of("completion_advice") and bench.terminal.record.authorization is None
    settles(bench)
    (sent,) = bench.of("completion_advice")
    assert (sent.amount, sent[de.APPROVAL_CODE], sent[de.CONDITION_CODE]) == (800, "A00001", "06")
    assert digits(bench).startswith(f"{800:012d}001")


def test_a_refused_advice_leaves_the_authorization_open() -> None:
    """U5."""
    bench = advised(Bench().signed_on().on("completion_advice", Say("25")))
    settles(bench)
    assert bench.terminal.record.authorization is not None
    assert digits(bench).startswith(f"{0:012d}000")


def test_no_advice_without_an_authorization() -> None:
    bench = Bench().signed_on()
    bench.ask("completion_advice", amount=800)
    assert bench.run().results[-1].outcome == "refused_locally"
