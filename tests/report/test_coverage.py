"""What counts as exercised: only what took effect, and only rules of cases that were judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from switch.dialect import Dialect
from switch.records import Event
from switch.report.coverage import (
    FATES,
    Dimension,
    Exercised,
    dimensions,
    fault_name,
    known_faults,
    known_rules,
    share,
)
from switch.report.coverage_tables import class_rows, coverage_json, gap_lines, share_rows
from switch.scenario.model import Case
from switch.scenario.verdict import Verdict


@pytest.fixture
def case(cases: Callable[..., list[Case]]) -> Case:
    return cases("timeout-reversal")[0]


def received(exchange: int = 1, kind: str = "sale") -> Event:
    return Event(1, 0, "received", 1, "12345678", {"exchange": exchange, "class": kind})


def sent(code: str, exchange: int = 1, *, whole: bool = True) -> Event:
    values = {"response_code": code}
    return Event(2, 0, "sent", 1, "", {"exchange": exchange, "whole": whole, "values": values})


def fault(text: str, exchange: int = 1) -> Event:
    return Event(3, 0, "fault_applied", 1, "", {"exchange": exchange, "fault": text})


def exercised(
    dialect: Dialect, case: Case, *events: Event, status: str = "pass", refs: tuple[str, ...] = ()
) -> Exercised:
    out = Exercised(dialect)
    out.add(Verdict(replace(case, refs=refs), status), events)
    return out


@pytest.mark.parametrize(
    ("events", "fates"),
    [
        ((sent("00"),), {"approved"}),
        ((sent("03"),), {"declined"}),
        ((), {"lost"}),
        ((fault("reply none"),), {"lost"}),
        ((sent("00", whole=False), fault("transport close after 9 bytes")), {"lost"}),
        ((sent("00"), fault("mac wrong")), {"approved", "spoilt"}),
        ((sent("51"), fault("reply set amount")), {"declined", "spoilt"}),
        ((sent("00"), fault("timing delay by 70.0s")), {"approved", "late"}),
        ((sent("00"), fault("transport slow 5 bytes per second")), {"approved"}),
        ((sent("", exchange=1), fault("field absent 39")), {"spoilt"}),
    ],
)
def test_the_fate_of_a_request(
    events: tuple[Event, ...], fates: set[str], dialect: Dialect, case: Case
) -> None:
    assert set(exercised(dialect, case, received(), *events).classes["sale"]) == fates


def test_what_belongs_to_no_request_of_the_dialect_is_left_out(
    dialect: Dialect, case: Case
) -> None:
    found = exercised(dialect, case, received(kind=""), sent("00"), fault("mac wrong", 9))
    assert not found.classes
    assert not found.faults


def test_codes_and_faults_are_kept_by_class(dialect: Dialect, case: Case) -> None:
    events = (received(), sent("03"), received(2, "reversal"), fault("reply none", 2))
    found = exercised(dialect, case, *events)
    assert dict(found.codes["sale"]) == {"03": 1}
    assert dict(found.faults["reversal"]) == {"reply.none": 1}


def test_what_the_script_did_to_the_connection(dialect: Dialect, case: Case) -> None:
    ordered = Event(1, 0, "connection_ordered", body={"verb": "refuse (no connection to act on)"})
    assert exercised(dialect, case, ordered).faults["connection"]["connection.refuse"] == 1


@pytest.mark.parametrize(
    ("status", "counts"),
    [("pass", 1), ("fail", 1), ("inconclusive", 0), ("skipped", 0), ("error", 0)],
)
def test_a_rule_counts_where_it_was_judged(
    status: str, counts: int, dialect: Dialect, case: Case
) -> None:
    assert exercised(dialect, case, status=status, refs=("T2",)).named["T2"] == counts


def test_a_rule_that_no_message_proves_is_no_part_of_it(dialect: Dialect, case: Case) -> None:
    assert "T2" in known_rules(dialect)
    assert "T9" not in known_rules(dialect)
    assert "G1" not in known_rules(dialect)  # of generic ISO 8583
    found = dimensions(exercised(dialect, case, refs=("T9", "T2", "seed-27")))
    assert [len(one.covered) for one in found] == [0, 0, 0, 1, 1]


def test_every_fault_of_the_registry_is_asked_for() -> None:
    assert {"mac.wrong", "transport.stall", "reply.unheard", "connection.refuse"} <= set(
        known_faults()
    )
    assert fault_name("timing stale_replay instead of the response") in known_faults()
    assert len(set(known_faults())) == len(known_faults())


HALF = Dimension("fault", ("mac.wrong", "mac.zero"), frozenset({"mac.zero"}))
PAIRS = Dimension("message class x fate", (*(f"tip {fate}" for fate in FATES), "sale late"),
                  frozenset())  # fmt: skip


def test_gaps_and_shares() -> None:
    assert HALF.gaps == ["mac.wrong"]
    assert HALF.percent == 50
    assert share([HALF, PAIRS]) == 12.5
    assert share([]) == 100


def test_gaps_are_named_in_lines() -> None:
    assert gap_lines([HALF, PAIRS, Dimension("rule", (), frozenset())]) == [
        "no fault: mac.wrong",
        "no message class x fate: tip at all; sale late",
    ]


def test_rows(dialect: Dialect, case: Case) -> None:
    found = exercised(dialect, case, received(), sent("03"))
    sale = next(row for row in class_rows(found) if row["class"] == "sale")
    assert (sale["declined"], sale["approved"], sale["DE 39"]) == (1, "-", ["03"])
    assert share_rows([HALF]) == [{"exercised": "fault", "count": "1 of 2", "percent": "50 %"}]


def test_for_programs(dialect: Dialect, case: Case) -> None:
    found = exercised(dialect, case, received(), sent("03"), refs=("D2",))
    told = coverage_json(found, [HALF])
    assert told["percent"] == 50.0
    assert told["named"] == {"D2": 1}
    classes = told["classes"]
    assert isinstance(classes, dict)
    assert classes["sale"] == {"fates": {"declined": 1}, "DE 39": {"03": 1}, "faults": {}}
