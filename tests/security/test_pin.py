from __future__ import annotations

from contextlib import suppress
from typing import Any

import psec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from switch.errors import KeyProblem, PinProblem
from switch.security.ciphers import des_ecb_encrypt
from switch.security.pin import clear_block, decrypt_pin, encrypt_block

pytestmark = pytest.mark.filterwarnings("ignore:.*TripleDES")

PINS = st.text("0123456789", min_size=4, max_size=12)
PANS = st.text("0123456789", min_size=13, max_size=19)
PIKS = st.sampled_from((8, 16, 24)).flatmap(lambda size: st.binary(min_size=size, max_size=size))
PIK = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
PAN = "6212142000000000012"


def test_vector(pin_vector: dict[str, Any]) -> None:
    fields = pin_vector["fields"]
    pin, pan = fields["pin"], fields["pan"]
    assert clear_block(pin, pan).hex().upper() == fields["clear_block"]
    if "key" in fields:
        pik, block = bytes.fromhex(fields["key"]), bytes.fromhex(fields["encrypted_block"])
        assert encrypt_block(pik, pin, pan) == block
        assert decrypt_pin(pik, block, pan) == pin


@pytest.mark.parametrize("vector", ["V075"], indirect=True)
def test_the_pin_of_a_sale(vector: dict[str, Any]) -> None:
    pik = bytes.fromhex(vector["keys"]["PIK"])
    pan, _, _ = vector["fields"]["35"].partition("D")  # no DE 2: the PAN is in track 2
    assert decrypt_pin(pik, bytes.fromhex(vector["fields"]["52"]), pan) == "123456"


@given(PINS, PANS)
def test_clear_block_is_what_psec_makes_of_it(pin: str, pan: str) -> None:
    assert clear_block(pin, pan) == psec.pinblock.encode_pinblock_iso_0(pin, pan)


@given(PIKS, PINS, PANS | st.none())
def test_decryption_gives_the_pin_back(pik: bytes, pin: str, pan: str | None) -> None:
    assert decrypt_pin(pik, encrypt_block(pik, pin, pan), pan) == pin


@given(st.binary(min_size=8, max_size=8), PANS)
def test_any_block_is_parsed_as_psec_parses_it(clear: bytes, pan: str) -> None:
    block = des_ecb_encrypt(PIK, clear)
    try:
        told = psec.pinblock.decode_pinblock_iso_0(clear, pan)
    except ValueError:
        with pytest.raises(PinProblem):
            decrypt_pin(PIK, block, pan)
    else:
        assert decrypt_pin(PIK, block, pan) == told


@given(PINS)
def test_without_pan_it_is_the_first_half_alone(pin: str) -> None:
    assert clear_block(pin).hex().upper() == f"0{len(pin):X}{pin:F<14}"


def test_a_short_pan_is_filled_with_zeros() -> None:
    assert clear_block("1234", "12345678") == clear_block("1234", "0000012345678")
    assert clear_block("1234", "7") == clear_block("1234", "0000000000007")


@given(PINS, PANS, PANS)
def test_under_another_pan_there_is_another_pin_or_none(pin: str, pan: str, other: str) -> None:
    assume(pan[-13:-1] != other[-13:-1])
    block = encrypt_block(PIK, pin, pan)
    with suppress(PinProblem):
        assert decrypt_pin(PIK, block, other) != pin


@pytest.mark.parametrize(
    ("clear", "sentence"),
    [
        ("141234FFFFFFFFFF", "control nibble 1 after decryption, not 0"),
        ("031234FFFFFFFFFF", "length 3, 4 to 12 belong here"),
        ("0D12345678901234", "length 13, 4 to 12 belong here"),
        ("04123AFFFFFFFFFF", "not 4 digits after decryption"),
        ("041234FFFFFFFFF0", "padding is not F after 4 digits"),
        ("0412345FFFFFFFFF", "padding is not F after 4 digits"),
    ],
)
def test_what_is_not_format_0_is_refused(clear: str, sentence: str) -> None:
    with pytest.raises(PinProblem, match=sentence):
        decrypt_pin(PIK, des_ecb_encrypt(PIK, bytes.fromhex(clear)))


@pytest.mark.parametrize("length", [0, 7, 9, 16])
def test_a_block_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(PinProblem, match=f"PIN block: {length} bytes, 8 belong here"):
        decrypt_pin(PIK, bytes(length), PAN)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "١٢٣٤", "12 4"])
def test_a_bad_pin_is_refused_without_showing_it(pin: str) -> None:
    with pytest.raises(PinProblem) as caught:
        clear_block(pin, PAN)
    assert str(caught.value) == f"PIN: {len(pin)} characters, 4 to 12 digits belong here"


@pytest.mark.parametrize("pan", ["", "62121420000000000D2", "621214*********0012"])
def test_a_pan_that_is_no_pan_is_refused_without_showing_it(pan: str) -> None:
    with pytest.raises(PinProblem) as caught:
        encrypt_block(PIK, "1234", pan)
    assert str(caught.value) == "PIN block: the PAN is not digits"


def test_a_pik_of_another_length_is_refused() -> None:
    with pytest.raises(KeyProblem):
        encrypt_block(bytes(10), "1234", PAN)
