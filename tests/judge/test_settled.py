"""The invariants over totals: logs of a settlement that keep them, and one that breaks each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from switch.judge.invariants import INVARIANTS, Judged, Weighed
from switch.judge.settled import settled
from switch.records import Event
from switch.totals import Totals, add_up

TID, BATCH = "12345678", "000001"
SETTLED = ("counted_or_reversed", "no_lost_money", "no_silent_debit", "net_equal")
Booked = tuple[str, str, int, str]  # STAN, class, minor units, status
SIDES = {"sale": "debit", "void": "credit"}


def event(kind: str, **body: Any) -> Event:
    return Event(1, 0, kind, 1, TID, body | ({"class": body.pop("of")} if "of" in body else {}))


def booked(stan: str, of: str, amount: int, status: str, exchange: int) -> Event:
    return event(
        "ledger_changed", of=of, stan=stan, amount=amount, status=status, batch=BATCH,
        exchange=exchange, books=SIDES[of], group="local",
    )  # fmt: skip


def compared(stage: str, told: Totals, held: Totals) -> Event:
    both = {"local": asdict(told), "foreign": asdict(Totals())}
    ours = {"local": asdict(held), "foreign": asdict(Totals())}
    return event("batch_changed", stage=stage, batch=BATCH, told=both, held=ours)


def host(*entries: Booked) -> Totals:
    counted = [one for one in entries if one[3] in {"approved", "voided"}]
    return add_up(("local", SIDES[kind], amount) for _, kind, amount, _ in counted)["local"]


def day(told: Totals, *entries: Booked, after: Totals | None = None) -> list[Event]:
    """A batch with these entries, and what the terminal said of it."""
    log = [booked(*one, number) for number, one in enumerate(entries)]
    log.append(compared("compared", told, host(*entries)))
    return [*log, compared("closed", told, after or host(*entries))]


def weigh(name: str, log: list[Event], attempts: int = 3) -> Weighed:
    return INVARIANTS[name].weigh(log, Judged(TID, reversal_attempts=attempts))


SALE: Booked = ("000002", "sale", 10_000, "approved")
VOIDED: Booked = ("000003", "sale", 2_500, "voided")
VOID: Booked = ("000004", "void", 2_500, "approved")
REVERSED: Booked = ("000005", "sale", 700, "reversed")
DECLINED: Booked = ("000006", "sale", 900, "declined")
WHOLE = (SALE, VOIDED, VOID, REVERSED, DECLINED)


@pytest.mark.parametrize("name", SETTLED)
def test_totals_that_agree_keep_every_invariant(name: str) -> None:
    assert weigh(name, day(Totals(12_500, 2, 2_500, 1), *WHOLE)) == Weighed(True)


@pytest.mark.parametrize("undone", [REVERSED, DECLINED])
def test_money_is_lost_when_the_terminal_counts_what_the_host_undid(undone: Booked) -> None:
    told = Totals(12_500 + undone[2], 3, 2_500, 1)
    weighed = weigh("no_lost_money", day(told, *WHOLE))
    shown = f"sale {undone[0]} of {undone[2] // 100}.00 is {undone[3]}"
    assert weighed.breaches == (f"batch 000001: {shown} on the host, and the terminal counts it",)
    assert weigh("no_silent_debit", day(told, *WHOLE)).breaches == ()


def test_a_debit_is_silent_when_neither_reversed_nor_counted() -> None:
    weighed = weigh("no_silent_debit", day(Totals(2_500, 1, 2_500, 1), *WHOLE))
    assert weighed.breaches == (
        "batch 000001: sale 000002 of 100.00 is booked on the host, and neither reversed nor among "
        "the terminal's local debits",
    )
    assert weigh("no_lost_money", day(Totals(2_500, 1, 2_500, 1), *WHOLE)).breaches == ()


def test_a_silent_debit_that_is_no_single_transaction_is_told_by_its_amount() -> None:
    weighed = weigh("no_silent_debit", day(Totals(9_999, 1, 2_500, 1), *WHOLE))
    assert weighed.breaches[0].startswith("batch 000001: 25.01 is booked on the host")


@pytest.mark.parametrize(("tried", "breaches"), [(2, 1), (3, 0)])
def test_a_reversal_that_was_given_up_is_for_people(tried: int, breaches: int) -> None:
    """7.6: unless the terminal's attempts are exhausted: then it is manual handling."""
    values = {"original.batch": BATCH, "original.stan": "000002"}
    log = [event("received", of="reversal", values=values)] * tried
    log += day(Totals(2_500, 1, 2_500, 1), *WHOLE)
    weighed = weigh("no_silent_debit", log)
    assert len(weighed.breaches) == breaches
    assert len(weighed.notes) == 1 - breaches


def test_totals_that_still_differ_at_the_end() -> None:
    told = Totals(10_000, 1, 0, 0)
    assert weigh("counted_or_reversed", day(told, *WHOLE)).breaches == (
        "batch 000001, local debits: the terminal has 1 for 100.00, the host 2 for 125.00",
        "batch 000001, local credits: the terminal has 0 for 0.00, the host 1 for 25.00",
    )
    assert weigh("net_equal", day(told, *WHOLE)).breaches == ()
    assert weigh("net_equal", day(Totals(10_000, 1, 1, 1), *WHOLE)).breaches == (
        "batch 000001: net 99.99 at the terminal, 100.00 at the host",
    )


def test_what_the_details_have_settled_is_settled() -> None:
    """7.5: after 202 they decide; the host's totals at the end are compared."""
    told = Totals(10_000, 1, 0, 0)
    log = day(told, after=told)
    for name in ("counted_or_reversed", "no_lost_money", "net_equal"):
        assert weigh(name, log) == Weighed(True)


def test_another_terminal_and_another_batch_do_not_count() -> None:
    mine = day(Totals(10_000, 1, 0, 0), SALE)
    theirs = [
        Event(one.seq, one.at, one.kind, one.conn, "87654321", one.body)
        for one in day(Totals(), SALE)
    ]
    other = booked("000002", "sale", 5, "approved", 99)
    other = Event(1, 0, other.kind, 1, TID, {**other.body, "batch": "000002"})
    assert [one.batch for one in settled([*theirs, other, *mine], TID)] == [BATCH]
    assert weigh("no_silent_debit", [*theirs, other, *mine]) == Weighed(True)


def test_a_batch_that_was_only_compared_is_open() -> None:
    (batch,) = settled(day(Totals())[:-1], TID)
    assert not batch.closed
    assert settled([compared("closed", Totals(), Totals())], TID) == []
