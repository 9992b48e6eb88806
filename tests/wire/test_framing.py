"""Streams into frames and frames into bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.dialect import load
from switch.errors import FrameError
from switch.testing import cuts, frames
from switch.wire import Frame, Framer, Framing
from switch.wire.lengths import LENGTHS

CUP = load("cup-pos")
BODY = bytes.fromhex("08200000000000000000")
FRAME = Frame("6000030000", "603100310000", BODY)
ASCII = Framing(length="ascii-4")


def received(framing: Framing, *chunks: bytes) -> list[Frame]:
    framer = Framer(framing)
    return [frame for chunk in chunks for frame in framer.receive(chunk)]


@given(st.lists(frames(CUP), max_size=4), st.data())
def test_any_cut_of_a_stream_gives_the_same_frames(sent: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(sent)
    whole = received(CUP.framing, stream)
    assert [CUP.framing.wrap(frame) for frame in whole] == sent
    assert received(CUP.framing, *data.draw(cuts(stream))) == whole
    assert received(CUP.framing, *(stream[i : i + 1] for i in range(len(stream)))) == whole


def test_what_is_not_complete_is_pending() -> None:
    framer = Framer(Framing())
    wire = Framing().wrap(FRAME)
    assert list(framer.receive(wire[:-1])) == []
    assert framer.pending == len(wire) - 1
    assert list(framer.receive(wire[-1:] + wire[:1])) == [FRAME]
    assert framer.pending == 1


def test_bytes_are_kept_even_if_nobody_takes_the_frames_yet() -> None:
    framer = Framer(Framing())
    wire = Framing().wrap(FRAME)
    framer.receive(wire[:5])
    framer.receive(wire[5:])
    assert list(framer.receive(b"")) == [FRAME]


@pytest.mark.parametrize(
    ("framing", "prefix", "sentence"),
    [
        (Framing(), "0014", "frame length 20, 21 to 4096 bytes are possible"),
        (Framing(), "1001", "frame length 4097, 21 to 4096 bytes are possible"),
        (Framing(), "0000", "frame length 0, 21 to 4096 bytes are possible"),
        (
            Framing(),
            "160301",
            "frame length 5635, 21 to 4096 bytes are possible: a TLS handshake, "
            "and this port speaks plain TCP",
        ),
        (
            Framing(),
            "47455420",
            "frame length 18245, 21 to 4096 bytes are possible: an HTTP request, "
            "and this port speaks ISO 8583",
        ),
        (ASCII, "30303A30", "frame length 30303A30, 21 to 4096 bytes are possible"),
        (ASCII, "30303230", "frame length 20, 21 to 4096 bytes are possible"),
    ],
)  # fmt: skip
def test_an_impossible_length(framing: Framing, prefix: str, sentence: str) -> None:
    framer = Framer(framing)
    stream = framing.wrap(FRAME) + bytes.fromhex(prefix)
    frames_before = framer.receive(stream)
    assert next(frames_before) == FRAME
    with pytest.raises(FrameError) as refused:
        next(frames_before)
    assert str(refused.value) == sentence
    assert framer.pending == 0


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_give_frames_or_a_frame_error(chunks: list[bytes]) -> None:
    try:
        for frame in received(Framing(), *chunks):
            assert len(frame.tpdu) == 10 and len(frame.header) == 12
    except FrameError:
        pass


@pytest.mark.parametrize("name", sorted(LENGTHS))
def test_length_prefixes(name: str) -> None:
    prefix = LENGTHS[name]
    for count in (0, 1, 21, 255, 256, 4096, prefix.most):
        written = prefix.write(count)
        assert len(written) == prefix.size
        assert prefix.read(written) == count


@pytest.mark.parametrize(("name", "most"), [("binary-2", 65535), ("ascii-4", 9999)])
def test_a_frame_that_its_prefix_cannot_count(name: str, most: int) -> None:
    framing = Framing(length=name, tpdu="none", header=0)
    assert framing.wrap(Frame("", "", bytes(most)))[:4]
    with pytest.raises(FrameError) as refused:
        framing.wrap(Frame("", "", bytes(most + 1)))
    assert str(refused.value) == f"frame of {most + 1} bytes, its prefix counts to {most}"


def test_a_response_swaps_or_echoes_the_addresses() -> None:
    assert Framing().answer(FRAME, b"x") == Frame("6000000003", "603100310000", b"x")
    assert Framing(tpdu="echo").answer(FRAME, b"x").tpdu == FRAME.tpdu
    bare = Framing(tpdu="none", header=0)
    assert bare.answer(Frame("", "", BODY), b"x") == Frame("", "", b"x")
    assert bare.open(BODY) == Frame("", "", BODY)
    assert bare.envelope == 0 and Framing().envelope == 11


def test_its_repr_shows_no_body() -> None:
    assert repr(FRAME) == "Frame(tpdu=6000030000, header=603100310000, 10 bytes)"
