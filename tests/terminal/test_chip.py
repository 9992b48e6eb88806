"""The chip card in the model terminal: what it says, what is reported, what is reversed."""

import pytest

from switch import elements as de
from switch.message.tlv import read_tags
from switch.security.chip import cryptogram
from switch.terminal import Record

from .bench import ICC_KEY, SILENCE, Bench, Say, conversation
from .provoked.chip import BAD_SCRIPT, SCRIPT, WRONG_ARPC, settled_chips

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])


def tags(bench: Bench, kind: str, number: int = 0) -> dict[str, str]:
    return read_tags(bench.of(kind)[number][de.IC_DATA])


def chip_sale(style: str, *says: Say, entry: str = "chip") -> Bench:
    bench = Bench(style).signed_on().on("sale", *says)
    return bench.sells(61, amount=12_300, card="chip", entry=entry)


@STYLES
def test_a_chip_sale_carries_a_cryptogram_and_needs_no_more(style: str) -> None:
    bench = chip_sale(style)
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        << 0210 00 000002
    """)
    (request,) = bench.of("sale")
    sent = read_tags(request[de.IC_DATA])
    assert (request[de.ENTRY_MODE], request[de.CARD_SEQUENCE]) == ("052", "001")
    assert request.part("60.5") == "0" and {de.PAN, de.EXPIRY, de.TRACK_2} <= set(request)
    assert sent["9F02"] == "000000012300" and sent["9C"] == "00" and sent["9F27"] == "80"
    assert sent["9F26"] == cryptogram(ICC_KEY, sent)
    assert not request.notes and not bench.settings.dialect.presence(request)
    assert bench.results[-1].outcome == "approved"


def test_a_card_never_says_the_same_twice() -> None:
    bench = chip_sale("eager")
    bench.sells(card="chip", entry="chip", amount=12_300)
    first, second = tags(bench, "sale"), tags(bench, "sale", 1)
    assert int(second["9F36"], 16) == int(first["9F36"], 16) + 1
    assert first["9F37"] != second["9F37"] and first["9F26"] != second["9F26"]


def test_a_balance_inquiry_asks_the_chip_for_no_amount() -> None:
    bench = Bench().signed_on()
    bench.ask("balance", card="chip", entry="chip")
    bench.run()
    sent = tags(bench, "balance")
    assert (sent["9C"], sent["9F02"]) == ("31", "000000000000")
    assert bench.results[-1].outcome == "approved"


def test_a_pre_authorization_asks_the_chip_and_heeds_it() -> None:
    bench = Bench().signed_on().on("preauth", Say(), WRONG_ARPC)
    for _ in range(2):
        bench.ask("preauth", card="chip", entry="chip", amount=4_200)
        bench.run()
    assert [tags(bench, "preauth", n)["9C"] for n in (0, 1)] == ["03", "03"]
    assert [result.outcome for result in bench.results[-2:]] == ["approved", "reversed"]


@STYLES
@pytest.mark.parametrize("given", [{"91": "00" * 10}, {"91": "2141"}])
def test_an_arpc_that_is_not_the_issuers_is_reversed(style: str, given: dict[str, str]) -> None:
    bench = chip_sale(style, Say(tags=given))
    bench.sells()
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        << 0210 00 000002
        >> 0400 reversal 06 000002
        << 0410 00 000002
        >> 0200 sale 000003
        << 0210 00 000003
    """)
    reversal = tags(bench, "reversal")
    assert list(reversal) == ["95", "9F1E", "9F10", "9F36"]  # R6
    assert reversal["95"] == "0000000040"  # issuer authentication failed
    assert ("display", "THE CARD REFUSED, CONTACT ISSUER") in bench.shown
    assert len(bench.slips) == 1


def test_a_card_that_refuses_does_so_once() -> None:
    bench = Bench().signed_on()
    assert bench.ask("card_refuses")
    bench.sells(card="chip", entry="chip").sells(card="chip", entry="chip")
    assert [result.outcome for result in bench.results[-2:]] == ["reversed", "approved"]
    assert tags(bench, "reversal")["9F10"] == "0701010320000001"  # AAC, the issuer was right


def test_a_contactless_card_is_not_asked_twice() -> None:
    bench = chip_sale("eager", WRONG_ARPC, entry="contactless")
    assert bench.results[-1].outcome == "approved"
    assert bench.of("sale")[0][de.ENTRY_MODE] == "072"


@pytest.mark.parametrize("say", [Say("51"), Say("63"), Say("51", tags={"91": "00" * 10})])
def test_a_declined_chip_sale_is_not_reversed(say: Say) -> None:
    bench = chip_sale("eager", say)
    assert bench.results[-1].outcome == "declined" and not bench.of("reversal")


@pytest.mark.parametrize("answer", ["FF", "9F", "91"])
def test_an_answer_that_is_no_tlv_is_kept_from_the_card(answer: str) -> None:
    bench = chip_sale("eager", Say(set={de.IC_DATA: answer}))
    assert bench.results[-1].outcome == "approved"


@STYLES
def test_a_lost_chip_sale_is_reversed_with_the_reduced_tags(style: str) -> None:
    bench = chip_sale(style, SILENCE)
    bench.sells()
    assert list(tags(bench, "reversal")) == ["95", "9F1E", "9F10", "9F36"]
    assert bench.of("reversal")[0][de.CARD_SEQUENCE] == "001"


