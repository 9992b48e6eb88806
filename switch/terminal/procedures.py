"""What the terminal does on a stimulus, each from top to bottom like the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from switch import elements as de
from switch.scenario.model import Stimulus
from switch.terminal import messages, screen
from switch.terminal.authorizations import (
    completion,
    completion_void,
    preauth,
    preauth_increment,
    preauth_void,
)
from switch.terminal.desk import Desk
from switch.terminal.downloads import ACTIONS
from switch.terminal.exchange import approved, exchange
from switch.terminal.line import Steps
from switch.terminal.offline import adjust, completion_advice, offline_sale, tip
from switch.terminal.outcomes import (
    before_settlement,
    before_transaction,
    completed,
    declined,
    unresolved,
)
from switch.terminal.port import Result
from switch.terminal.record import Approved
from switch.terminal.refunds import refund
from switch.terminal.replies import Heard
from switch.terminal.required import fulfil
from switch.terminal.reversal import drop_reversal, keep_reversal, reverse
from switch.terminal.settlement import settle
from switch.terminal.sign_on import sign_off, sign_on
from switch.terminal.transaction import answered, granted, not_started, transact

ANY_AMOUNT = 100  # minor units, of a sale whose amount does not matter
TAKES_CARD = frozenset({"sale", "next_transaction", "balance", "preauth", "offline_sale"})
REPEATS = 2  # how often the defect of D2 tries again

Procedure: TypeAlias = Callable[[Desk, Stimulus], Steps[Result]]


def sale(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """A sale with the card of the stimulus."""
    amount = ANY_AMOUNT if asked.amount is None else asked.amount
    result = yield from _sell(desk, asked, amount)
    for _ in range(REPEATS if result.outcome == "declined" else 0):
        percent = _repeated(desk, result.code)
        if not percent:  # D2, D6: never by itself; V4: never another amount
            break
        amount = amount * percent // 100
        result = yield from _sell(desk, asked, amount)
    if result.outcome == "declined" and desk.habits.swipes_declined_chip:  # D6: never by itself
        result = yield from _sell(desk, replace(asked, entry="stripe"), amount)
    return result


def _repeated(desk: Desk, code: str) -> int:
    """For how many percent a sale is repeated by itself after this code; 0 is never."""
    repeats = desk.habits.repeats_sale_after.items()
    return next((percent for name, percent in repeats if desk.dialect.code(name) == code), 0)


def _sell(desk: Desk, asked: Stimulus, amount: int) -> Steps[Result]:
    if why := (yield from before_transaction(desk)):
        return not_started(desk, asked, why)
    card = desk.presented(asked)
    request = messages.sale(desk, amount, card)  # N1, N2
    keep_reversal(desk, request, card.name)  # R2
    heard = yield from answered(desk, request)
    if heard.verdict != "valid":
        return (yield from unresolved(desk, asked, request, heard))
    if not heard.approves:
        return (yield from declined(desk, asked, request, heard))
    amount = granted(desk, heard, amount)
    return (yield from completed(desk, asked, heard, approved(desk, heard, card.name, amount)))


def qr_sale(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """A sale by the payment code of the stimulus's card (X21)."""
    card = desk.card(asked.card)
    amount = ANY_AMOUNT if asked.amount is None else asked.amount
    if not card.code:
        return not_started(desk, asked, "no payment code")

    def approve(heard: Heard) -> Approved:
        return approved(desk, heard, card.name, granted(desk, heard, amount), "qr_sale")

    return (
        yield from transact(
            desk, asked, card.name, lambda: messages.qr_sale(desk, amount, card), approve
        )
    )


