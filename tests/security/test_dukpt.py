from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security.dukpt import initial_key, mac_request_key, pin_key, transaction_key
from switch.security.mac import mac
from switch.security.pin import decrypt_pin, encrypt_block

IPEK = bytes.fromhex("6AC292FAA1315B4D858AB3A3D7D5933A")
BDK = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
KSN = bytes.fromhex("FFFF9876543210E00001")


def test_vector(dukpt_vector: dict[str, Any]) -> None:
    fields = dukpt_vector["fields"]
    ksn = bytes.fromhex(fields["KSN"])
    ipek = initial_key(bytes.fromhex(fields["BDK"]), ksn)
    assert ipek.hex().upper() == fields["IPEK"]
    key = transaction_key(ipek, ksn)
    assert key.hex().upper() == fields["txn_key"]
    block = encrypt_block(pin_key(key), fields["PIN"], fields["PAN"])
    assert block.hex().upper() == fields["pin_block_enc"]
    assert decrypt_pin(pin_key(key), block, fields["PAN"]) == fields["PIN"]
    signed = mac("x9.19", mac_request_key(key), fields["mac_request_data"].encode())
    assert signed == fields["mac_request"].encode()


@given(st.integers(0, (1 << 21) - 1))
def test_the_initial_key_does_not_depend_on_the_counter(counter: int) -> None:
    ksn = (int.from_bytes(KSN, "big") >> 21 << 21) | counter
    assert initial_key(BDK, ksn.to_bytes(10, "big")) == IPEK


def test_each_count_has_its_own_key() -> None:
    first = int.from_bytes(KSN, "big")
    keys = {transaction_key(IPEK, (first + n).to_bytes(10, "big")) for n in range(500)}
    assert len(keys) == 500


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: initial_key(BDK[:8], KSN), "BDK: 8 bytes, 16 belong here"),
        (lambda: initial_key(BDK, KSN[:8]), "KSN: 8 bytes, 10 belong here"),
        (lambda: transaction_key(IPEK[:8], KSN), "IPEK: 8 bytes, 16 belong here"),
        (lambda: transaction_key(IPEK, KSN + b"0"), "KSN: 11 bytes, 10 belong here"),
        (lambda: pin_key(IPEK[:8]), "transaction key: 8 bytes, 16 belong here"),
        (lambda: mac_request_key(IPEK[:8]), "transaction key: 8 bytes, 16 belong here"),
    ],
)
def test_arguments_of_another_length_are_refused(call: Any, sentence: str) -> None:
    with pytest.raises(KeyProblem, match=sentence):
        call()
