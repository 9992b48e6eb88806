"""One financial transaction from its first duty to its end, whatever its class."""

from __future__ import annotations

from collections.abc import Callable

from switch import elements as de
from switch.message import Message
from switch.scenario.model import Stimulus
from switch.terminal.desk import Desk
from switch.terminal.exchange import exchange
from switch.terminal.line import Steps
from switch.terminal.outcomes import before_transaction, completed, declined, unresolved
from switch.terminal.port import Result
from switch.terminal.record import Approved
from switch.terminal.replies import Heard
from switch.terminal.required import fulfil
from switch.terminal.reversal import keep_reversal


def transact(
    desk: Desk,
    asked: Stimulus,
    card: str,
    make: Callable[[], Message],
    approve: Callable[[Heard], Approved],
) -> Steps[Result]:
    """Do what is due before it, ask the host, and end in one of the three ways.

    Args:
        desk, asked: the terminal, and what the operator wants.
        card: name of the card.
        make: the request; it takes its STAN only when nothing stands in its way (N1, N2).
        approve: the log entry of the approval, and whatever it changes in the memory.
    """
    if why := (yield from before_transaction(desk)):
        return not_started(desk, asked, why)
    request = make()
    keep_reversal(desk, request, card)  # R1, R2
    heard = yield from answered(desk, request)
    if heard.verdict != "valid":
        return (yield from unresolved(desk, asked, request, heard))
    if not heard.approves:
        return (yield from declined(desk, asked, request, heard))
    return (yield from completed(desk, asked, heard, approve(heard)))


def answered(desk: Desk, request: Message) -> Steps[Heard]:
    """The exchange of a financial request."""
    before = desk.record.stan - 1
    heard = yield from exchange(desk, request, cancellable=True)
    if heard.verdict == "silence" and desk.habits.resends:  # T7: never
        heard = yield from exchange(desk, request, cancellable=True)
    if desk.record.required and not desk.habits.finishes_first:  # H1: never
        yield from fulfil(desk)
    good = heard.verdict == "valid" and heard.approves
    if not good and desk.habits.stan_waits_for_approval:
        desk.record.stan = before
        desk.save()
    return heard


def granted(desk: Desk, heard: Heard, asked: int) -> int:
    """D10: minor units that an approval grants, which may be less than was asked."""
    told = heard.value(de.AMOUNT)
    partial = told not in {"", f"{asked:012d}"}
    return int(told) if partial and desk.habits.takes_reply_amount else asked


def not_started(desk: Desk, asked: Stimulus, why: str) -> Result:
    """The terminal refuses by itself; nothing is sent."""
    desk.show("display", f"NOT STARTED: {why.upper()}")
    return Result(asked.do, "refused_locally", text=why)
