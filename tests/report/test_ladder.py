"""The ladder of a case: every message has its arrow, nothing overflows, no secret is on it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from switch.acquirer.book import load as load_book
from switch.dialect import Dialect
from switch.records import Event
from switch.report.ladder import ladder, mermaid

TID = "12345678"
SECOND = 1_000_000_000
MERMAID_LINE = re.compile(
    r"    (participant [TH] as \w+"
    r"|(T->>H|H-->>T|H--xT): .+"
    r"|Note (left of T|right of H|over T,H): .+)"
)


def event(seq: int, at: float, kind: str, **body: Any) -> Event:
    conn = body.pop("conn", 1)
    return Event(seq, round(at * SECOND), kind, conn, TID, body)


def sale(seq: int = 1, at: float = 0.025, **more: Any) -> Event:
    values = {"stan": "000002", "amount": "000000010000"} | more.pop("values", {})
    body = {"exchange": 2, "class": "sale", "mti": "0200", "values": values, "facts": {}}
    return event(seq, at, "received", **(body | more))


def decided(response: str, **more: Any) -> Event:
    return event(2, 0.025, "decided", exchange=2, response=response, **({"code": "00"} | more))


def sent(at: float = 0.025, whole: bool = True) -> Event:
    values = {"response_code": "00"}
    return event(3, at, "sent", exchange=2, values=values, whole=whole)


def rows(dialect: Dialect, *events: Event) -> list[str]:
    """The ladder without its head and without the time column."""
    return [line[10:].strip() for line in ladder(events, dialect).splitlines()[1:]]


def test_a_request_and_its_response(dialect: Dialect) -> None:
    assert rows(dialect, sale(), decided("leaves"), sent()) == [
        "|---- sale 000002 100.00 ------------------>|",
        "|<------------------------- 00 approved ----|",
    ]


def test_what_nobody_asked_for(dialect: Dialect) -> None:
    values = {"stan": "000900", "response_code": "00"}
    body = {"exchange": 9, "class": "sale", "values": values, "whole": True, "step": "4"}
    (row,) = rows(dialect, event(1, 1, "sent", **body))
    assert row == "|<------------- sale 000900 00 approved ----|  nobody asked for it"


def test_a_response_that_never_leaves(dialect: Dialect) -> None:
    lost = event(3, 0.025, "fault_applied", exchange=2, fault="reply none", step="sale")
    assert rows(dialect, sale(), decided("none"), lost)[1] == (
        "|                     x---- 00 approved ----|  never left"
    )


def test_a_request_that_is_never_heard(dialect: Dialect) -> None:
    (row, *more) = rows(dialect, sale(), decided("unheard", code=""))
    assert row.endswith("->|  the request was lost: not decided,")
    assert more == ["|                                           |  never answered"]


def test_a_fault_stands_beside_the_response_that_it_spoils(dialect: Dialect) -> None:
    fault = event(4, 0.025, "fault_applied", exchange=2, fault="mac wrong")
    assert rows(dialect, sale(), decided("leaves"), sent(), fault)[1].endswith("|  mac wrong")
    cut = event(4, 0.025, "fault_applied", exchange=2, fault="transport close after 20 bytes")
    row = rows(dialect, sale(), decided("leaves"), sent(whole=False), cut)[1]
    assert row.endswith("x---- 00 approved ----|  transport close after 20 bytes")


def test_a_response_that_is_held_and_comes_late(dialect: Dialect) -> None:
    held, released = event(3, 0.025, "held", exchange=2), event(4, 70, "released", exchange=2)
    first, gap, second, third = rows(dialect, sale(), decided("held"), held, released, sent(at=70))
    assert first.endswith("->|  held back")
    assert gap.startswith(":") and gap.endswith(":  70.0s")
    assert second.endswith("|  released") and third.startswith("|<---")


def test_a_response_without_anybody_to_take_it(dialect: Dialect) -> None:
    gone = event(3, 9, "undelivered", exchange=2, why="the terminal has closed the connection")
    assert rows(dialect, sale(), decided("leaves"), gone)[-1].endswith(
        "x---- 00 approved ----|  the terminal has closed the connection"
    )


def test_what_is_wrong_with_a_request(dialect: Dialect) -> None:
    facts = {"mac": "wrong", "format": ["DE 22 (entry mode) is missing"]}
    first, second = rows(dialect, sale(facts=facts))
    assert first.endswith("->|  MAC wrong")
    assert second.endswith(" |  DE 22 (entry mode) is missing")
    assert rows(dialect, sale(residue=True))[0].endswith("left over from an earlier case")


def test_a_wrong_cryptogram_is_said(dialect: Dialect) -> None:
    (row,) = rows(dialect, sale(facts={"mac": "valid", "arqc": "wrong", "format": []}))
    assert row.endswith("->|  ARQC wrong")


def test_the_script_and_the_screen_stand_on_the_terminals_side(dialect: Dialect) -> None:
    said = rows(
        dialect,
        event(1, 0, "stimulus_asked", do="sale", text="Start a sale"),
        event(2, 0, "stimulus_asked", do="sale", text="Start another", provoke=True),
        event(3, 0, "stimulus_asked", do="sign_on", text="Sign on", skipped=True),
        event(4, 0, "stimulus_answered", answer="sale: approved 00"),
        event(5, 0, "stimulus_answered", answer="refused: this terminal cannot void now"),
        event(6, 0, "observed", channel="display", text="APPROVED 00"),
        event(7, 0, "observed", channel="log", text="not for the ladder"),
    )
    assert [row.strip("| ") for row in said] == [
        "> Start a sale",
        "> Start another (nudge)",
        "> Sign on: not needed, it is signed on",
        "> refused: this terminal cannot void now",
        "display: APPROVED 00",
    ]


def test_the_host_and_the_judge_stand_on_the_hosts_side(dialect: Dialect) -> None:
    said = rows(
        dialect,
        event(1, 0, "world_changed", what="merchant", id="M1", changes={"status": "closed"}),
        event(2, 0, "connection_ordered", verb="refuse_next"),
        event(3, 0, "connection_closed", by="refused"),
        event(4, 0, "connection_closed", by="host"),
        event(5, 0, "ledger_changed", **{"class": "sale"}, status="approved"),
        event(6, 0, "ledger_changed", **{"class": "sale"}, status="reversed"),
        event(7, 0, "deadline", what="within of reversal"),
        event(8, 0, "deadline", what="wait"),
        event(9, 0, "finding", severity="fail", step="x", text="it came", rule="never"),
        event(10, 0, "fault_skipped", exchange=2, fault="mac zero", why="no MAC"),
        event(11, 0, "unreadable", text="no MTI"),
        event(12, 0, "run_ended", verdict="fail"),
    )
    assert [row.strip("|.-> ") for row in said] == [
        "merchant M1: status closed",
        "connection: refuse_next",
        "connection refused",
        "connection 1 closed by host",
        "ledger: sale is reversed",
        "the time for reversal is over",
        "! fail: never x: it came",
        "not applied: mac zero (no MAC)",
        "unreadable bytes -------------------->|  no MTI",
    ]


def test_two_terminals_are_told_apart(dialect: Dialect) -> None:
    other = Event(2, SECOND, "received", 2, "87654321", sale().body)
    first, second = rows(dialect, sale(), other)
    assert "---- 12345678: sale 000002" in first and "---- 87654321: sale 000002" in second


def test_a_message_of_no_class_has_its_mti(dialect: Dialect) -> None:
    body = {**sale().body, "class": "unknown", "mti": "0401"}
    unknown = Event(1, 0, "received", 1, TID, body)
    assert "---- 0401 message 000002 " in rows(dialect, unknown)[0]


@pytest.mark.parametrize("width", (72, 80, 100, 160))
def test_nothing_is_wider_than_asked(width: int, play: Any, dialect: Dialect) -> None:
    _, events = play("timeout-reversal", "loss=closed", "new-stan-in-reversal", "lazy")
    lines = ladder(events, dialect, width=width).splitlines()
    assert max(map(len, lines)) <= width
    host = lines[0].index("host") + 2
    for line in lines[1:]:
        assert line[14] in "|:" and line[host] in "|:", line


@pytest.mark.parametrize("defect", ("", "never-reverses", "pin-in-reversal", "track-in-reversal"))
def test_every_message_has_an_arrow_and_no_secret(defect: str, play: Any, dialect: Dialect) -> None:
    _, events = play("timeout-reversal", "loss=half_frame", defect)
    drawn, web = ladder(events, dialect), mermaid(events, dialect)
    received = sum(event.kind == "received" for event in events)
    responses = sum(event.kind == "sent" for event in events)
    assert drawn.count("->|") == web.count("T->>H") == received
    assert drawn.count("|<-") + drawn.count("x----") >= responses
    assert web.count("H-->>T") + web.count("H--xT") >= responses
    for card in load_book().cards.values():
        for secret in filter(None, (card.pan, card.pin)):
            assert not re.search(rf"(?<![0-9]){secret}(?![0-9])", drawn + web)


def test_mermaid_is_a_sequence_diagram(play: Any, dialect: Dialect) -> None:
    _, events = play("timeout-reversal", "loss=closed", "new-stan-in-reversal")
    first, *lines = mermaid(events, dialect).splitlines()
    assert first == "sequenceDiagram"
    for line in lines:
        assert MERMAID_LINE.fullmatch(line), line
        assert not re.search(r"[<>;#]", re.sub(r"T->>H|H-->>T|#[0-9]+;", "", line)), line


def test_what_a_screen_would_obey_is_escaped(dialect: Dialect) -> None:
    shown = event(1, 0, "observed", channel="display", text="\x1b[2J")
    assert "\\x1B[2J" in ladder([shown], dialect)
    assert "\\x1B[2J" in mermaid([shown], dialect)


def test_an_empty_log_is_a_head(dialect: Dialect) -> None:
    assert ladder([], dialect).split() == ["time", "terminal", "host"]