def void(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The void of the last approved sale of this batch (U1); U2: reversible itself."""
    original = desk.record.last("sale")
    if original is None or (original.voided and not desk.habits.voids_twice):  # U3
        return not_started(desk, asked, "nothing to void")
    if original.adjusted and not desk.habits.voids_adjusted:
        return not_started(desk, asked, "nothing to void")
    if original.refunded:
        return not_started(desk, asked, "a part of it was refunded")

    def approve(heard: Heard) -> Approved:
        desk.record.void(original)
        return approved(desk, heard, original.card, original.amount, "void")

    return (
        yield from transact(
            desk, asked, original.card, lambda: messages.void(desk, original), approve
        )
    )


def balance(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """A balance inquiry; its unknown outcome is nobody's loss (T8)."""
    if why := (yield from before_transaction(desk)):
        return not_started(desk, asked, why)
    card = desk.presented(asked)
    request = messages.balance(desk, card)
    keep_reversal(desk, request, card.name)  # R1: writes nothing
    heard = yield from answered(desk, request)
    if heard.verdict != "valid":
        return (yield from unresolved(desk, asked, request, heard))
    if not heard.approves:
        return (yield from declined(desk, asked, request, heard))
    drop_reversal(desk)
    found = heard.response.part("54.5") if heard.response else ""
    desk.show("display", "BALANCE SHOWN" if found.isdigit() else "NO BALANCE IN THE REPLY")
    return Result(
        asked.do, "approved", heard.code, "approved", request[de.STAN],
        balance=int(found) if found.isdigit() else None,
    )  # fmt: skip


def operator_settle(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The operator closes the batch: reversal first, then totals, upload and end (B1)."""
    why = ""
    if desk.habits.reverses_before_settlement:
        why = yield from before_settlement(desk)
    if why or (why := (yield from settle(desk))):
        return Result(asked.do, "unknown", text=why)
    return Result(asked.do, "done", text="the batch is settled")


def operator_sign_on(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The operator signs on: one attempt, the operator repeats it."""
    heard = yield from sign_on(desk)
    if heard.verdict == "valid" and heard.approves and not desk.record.signed_on:
        return Result(asked.do, "declined", heard.code, "the keys are wrong")  # S3
    return _management(desk, asked, heard)


def operator_sign_off(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The operator signs off."""
    return _management(desk, asked, (yield from sign_off(desk)))


def echo(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """An echo test."""
    return _management(desk, asked, (yield from exchange(desk, messages.echo(desk))))


def download(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The operator starts a download: of the named table, of what is asked for, or parameters."""
    wanted = asked.table or next(iter(desk.record.required), "parameters")
    return _management(desk, asked, (yield from ACTIONS[wanted](desk)))


def status_upload(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The operator sends the state of the device."""
    return _management(desk, asked, (yield from ACTIONS["status"](desk)))


def recover(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """After power-on: an eager terminal goes on where it was cut off (W1, W2, W5, R14, H2)."""
    if desk.settings.style == "eager":
        if desk.record.pending:
            yield from reverse(desk)
        if desk.record.settling and desk.habits.settles_first:
            yield from settle(desk)
        yield from fulfil(desk)
    return Result(asked.do, "done")


def perform(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """A stimulus, and after it what the host has asked for meanwhile (H1)."""
    card = asked.card or desk.settings.default_card
    stopped = card in desk.record.blacklist and desk.habits.checks_blacklist
    if stopped and asked.do in TAKES_CARD:
        return not_started(desk, asked, "the card is on the blacklist, keep it")
    result = yield from PROCEDURES[asked.do](desk, asked)
    if desk.settings.style == "eager":
        yield from fulfil(desk)
    return result


def _management(desk: Desk, asked: Stimulus, heard: Heard) -> Result:
    if heard.verdict == "valid":
        outcome = "approved" if heard.approves else "declined"
        return Result(asked.do, outcome, heard.code, desk.dialect.in_words(heard.code))
    text = screen.UNKNOWN[heard.verdict]
    desk.show("display", text)
    outcome = "not_sent" if heard.verdict == "not_sent" else "unknown"
    return Result(asked.do, outcome, text=text)


PROCEDURES: dict[str, Procedure] = {
    "sale": sale,
    "next_transaction": sale,
    "qr_sale": qr_sale,
    "void": void,
    "refund": refund,
    "preauth": preauth,
    "preauth_increment": preauth_increment,
    "preauth_void": preauth_void,
    "completion": completion,
    "completion_void": completion_void,
    "balance": balance,
    "settle": operator_settle,
    "offline_sale": offline_sale,
    "completion_advice": completion_advice,
    "adjust": adjust,
    "tip": tip,
    "sign_on": operator_sign_on,
    "sign_off": operator_sign_off,
    "echo": echo,
    "download": download,
    "status_upload": status_upload,
}
