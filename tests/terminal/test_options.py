"""Where vendors differ, each choice as a conversation."""

from __future__ import annotations

from switch import elements as de

from .bench import SILENCE, Bench, Say, conversation


def with_option(name: str, value: str, style: str = "eager") -> Bench:
    return Bench(style, options={name: value}).signed_on()


def test_a_void_names_its_original_with_or_without_the_date() -> None:
    for digits, named in (("16", "0000010000020723"), ("12", "000001000002")):
        bench = with_option("original_digits_in_void", digits).sells()
        bench.ask("void")
        bench.run()
        assert bench.of("void")[0][de.ORIGINAL] == named


def test_the_mac_of_a_decline_is_looked_at_or_not() -> None:
    forged = Say("03", mac="wrong")
    strict = with_option("mac_on_declines", "verified").on("sale", forged).sells()
    assert strict.of("reversal")[0][de.RESPONSE_CODE] == "A0"
    easy = with_option("mac_on_declines", "ignored").on("sale", forged).sells()
    assert [easy.results[-1].outcome, easy.of("reversal")] == ["declined", []]


def test_the_mac_of_an_approval_is_always_looked_at() -> None:
    bench = with_option("mac_on_declines", "ignored").on("sale", Say("00", mac="wrong")).sells()
    assert bench.of("reversal")[0][de.RESPONSE_CODE] == "A0"


def test_the_first_attempt_counts_or_comes_on_top() -> None:
    for choice, sent in (("counts", 3), ("extra", 4)):
        bench = with_option("first_attempt", choice)
        bench.on("sale", SILENCE).on("reversal", *[SILENCE] * 9).sells(600)
        assert len(bench.of("reversal")) == sent


def test_a_reversal_under_the_old_keys_comes_before_the_sign_on() -> None:
    bench = with_option("after_bad_mac", "reversal").on("sale", Say(mac="wrong")).sells()
    bench.ask("next_transaction")
    bench.run()
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        << 0210 00 000002
        >> 0400 reversal A0 000002
        << 0410 00 000002
        >> 0800 sign_on 000003
        << 0810 00 000003
        >> 0200 sale 000004
        << 0210 00 000004
    """)


def test_keys_that_the_host_has_given_up_are_replaced_before_the_second_attempt() -> None:
    bench = with_option("after_bad_mac", "reversal", "lazy")
    bench.on("sale", Say(mac="wrong")).on("reversal", Say("A0")).sells()
    bench.ask("next_transaction")
    bench.run()
    kinds = [request.kind for request in bench.requests[1:]]
    assert kinds == ["sale", "reversal", "sign_on", "reversal", "sale"]


def test_68_is_a_decline_or_an_unknown_outcome() -> None:
    plain = with_option("reply_too_late", "declined").on("sale", Say("68")).sells()
    assert [plain.results[-1].outcome, plain.of("reversal")] == ["declined", []]
    doubtful = with_option("reply_too_late", "unknown").on("sale", Say("68")).sells()
    assert doubtful.results[-1].outcome == "reversed"
    assert doubtful.of("reversal")[0][de.RESPONSE_CODE] == "98"


def test_nobody_reverses_a_balance_inquiry_because_of_68() -> None:
    bench = with_option("reply_too_late", "unknown").on("balance", Say("68"))
    bench.ask("balance")
    bench.run()
    assert [bench.results[-1].outcome, bench.of("reversal")] == ["declined", []]
