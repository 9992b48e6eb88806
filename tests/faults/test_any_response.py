"""For every valid sale response and every fault: nothing but FaultSkipped is ever raised."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from switch import faults
from switch.faults import Fault, FaultSkipped, FieldFault
from switch.faults.field_faults import Absent, NotEchoed, Value
from switch.faults.form_faults import (
    BadCharset,
    BadLengthPrefix,
    FlipBit,
    TooLong,
    TooShort,
    Unparseable,
    WrongBitmap,
)
from switch.faults.frame_faults import (
    BadHeader,
    Coalesce,
    Garbage,
    LongLength,
    ShortLength,
    Split,
    SwappedAddress,
    TrailingBytes,
    Truncate,
    ZeroLength,
)
from switch.faults.mac_faults import Absent as NoMac
from switch.faults.mac_faults import StaleKey, Valid, Wrong, Zero
from switch.faults.message_faults import OtherTransaction, WrongMti
from switch.faults.timing_faults import Delay, Duplicate, Jitter, StaleReplay
from switch.faults.transport_faults import Close, Ending, HalfClose, Reset, Slow, Stall
from switch.records import Piece, Write

if TYPE_CHECKING:
    from tests.faults.conftest import PathOf


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most or least)


def text(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text("09AZaz -/", min_size=least, max_size=most or least)


RESPONSES = st.fixed_dictionaries(
    {
        3: digits(6), 4: digits(12), 11: digits(6), 12: digits(6), 13: digits(4), 25: digits(2),
        37: text(12), 39: text(2), 41: text(8), 42: text(15), 49: text(3), 60: digits(8, 17),
    },
    optional={
        2: digits(13, 19), 14: digits(4), 15: digits(4), 22: digits(3), 23: digits(3),
        32: digits(0, 11), 38: text(6), 43: text(40),
        44: text(0, 25), 54: text(0, 120), 61: digits(0, 29),
        55: st.binary(max_size=255).map(bytes.hex), 63: st.text("中文商户A ", max_size=60),
    },
)  # fmt: skip

NAMES = st.sampled_from(
    ["stan", "amount", "pan", "rrn", "batch", "merchant_id", "response_code", "ic", "44.2", "63.1",
     "original.stan", "61.3"]
) | st.integers(0, 130).map(str)  # fmt: skip
SPAN = st.integers(0, 10**11)
COUNT = st.integers(1, 600)
FAULT_STRATEGIES: dict[type[Fault], st.SearchStrategy[Fault]] = {
    WrongMti: st.builds(WrongMti, digits(4) | st.just("")),
    OtherTransaction: st.builds(OtherTransaction),
    **{
        cls: st.builds(cls, NAMES)
        for cls in (
            NotEchoed, Absent, TooLong, TooShort, BadCharset, BadLengthPrefix, FlipBit
        )
    },
    Value: st.builds(Value, NAMES, st.text(max_size=20) | digits(0, 20)),
    WrongBitmap: st.builds(WrongBitmap, st.integers(2, 128)),
    **{
        cls: st.builds(cls)
        for cls in (
            Unparseable, Valid, Wrong, NoMac, Zero, StaleKey, ShortLength, LongLength, ZeroLength,
            BadHeader, SwappedAddress, Coalesce,
        )
    },
    Split: st.builds(Split, at=st.lists(COUNT).map(tuple), pause=SPAN)
    | st.builds(Split, sizes=st.lists(COUNT).map(tuple)),
    Truncate: st.builds(Truncate, st.integers(0, 600)),
    TrailingBytes: st.builds(TrailingBytes, COUNT),
    Garbage: st.builds(Garbage, COUNT),
    **{cls: st.builds(cls, st.integers(0, 600)) for cls in (Close, Reset, HalfClose)},
    Stall: st.builds(Stall, st.integers(0, 600), SPAN),
    Slow: st.builds(Slow, COUNT, st.integers(0, 600)),
    Delay: st.builds(Delay, SPAN),
    Jitter: st.builds(Jitter, SPAN),
    Duplicate: st.builds(Duplicate, st.integers(1, 5), SPAN),
    StaleReplay: st.builds(StaleReplay, st.booleans()),
}  # fmt: skip
ANY_FAULT = st.one_of(list(FAULT_STRATEGIES.values()))


def test_every_registered_fault_is_tried_here() -> None:
    registered = {cls for kinds in faults.FAULTS.values() for cls in kinds.values()}
    assert set(FAULT_STRATEGIES) == registered


@settings(max_examples=600, deadline=None)
@given(fields=RESPONSES, fault=ANY_FAULT, earlier=st.none() | st.binary(min_size=1))
def test_one_fault(
    path_of: PathOf, fields: dict[int, str], fault: Fault, earlier: bytes | None
) -> None:
    faults.describe(fault)
    with suppress(FaultSkipped):
        path_of(fields).pieces([fault], earlier)


@settings(max_examples=300, deadline=None)
@given(fields=RESPONSES, planned=st.lists(ANY_FAULT, max_size=4))
def test_faults_of_several_moments(
    path_of: PathOf, fields: dict[int, str], planned: list[Fault]
) -> None:
    with suppress(FaultSkipped):
        path_of(fields).pieces(planned, b"an earlier response")


FIELD_FAULTS = st.one_of(
    [strategy for cls, strategy in FAULT_STRATEGIES.items() if issubclass(cls, FieldFault)]
)


@settings(max_examples=400, deadline=None)
@given(fields=RESPONSES, fault=FIELD_FAULTS)
def test_a_field_fault_changes_the_message_and_not_the_room_of_the_mac(
    path_of: PathOf, fields: dict[int, str], fault: FieldFault
) -> None:
    path = path_of(fields)
    parts = path.parts()
    try:
        spoiled = fault.apply(parts, path.dialect, "sale")
    except FaultSkipped:
        return
    assert spoiled.join() != parts.join()
    assert spoiled.elements[-1] == parts.elements[-1]
    body = path.seal(spoiled.join())
    assert body[:-8] == spoiled.join()[:-8]


CUTTING = st.one_of([FAULT_STRATEGIES[cls] for cls in (Truncate, Close, Reset, HalfClose)])


@given(fields=RESPONSES, fault=CUTTING)
def test_a_cut_response_is_a_beginning_of_the_whole(
    path_of: PathOf, fields: dict[int, str], fault: Truncate | Ending
) -> None:
    path = path_of(fields)
    wire = path.wire()
    try:
        left = written(path.pieces([fault]))
    except FaultSkipped:
        return
    assert wire.startswith(left)
    wanted = fault.bytes_ if isinstance(fault, Truncate) else fault.after_bytes
    assert len(left) == min(wanted, len(wire))


@given(fields=RESPONSES, fault=st.one_of([FAULT_STRATEGIES[cls] for cls in (Split, Slow, Stall)]))
def test_a_slow_or_split_response_loses_nothing(
    path_of: PathOf, fields: dict[int, str], fault: Fault
) -> None:
    path = path_of(fields)
    try:
        assert written(path.pieces([fault])) == path.wire()
    except FaultSkipped:
        return


SPOILING = st.one_of(
    [
        strategy
        for cls, strategy in FAULT_STRATEGIES.items()
        if issubclass(cls, FieldFault) and cls is not Value
    ]
)


@given(fields=RESPONSES, fault=SPOILING)
def test_the_other_elements_stay(
    path_of: PathOf, fields: dict[int, str], fault: FieldFault
) -> None:
    path = path_of(fields)
    parts = path.parts()
    try:
        spoiled = fault.apply(parts, path.dialect, "sale")
    except FaultSkipped:
        return
    changed = [part for part in parts.elements if part not in spoiled.elements]
    assert len(changed) <= 1 or isinstance(fault, Unparseable)


def written(pieces: tuple[Piece, ...]) -> bytes:
    return b"".join(piece.data for piece in pieces if isinstance(piece, Write))
