from __future__ import annotations

from typing import Any

import psec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security import ciphers

pytestmark = pytest.mark.filterwarnings("ignore:.*TripleDES")

KEYS = st.sampled_from((8, 16, 24)).flatmap(lambda size: st.binary(min_size=size, max_size=size))
BLOCKS = st.integers(1, 20).flatmap(lambda n: st.binary(min_size=8 * n, max_size=8 * n))
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


@given(KEYS, BLOCKS)
def test_des_is_what_psec_makes_of_it(key: bytes, clear: bytes) -> None:
    assert ciphers.des_ecb_encrypt(key, clear) == psec.des.encrypt_tdes_ecb(key, clear)
    assert ciphers.des_ecb_decrypt(key, clear) == psec.des.decrypt_tdes_ecb(key, clear)
    chain = psec.des.encrypt_tdes_cbc(key, bytes(8), clear)
    assert ciphers.des_cbc_last_block(key, clear) == chain[-8:]


@pytest.mark.parametrize("vector", ["V037"], indirect=True)
def test_sm4_known_answer(vector: dict[str, Any]) -> None:
    fields = {name: bytes.fromhex(value) for name, value in vector["fields"].items()}
    encrypted = ciphers.sm4_ecb_encrypt(fields["key"], fields["plaintext"])
    assert encrypted == fields["ciphertext"]


@pytest.mark.parametrize(
    "cipher",
    [
        ciphers.des_ecb_encrypt,
        ciphers.des_ecb_decrypt,
        ciphers.des_cbc_last_block,
        ciphers.sm4_ecb_encrypt,
    ],
)
def test_a_ragged_text_is_refused_and_leaves_the_shared_cipher_clean(cipher: Any) -> None:
    before = cipher(KEY, bytes(16))
    for length in (0, 7, 17):
        with pytest.raises(KeyProblem, match=f"{length} bytes to cipher, whole blocks of"):
            cipher(KEY, bytes(length))
    assert cipher(KEY, bytes(16)) == before


@pytest.mark.parametrize("length", [0, 1, 7, 9, 15, 17, 23, 25, 32])
def test_a_key_of_another_length_is_refused_without_showing_it(length: int) -> None:
    key = bytes([0xA5]) * length
    for cipher in (ciphers.des_ecb_encrypt, ciphers.des_ecb_decrypt, ciphers.sm4_ecb_encrypt):
        with pytest.raises(KeyProblem) as caught:
            cipher(key, bytes(16))
        assert "a5" not in str(caught.value).lower()


def test_ready_ciphers_are_bounded() -> None:
    for number in range(3000):
        ciphers.des_ecb_encrypt(number.to_bytes(8, "big"), bytes(8))
    assert ciphers.des_ecb_encryptor.cache_info().currsize == ciphers.READY
