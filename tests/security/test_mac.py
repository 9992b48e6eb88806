from __future__ import annotations

from typing import Any

import psec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security.mac import ALGORITHMS, explain, mac, verify

pytestmark = pytest.mark.filterwarnings("ignore:.*TripleDES")

COVERED = st.binary(max_size=200)
SINGLE = st.binary(min_size=8, max_size=8)
DOUBLE = st.binary(min_size=16, max_size=16)


def plain_cup_ecb(key: bytes, covered: bytes) -> bytes:
    """The document's steps one by one, block by block, with psec's DES."""
    folded = bytes(8)
    for start in range(0, len(covered), 8):
        folded = psec.tools.xor(folded, covered[start : start + 8].ljust(8, b"\0"))
    written = folded.hex().upper().encode()
    once = psec.des.encrypt_tdes_ecb(key, written[:8])
    twice = psec.des.encrypt_tdes_ecb(key, psec.tools.xor(once, written[8:]))
    return twice.hex().upper()[:8].encode()


def test_vector_with_every_intermediate(mac_vector: dict[str, Any]) -> None:
    fields = mac_vector["fields"]
    algorithm, key, covered = fields["alg"], bytes.fromhex(fields["key"]), fields["data"]
    trace = explain(algorithm, key, bytes.fromhex(covered))
    published = {name: value for name, value in fields.items() if name in trace.steps}
    assert {name: trace.steps[name].hex().upper() for name in published} == published
    assert "mac" in published
    assert trace.de64 == fields["f64_ascii"].encode() == bytes.fromhex(fields["f64_hex"])
    assert mac(algorithm, key, bytes.fromhex(covered)) == trace.de64


@pytest.mark.parametrize("vector", ["V024", "V026", "V038"], indirect=True)
def test_cup_vectors_have_all_intermediates(vector: dict[str, Any]) -> None:
    names = ALGORITHMS[vector["fields"]["alg"]].names
    told = {*names} - {"hexascii"}  # the SM4 vectors leave it out
    assert told <= {*vector["fields"]}


def test_signed_message(signed_message: dict[str, Any]) -> None:
    key = bytes.fromhex(signed_message["keys"]["MAK"])
    told = signed_message["mac"]
    covered = bytes.fromhex(told["mab"])
    trace = explain("cup-ecb", key, covered)
    for name in ("xor", "hexascii", "e1", "x", "e2"):
        assert trace.steps[name].hex().upper() == told[name]
    assert trace.de64 == told["f64_ascii"].encode()


def test_the_mac_on_the_wire(signed_message: dict[str, Any]) -> None:
    key = bytes.fromhex(signed_message["keys"]["MAK"])
    covered = bytes.fromhex(signed_message["mac"]["mab"])
    wire = bytes.fromhex(signed_message["hex"])
    assert wire[:-8].endswith(covered)
    wrong_on_purpose = signed_message["id"] == "V080"
    assert verify("cup-ecb", key, covered, wire[-8:]) is not wrong_on_purpose


@given(SINGLE | DOUBLE, COVERED)
def test_cup_ecb_follows_the_document(key: bytes, covered: bytes) -> None:
    assert mac("cup-ecb", key, covered) == plain_cup_ecb(key, covered)


@given(SINGLE, COVERED)
def test_x9_9_is_what_psec_makes_of_it(key: bytes, covered: bytes) -> None:
    assert mac("x9.9-cbc-raw", key, covered) == psec.mac.generate_cbc_mac(key, covered, 1)


@given(DOUBLE, COVERED)
def test_x9_19_is_what_psec_makes_of_it(key: bytes, covered: bytes) -> None:
    for algorithm, padding in (("x9.19", 1), ("x9.19-pad2", 2)):
        told = psec.mac.generate_retail_mac(key[:8], key[8:], covered, padding)
        assert mac(f"{algorithm}-raw", key, covered) == told
        assert mac(algorithm, key, covered) == told.hex().upper()[:8].encode()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(covered=COVERED, key=DOUBLE)
def test_every_algorithm_fills_de_64(algorithm: str, covered: bytes, key: bytes) -> None:
    how = ALGORITHMS[algorithm]
    key = key[: how.key_lengths[-1]]
    trace = explain(algorithm, key, covered)
    assert len(trace.de64) == 8
    assert tuple(trace.steps) == how.names
    assert how.raw or trace.de64.decode() == trace.steps["mac"].hex().upper()[:8]
    assert verify(algorithm, key, covered, trace.de64)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(covered=st.binary(min_size=1, max_size=99), at=st.integers(0), bit=st.integers(0, 7))
def test_one_changed_bit_of_the_message_changes_the_mac(
    algorithm: str, covered: bytes, at: int, bit: int
) -> None:
    key = bytes(range(16))[: ALGORITHMS[algorithm].key_lengths[-1]]
    changed = bytearray(covered)
    changed[at % len(covered)] ^= 1 << bit
    right = explain(algorithm, key, covered)
    assert explain(algorithm, key, bytes(changed)).steps != right.steps


@pytest.mark.parametrize("received", [b"", b"A76370C", b"a76370cd", b"A76370CD0", b"A76370CE"])
def test_what_is_not_the_mac_is_not_verified(received: bytes) -> None:
    key = bytes.fromhex("5BB5C72CD00B7338")
    covered = bytes.fromhex("0200302004C020C0")
    assert verify("cup-ecb", key, covered, b"A76370CD")
    assert not verify("cup-ecb", key, covered, received)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("length", [0, 7, 8, 15, 16, 24])
def test_a_key_of_another_length_is_refused(algorithm: str, length: int) -> None:
    key = bytes([0xA5]) * length
    if length in ALGORITHMS[algorithm].key_lengths:
        assert mac(algorithm, key, b"")
        return
    with pytest.raises(KeyProblem, match=f"MAK: {length} bytes, {algorithm} takes"):
        mac(algorithm, key, b"")


def test_what_nothing_confirms_is_marked() -> None:
    assert [name for name, how in ALGORITHMS.items() if how.experimental] == ["cup-sm4-ecb"]
