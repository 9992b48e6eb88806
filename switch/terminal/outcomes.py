"""What stands around a transaction: the order before it, and its three ends."""

from __future__ import annotations

from switch import elements as de
from switch.clock import NS_PER_SECOND
from switch.message import Message
from switch.scenario.model import Stimulus
from switch.terminal import screen
from switch.terminal.batch import is_full
from switch.terminal.declines import held_back, remember_decline
from switch.terminal.desk import Desk
from switch.terminal.exchange import approved, pause
from switch.terminal.forwarding import forward
from switch.terminal.line import Steps
from switch.terminal.port import Result
from switch.terminal.record import Approved
from switch.terminal.replies import Heard
from switch.terminal.required import fulfil
from switch.terminal.reversal import drop_reversal, keys_first, owe_reversal, reverse
from switch.terminal.script_report import report_script
from switch.terminal.settlement import settle
from switch.terminal.sign_on import sign_on_first

REFUNDABLE = frozenset({"sale", "completion"})
PRINTING = 5 * NS_PER_SECOND  # how long a slow printer takes for a slip


def before_transaction(desk: Desk) -> Steps[str]:
    """P1, P2, P4, P6: what must be done before a transaction; why it may not start, or empty."""
    if why := held_back(desk) or (yield from before_settlement(desk)):
        return why
    unfinished = desk.record.settling and desk.habits.settles_first
    if unfinished or is_full(desk):  # P1, B11
        return (yield from settle(desk))
    yield from fulfil(desk)  # H1
    return ""


def before_settlement(desk: Desk) -> Steps[str]:
    """P2 to P6: sign on, report a script, reverse what is pending; else why not."""
    for _ in range(2):  # a reversal may end the signed-on state (R19)
        if keys_first(desk) and not (yield from sign_on_first(desk)):  # P2, S1
            return "not signed on"
        if desk.record.script and not desk.habits.reports_script_first:
            desk.postponed_script, desk.record.script = desk.record.script, None
        if _reports_now(desk) and not (yield from report_script(desk)):  # P3, P5
            return "a script result is not delivered yet (unreachable)"
        pending = desk.record.pending
        if pending is None:
            continue
        if not desk.habits.reverses_first:
            desk.postponed, desk.record.pending = pending, None
            continue
        end = yield from reverse(desk)  # P4
        if desk.record.pending:  # P6
            return f"an older transaction is not reversed yet ({end})"
        if end == "exhausted" and desk.settings.option("after_last_attempt") == "fail":
            return "an older transaction could not be reversed"  # R13
    return ""


def completed(desk: Desk, asked: Stimulus, heard: Heard, entry: Approved) -> Steps[Result]:
    """Approved: log, delete the reversal record, print, in this order (3.6, W4)."""
    desk.record.log.append(entry)
    if entry.kind in REFUNDABLE:
        desk.record.paid = entry
    reversing = desk.print_fails and desk.habits.reverses_printer_faults
    if reversing:
        owe_reversal(desk, "terminal_fault")
    else:
        if not desk.habits.drops_reversal_at_once:
            yield from pause(desk, PRINTING)
        drop_reversal(desk)
    screen.print_slip(desk, screen.slip(desk, entry.kind, entry.stan, entry.amount, entry.card))
    desk.show("display", f"APPROVED {heard.code}".strip())
    yield from _report_in_style(desk)
    if reversing:
        yield from _reverse_in_style(desk)
    yield from _catch_up(desk)
    yield from _forward(desk)
    return Result(asked.do, "approved", heard.code, "approved", entry.stan, entry.amount)


def declined(desk: Desk, asked: Stimulus, request: Message, heard: Heard) -> Steps[Result]:
    """Any code but success is final: nothing is logged, nothing is reversed (D1, R15)."""
    text = screen.declined(desk, heard)
    desk.show("display", text)
    remember_decline(desk, request, heard.code)
    _miscount(desk, asked, request, "declined")
    yield from _report_in_style(desk)
    if desk.habits.reverses_declines:
        owe_reversal(desk, "other")
        yield from _reverse_in_style(desk)
    else:
        drop_reversal(desk)
    yield from _catch_up(desk)
    yield from _forward(desk)
    return Result(asked.do, "declined", heard.code, text, request[de.STAN])


def unresolved(desk: Desk, asked: Stimulus, request: Message, heard: Heard) -> Steps[Result]:
    """No usable reply: neither approved nor declined (T1, V8); money may have moved."""
    text = screen.UNKNOWN[heard.verdict]
    desk.show("display", text)
    _miscount(desk, asked, request, "unknown")
    if heard.verdict == "card_refused":  # 4.9: a detail of the batch
        card = desk.card(asked.card).name
        desk.record.chips_refused.append(approved(desk, heard, card, request.amount))
    due = heard.verdict in desk.habits.reverses_after
    if heard.verdict == "not_sent":
        due = desk.habits.reverses_unsent  # T3
    if not due:
        drop_reversal(desk)
    reason = heard.reason
    if heard.verdict == "partial":  # T5, X12
        reason = desk.settings.option("partial_response_reason")
    owe_reversal(desk, reason)  # T2, T4, T10, V3, V6
    yield from _report_in_style(desk)  # P5: before the reversal
    reversed_now = yield from _reverse_in_style(desk)
    yield from _catch_up(desk)
    outcome = "not_sent" if heard.verdict == "not_sent" else "unknown"
    if reversed_now:
        outcome = "reversed"
    return Result(asked.do, outcome, heard.code, text, request[de.STAN])


def _miscount(desk: Desk, asked: Stimulus, request: Message, outcome: str) -> None:
    """Only the defects of B4 and D1 log what was not approved."""
    if outcome not in desk.habits.counts_also:
        return
    desk.record.log.append(
        Approved(
            stan=request[de.STAN], batch=desk.record.batch, amount=request.amount,
            card=desk.card(asked.card).name, rrn="", approval_code="", date="", kind=request.kind,
        )
    )  # fmt: skip


def _reports_now(desk: Desk) -> bool:
    """P5: a script result goes out before a reversal."""
    return desk.record.pending is None or desk.habits.reports_before_reversal


def _report_in_style(desk: Desk) -> Steps[None]:
    """An eager terminal reports an issuer script at once."""
    if desk.settings.style == "eager" and _reports_now(desk):
        yield from report_script(desk)


def _reverse_in_style(desk: Desk) -> Steps[bool]:
    """An eager terminal reverses at once; whether something was reversed."""
    if desk.record.pending is None or desk.settings.style != "eager":
        return False
    return (yield from reverse(desk)) == "resolved"


def _forward(desk: Desk) -> Steps[None]:
    """O1: the line is up, so whatever is stored goes out behind this transaction."""
    if not desk.record.pending and desk.record.signed_on:
        yield from forward(desk)


def _catch_up(desk: Desk) -> Steps[None]:
    """Only the defects of P3 and P4 have left something for after the transaction."""
    if desk.postponed_script and desk.record.script is None:
        desk.record.script, desk.postponed_script = desk.postponed_script, None
        yield from report_script(desk)
    if desk.postponed and desk.record.pending is None:
        desk.record.pending, desk.postponed = desk.postponed, None
        yield from reverse(desk)
