"""The reversal: written before its request leaves, sent until somebody acknowledges it."""

from __future__ import annotations

from typing import Literal

from switch import elements as de
from switch.clock import NS_PER_SECOND
from switch.message import Message
from switch.message.tlv import read_tags
from switch.terminal import messages
from switch.terminal.chip import reduced
from switch.terminal.desk import Desk
from switch.terminal.exchange import connect, exchange, pause
from switch.terminal.line import Steps
from switch.terminal.parameters import reversal_attempts
from switch.terminal.record import Pending
from switch.terminal.replies import Heard
from switch.terminal.sign_on import sign_on_first

CONNECT_FAILURES = 3  # R9: then the new transaction is given up
REDIAL = NS_PER_SECOND  # and up to as much again, so that terminals do not redial in step
End = Literal["resolved", "exhausted", "unreachable", "not_signed_on"]


def keep_reversal(desk: Desk, request: Message, card: str) -> None:
    """R2: the record is in permanent memory before the request leaves."""
    kind = desk.dialect.classes[request.kind]
    reversible = kind.reversible or request.kind in desk.habits.reverses_also  # T8
    reversible |= kind.stored and desk.habits.reverses_stored  # O6
    if not reversible or not desk.habits.reverses:  # R1
        return
    if request.kind != "sale" and request.kind in desk.habits.never_reverses:
        return
    copied = [n for n in desk.dialect.classes["reversal"].copies if n in request]  # R4
    pending = Pending(**messages.image(request, copied, card))
    if de.IC_DATA in request:
        tags, whole = request[de.IC_DATA], desk.habits.reverses_with_all_tags
        pending.fields[de.IC_DATA] = tags if whole else reduced(read_tags(tags))  # R6
    older = request.part("61.2")
    if older and request.kind in desk.habits.reversal_names_original:  # R20: never
        pending.stan = pending.fields[de.STAN] = older
    desk.record.pending = pending
    desk.save()


def drop_reversal(desk: Desk) -> None:
    """The matter has ended: the record is deleted."""
    desk.record.pending = None
    desk.save()


def owe_reversal(desk: Desk, reason: str) -> None:
    """The outcome is unknown: say why in the record that is already there."""
    if desk.record.pending:
        desk.record.pending.reason = reason
        desk.save()


def reverse(desk: Desk) -> Steps[End]:
    """Send the pending reversal until it is acknowledged or has been tried often enough."""
    failures = 0
    signed_on_here = False
    while (pending := desk.record.pending) and pending.attempts < _most(desk):
        if keys_first(desk) and not signed_on_here:
            signed_on_here = True  # once: a key that fails again is no matter of signing on (S7)
            if not (yield from sign_on_first(desk)):
                return "not_signed_on"
            continue
        if not (yield from connect(desk)):
            failures += 1  # R9: what never connected is no attempt
            pending.attempts += desk.habits.counts_failed_connects
            if failures == CONNECT_FAILURES:
                return "unreachable"
            yield from pause(desk, REDIAL + desk.chance.below("redial", REDIAL))
            continue
        yield from _attempt(desk, pending)
    if not desk.record.pending:
        return "resolved"
    _give_up(desk)
    return "exhausted"


def keys_first(desk: Desk) -> bool:
    """P2: not signed on; X9: after a wrong MAC some reverse once under the keys they have."""
    if desk.record.signed_on or not desk.habits.signs_on_first:
        return False
    pending = desk.record.pending
    if pending is None or pending.reason != "mac_error" or pending.attempts:
        return True
    return desk.settings.option("after_bad_mac") != "reversal"


def _attempt(desk: Desk, pending: Pending) -> Steps[None]:
    message = messages.reversal(desk, pending)
    pending.attempts += 1
    desk.save()
    heard = yield from exchange(desk, message)
    if not _ends(desk, heard):  # R11
        return
    if desk.habits.reverses_once_more:
        yield from exchange(desk, message)
    drop_reversal(desk)  # R10
    desk.show("display", "REVERSED")


def _ends(desk: Desk, heard: Heard) -> bool:
    """R10: 00, 12 and 25 end the matter; R11: nothing else does."""
    if heard.verdict != "valid":
        return False
    done = desk.habits.reversal_done or desk.dialect.reversal_done
    return heard.code in done or desk.habits.ends_on_any_reply


def _most(desk: Desk) -> int:
    extra = desk.settings.option("first_attempt") == "extra"  # X8
    return desk.habits.reversal_attempts or reversal_attempts(desk) + extra


def _give_up(desk: Desk) -> None:
    """R13: the operator is told; what becomes of the record is a setting (X7)."""
    pending = desk.record.pending
    assert pending is not None
    desk.show("display", "REVERSAL FAILED, CALL YOUR ACQUIRER")
    desk.show(
        "slip",
        f"FAULT SLIP, NOT A VOUCHER: STAN {pending.stan} could not be reversed, "
        "to be handled by hand",
    )
    if desk.settings.option("after_last_attempt") != "refuse":
        drop_reversal(desk)
