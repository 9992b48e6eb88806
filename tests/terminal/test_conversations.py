"""What a correct terminal says, in both styles, as transcripts."""

import pytest

from switch import elements as de
from switch.terminal import Result

from .bench import CLOSE, SILENCE, TMK, Bench, Say, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])
REVERSED_AND_ON = """
    >> 0200 sale 000002
    >> 0400 reversal {reason} 000002
    << 0410 00 000002
    >> 0200 sale 000003
    << 0210 00 000003
"""


@STYLES
def test_signs_on_before_its_first_sale(style: str) -> None:
    bench = Bench(style).sells(amount=10_000)
    assert bench.transcript == conversation("""
        >> 0800 sign_on 000001
        << 0810 00 000001
        >> 0200 sale 000002
        << 0210 00 000002
    """)
    assert bench.results[0].outcome == "approved"
    assert bench.results[0].amount == 10_000
    assert bench.slips == ["SALE 100.00 APPROVED, STAN 000002, CARD 621214*********0012"]


@STYLES
def test_no_reply_is_reversed_with_98(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE)
    bench.sells(61)
    assert bench.results[-1].outcome == ("reversed" if style == "eager" else "unknown")
    assert not bench.slips
    bench.ask("next_transaction")
    bench.run()
    assert bench.transcript == conversation(REVERSED_AND_ON.format(reason="98"))


def test_eager_reverses_at_the_timer_and_lazy_at_the_next_transaction() -> None:
    eager = Bench("eager").signed_on().on("sale", SILENCE).sells(90)
    lazy = Bench("lazy").signed_on().on("sale", SILENCE).sells(90)
    assert [round(at, 1) for at in eager.at(">> 0400")] == [61.0]
    assert lazy.at(">> 0400") == []


@STYLES
@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (CLOSE, "98"),
        (Say(cut=20), "98"),
        (Say(cut=1), "98"),
        (Say(mti="0230"), "06"),
        (Say(set={de.PROCESSING_CODE: "200000"}), "06"),
        (Say(set={de.STAN: "000777"}), "06"),
        (Say(set={de.TERMINAL_ID: "12345679"}), "06"),
        (Say(set={de.MERCHANT_ID: "898310012345679"}), "06"),
        (Say(set={de.MERCHANT_ID: "8983100"}), "06"),
        (Say(omit=(de.MERCHANT_ID,)), "06"),
        (Say(set={de.AMOUNT: "000000000101"}), "06"),
        (Say(set={de.CONDITION_CODE: "08"}), "06"),
        (Say(set={de.CURRENCY: "840"}), "06"),
        (Say(set={de.RRN: " " * 12}), "06"),
        (Say(omit=(de.RESPONSE_CODE,)), "06"),
        (Say("51", set={de.MERCHANT_ID: "898310012345679"}), "06"),  # V9
        (Say(header="903100310000"), "06"),
        (Say(raw=bytes.fromhex("0000")), "06"),
        (Say(raw=bytes.fromhex("0015" + "6000000003603100310000" + "FF" * 10)), "06"),
    ],
)
def test_an_unusable_reply_is_reversed(style: str, say: Say, reason: str) -> None:
    bench = Bench(style).signed_on().on("sale", say).sells(70)
    bench.ask("next_transaction")
    bench.run()
    sent = [line for line in bench.transcript.splitlines() if line.startswith(">>")]
    wanted = REVERSED_AND_ON.format(reason=reason).splitlines()
    assert sent == [line.strip() for line in wanted if ">>" in line]
    assert len(bench.slips) == 1


