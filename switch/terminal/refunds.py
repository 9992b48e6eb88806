"""Refund: money back for what was paid, typed off its slip (protocol 3.6, U4)."""

from __future__ import annotations

from switch.scenario.model import Stimulus
from switch.terminal import referring
from switch.terminal.desk import Desk
from switch.terminal.exchange import approved
from switch.terminal.line import Steps
from switch.terminal.port import Result
from switch.terminal.record import Approved
from switch.terminal.replies import Heard
from switch.terminal.transaction import not_started, transact


def refund(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """Refund the last sale or completion, in part if the stimulus says how much.

    An unknown outcome is neither reversed nor tried again: the terminal refuses until somebody
    has asked the acquirer what became of it (U4).
    """
    paid = desk.record.paid
    if paid is None:
        return not_started(desk, asked, "nothing to refund")
    left = paid.amount - paid.refunded
    amount = left if asked.amount is None else asked.amount
    if why := _forbidden(desk, paid, amount, left):
        return not_started(desk, asked, why)
    result = yield from _refund(desk, asked, paid, amount)
    if result.outcome == "unknown" and desk.habits.repeats_refund:
        result = yield from _refund(desk, asked, paid, amount)
    if result.outcome == "declined" and desk.habits.counts_refused_refund:
        paid.refunded += amount
    if result.outcome == "unknown":
        paid.in_doubt = True
        desk.save()
    return result


def _refund(desk: Desk, asked: Stimulus, paid: Approved, amount: int) -> Steps[Result]:
    def approve(heard: Heard) -> Approved:
        paid.refunded += amount
        return approved(desk, heard, paid.card, amount, "refund")

    return (
        yield from transact(
            desk, asked, paid.card, lambda: referring.refund(desk, paid, amount), approve
        )
    )


def _forbidden(desk: Desk, paid: Approved, amount: int, left: int) -> str:
    """Why the terminal itself refuses this refund; empty if it does not."""
    if paid.in_doubt and desk.habits.remembers_doubtful_refund:
        return "the last refund of it is in doubt: ask your acquirer"
    if paid.adjusted:
        return "its amount was changed: ask your acquirer"
    if amount > left and desk.habits.limits_refunds:
        return "more than was paid"
    return ""
