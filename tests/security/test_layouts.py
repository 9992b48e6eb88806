from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.errors import KeyProblem
from switch.security.keys import WorkingKeys, kcv, unwrap
from switch.security.layouts import (
    LAYOUTS,
    layout_of,
    open_each,
    pack_working_keys,
    unpack_working_keys,
)

TMK = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
PIK = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
MAK = bytes.fromhex("5BB5C72CD00B7338")
SINGLE = st.binary(min_size=8, max_size=8)
DOUBLE = st.binary(min_size=16, max_size=16)
KEYS_OF = {
    "single": st.builds(WorkingKeys, SINGLE, SINGLE),
    "double": st.builds(WorkingKeys, DOUBLE, SINGLE | DOUBLE),
    "double+track": st.builds(WorkingKeys, DOUBLE, SINGLE | DOUBLE, DOUBLE),
    "double+track-kcv3": st.builds(WorkingKeys, DOUBLE, SINGLE | DOUBLE, DOUBLE),
    "double-kcv-inside": st.builds(WorkingKeys, DOUBLE, SINGLE),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@given(tmk=SINGLE | DOUBLE, keys=st.data())
def test_each_layout_round_trips(layout: str, tmk: bytes, keys: Any) -> None:
    sent = keys.draw(KEYS_OF[layout])
    de62 = pack_working_keys(sent, tmk, layout)
    assert len(de62) == LAYOUTS[layout].length
    assert unpack_working_keys(de62, tmk, layout) == sent


@pytest.mark.parametrize("vector", ["V018"], indirect=True)
def test_a_published_de_62(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    de62, tmk = bytes.fromhex(fields["F62"]), bytes.fromhex(fields["TMK"])
    keys = WorkingKeys(bytes.fromhex(fields["PIK"]), bytes.fromhex(fields["MAK"]))
    assert unpack_working_keys(de62, tmk, "double") == keys
    assert pack_working_keys(keys, tmk, "double") == de62


@pytest.mark.parametrize("vector", ["V022"], indirect=True)
def test_check_values_and_filler_stand_where_a_published_de_62_has_them(
    vector: dict[str, Any],
) -> None:
    fields = vector["fields"]
    de62 = bytes.fromhex(fields["F62"])
    for one in open_each(de62, TMK, layout_of(len(de62))):  # its own TMK is not public
        assert one.sent.hex().upper() == fields[f"{one.name}_KCV"]
        assert one.key == unwrap(TMK, bytes.fromhex(fields[f"{one.name}_enc"]))


def test_synthetic_sign_on_response(sign_on_response: dict[str, Any]) -> None:
    keys = {name: bytes.fromhex(key) for name, key in sign_on_response["keys"].items()}
    de62 = bytes.fromhex(sign_on_response["fields"]["62"])
    unpacked = unpack_working_keys(de62, keys["TMK"], layout_of(len(de62)))
    assert unpacked == WorkingKeys(keys["PIK"], keys["MAK"])


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (16, "PIK: KCV 8D0A74B8 computed, 000000B8 sent"),
        (36, "MAK: KCV AB7153CA computed, 000000CA sent"),
    ],
)
def test_a_check_value_that_does_not_match_is_refused(at: int, sentence: str) -> None:
    de62 = bytearray(pack_working_keys(WorkingKeys(PIK, MAK), TMK, "double"))
    de62[at : at + 3] = bytes(3)
    with pytest.raises(KeyProblem) as caught:
        unpack_working_keys(bytes(de62), TMK, "double")
    assert str(caught.value) == sentence
    shown = open_each(bytes(de62), TMK, "double")
    assert [one.matches for one in shown] == [at != 16, at != 36]
    assert PIK.hex() not in repr(shown)
    assert repr(PIK) not in repr(shown)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(length=st.integers(0, 100))
def test_another_length_is_refused(layout: str, length: int) -> None:
    expected = LAYOUTS[layout].length
    if length == expected:
        return
    with pytest.raises(KeyProblem, match=rf"DE 62 \(keys\): {length} bytes, {expected} expected"):
        unpack_working_keys(bytes(length), TMK, layout)


@pytest.mark.parametrize(
    ("keys", "layout", "sentence"),
    [
        (WorkingKeys(PIK, MAK), "single", "PIK: 16 bytes, the layout has room for 8"),
        (WorkingKeys(MAK, MAK), "double", "PIK: 8 bytes, the layout has room for 16"),
        (WorkingKeys(PIK, PIK), "double-kcv-inside", "MAK: 16 bytes, the layout has room for 8"),
        (WorkingKeys(PIK, MAK), "double+track", "TDK: missing, the layout delivers one"),
        (WorkingKeys(PIK, MAK, PIK), "double", "TDK: layout double has no place for it"),
    ],
)
def test_keys_without_room_are_refused(keys: WorkingKeys, layout: str, sentence: str) -> None:
    with pytest.raises(KeyProblem, match=sentence):
        pack_working_keys(keys, TMK, layout)


def test_single_layout_is_single_des_under_the_left_half() -> None:
    keys = WorkingKeys(MAK, MAK[::-1])
    de62 = pack_working_keys(keys, TMK, "single")
    assert de62 == pack_working_keys(keys, TMK[:8], "single")
    assert unwrap(TMK[:8], de62[:8]) == MAK


def test_the_provincial_form_has_the_check_value_before_the_filler() -> None:
    usual = pack_working_keys(WorkingKeys(PIK, MAK), TMK, "double")
    local = pack_working_keys(WorkingKeys(PIK, MAK), TMK, "double-kcv-inside")
    assert local[28:32] == usual[36:40] == kcv(MAK)
    assert local[32:] == usual[28:36] == bytes(8)


def test_the_length_names_the_usual_layout() -> None:
    assert {length: layout_of(length) for length in (24, 40, 57, 60)} == {
        24: "single",
        40: "double",
        57: "double+track-kcv3",
        60: "double+track",
    }
    with pytest.raises(KeyProblem, match="39 bytes, known layouts have 24, 40, 57, 60"):
        layout_of(39)
