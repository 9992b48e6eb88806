"""The registry: every fault is documented, readable from YAML, and shows on the wire."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from switch import faults
from switch.composites import read_record
from switch.faults import FAULTS, MOMENTS, Fault, FaultSkipped, describe, order, resolved
from switch.faults.field_faults import NotEchoed, Value
from switch.faults.frame_faults import Truncate
from switch.faults.mac_faults import Wrong
from switch.faults.message_faults import WrongMti
from switch.faults.timing_faults import Delay
from switch.faults.transport_faults import Close, Stall
from switch.reading import read_text
from switch.records import Write
from switch.shapes import Reference

if TYPE_CHECKING:
    from tests.faults.conftest import Path

ALL = [cls for moment in MOMENTS for cls in FAULTS[moment].values()]
IDS = [f"{cls.moment}.{cls.kind}" for cls in ALL]

# scenario-format 4, word by word.
KINDS = {
    "message": "wrong_mti other_transaction",
    "field": "not_echoed absent value too_long too_short bad_charset bad_length_prefix flip_bit"
    " wrong_bitmap unparseable",
    "mac": "valid wrong absent zero stale_key",
    "frame": "short_length long_length zero_length bad_header swapped_address split coalesce"
    " truncate trailing_bytes garbage",
    "transport": "close reset half_close stall slow",
    "timing": "delay jitter duplicate stale_replay",
}

# One way to write each fault that needs more than its kind, or shows more with it.
YAML = {
    "field.not_echoed": "{name: merchant_id}",
    "field.absent": "{name: response_code}",
    "field.value": "{name: '63', value: CUP OK}",
    "field.too_long": "{name: rrn}",
    "field.too_short": "{name: pan}",
    "field.bad_charset": "{name: amount}",
    "field.bad_length_prefix": "{name: '60'}",
    "field.flip_bit": "{name: stan}",
    "transport.slow": "{rate: 100}",
    "timing.delay": "{by: 61s}",
    "timing.jitter": "{upto: 2s}",
}


def planned(name: str) -> Fault:
    """The fault that the YAML above makes."""
    moment, kind = name.split(".")
    node = read_text(YAML.get(name, "{}"), "fault.yaml")
    fault, problems = read_record(FAULTS[moment][kind].SHAPE, node)
    assert not problems
    assert isinstance(fault, Fault)
    return fault


def test_the_registry_holds_the_kinds_of_the_format() -> None:
    assert {moment: list(kinds) for moment, kinds in FAULTS.items()} == {
        moment: words.split() for moment, words in KINDS.items()
    }


@pytest.mark.parametrize("cls", ALL, ids=IDS)
def test_a_fault_is_documented_and_its_keys_are_its_fields(cls: type[Fault]) -> None:
    assert FAULTS[cls.moment][cls.kind] is cls
    documentation = cls.__doc__ or ""
    first = documentation.split("\n")[0]
    assert first[0].isupper()
    assert first.endswith(".")
    names = [field.name.rstrip("_") for field in fields(cls)]
    assert list(cls.SHAPE.keys) == names
    assert all(f"        {name}: " in documentation for name in names), "a key without a word"
    assert set(cls.SHAPE.required) <= set(names)


@pytest.mark.parametrize("name", IDS)
def test_a_fault_shows_on_the_wire(name: str, path: Path) -> None:
    before = (Write(path.wire()),)
    after = path.pieces([planned(name)], earlier=b"\x00\x01\xaa")
    if name == "mac.valid":
        assert after == before
    else:
        assert after != before


@pytest.mark.parametrize("name", IDS)
def test_a_fault_does_the_same_twice(name: str, path: Path) -> None:
    once = path.pieces([planned(name)], earlier=b"\x00")
    assert once == path.pieces([planned(name)], earlier=b"\x00")


def test_the_listing_walks_the_registry() -> None:
    listed = faults.listing()
    assert [entry["name"] for entry in listed] == IDS
    stall = next(entry for entry in listed if entry["name"] == "transport.stall")
    assert stall["keys"] == ["after_bytes", "for"]
    assert stall["text"].startswith("The connection stays open")
    delay = next(entry for entry in listed if entry["name"] == "timing.delay")
    assert delay["required"] == ["by"]


def test_keys_that_python_keeps_for_itself() -> None:
    node = read_text("{after_bytes: 7, for: 1m}", "fault.yaml")
    assert read_record(Stall.SHAPE, node) == (Stall(7, 60_000_000_000), [])
    node = read_text("{bytes: 30}", "fault.yaml")
    assert read_record(Truncate.SHAPE, node) == (Truncate(30), [])


@pytest.mark.parametrize(
    ("moment", "kind", "text", "problem"),
    [
        ("timing", "delay", "{}", "key 'by' is missing"),
        ("timing", "delay", "{by: 1s - 2s}", "a fault cannot last less than nothing"),
        ("timing", "delay", "{by: 60}", "a duration needs its unit: write 60s"),
        ("transport", "close", "{after_byts: 1}", "unknown key 'after_byts'"),
        ("frame", "split", "{at: 1, sizes: [2]}", "split takes at or sizes, not both"),
        ("frame", "split", "{at: 0}", "0 is not between 1 and 65535"),
        ("message", "wrong_mti", "{mti: 41}", "'41' is not an MTI of four digits"),
        ("field", "wrong_bitmap", "{element: 129}", "129 is not between 2 and 128"),
    ],
)
def test_wrong_keys_are_refused_when_read(moment: str, kind: str, text: str, problem: str) -> None:
    value, problems = read_record(FAULTS[moment][kind].SHAPE, read_text(text, "fault.yaml"))
    assert value is None
    assert [found.text for found in problems if found.text.startswith(problem)]


def test_faults_are_ordered_by_moment() -> None:
    mixed = [Delay(1), Close(), Wrong(), NotEchoed("stan"), WrongMti()]
    assert [fault.moment for fault in order(mixed)] == [
        "message",
        "field",
        "mac",
        "transport",
        "timing",
    ]


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Close(), "transport close after 0 bytes"),
        (Stall(3, 2_000_000_000), "transport stall after 3 bytes for 2.0s"),
        (Stall(), "transport stall after 0 bytes until resumed"),
        (Wrong(), "mac wrong"),
        (NotEchoed("merchant_id"), "field not_echoed merchant_id"),
        (Value("pan", "6212142000000000012"), "field value pan"),  # what may be secret stays out
        (Delay(61_000_000_000), "timing delay by 61.0s"),
        (WrongMti("0110"), "message wrong_mti 0110"),
    ],
)
def test_a_fault_describes_itself(fault: Fault, text: str) -> None:
    assert describe(fault) == text


def test_a_value_of_an_earlier_step_is_looked_up(path: Path) -> None:
    node = read_text("{name: rrn, value: '${first.rrn}'}", "fault.yaml")
    late, problems = read_record(Value.SHAPE, node)
    assert not problems
    assert late.value == Reference("first.rrn")
    with pytest.raises(FaultSkipped, match=r"\$\{first.rrn\} is not known yet"):
        path.pieces([late])
    received = {"first.rrn": "103105000001"}
    known = resolved(late, lambda reference: received[reference.path])
    assert known == Value("rrn", "103105000001")
    assert resolved(Close(), lambda _: "") == Close()
