"""Pre-authorization, its increment, its completion and their voids (protocol 3.6, 6.13)."""

from __future__ import annotations

from switch.scenario.model import Stimulus
from switch.terminal import messages, referring
from switch.terminal.desk import Desk
from switch.terminal.exchange import approved
from switch.terminal.line import Steps
from switch.terminal.port import Result
from switch.terminal.record import Approved
from switch.terminal.replies import Heard
from switch.terminal.transaction import granted, not_started, transact

ANY_AMOUNT = 20_000  # minor units, of an authorization whose amount does not matter
ANY_INCREMENT = 5_000


def preauth(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """Have money of the card set aside."""
    amount = ANY_AMOUNT if asked.amount is None else asked.amount
    card = desk.presented(asked)

    def approve(heard: Heard) -> Approved:
        entry = approved(desk, heard, card.name, granted(desk, heard, amount), "preauth")
        desk.record.authorizations.append(entry)
        return entry

    return (
        yield from transact(
            desk, asked, card.name, lambda: messages.preauth(desk, amount, card), approve
        )
    )


def preauth_increment(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """Have more set aside for the last open authorization."""
    original = desk.record.authorization
    if original is None:
        return not_started(desk, asked, "no open authorization")
    amount = ANY_INCREMENT if asked.amount is None else asked.amount

    def approve(heard: Heard) -> Approved:
        more = granted(desk, heard, amount)
        original.amount += more
        return approved(desk, heard, original.card, more, "preauth_increment")

    return (
        yield from transact(
            desk, asked, original.card, lambda: referring.increment(desk, original, amount), approve
        )
    )


def completion(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """Take what was consumed of the last open authorization, which ends it (U5)."""
    original = _completable(desk)
    if original is None:
        return not_started(desk, asked, "no open authorization")
    amount = original.amount if asked.amount is None else asked.amount
    if amount != original.amount and desk.habits.completes_whole_authorization:
        amount = original.amount

    def approve(heard: Heard) -> Approved:
        original.completed = True
        taken = granted(desk, heard, amount)  # D10
        entry = approved(desk, heard, original.card, taken, "completion")
        entry.authorization = original.stan
        return entry

    result = yield from transact(
        desk, asked, original.card, lambda: referring.completion(desk, original, amount), approve
    )
    if result.outcome == "declined" and desk.habits.drops_authorization_when_declined:
        original.completed = True  # U5: a declined completion leaves it open
    return result


def preauth_void(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """Give up the last open authorization."""
    original = desk.record.authorization
    if original is None:
        return not_started(desk, asked, "no open authorization")

    def approve(heard: Heard) -> Approved:
        desk.record.void(original)
        return approved(desk, heard, original.card, original.amount, "preauth_void")

    return (
        yield from transact(
            desk, asked, original.card, lambda: referring.preauth_void(desk, original), approve
        )
    )


def completion_void(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """Take back the last completion of this batch: its authorization is open again (U1)."""
    original = desk.record.last("completion")
    if original is None or original.voided:
        return not_started(desk, asked, "no completion to void")

    def approve(heard: Heard) -> Approved:
        desk.record.void(original)
        if desk.habits.reopens_authorization:
            _reopen(desk, original)
        return approved(desk, heard, original.card, original.amount, "completion_void")

    return (
        yield from transact(
            desk, asked, original.card, lambda: referring.completion_void(desk, original), approve
        )
    )


def _completable(desk: Desk) -> Approved | None:
    """The last open authorization; with the defect of U5 also one that was completed."""
    if desk.record.authorization or not desk.habits.completes_twice:
        return desk.record.authorization
    return desk.record.authorizations[-1] if desk.record.authorizations else None


def _reopen(desk: Desk, completion: Approved) -> None:
    for entry in desk.record.authorizations:
        if entry.stan == completion.authorization:
            entry.completed = False
