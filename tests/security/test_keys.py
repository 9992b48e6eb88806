from __future__ import annotations

from typing import Any

import psec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security.keys import WorkingKeys, combine, kcv, odd_parity, unwrap, wrap

pytestmark = pytest.mark.filterwarnings("ignore:.*TripleDES")

KEYS = st.sampled_from((8, 16, 24)).flatmap(lambda size: st.binary(min_size=size, max_size=size))
DOUBLE = st.binary(min_size=16, max_size=16)
PIK = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
MAK = bytes.fromhex("5BB5C72CD00B7338")


@pytest.mark.parametrize("vector", ["V018", "V021"], indirect=True)
@pytest.mark.parametrize("name", ["PIK", "MAK"])
def test_published_keys(vector: dict[str, Any], name: str) -> None:
    fields = vector["fields"]
    tmk, wrapped, key, check = (
        bytes.fromhex(fields[each]) for each in ("TMK", f"{name}_enc", name, f"{name}_KCV")
    )
    assert unwrap(tmk, wrapped) == key
    assert wrap(tmk, key) == wrapped
    assert kcv(key) == check


@pytest.mark.parametrize("vector", ["V023"], indirect=True)
def test_published_check_value(vector: dict[str, Any]) -> None:
    check = bytes.fromhex(vector["fields"]["KCV"])
    assert kcv(bytes.fromhex(vector["fields"]["key"])) == check
    assert kcv(bytes.fromhex(vector["fields"]["key"]), 2) == check[:2]


@given(KEYS, st.integers(1, 8))
def test_kcv_is_what_psec_makes_of_it(key: bytes, length: int) -> None:
    assert kcv(key, length) == psec.des.generate_kcv(key, length)


@given(KEYS, KEYS)
def test_unwrap_undoes_wrap_in_each_part_alone(tmk: bytes, key: bytes) -> None:
    wrapped = wrap(tmk, key)
    assert unwrap(tmk, wrapped) == key
    parts = [unwrap(tmk, wrapped[start : start + 8]) for start in range(0, len(key), 8)]
    assert b"".join(parts) == key


@pytest.mark.parametrize("length", [0, 7, 12, 32])
def test_keys_of_another_length_are_refused(length: int) -> None:
    key = bytes([0xA5]) * length
    sentence = f"{length} bytes"
    with pytest.raises(KeyProblem, match=f"key to wrap: {sentence}, 8, 16 or 24 belong here"):
        wrap(PIK, key)
    with pytest.raises(KeyProblem, match=f"wrapped key: {sentence}"):
        unwrap(PIK, key)
    with pytest.raises(KeyProblem, match=f"MAK: {sentence}"):
        WorkingKeys(PIK, key)
    with pytest.raises(KeyProblem, match=sentence):
        wrap(key, PIK)


@given(st.lists(DOUBLE, min_size=1, max_size=5), st.randoms())
def test_components_combine_in_any_order(components: list[bytes], random: Any) -> None:
    key = combine(*components)
    random.shuffle(components)
    assert combine(*components) == key
    assert combine(key, *components) == bytes(16)


def test_components_that_do_not_fit_are_refused() -> None:
    with pytest.raises(KeyProblem, match="no component"):
        combine()
    with pytest.raises(KeyProblem, match="component 2: 8 bytes, component 1 has 16"):
        combine(PIK, MAK)
    with pytest.raises(KeyProblem, match="component 1: 4 bytes"):
        combine(bytes(4), bytes(4))


@given(KEYS)
def test_parity_is_what_psec_makes_of_it_and_changes_no_cipher(key: bytes) -> None:
    assert odd_parity(key) == psec.des.adjust_key_parity(key)
    assert kcv(odd_parity(key)) == kcv(key)


def test_working_keys_show_check_values_only() -> None:
    shown = repr(WorkingKeys(PIK, MAK, PIK))
    assert shown == "WorkingKeys(pik=KCV 8D0A74B8, mak=KCV AB7153CA, tdk=KCV 8D0A74B8)"
    assert PIK.hex().upper() not in shown
