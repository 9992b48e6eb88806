"""The frame before and after; what a framer at the terminal makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.errors import FrameError
from switch.faults import FaultSkipped, FrameFault, leaving, whole
from switch.faults.frame_faults import (
    BadHeader,
    Coalesce,
    Garbage,
    LongLength,
    ShortLength,
    Split,
    SwappedAddress,
    TrailingBytes,
    Truncate,
    ZeroLength,
)
from switch.records import Pause, Piece, Write
from switch.wire import Framer, Framing

BODY = bytes.fromhex("02100020000000C00016") + b"some bytes of a response"
WIRE = bytes.fromhex("002D6000000003603100310000") + BODY
FRAMING = Framing()


def after(fault: FrameFault) -> str:
    """The bytes that leave, without the body where it is intact."""
    return leaving(fault.apply(WIRE, FRAMING)).replace(BODY, b"\xbb").hex().upper()


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (ShortLength(), "002C 6000000003 603100310000 BB"),
        (LongLength(), "002E 6000000003 603100310000 BB"),
        (ZeroLength(), "0000 6000000003 603100310000 BB"),
        (BadHeader(), "002D 6000000003 9F3100310000 BB"),
        (SwappedAddress(), "002D 6000030000 603100310000 BB"),
        (Split(), "002D 6000000003 603100310000 BB"),
        (Coalesce(), "002D 6000000003 603100310000 BB 002D 6000000003 603100310000 BB"),
        (Truncate(7), "002D 6000000003"),
        (Truncate(0), ""),
        (TrailingBytes(2), "002D 6000000003 603100310000 BB 0000"),
        (Garbage(4), "FFFFFFFF"),
    ],
    ids=lambda value: "" if isinstance(value, str) else value.kind,
)
def test_what_leaves(fault: FrameFault, shown: str) -> None:
    assert after(fault) == shown.replace(" ", "")


def bodies(*chunks: bytes) -> list[bytes]:
    """What a framer at the terminal takes out of a stream until it has to give up."""
    framer = Framer(FRAMING)
    out: list[bytes] = []
    try:
        for chunk in chunks:
            out += (frame.body for frame in framer.receive(chunk))
    except FrameError:
        out.append(b"")
    return out


@pytest.mark.parametrize(
    "fault", [ShortLength(), LongLength(), ZeroLength(), Truncate(), Garbage()]
)
def test_no_framer_gets_the_response(fault: FrameFault) -> None:
    assert not fault.whole
    assert BODY not in bodies(leaving(fault.apply(WIRE, FRAMING)))


@pytest.mark.parametrize(
    "fault", [Split(at=(1, 30)), Coalesce(), TrailingBytes(1), SwappedAddress()]
)
def test_a_correct_framer_gets_the_response(fault: FrameFault) -> None:
    assert fault.whole
    pieces = fault.apply(WIRE, FRAMING)
    assert bodies(*(piece.data for piece in pieces if isinstance(piece, Write)))[0] == BODY


@pytest.mark.parametrize(
    ("fault", "sizes"),
    [
        (Split(), [1, 46]),
        (Split(at=(13, 2)), [2, 11, 34]),
        (Split(sizes=(2, 5, 6)), [2, 5, 6, 34]),
        (Split(at=(1, 900)), [1, 46]),
    ],
)
def test_pieces_of_a_split_frame(fault: Split, sizes: list[int]) -> None:
    pieces = fault.apply(WIRE, FRAMING)
    assert [len(piece.data) for piece in pieces[::2] if isinstance(piece, Write)] == sizes
    assert set(pieces[1::2]) == {Pause(100_000_000)}
    assert leaving(pieces) == WIRE


@pytest.mark.parametrize(
    ("fault", "framing", "reason"),
    [
        (BadHeader(), replace(FRAMING, header=0), "no header"),
        (SwappedAddress(), replace(FRAMING, tpdu="none"), "no TPDU"),
        (Truncate(47), FRAMING, "the frame has only 47 bytes"),
        (Split(at=(47,)), FRAMING, "the frame has only 47 bytes"),
    ],
)
def test_what_cannot_take_effect_is_skipped(
    fault: FrameFault, framing: Framing, reason: str
) -> None:
    with pytest.raises(FaultSkipped, match=reason):
        fault.apply(WIRE, framing)


def test_equal_addresses_cannot_be_swapped() -> None:
    same = WIRE[:3] + bytes.fromhex("00030003") + WIRE[7:]
    with pytest.raises(FaultSkipped, match="the same"):
        SwappedAddress().apply(same, FRAMING)


def test_lengths_in_ascii() -> None:
    framing = Framing(length="ascii-4", tpdu="none", header=0, least=1)
    assert ShortLength().apply(b"0003abc", framing) == (Write(b"0002abc"),)
    assert ZeroLength().apply(b"0003abc", framing) == (Write(b"0000abc"),)


@pytest.mark.parametrize(
    ("faults", "framed", "pieces", "expected"),
    [
        ([], b"abc", b"abc", True),
        ([], b"abc", b"ab", False),
        ([], b"abc", b"oldabc", True),
        ([Truncate(2)], b"ab", b"ab", False),
        ([Coalesce()], b"abcabc", b"abcabc", True),
    ],
)
def test_whether_the_whole_response_leaves(
    faults: list[FrameFault], framed: bytes, pieces: bytes, expected: bool
) -> None:
    def written(raw: bytes) -> tuple[Piece, ...]:
        return (Write(raw),)

    assert whole(faults, written(framed), written(pieces)) is expected
