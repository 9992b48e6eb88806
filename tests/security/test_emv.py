from __future__ import annotations

from typing import Any

import pyemv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security import emv
from switch.security.keys import kcv, odd_parity
from switch.security.mac import mac

pytestmark = pytest.mark.filterwarnings("ignore:.*TripleDES")

KEYS = st.binary(min_size=16, max_size=16)
EIGHT = st.binary(min_size=8, max_size=8)
TWO = st.binary(min_size=2, max_size=2)
PANS = st.text("0123456789", min_size=8, max_size=19)
PSNS = st.text("0123456789", min_size=2, max_size=2)


def hexed(value: bytes) -> str:
    return value.hex().upper()


@pytest.mark.parametrize("vector", ["V053"], indirect=True)
def test_pboc_from_issuer_key_to_arpc(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    icc_key = emv.icc_master_key(bytes.fromhex(fields["IMK_AC"]), fields["PAN"], fields["PSN"])
    assert icc_key == odd_parity(bytes.fromhex(fields["ICC_MK"]))  # printed without parity
    session_key = emv.pboc_session_key(icc_key, bytes.fromhex(fields["ATC"]))
    assert hexed(session_key) == fields["SK_AC"]
    cryptogram = emv.arqc(session_key, bytes.fromhex(vector["hex"]))
    assert hexed(cryptogram) == fields["ARQC"]
    assert hexed(emv.arpc(session_key, cryptogram, b"01")) == fields["ARPC"]


@pytest.mark.parametrize("vector", ["V055"], indirect=True)
def test_emv_common_session_key(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    icc_key = emv.icc_master_key(bytes.fromhex(fields["IMK"]), fields["PAN"], fields["PSN"])
    assert hexed(icc_key) == fields["ICC_MK"]
    assert hexed(kcv(icc_key, 2)) == fields["ICC_MK_KCV"]
    session_key = emv.common_session_key(icc_key, bytes.fromhex(fields["R"]))
    assert hexed(session_key) == fields["SK"]
    assert hexed(kcv(session_key, 2)) == fields["SK_KCV"]


@pytest.mark.parametrize("vector", ["V055"], indirect=True)
def test_emv_cryptograms(vector: dict[str, Any]) -> None:
    fields, elements = vector["fields"], bytes.fromhex(vector["hex"])
    session_key, icc_key = bytes.fromhex(fields["SK"]), bytes.fromhex(fields["ICC_MK"])
    assert hexed(emv.arqc(session_key, elements)) == fields["ARQC_pad80"]
    assert hexed(mac("x9.19-raw", session_key, elements)) == fields["ARQC_pad00"]
    # The source answers under the card's own key.
    answer = emv.arpc(
        icc_key, bytes.fromhex(fields["ARQC_pad80"]), bytes.fromhex(fields["ARPC_RC"])
    )
    assert hexed(answer) == fields["ARPC_method1"]


@given(KEYS, PANS, PSNS)
def test_icc_key_is_what_pyemv_makes_of_it(imk: bytes, pan: str, psn: str) -> None:
    assert emv.icc_master_key(imk, pan, psn) == pyemv.kd.derive_icc_mk_a(imk, pan, psn)


@given(KEYS, TWO)
def test_pboc_session_key_is_two_ciphered_counters(icc_key: bytes, atc: bytes) -> None:
    blocks = (bytes(6) + atc, bytes(6) + pyemv.tools.xor(atc, b"\xff\xff"))
    told = b"".join(pyemv.tools.encrypt_tdes_ecb(icc_key, block) for block in blocks)
    assert emv.pboc_session_key(icc_key, atc) == told


@given(KEYS, EIGHT)
def test_common_session_key_is_what_pyemv_makes_of_it(icc_key: bytes, r: bytes) -> None:
    assert emv.common_session_key(icc_key, r) == pyemv.kd.derive_common_sk(icc_key, r)


@given(KEYS, st.binary(max_size=120), EIGHT, TWO)
def test_cryptograms_are_what_pyemv_makes_of_them(
    key: bytes, elements: bytes, cryptogram: bytes, response_code: bytes
) -> None:
    assert emv.arqc(key, elements) == pyemv.ac.generate_ac(key, elements)
    told = pyemv.ac.generate_arpc_1(key, cryptogram, response_code)
    assert emv.arpc(key, cryptogram, response_code) == told


KEY = bytes(16)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: emv.icc_master_key(KEY[:8], "1", "00"), "issuer master key: 8 bytes, 16"),
        (lambda: emv.icc_master_key(KEY, "62121x", "00"), "must be digits"),
        (lambda: emv.icc_master_key(KEY, "621214", "1"), "must be digits"),
        (lambda: emv.icc_master_key(KEY, "", "00"), "must be digits"),
        (lambda: emv.pboc_session_key(KEY, bytes(3)), "ATC: 3 bytes, 2 belong here"),
        (lambda: emv.pboc_session_key(KEY[:8], bytes(2)), "ICC master key: 8 bytes"),
        (lambda: emv.common_session_key(KEY, bytes(2)), "diversifier: 2 bytes, 8 belong here"),
        (lambda: emv.arqc(KEY[:8], b""), "session key: 8 bytes, 16 belong here"),
        (lambda: emv.arpc(KEY, bytes(7), b"00"), "ARQC: 7 bytes, 8 belong here"),
        (lambda: emv.arpc(KEY, bytes(8), b"0"), "ARC: 1 bytes, 2 belong here"),
    ],
)
def test_arguments_of_another_length_are_refused(call: Any, sentence: str) -> None:
    with pytest.raises(KeyProblem, match=sentence):
        call()
