"""Chance that repeats."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from switch.chance import Chance


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    # SHA-256 of "8583|pik|0|0": a change of this value changes every recorded run.
    assert Chance("8583").bytes("pik", 8).hex() == "d6117acfe3fbbfff"


@given(st.text(max_size=20), st.integers(0, 100))
def test_draws_repeat(seed: str, count: int) -> None:
    one, other = Chance(seed), Chance(seed)
    assert [one.bytes("x", count) for _ in range(3)] == [other.bytes("x", count) for _ in range(3)]
    assert len(one.bytes("x", count)) == count


def test_streams_do_not_shift_each_other() -> None:
    alone, beside = Chance("8583"), Chance("8583")
    beside.bytes("delay", 8)
    beside.below("amount", 10)
    assert alone.bytes("pik", 16) == beside.bytes("pik", 16)


def test_a_stream_goes_on() -> None:
    chance = Chance("8583")
    drawn = {chance.bytes("pik", 8) for _ in range(100)}
    assert len(drawn) == 100


def test_seeds_purposes_and_children_differ() -> None:
    drawn = {
        Chance("8583").bytes("pik", 8),
        Chance("8584").bytes("pik", 8),
        Chance("8583").bytes("mak", 8),
        Chance("8583").child("case").bytes("pik", 8),
        Chance("8583").child("other").bytes("pik", 8),
    }
    assert len(drawn) == 5


@given(st.text(max_size=20), st.integers(1, 10**6))
def test_below_and_fraction_stay_in_range(seed: str, limit: int) -> None:
    chance = Chance(seed)
    assert 0 <= chance.below("x", limit) < limit
    assert 0 <= chance.fraction("y") < 1