@STYLES
@pytest.mark.parametrize(("say", "result"), [(SCRIPT, "2000000001"), (BAD_SCRIPT, "1100000002")])
def test_a_script_is_reported_before_the_next_message(style: str, say: Say, result: str) -> None:
    bench = chip_sale(style, say)
    bench.sells()
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        << 0210 00 000002
        >> 0620 script_result 000003
        << 0630 00 000003
        >> 0200 sale 000004
        << 0210 00 000004
    """)
    (report,) = bench.of("script_result")
    assert tags(bench, "script_result")["DF31"] == result
    assert report[de.CONTROL] == "00000001951" + "60"
    assert report[de.ORIGINAL] == "0000010000020723"
    assert (report[de.RRN], report[de.APPROVAL_CODE]) == ("103105000002", "A00001")
    assert not bench.settings.dialect.presence(report)
    assert len(bench.slips) == 2  # I4


def test_script_reversal_transaction_in_this_order() -> None:
    bench = chip_sale("lazy", Say(tags={"71": "860504DA9F7900", "91": "00" * 10})).sells()
    kinds = [request.kind for request in bench.requests[1:]]
    assert kinds == ["sale", "script_result", "reversal", "sale"]  # P5
    assert tags(bench, "reversal")["DF31"] == "2000000000"


@STYLES
def test_a_report_is_tried_three_times_and_holds_nothing_up(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", SCRIPT).on("script_result", *[SILENCE] * 9)
    bench.sells(400, card="chip", entry="chip").sells(400)
    stans = [report[de.STAN] for report in bench.of("script_result")]
    assert stans == ["000003", "000004", "000005"]
    assert bench.results[-1].outcome == "approved" and bench.terminal.record.script is None


def test_a_report_survives_a_power_cut_and_an_unreachable_host() -> None:
    bench = chip_sale("lazy", SCRIPT)
    bench.ask("power_off")
    bench.run()
    again = bench.restarted()
    again.refuse = 1
    again.sells()
    assert again.results[-1].outcome == "refused_locally" and not again.requests  # P3
    again.sells()
    assert [request.kind for request in again.requests] == ["script_result", "sale"]


def test_a_record_with_a_script_reads_back() -> None:
    bench = chip_sale("lazy", SCRIPT)
    kept = Record.from_json(bench.saved[-1])
    assert kept == bench.terminal.record and kept.script is not None
    assert "script" in Record().to_json()


@STYLES
@pytest.mark.parametrize(
    ("flags", "ok", "failed", "end"), [("11", "203", "204", "207"), ("21", "205", "206", "202")]
)
def test_a_settlement_tells_of_every_chip(
    style: str, flags: str, ok: str, failed: str, end: str
) -> None:
    bench = Bench(style)
    settled_chips(flags)(bench)
    (told,), (refused,) = bench.of("batch_ic"), bench.of("batch_ic_failed")
    (last,) = bench.of("batch_end")
    assert [one.part("60.3") for one in (told, refused, last)] == [ok, failed, end]
    assert bytes.fromhex(told[de.KEYS]) == b"610000" + b"000000004200" + b"156"
    assert bytes.fromhex(refused[de.KEYS]) == b"710005" + b"000000004200" + b"156" + b"00" + b"1"
    assert [one.part("61.2") for one in (told, refused)] == ["000002", "000003"]
    certificate = read_tags(told[de.IC_DATA])
    assert certificate["9F27"] == "40" and certificate["9F26"] == cryptogram(ICC_KEY, certificate)
    assert read_tags(refused[de.IC_DATA])["9F27"] == "00"
    assert last.part("48.1") == "0002" and not bench.of("batch_upload")
    assert not [text for one in bench.requests for text in bench.settings.dialect.presence(one)]
    assert not bench.terminal.record.chips_refused


@STYLES
def test_a_chip_sale_without_the_host_is_stored_and_uploaded_with_its_certificate(
    style: str,
) -> None:
    bench = Bench(style).signed_on().on("ic_offline_sale", SILENCE)
    bench.ask("offline_sale", card="chip", entry="chip", amount=4_200)
    bench.run()
    assert bench.results[-1].text == "stored" and len(bench.requests) == 1
    bench.sells(70).sells(70)
    first, second = bench.of("ic_offline_sale")
    assert (first.mti, first.fields.keys()) == ("0200", second.fields.keys())
    assert first[de.IC_DATA] == second[de.IC_DATA] and first[de.STAN] == second[de.STAN]
    certificate = read_tags(first[de.IC_DATA])
    assert (certificate["9F27"], certificate["8A"]) == ("40", b"Y1".hex())
    assert certificate["9F26"] == cryptogram(ICC_KEY, certificate)
    assert not {de.TRACK_2, de.PIN_BLOCK} & set(first) and first[de.ENTRY_MODE] == "052"
    assert not bench.of("reversal") and not bench.settings.dialect.presence(first)


def test_fallback_says_so_and_stripe_does_not() -> None:
    bench = chip_sale("eager", entry="fallback").sells(card="chip")
    assert [sale[de.ENTRY_MODE] for sale in bench.of("sale")] == ["022", "022"]
    assert [sale.part("60.5") for sale in bench.of("sale")] == ["2", "0"]
    assert de.IC_DATA not in bench.of("sale")[0]


@pytest.mark.parametrize(
    ("card", "entry"), [("pin", "chip"), ("plain", "contactless"), ("chip", "qr")]
)
def test_what_cannot_be_read_is_refused(card: str, entry: str) -> None:
    assert not Bench().ask("sale", card=card, entry=entry)
