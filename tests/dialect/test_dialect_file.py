"""Dialect files: the shipped one is sound, and what is wrong with another is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from switch.composites import Record
from switch.dialect import Dialect, load, names
from switch.dialect.file import read, with_options
from switch.errors import BadFile, BadUsage
from switch.reading import read_text
from switch.shipped import shipped

SOURCE = (shipped("specs") / "cup-pos.yaml").read_text(encoding="utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(BadFile) as refused:
        read(read_text(text, "d.yaml"), text)
    return [problem.text for problem in refused.value.problems]


def test_the_shipped_dialects_load() -> None:
    assert "cup-pos" in names()
    for name in names():
        assert load(name).name == name


def test_what_it_says(dialect: Dialect) -> None:
    assert dialect.framing.header == 6
    assert dialect.timers["response"] == 60_000_000_000
    assert dialect.codec.fields[22].pad == "right"  # 2.1: 021 travels as 02 10
    assert dialect.codec.fields[23].pad == "left"
    assert str(dialect.codec.fields[35]) == "DE 35 (track 2)"
    assert dialect.source == SOURCE
    pan = next(sub for sub in dialect.layouts[48][1].subs if sub.id == "48.4")
    assert pan.secret


def test_a_file_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SOURCE.replace("name: cup-pos", "name: mine"), encoding="utf-8")
    assert load(str(path)).name == "mine"
    with pytest.raises(BadFile, match="cannot read"):
        load(str(tmp_path / "none.yaml"))


def test_an_unknown_name() -> None:
    with pytest.raises(BadUsage, match=r"^no dialect 'cup-pso'; known: .*did you mean 'cup-pos'"):
        load("cup-pso")


def test_options_of_a_book(dialect: Dialect) -> None:
    assert with_options(dialect, {}) is dialect
    changed = with_options(dialect, {"mac_on_declines": "all"})
    assert changed.options == {**dialect.options, "mac_on_declines": "all"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("type: n, length: ..19}", "type: num, length: ..19}",
         "'num' is not one of n, z, an, ans, b"),
        ("type: n, length: ..19}", "type: n, length: 19..}",
         "'19..' is not a length; write 6, ..19 or ...999"),
        ("type: n, length: ..19}", "type: n, length: ..100}",
         "'..100' is not a length that its prefix can count"),
        ("type: n, length: ..19}", "type: n, length: 0}",
         "'0' is not a length that its prefix can count"),
        ("  3: {name: processing code,", "  02: {name: processing code,",
         "'02' is not an element number from 2 to 128"),
        ("  3: {name: processing code,", "  129: {name: processing code,",
         "'129' is not an element number from 2 to 128"),
        ("pad: right}", "pat: right}", "unknown key 'pat'; did you mean 'pad'?"),
        ("tpdu: swap", "tpdu: swop", "'swop' is not one of swap, echo, none; did you mean 'swap'?"),
        ("timers: {response: 60s", "timers: {response: 60",
         "a duration needs its unit: write 60s"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(old: str, new: str, found: str) -> None:
    assert SOURCE.count(old)
    assert found in problems(SOURCE.replace(old, new, 1))


def test_classes_name_known_elements_and_outcomes_known_codes() -> None:
    text = SOURCE.replace("    mandatory: [11, 41, 42, 60]", "    mandatory: [11, 65]", 1)
    text = text.replace('  approved: "00"', '  approved: "ZZ"', 1)
    assert problems(text) == [
        "class sign_on: DE 65 is not among the fields",
        "outcome approved: ZZ is not among the response_codes",
    ]


def test_every_class_can_be_told_apart(dialect: Dialect) -> None:
    """No class hides behind an earlier one that matches whatever it matches."""
    from switch.dialect.schema import DIALECT

    assert isinstance(DIALECT, Record)
    earlier: list[str] = []
    for name, kind in dialect.classes.items():
        for other in earlier:
            before = dialect.classes[other]
            same_mti = before.mti == kind.mti
            hides = all(
                set(kind.match.get(place, ())) <= set(wanted) and place in kind.match
                for place, wanted in before.match.items()
            )
            assert not (same_mti and hides), f"{name} hides behind {other}"
        earlier.append(name)
