from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security.ciphers import des_ecb_encrypt
from switch.security.track import STRATEGIES, decrypt_track, encrypt_track

TDK = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
TRACK = "6212142000000000012D30122010123456789"  # 37 digits, 19 bytes


@given(
    st.text("0123456789D", min_size=18, max_size=37).filter(lambda track: len(track) % 2 == 0),
    st.sampled_from(sorted(STRATEGIES)),
)
def test_what_was_encrypted_can_be_read_again(track: str, strategy: str) -> None:
    hidden = encrypt_track(TDK, track, strategy)
    assert len(hidden) == len(track)
    assert decrypt_track(TDK, hidden, strategy) == track


def test_the_tail_is_the_eight_bytes_before_the_last_one() -> None:
    block = des_ecb_encrypt(TDK, bytes.fromhex(TRACK[20:36])).hex().upper()
    assert encrypt_track(TDK, TRACK) == TRACK[:20] + block + TRACK[36:]


def test_blocks_leave_what_is_no_whole_block() -> None:
    block = des_ecb_encrypt(TDK, bytes.fromhex(TRACK[:32])).hex().upper()
    assert encrypt_track(TDK, TRACK, "blocks") == block + TRACK[32:]


@pytest.mark.parametrize("track", ["", "6212142000000000"])
def test_a_short_track_cannot_be_encrypted(track: str) -> None:
    with pytest.raises(KeyProblem, match="at least 17"):
        encrypt_track(TDK, track)
