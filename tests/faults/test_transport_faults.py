"""What happens to the connection, and how many bytes leave before."""

from __future__ import annotations

import pytest

from switch.clock import NS_PER_SECOND
from switch.faults import TransportFault, leaving
from switch.faults.pieces import cut
from switch.faults.transport_faults import Close, HalfClose, Reset, Slow, Stall
from switch.records import Order, Pause, Piece, Write

PIECES: tuple[Piece, ...] = (Write(b"ab"), Pause(9), Write(b"cdef"))


@pytest.mark.parametrize(
    ("fault", "pieces"),
    [
        (Close(), (Order("close"),)),
        (Close(1), (Write(b"a"), Order("close"))),
        (Close(2), (Write(b"ab"), Order("close"))),
        (Reset(3), (Write(b"ab"), Pause(9), Write(b"c"), Order("reset"))),
        (HalfClose(6), (*PIECES, Order("half_close"))),
        (Close(99), (*PIECES, Order("close"))),
        (Stall(), (Order("stall"), *PIECES)),
        (Stall(1, 5), (Write(b"a"), Order("stall", 5), Write(b"b"), Pause(9), Write(b"cdef"))),
        (Stall(6), (*PIECES, Order("stall"))),
    ],
)
def test_the_act_comes_after_its_bytes(fault: TransportFault, pieces: tuple[Piece, ...]) -> None:
    assert fault.apply(PIECES) == pieces


def test_a_slow_response_takes_its_time() -> None:
    pieces = Slow(rate=2, after_bytes=1).apply(PIECES)
    half = Pause(NS_PER_SECOND // 2)
    assert pieces == (
        Write(b"a"), half, Write(b"b"), Pause(9),
        half, Write(b"c"), half, Write(b"d"), half, Write(b"e"), half, Write(b"f"),
    )  # fmt: skip


def test_a_fast_slow_response_leaves_in_ten_writes_a_second() -> None:
    pieces = Slow(rate=100).apply((Write(bytes(105)),))
    assert len([piece for piece in pieces if isinstance(piece, Write)]) == 11
    assert sum(p.ns for p in pieces if isinstance(p, Pause)) == 105 * NS_PER_SECOND // 100


def test_bytes_behind_the_end_do_not_leave() -> None:
    assert leaving((Write(b"a"), Order("stall"), Write(b"b"), Order("close"), Write(b"c"))) == b"ab"


def test_every_cut_keeps_every_byte() -> None:
    for after in range(9):
        head, tail = cut(PIECES, after)
        assert leaving(head) == b"abcdef"[:after]
        assert leaving((*head, *tail)) == b"abcdef"