@STYLES
@pytest.mark.parametrize("kind", ["wrong", "absent"])
def test_a_wrong_reply_mac_costs_reversal_and_sign_on(style: str, kind: str) -> None:
    bench = Bench(style).signed_on().on("sale", Say(mac=kind)).sells()
    bench.ask("next_transaction")
    bench.run()
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        << 0210 00 000002
        >> 0800 sign_on 000003
        << 0810 00 000003
        >> 0400 reversal A0 000002
        << 0410 00 000002
        >> 0200 sale 000004
        << 0210 00 000004
    """)


@STYLES
@pytest.mark.parametrize("code", ["03", "51", "55", "61", "68", "91", "96", "98", "Z9"])
@pytest.mark.parametrize("kind", ["valid", "absent"])
def test_a_decline_is_final(style: str, code: str, kind: str) -> None:
    bench = Bench(style).signed_on().on("sale", Say(code, mac=kind)).sells(90)
    bench.ask("next_transaction")
    bench.run()
    assert bench.transcript == conversation(f"""
        >> 0200 sale 000002
        << 0210 {code} 000002
        >> 0200 sale 000003
        << 0210 00 000003
    """)
    assert bench.results[1].outcome == "declined"
    assert bench.results[1].code == code


@STYLES
@pytest.mark.parametrize(
    "say",
    [
        Say("A0", mac="absent"),
        Say("99"),
        Say("77"),
        Say("51", requirement="3"),
        Say("00", requirement="3"),
    ],
)
def test_some_replies_ask_for_a_sign_on(style: str, say: Say) -> None:
    bench = Bench(style).signed_on().on("sale", say).sells()
    assert len(bench.of("sign_on")) == 1, "not before the next transaction"
    bench.ask("next_transaction")
    bench.run()
    assert [request.kind for request in bench.requests[1:]] == ["sale", "sign_on", "sale"]


@STYLES
def test_what_cannot_be_sent_is_not_reversed(style: str) -> None:
    bench = Bench(style).signed_on()
    bench.terminal.lost("host")
    bench.refuse = 1
    bench.sells()
    assert bench.results[-1].outcome == "not_sent"
    assert bench.terminal.record.pending is None
    bench.sells()
    assert bench.transcript == conversation("""
        -- refused
        >> 0200 sale 000003
        << 0210 00 000003
    """)


@STYLES
def test_cancel_does_not_cancel_the_reversal(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE).sells(10)
    assert bench.ask("cancel")
    bench.run()
    bench.ask("next_transaction")
    bench.run()
    assert bench.transcript == conversation(REVERSED_AND_ON.format(reason="98"))


@STYLES
def test_a_late_approval_approves_nothing(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", Say(after=70)).sells(80)
    assert not bench.slips
    bench.ask("next_transaction")
    bench.run()
    assert len(bench.of("reversal")) == 1
    assert len(bench.slips) == 1


def test_a_late_reply_is_not_taken_for_the_reversals() -> None:
    bench = Bench("lazy").signed_on().on("sale", Say(after=62)).on("reversal", Say(after=5))
    bench.sells(60.5)
    bench.ask("next_transaction")
    bench.run(10)
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        >> 0400 reversal 98 000002
        << 0210 00 000002
        << 0410 00 000002
        >> 0200 sale 000003
        << 0210 00 000003
    """)
    assert len(bench.slips) == 1


def test_a_reply_said_twice_is_heard_once() -> None:
    bench = Bench().signed_on().on("sale", Say(times=2)).sells().sells()
    assert [result.outcome for result in bench.results[1:]] == ["approved", "approved"]
    assert not bench.of("reversal")


def test_a_terminal_that_keeps_listening_after_a_mismatch_reverses_with_98() -> None:
    bench = Bench("eager", options={"after_mismatch": "keep_listening"}).signed_on()
    bench.on("sale", Say(set={de.STAN: "000777"})).sells(61)
    assert bench.of("reversal")[0][de.RESPONSE_CODE] == "98"
    assert bench.at(">> 0400")[0] > 60


def test_a_partial_reply_may_be_reversed_with_06() -> None:
    bench = Bench("eager", options={"partial_response_reason": "other"}).signed_on()
    bench.on("sale", Say(cut=30)).sells()
    assert bench.of("reversal")[0][de.RESPONSE_CODE] == "06"


@STYLES
def test_a_partial_approval_counts_with_its_own_amount(style: str) -> None:
    bench = Bench(style).signed_on()
    bench.on("sale", Say("10", set={de.AMOUNT: "000000004000"})).sells(amount=10_000)
    assert bench.results[-1].amount == 4_000
    bench.ask("void")
    bench.run()
    assert bench.of("void")[0].amount == 4_000
    assert not bench.of("reversal")


def test_a_void_names_its_sale_and_comes_once() -> None:
    bench = Bench().signed_on().sells(amount=2_500)
    bench.ask("void")
    bench.ask("void")
    bench.run()
    void = bench.of("void")[0]
    assert void.amount == 2_500
    assert void[de.ORIGINAL] == "000001" + "000002" + "0723"
    assert void[de.RRN] == "103105000002"
    assert void.pan == "6212142000000000012"
    assert void[de.STAN] == "000003"
    assert [result.outcome for result in bench.results[2:]] == ["approved", "refused_locally"]


def test_a_void_without_a_sale_of_this_batch_is_refused_locally() -> None:
    bench = Bench().signed_on()
    bench.ask("void")
    bench.sells()
    bench.batch = "000002"
    bench.ask("sign_on")
    bench.ask("void")
    bench.run()
    outcomes = [result.outcome for result in bench.results if result.do == "void"]
    assert outcomes == ["refused_locally", "refused_locally"]
    assert not bench.of("void")


