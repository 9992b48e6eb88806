"""Requests that refer to an authorization, a completion or a payment by its slip (2.10, 3.3)."""

from __future__ import annotations

from switch.message import Message
from switch.terminal.desk import Desk
from switch.terminal.messages import MANUAL_WITHOUT_PIN, financial
from switch.terminal.record import Approved

ALL_ORGANISATIONS = "000"  # DE 63.1 of a refund (2.12)


def increment(desk: Desk, authorization: Approved, amount: int) -> Message:
    """0100 that has more set aside; ``amount`` in minor units."""
    values = _slip(desk, authorization, amount) | {"approval_code": authorization.approval_code}
    kind = "preauth" if desk.habits.increments_anew else "preauth_increment"
    return financial(desk, kind, values)


def completion(
    desk: Desk, authorization: Approved, amount: int, kind: str = "completion"
) -> Message:
    """0200, or 0220, that takes what was consumed; DE 38 names the authorization (U5)."""
    values = _slip(desk, authorization, amount)
    if desk.habits.completes_by_approval_code:
        values["approval_code"] = authorization.approval_code
    if desk.habits.completes_by_todays_date:
        values["original.date"] = f"{desk.clock.local():%m%d}"
    return financial(desk, kind, values)


def preauth_void(desk: Desk, authorization: Approved) -> Message:
    """0100 that gives up an authorization, all of it."""
    values = _slip(desk, authorization, authorization.amount)
    return financial(desk, "preauth_void", values | {"approval_code": authorization.approval_code})


def completion_void(desk: Desk, completion: Approved) -> Message:
    """0200 that takes back a completion, all of it."""
    numbers = {"rrn": completion.rrn, "approval_code": completion.approval_code}
    values = _slip(desk, completion, completion.amount)
    return financial(desk, "completion_void", values | numbers)


def refund(desk: Desk, paid: Approved, amount: int) -> Message:
    """0220 that gives money back; its RRN and day name what was paid, DE 61 no batch (2.10)."""
    values = _slip(desk, paid, amount) | {"rrn": paid.rrn, "63": ALL_ORGANISATIONS}
    nothing = {"original.batch": "0" * 6, "original.stan": "0" * 6}
    return financial(desk, "refund", values | nothing)


def _slip(desk: Desk, older: Approved, amount: int) -> dict[str, str]:
    """What stands on the slip of an older transaction, and the amount of the new one."""
    card = desk.card(older.card)
    return {
        "amount": f"{amount:012d}",
        "2": card.pan,
        "14": card.expiry,
        "entry_mode": MANUAL_WITHOUT_PIN,
        "original.batch": f"{older.batch:06d}",
        "original.stan": older.stan,
        "original.date": older.date,
    }
