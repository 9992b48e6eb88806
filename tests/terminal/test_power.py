"""Power cuts and what survives them (W1 to W4, R14), and the record as text."""

import pytest

from switch.terminal import Record

from .bench import SILENCE, Bench, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])


@STYLES
@pytest.mark.parametrize("after", [0.001, 0.012, 30])
def test_a_sale_cut_off_by_the_plug_is_reversed(style: str, after: float) -> None:
    bench = Bench(style).signed_on().on("sale", SILENCE)
    bench.terminal.lost("host")
    bench.sells(after)
    assert bench.ask("power_off")
    assert not bench.terminal.idle
    assert not bench.ask("sale")
    bench.run(5)
    assert bench.ask("power_on")
    bench.run(5)
    assert len(bench.of("reversal")) == (1 if style == "eager" else 0)
    bench.plan.clear()
    bench.ask("next_transaction")
    bench.run()
    assert [request.kind for request in bench.requests[-2:]] == ["reversal", "sale"]
    assert [one.outcome for one in bench.results[1:]] == ["unknown", "done", "done", "approved"]


@STYLES
def test_the_record_goes_through_text_and_the_reversal_with_it(style: str) -> None:
    first = Bench(style).signed_on().sells().on("sale", SILENCE).sells(10)
    again = first.restarted()
    again.ask("next_transaction")
    again.run()
    assert again.transcript == conversation("""
        >> 0400 reversal 98 000003
        << 0410 00 000003
        >> 0200 sale 000004
        << 0210 00 000004
    """)
    again.ask("void")
    again.run()
    assert again.results[-1].outcome == "approved"


def test_json_round_trip_and_versions() -> None:
    record = Bench("lazy").signed_on().sells().on("sale", SILENCE).sells(61).terminal.record
    assert Record.from_json(record.to_json()) == record
    assert Record.from_json(Record().to_json()) == Record()
    for text in ('{"format": 1}', "{}", "[]", '"x"'):
        with pytest.raises(ValueError, match="format 2"):
            Record.from_json(text)


def test_a_reply_after_the_plug_was_pulled_reaches_nobody() -> None:
    bench = Bench("lazy").signed_on().on("sale", SILENCE).sells(1)
    bench.ask("power_off")
    bench.terminal.received(b"\x00\x15" + bytes(21))
    bench.terminal.connected()
    bench.terminal.connect_failed("late")
    bench.terminal.lost("host")
    bench.run(100)
    assert not bench.slips


def test_cancel_when_there_is_nothing_to_cancel() -> None:
    bench = Bench().signed_on()
    assert bench.ask("cancel")
    assert bench.results[-1].outcome == "refused_locally"
