"""What is done without the host and told it later: offline sale, adjustment, tip, advice."""

from __future__ import annotations

from switch import elements as de
from switch.message import Message
from switch.scenario.model import Stimulus
from switch.terminal import messages, referring, screen
from switch.terminal.card_reader import CHIP
from switch.terminal.desk import Desk
from switch.terminal.forwarding import forward, store
from switch.terminal.line import Steps
from switch.terminal.outcomes import before_settlement
from switch.terminal.port import Result
from switch.terminal.record import Approved
from switch.totals import LOCAL

STORED = "stored"
ADJUSTABLE = frozenset({"sale", "offline_sale"})


def offline_sale(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """A sale that was approved by voice, or by a chip that did not want to go online."""
    if desk.record.settling and desk.habits.settles_first:  # P1, B11
        return _refused(desk, asked, "the batch is being settled")
    card = desk.presented(asked)
    by_chip = card.entry in CHIP
    make = messages.ic_offline_sale if by_chip else messages.offline_sale
    request = make(desk, asked.amount or 0, card)
    return (yield from _stored(desk, asked, request, card.name))


def completion_advice(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """What was consumed of the last open authorization, told the host later (U6)."""
    if desk.record.settling and desk.habits.settles_first:  # P1, B11
        return _refused(desk, asked, "the batch is being settled")
    original = desk.record.authorization
    if original is None:
        return _refused(desk, asked, "no open authorization")
    amount = original.amount if asked.amount is None else asked.amount
    original.completed = True
    request = referring.completion(desk, original, amount, "completion_advice")
    return (yield from _stored(desk, asked, request, original.card, original))


def adjust(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The last sale of this batch gets another amount."""
    return (yield from _adjusted(desk, asked, "adjustment", asked.amount or 0))


def tip(desk: Desk, asked: Stimulus) -> Steps[Result]:
    """The amount of the stimulus is added to the last sale of this batch."""
    original = _adjustable(desk)
    before = original.amount if original else 0
    return (yield from _adjusted(desk, asked, "tip", before + (asked.amount or 0)))


def _adjusted(desk: Desk, asked: Stimulus, kind: str, amount: int) -> Steps[Result]:
    if desk.record.settling and desk.habits.settles_first:  # P1, B11
        return _refused(desk, asked, "the batch is being settled")
    original = _adjustable(desk)
    if original is None:
        return _refused(desk, asked, "nothing to adjust")
    original.adjusted = desk.habits.drops_adjusted
    request = messages.adjusting(desk, kind, original, amount)
    return (yield from _stored(desk, asked, request, original.card, original))


def _stored(
    desk: Desk, asked: Stimulus, request: Message, card: str, original: Approved | None = None
) -> Steps[Result]:
    """Log, store, print; the upload comes later, or now if there is enough of it (O1)."""
    stan, amount = request[de.STAN], request.amount
    desk.record.log.append(
        Approved(
            stan=stan,
            batch=desk.record.batch,
            amount=amount,
            card=card,
            rrn="",
            approval_code=request.get(de.APPROVAL_CODE),
            date=desk.clock.local().strftime("%m%d"),
            kind=request.kind,
            group=original.group if original else LOCAL,
            original=original.stan if original else "",
        )
    )
    store(desk, request, card)
    screen.print_slip(desk, screen.slip(desk, request.kind, stan, amount, card))
    if len(desk.record.queue) >= desk.settings.upload_threshold and not (
        yield from before_settlement(desk)  # P3 to P5: nothing overtakes what is due
    ):
        yield from forward(desk)
    return Result(asked.do, "approved", text=STORED, stan=stan, amount=amount)


def _adjustable(desk: Desk) -> Approved | None:
    """The last sale of the log that nothing has ended or refused."""
    sales = [entry for entry in desk.record.log if entry.kind in ADJUSTABLE]
    last = sales[-1] if sales else None
    if last is None or last.voided or last.adjusted or last.refused or last.refunded:
        return None
    return last


def _refused(desk: Desk, asked: Stimulus, why: str) -> Result:
    desk.show("display", f"NOT STARTED: {why.upper()}")
    return Result(asked.do, "refused_locally", text=why)
