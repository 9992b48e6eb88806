"""Cutting what a delivery does on the transport, and counting what leaves."""

from __future__ import annotations

from collections.abc import Iterable

from switch.faults.fault import Fault
from switch.records import Order, Piece, Write

Pieces = tuple[Piece, ...]
ENDINGS = frozenset({"close", "reset", "half_close"})


def cut(pieces: Pieces, after: int) -> tuple[Pieces, Pieces]:
    """What leaves with the first ``after`` bytes, and everything behind them.

    >>> cut((Write(b"abcd"),), 1)
    ((Write(1 bytes),), (Write(3 bytes),))
    """
    head: list[Piece] = []
    for place, piece in enumerate(pieces):
        if after == 0:
            return tuple(head), pieces[place:]
        if isinstance(piece, Write):
            if len(piece.data) > after:
                rest = Write(piece.data[after:])
                return (*head, Write(piece.data[:after])), (rest, *pieces[place + 1 :])
            after -= len(piece.data)
        head.append(piece)
    return tuple(head), ()


def leaving(pieces: Pieces) -> bytes:
    """The bytes that leave before the host ends its side of the connection."""
    out = b""
    for piece in pieces:
        if isinstance(piece, Order) and piece.verb in ENDINGS:
            break
        if isinstance(piece, Write):
            out += piece.data
    return out


def ends(pieces: Pieces) -> bool:
    """Whether the host ends its side of the connection."""
    return any(isinstance(piece, Order) and piece.verb in ENDINGS for piece in pieces)


def whole(faults: Iterable[Fault], framed: Pieces, pieces: Pieces) -> bool:
    """Whether the terminal gets the complete response, right or wrong.

    Args:
        faults: all that were applied.
        framed: what the frame moment left behind.
        pieces: what leaves after transport and timing.
    """
    return all(one.whole for one in faults) and leaving(framed) in leaving(pieces)
