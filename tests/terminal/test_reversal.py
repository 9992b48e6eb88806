"""How often, in which order, and when a reversal ends (R8 to R14)."""

import pytest

from switch import elements as de

from .bench import CLOSE, SILENCE, Bench, Say, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])


@STYLES
@pytest.mark.parametrize("code", ["00", "12", "25"])
def test_these_codes_end_it(style: str, code: str) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE).on("reversal", Say(code)).sells(61)
    bench.sells()
    assert len(bench.of("reversal")) == 1
    assert bench.results[-1].outcome == "approved"


@STYLES
@pytest.mark.parametrize(
    "say",
    [
        SILENCE,
        CLOSE,
        Say("96"),
        Say("05"),
        Say(set={de.AMOUNT: "000000009999"}),
        Say(mti="0210"),
        Say(cut=25),
        Say(omit=(de.RESPONSE_CODE,)),
        Say(raw=b"\x00\x01\x02"),
    ],
)
def test_anything_else_is_tried_again_unchanged(style: str, say: Say) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE).on("reversal", say).sells(130)
    bench.sells(130)
    first, second = bench.of("reversal")
    assert first.mti == second.mti == "0400"
    assert first.fields == second.fields
    assert bench.results[-1].outcome == "approved"


@STYLES
@pytest.mark.parametrize("say", [Say("A0", mac="absent"), Say(mac="wrong"), Say(mac="absent")])
def test_a_mac_failure_on_the_reversal_brings_one_sign_on(style: str, say: Say) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE).on("reversal", say).sells(61)
    bench.sells()
    kinds = [request.kind for request in bench.requests[1:]]
    assert kinds == ["sale", "reversal", "sign_on", "reversal", "sale"]


@STYLES
def test_always_a0_stops(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE)
    bench.on("reversal", *[Say("A0", mac="absent")] * 9).sells(61)
    bench.sells()
    assert len(bench.of("reversal")) == 3
    assert len(bench.of("sign_on")) <= 3


@STYLES
def test_three_attempts_then_a_fault_slip_and_on(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE).on("reversal", *[SILENCE] * 9)
    bench.sells(300)
    bench.sells(300)
    assert bench.transcript == conversation("""
        >> 0200 sale 000002
        >> 0400 reversal 98 000002
        >> 0400 reversal 98 000002
        >> 0400 reversal 98 000002
        >> 0200 sale 000003
        << 0210 00 000003
    """)
    assert [one.outcome for one in bench.results[1:]] == ["unknown", "approved"]
    assert [slip[:10] for slip in bench.slips] == ["FAULT SLIP", "SALE 1.00 "]


@STYLES
def test_after_the_last_attempt_fail(style: str) -> None:
    bench = Bench(style, options={"after_last_attempt": "fail"}).signed_on()
    bench.on("sale", SILENCE).on("reversal", *[SILENCE] * 9).sells(300)
    bench.sells(300)
    bench.sells()
    started = 1 if style == "lazy" else 2
    assert len(bench.of("reversal")) == 3
    outcomes = [result.outcome for result in bench.results[1:]]
    assert outcomes[1] == ("refused_locally" if started == 1 else "approved")
    assert outcomes[2] == "approved"


@STYLES
def test_after_the_last_attempt_refuse(style: str) -> None:
    bench = Bench(style, options={"after_last_attempt": "refuse"}).signed_on()
    bench.on("sale", SILENCE).on("reversal", *[SILENCE] * 9).sells(300)
    bench.sells(300)
    bench.sells(300)
    assert len(bench.of("reversal")) == 3
    assert len(bench.of("sale")) == 1
    assert bench.results[-1].outcome == "refused_locally"
    assert bench.terminal.record.pending is not None


@STYLES
def test_connections_that_fail_are_no_attempts_and_stop_the_sale(style: str) -> None:
    bench = Bench(style).signed_on().on("sale", CLOSE)
    bench.ask("sale")
    bench.run(0.004)
    bench.refuse = 3 if style == "eager" else 0
    bench.run(20)
    if style == "lazy":
        bench.refuse = 3
        bench.sells(20)
        assert bench.results[-1].outcome == "refused_locally"
    assert not bench.of("reversal")
    assert bench.terminal.record.pending and bench.terminal.record.pending.attempts == 0
    bench.sells(20)
    assert len(bench.of("reversal")) == 1
    assert bench.results[-1].outcome == "approved"


def test_the_record_is_written_before_the_request_leaves() -> None:
    bench = Bench("lazy").signed_on().on("sale", SILENCE)
    saved_at: list[str] = []
    send = bench.send

    def watching(data: bytes) -> None:
        saved_at.append(bench.saved[-1])
        send(data)

    bench.send = watching  # type: ignore[method-assign]
    bench.sells(61)
    assert '"pending": {' in saved_at[-1]
    assert '"stan": 2' in saved_at[-1]


@STYLES
def test_void_and_balance_wait_for_the_reversal_too(style: str) -> None:
    bench = Bench(style).signed_on().sells().on("sale", SILENCE)
    bench.sells(61)
    bench.ask("balance")
    bench.run()
    kinds = [request.kind for request in bench.requests[1:]]
    assert kinds == ["sale", "sale", "reversal", "balance"]
