"""When and how often a response leaves."""

from __future__ import annotations

import pytest

from switch.chance import Chance
from switch.faults import FaultSkipped
from switch.faults.timing_faults import Delay, Duplicate, Jitter, StaleReplay
from switch.records import Order, Pause, Piece, Write

PIECES: tuple[Piece, ...] = (Write(b"ab"), Pause(9), Write(b"cd"))
CHANCE = Chance("8583")


def test_a_delay_is_a_leading_pause() -> None:
    assert Delay(61).apply(PIECES, CHANCE, None) == (Pause(61), *PIECES)


def test_jitter_is_drawn_and_repeats() -> None:
    def drawn(seed: str) -> list[int]:
        chance = Chance(seed)
        firsts = [Jitter(1000).apply(PIECES, chance, None)[0] for _ in range(50)]
        return [piece.ns for piece in firsts if isinstance(piece, Pause)]

    assert drawn("a") == drawn("a") != drawn("b")
    assert len(set(drawn("a"))) > 25
    assert all(0 <= ns <= 1000 for ns in drawn("a"))
    assert Jitter(0).apply(PIECES, CHANCE, None) == (Pause(0), *PIECES)


def test_the_same_bytes_leave_again() -> None:
    again = (Pause(7), Write(b"abcd"))
    assert Duplicate(after=7).apply(PIECES, CHANCE, None) == (*PIECES, *again)
    assert Duplicate(2, 7).apply(PIECES, CHANCE, None) == (*PIECES, *again, *again)


@pytest.mark.parametrize("pieces", [(), (Write(b"ab"), Order("close"))])
def test_nothing_leaves_again_after_the_end(pieces: tuple[Piece, ...]) -> None:
    with pytest.raises(FaultSkipped):
        Duplicate().apply(pieces, CHANCE, None)


def test_an_earlier_response_leaves_first_or_instead() -> None:
    assert StaleReplay().apply(PIECES, CHANCE, b"old") == (Write(b"old"), *PIECES)
    assert StaleReplay(instead=True).apply(PIECES, CHANCE, b"old") == (Write(b"old"),)
    with pytest.raises(FaultSkipped, match="no response before"):
        StaleReplay().apply(PIECES, CHANCE, None)
