"""The stream may be cut anywhere and hold anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .bench import Bench, Say


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_replies_in_pieces(size: int) -> None:
    bench = Bench()
    bench.bite = size
    bench.sells().ask("void")
    bench.run()
    assert [result.outcome for result in bench.results] == ["approved", "approved"]


@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_every_cut_of_a_reply_that_never_ends_is_reversed(style: str) -> None:
    whole = _a_reply()
    for length in range(len(whole)):
        bench = Bench(style).signed_on().on("sale", Say(raw=whole[:length])).sells(61)
        bench.ask("next_transaction")
        bench.run()
        kinds = [request.kind for request in bench.requests[1:]]
        assert kinds == ["sale", "reversal", "sale"], length
        assert bench.results[-1].outcome == "approved"


def _a_reply() -> bytes:
    heard: list[bytes] = []
    bench = Bench().signed_on()
    take = bench.terminal.received

    def listening(data: bytes) -> None:
        heard.append(data)
        take(data)

    bench.terminal.received = listening  # type: ignore[method-assign]
    bench.sells()
    return heard[-1]


@given(st.binary(max_size=200), st.sampled_from(["eager", "lazy"]))
@settings(max_examples=150, deadline=None)
def test_garbage_for_a_reply_raises_nothing(garbage: bytes, style: str) -> None:
    bench = Bench(style).signed_on().on("sale", Say(raw=garbage)).sells(200)
    bench.ask("next_transaction")
    bench.run(200)
    assert bench.results[-1].outcome == "approved"
    assert len(bench.of("reversal")) == 1


@given(st.binary(max_size=120))
@settings(max_examples=150, deadline=None)
def test_garbage_in_a_good_frame_raises_nothing(garbage: bytes) -> None:
    inner = bytes.fromhex("6000000003603100310000") + garbage.ljust(10, b"\0")
    wire = len(inner).to_bytes(2, "big") + inner
    bench = Bench().signed_on().on("sale", Say(raw=wire)).on("sign_on", Say(raw=wire))
    bench.sells(200)
    assert bench.results[-1].outcome == "reversed"


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_one_flipped_byte_never_approves(data: st.DataObject) -> None:
    wire = bytearray(_a_reply())
    place = data.draw(st.integers(13, len(wire) - 1))
    wire[place] ^= data.draw(st.integers(1, 255))
    bench = Bench("lazy").signed_on().on("sale", Say(raw=bytes(wire))).sells(61)
    assert bench.results[-1].outcome in {"unknown", "declined"}
    assert not bench.slips


@given(st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=100, deadline=None)
def test_garbage_while_idle_harms_nothing(pieces: list[bytes]) -> None:
    bench = Bench().signed_on()
    for piece in pieces:
        bench.terminal.received(piece)
    bench.sells()
    assert bench.results[-1].outcome == "approved"
