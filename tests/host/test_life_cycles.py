"""How merchants, terminals and the host itself are doing, and what a terminal gets of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.acquirer.maintenance import Maintenance
from switch.reading import read_text
from switch.scenario.director import RulesDirector
from switch.scenario.rules import read_rules
from tests.host.conversation import BOOK, DIALECT, MID, TID, Conversation, signed_on

OLD_BUSINESS = f"""
    >> sale stan=000002 amount=10000
    << 00
    .. terminal {TID} inactive
    >> sale stan=000003 amount=10000
    << 97 mac=absent
    >> sign_on stan=000004
    << 97 keys=absent
    >> reversal original=000002
    << 00 mac=valid
    .. ledger 000002 reversed
    >> echo stan=000005
    << 00
    .. terminal {TID} active
    >> sale stan=000006 amount=10000
    << 00 mac=valid
"""


def test_an_inactive_terminal_may_only_finish_its_work() -> None:
    signed_on().play(OLD_BUSINESS)


def test_a_closed_terminal_is_a_stranger() -> None:
    talk = signed_on()
    talk.play(f"""
        >> sale stan=000002 amount=10000
        << 00
        .. terminal {TID} closed
        >> reversal original=000002
        << 97
        >> echo stan=000003
        << 97
        .. ledger 000002 approved
    """)
    assert talk.decided()[-1] == ("unknown_terminal", f"terminal {TID} is closed")


def test_a_blacklisted_merchant_is_suspected_and_may_not_sign_on() -> None:
    signed_on().play(f"""
        .. merchant {MID} blacklisted
        >> sale stan=000002 amount=1
        << 59
        >> balance stan=000003
        << 59
        >> sign_on stan=000004
        << 03 keys=absent
    """)


def test_a_suspension_for_a_time_ends_by_itself() -> None:
    signed_on().play(f"""
        .. merchant {MID} suspended for=5m
        >> sale stan=000002 amount=1
        << 03
        .. wait 299s
        >> sale stan=000003 amount=1
        << 03
        .. wait 1s
        >> sale stan=000004 amount=1
        << 00
    """)


# ---- payee and settlement account -----------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"), [("payee=Somebody", "A3"), ("account=none", "03"), ("account=A-2", "00")]
)
def test_the_payee_is_compared_before_anything_is_booked(change: str, code: str) -> None:
    signed_on().play(f"""
        .. merchant {MID} {change}
        >> sale stan=000002 amount=1
        << {code}
        .. balance default {100000000 - (code == "00")}
    """)


def test_a_node_with_the_old_account_pays_nobody() -> None:
    talk = signed_on()
    talk.play(f"""
        .. host sync_lag=5m stale=merchants
        .. merchant {MID} account=A-2
        >> sale stan=000002 amount=1
        << A3
        .. wait 5m
        >> sale stan=000003 amount=1
        << 00
    """)
    assert talk.decided()[-2] == (
        "wrong_account", "this node still has the old settlement account",
    )  # fmt: skip


# ---- a node behind the registry -------------------------------------------------------------


def test_a_node_behind_the_registry_refuses_who_is_reinstated() -> None:
    signed_on().play(f"""
        .. merchant {MID} suspended
        .. host sync_lag=2m
        .. merchant {MID} active
        >> sale stan=000002 amount=1
        << 03
        .. wait 2m
        >> sale stan=000003 amount=1
        << 00
    """)


def test_a_node_behind_the_registry_serves_who_is_suspended() -> None:
    signed_on().play(f"""
        .. host sync_lag=2m
        .. merchant {MID} suspended
        >> sale stan=000002 amount=1
        << 00
        .. wait 2m
        >> sale stan=000003 amount=1
        << 03
    """)


# ---- maintenance and cut-over ---------------------------------------------------------------

CODES = {
    "system_error": "96",
    "cut_over": "90",
    "issuer_inoperative": "91",
    "issuer_unreachable": "92",
    "issuer_timeout": "98",
}


@pytest.mark.parametrize("outcome", CODES)
def test_under_maintenance_business_is_declined_and_old_business_goes_on(outcome: str) -> None:
    talk = signed_on()
    talk.play(f"""
        >> sale stan=000002 amount=10000
        << 00
        .. host maintenance={outcome} for=10m
        >> sale stan=000003 amount=10000
        << {CODES[outcome]} mac=valid
        .. ledger 000003 declined
        >> reversal original=000002
        << 00
        >> sign_on stan=000004
        << 00
        .. wait 10m
        >> sale stan=000005 amount=10000
        << 00
    """)
    assert ("decided", outcome) in [(e.kind, e["own"]) for e in talk.events("decided")]


def test_maintenance_of_some_classes_leaves_the_others() -> None:
    signed_on().play("""
        .. host maintenance=cut_over of=sale,reversal
        >> balance stan=000002
        << 00
        >> sale stan=000003 amount=1
        << 90
        .. host maintenance=off
        >> sale stan=000004 amount=1
        << 00
        .. host maintenance=system_error of=reversal
        >> reversal original=000004
        << 96
        .. ledger 000004 approved
    """)


def test_the_settlement_date_advances_when_the_cut_over_is_set_to() -> None:
    signed_on().play("""
        >> sale stan=000002 amount=100
        << 00 settles=0105
        .. host cut_over=09:30
        >> void original=000002 stan=000003 amount=100
        << 12
        .. ledger 000002 approved
        >> sale stan=000004 amount=100
        << 00 settles=0106 date=0105
    """)


def test_the_book_may_say_when_the_host_is_under_maintenance_every_day() -> None:
    daily = (
        Maintenance("cut_over", opens="23:00", closes="23:10"),
        Maintenance("system_error", ("balance",), opens="23:05", closes="00:30"),
    )
    talk = Conversation(book=replace(BOOK, host={"daily": daily}))
    talk.play("""
        >> sign_on stan=000001
        << 00
        .. clock 22:59
        >> sale stan=000002 amount=1
        << 00
        .. clock 23:00
        >> sale stan=000003 amount=1
        << 90
        .. clock 23:10
        >> sale stan=000004 amount=1
        << 00
        >> balance stan=000005
        << 96
        .. clock 00:29
        >> balance stan=000006
        << 96
        .. clock 00:30
        >> balance stan=000007
        << 00
    """)


def test_a_node_behind_the_sales_finds_no_sale_to_void_but_reverses_it() -> None:
    signed_on().play("""
        .. host sync_lag=5m stale=sales
        >> sale stan=000002 amount=100
        << 00
        >> void original=000002 stan=000003 amount=100
        << 25
        .. ledger 000002 approved
        .. wait 5m
        >> void original=000002 stan=000004 amount=100
        << 00
        >> sale stan=000005 amount=100
        << 00
        >> reversal original=000005
        << 00
        .. ledger 000005 reversed
    """)


def test_the_log_shows_a_change_without_pins_and_with_units() -> None:
    talk = signed_on()
    talk.play(".. host maintenance=cut_over of=sale for=10m sync_lag=90s")
    (told,) = talk.events("world_changed")
    assert (told["what"], told["id"]) == ("host", "")
    assert told["changes"] == {
        "maintenance": "cut_over", "of": ["sale"], "for": "600.0s", "sync_lag": "90.0s",
    }  # fmt: skip


def test_a_standing_rule_changes_the_world_before_the_message_is_decided() -> None:
    text = """rules:
      - {id: night, when: {message: sale}, every: 2, host: {maintenance: cut_over, for: 5m}}
    """
    talk = signed_on()
    talk.host.director = RulesDirector(read_rules(read_text(text, "rules"), DIALECT), DIALECT)
    talk.play("""
        >> sale stan=000002 amount=1
        << 00
        >> sale stan=000003 amount=1
        << 90
        .. wait 5m
        >> sale stan=000004 amount=1
        << 00
        >> sale stan=000005 amount=1
        << 90
    """)
    assert [event["step"] for event in talk.events("world_changed")] == ["night", "night"]