@STYLES
def test_a_declined_void_leaves_the_sale_and_reverses_nothing(style: str) -> None:
    bench = Bench(style).signed_on().sells().on("void", Say("25"))
    bench.ask("void")
    bench.ask("void")
    bench.run()
    assert [result.outcome for result in bench.results[2:]] == ["declined", "approved"]
    assert not bench.of("reversal")


def test_a_declined_balance_is_shown() -> None:
    bench = Bench().signed_on().on("balance", Say("43"))
    bench.ask("balance")
    bench.run()
    assert bench.results[-1].outcome == "declined"
    assert bench.results[-1].text == "DECLINED 43 stolen card: KEEP THE CARD"


@pytest.mark.parametrize("do", ["sale", "void", "balance"])
def test_nothing_starts_while_a_sign_on_is_refused(do: str) -> None:
    bench = Bench().signed_on().sells()
    bench.ask("sign_off")
    bench.on("sign_on", Say("97")).ask(do)
    bench.run()
    assert bench.requests[-1].kind == "sign_on"
    assert bench.results[-1].outcome == "refused_locally"


@STYLES
def test_an_unanswered_void_is_reversed_and_the_sale_stays(style: str) -> None:
    bench = Bench(style).signed_on().sells().on("void", SILENCE)
    bench.ask("void")
    bench.run(61)
    bench.ask("void")
    bench.run()
    reversal = bench.of("reversal")[0]
    assert reversal[de.STAN] == "000003"
    assert reversal[de.ORIGINAL] == bench.of("void")[0][de.ORIGINAL]
    assert reversal.pan == "6212142000000000012"
    assert bench.results[-1].outcome == "approved"


def test_a_balance_is_shown_and_never_reversed() -> None:
    bench = Bench().signed_on()
    bench.ask("balance")
    bench.run()
    assert bench.results[-1].balance == 123_456
    bench.on("balance", SILENCE).ask("balance")
    bench.run(61)
    assert bench.results[-1].outcome == "unknown"
    bench.sells()
    assert not bench.of("reversal")


def test_echo_and_sign_off() -> None:
    bench = Bench().signed_on()
    bench.ask("echo")
    bench.ask("sign_off")
    bench.run()
    assert bench.transcript == conversation("""
        >> 0820 echo
        << 0830 00
        >> 0820 sign_off 000002
        << 0830 00 000002
    """)
    assert not bench.terminal.record.signed_on


def test_one_connection_for_all_or_one_for_each() -> None:
    kept, single = Bench(), Bench(keeps_connection=False)
    for bench in (kept, single):
        bench.signed_on().on("sale", CLOSE).sells().sells()
    assert kept.results[-1].outcome == single.results[-1].outcome == "approved"
    assert kept.terminal.idle
    opened = [bench.connection for bench in (kept, single)]
    assert opened[0] < opened[1]


def test_stimuli_wait_for_their_turn_and_unknown_ones_are_refused() -> None:
    bench = Bench()
    idle = [bench.terminal.idle]
    assert bench.ask("sale") and bench.ask("sale")
    idle.append(bench.terminal.idle)
    assert idle == [True, False]
    assert not bench.ask("dance")
    assert not bench.ask("sale", card="nobody's")
    assert not bench.ask("power_on")
    bench.run()
    assert [result.stan for result in bench.results] == ["000002", "000003"]


def test_the_next_stimulus_may_be_asked_while_one_is_reported_done() -> None:
    bench = Bench()

    def echo_after_sale(result: Result) -> None:
        if result.do == "sale":
            bench.ask("echo")

    bench.then = echo_after_sale
    bench.sells()
    assert [result.do for result in bench.results] == ["sale", "echo"]


def test_print_fails_reprints_and_reverses_nothing() -> None:
    bench = Bench().signed_on()
    assert bench.ask("print_fails")
    bench.sells().sells()
    assert ("display", "PRINTER FAILED, PRINTING AGAIN") in bench.shown
    assert len(bench.slips) == 2
    assert not bench.of("reversal")


def test_nothing_shown_or_saved_or_printable_holds_a_secret() -> None:
    bench = Bench("lazy", entry="manual").signed_on().on("sale", SILENCE).sells(61)
    bench.sells().ask("void")
    bench.run()
    written = repr(bench.shown) + repr(bench.results) + "".join(bench.saved)
    written += repr(bench.settings) + repr(bench.terminal.record)
    for secret in ("6212142000000000012", "123456789", TMK.hex(), repr(TMK), "'123456'"):
        assert secret not in written
