"""Which envelope stands around a pasted message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.dialect import load
from switch.testing import frames
from switch.wire import Framing
from switch.wire.guess import Envelope, Look, guess

CUP = load("cup-pos")
MTIS = frozenset(mti for kind in CUP.classes.values() for mti in (kind.mti, kind.response_mti))
LOOK = Look(CUP.framing, CUP.tpdu_begins, CUP.header_begins, MTIS)
BODY = "0820" + "0000000000800000" + "3132333435363738"
TPDU, HEADER = "6000030000", "603100310000"


def guessed(text: str, look: Look = LOOK) -> Envelope:
    return guess(bytes.fromhex(text), look)


@pytest.mark.parametrize(
    ("before", "start", "tpdu", "header", "announced"),
    [
        ("", 0, "", "", None),
        (HEADER, 6, "", HEADER, None),
        (TPDU, 5, TPDU, "", None),
        (TPDU + HEADER, 11, TPDU, HEADER, None),
        ("0012", 2, "", "", 18),
        ("001D" + TPDU + HEADER, 13, TPDU, HEADER, 29),
    ],
)
def test_envelopes(before: str, start: int, tpdu: str, header: str, announced: int | None) -> None:
    found = guessed(before + BODY)
    assert (found.start, found.tpdu, found.header) == (start, tpdu, header)
    assert found.announced == announced
    assert found.problem == ""
    assert found.frame(bytes.fromhex(before + BODY)).body.hex().upper() == BODY


@given(frames(CUP) | frames(CUP, responses=True), st.booleans())
def test_every_frame_is_seen_with_and_without_its_prefix(wire: bytes, whole: bool) -> None:
    found = guess(wire if whole else wire[2:], LOOK)
    assert (found.start, found.fits) == (13 if whole else 11, True)
    assert found.tpdu == wire[2:7].hex().upper()
    assert found.header == wire[7:13].hex().upper()


@given(frames(CUP))
def test_a_frame_cut_after_its_tpdu_is_still_seen(wire: bytes) -> None:
    for size in range(7, len(wire)):
        found = guess(wire[:size], LOOK)
        assert found.start == min(13, size)
        assert found.problem == f"length prefix {len(wire) - 2}, {size - 2} bytes follow"


@pytest.mark.parametrize(
    ("prefix", "problem"),
    [
        ("00AA", "length prefix 170, 29 bytes follow"),
        ("0001", "length prefix 1, 29 bytes follow"),
    ],
)
def test_a_wrong_prefix(prefix: str, problem: str) -> None:
    found = guessed(prefix + TPDU + HEADER + BODY)
    assert (found.start, found.problem) == (13, problem)


def test_an_mti_that_is_none_does_not_hide_the_envelope() -> None:
    body = "AB20" + BODY[4:]
    assert guessed("001D" + TPDU + HEADER + body).start == 13
    assert guessed(TPDU + HEADER + body).start == 11
    assert guessed("00FF" + TPDU + HEADER + body).start == 13
    assert guessed("0010" + "FF" * 16).start == 13  # only the prefix is right


def test_nothing_fits() -> None:
    for text in ("", "02", "FFFFFFFF", "FF" * 40):
        assert guessed(text) == Envelope(0, None, "", "", b"", 0, len(text) // 2)


def test_an_access_concentrator_put_a_block_in() -> None:
    block = (b"LRI\0\x1c" + bytes(28)).hex()
    found = guessed("003E" + TPDU + block + HEADER + BODY)
    assert (found.start, found.header, found.problem) == (46, HEADER, "")
    assert found.between.hex() == block


def test_a_dialect_of_characters_without_tpdu() -> None:
    look = Look(Framing("ascii-4", "none", 0), "", "", frozenset(), 4)
    body = b"0800" + b"0" * 16
    assert guess(b"0020" + body, look).start == 4
    assert guess(body, look).start == 0
    assert guess(b"0021" + body, look).problem == "length prefix 21, 20 bytes follow"


@given(st.binary(max_size=80))
def test_any_bytes_have_a_guess(raw: bytes) -> None:
    found = guess(raw, LOOK)
    assert 0 <= found.start <= len(raw)
    assert found.prefix + len(found.tpdu + found.header) // 2 + len(found.between) == found.start
