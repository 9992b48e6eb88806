"""Store and forward: kept first, sent until it is answered, never reversed (O1 to O7)."""

from __future__ import annotations

from switch import elements as de
from switch.message import Message
from switch.terminal import messages
from switch.terminal.desk import Desk
from switch.terminal.exchange import connect, exchange, group_in
from switch.terminal.habits import SIGN_ON_AFTER
from switch.terminal.line import Steps
from switch.terminal.record import Approved, Stored
from switch.terminal.replies import Heard
from switch.terminal.reversal import drop_reversal, keep_reversal, reverse
from switch.terminal.sign_on import sign_on_first


def store(desk: Desk, request: Message, card: str) -> None:
    """O1, W6: in permanent memory before anything is sent."""
    desk.record.queue.append(Stored(**messages.image(request, request.fields, card)))
    desk.save()


def forward(desk: Desk) -> Steps[bool]:
    """Send what is stored, oldest first, each once; False as soon as the host does not answer."""
    for stored in list(desk.record.queue):
        if not (yield from _send(desk, stored)):
            return False
    return True


def forward_all(desk: Desk) -> Steps[bool]:
    """B1: send all that is stored, as often as it takes; False if there is no connection."""
    while desk.record.queue:
        first = desk.record.queue[0]
        tried = first.attempts
        if not (yield from forward(desk)) and first.attempts == tried:
            return False
    return True


def _send(desk: Desk, stored: Stored) -> Steps[bool]:
    """One attempt at one message; whether the host has answered it."""
    if desk.habits.forward_stan_is_new and stored.attempts:
        _renumber(desk, stored)
    if not desk.record.signed_on and not (yield from sign_on_first(desk)):
        return False
    if not (yield from connect(desk)):
        return False  # as R9: what never connected is no attempt
    request = messages.restored(desk, stored)
    keep_reversal(desk, request, stored.card)  # R1, O6: writes nothing
    stored.attempts += 1
    desk.save()
    heard = yield from exchange(desk, request)
    answered = _answered(desk, heard)
    over = answered and _settle_matter(desk, stored, heard)
    most = desk.habits.forward_attempts or desk.settings.upload_attempts
    if not over and stored.attempts >= most:
        _give_up(desk, stored)
    desk.save()
    if desk.habits.reverses_stored:
        yield from _reverse(desk, answered=answered)
    return answered


def _answered(desk: Desk, heard: Heard) -> bool:
    """O7: a reply that does not verify is none; D8: nor is a call for new keys."""
    if heard.verdict != "valid":
        return heard.response is not None and desk.habits.believes_any_upload_reply
    return heard.code not in {desk.dialect.code(name) for name in SIGN_ON_AFTER}


def _settle_matter(desk: Desk, stored: Stored, heard: Heard) -> bool:
    """O2: accepted, or known already; O3: anything else is refused; nothing is sent again."""
    entry = _entry(desk, stored)
    done = heard.approves or heard.code in {desk.dialect.code(n) for n in desk.habits.forward_done}
    if done:
        if entry:
            entry.rrn = heard.value(de.RRN)
            entry.group = group_in(desk, heard)
    elif desk.habits.resends_refused:
        return False
    elif entry and not desk.habits.counts_refused:
        entry.refused = True
        _restore_original(desk, entry)
        desk.show("slip", f"UPLOAD REFUSED {heard.code}: STAN {stored.stan}, NOT IN THE TOTALS")
    desk.record.queue.remove(stored)
    return True


def _restore_original(desk: Desk, entry: Approved) -> None:
    """An adjustment that was refused has adjusted nothing, an advice completed nothing (U5)."""
    for older in (*desk.record.log, *desk.record.authorizations):
        if entry.original and older.stan == entry.original:
            older.adjusted = older.completed = False


def _give_up(desk: Desk, stored: Stored) -> None:
    """O5: the operator is told; the transaction stays in the totals, for the batch to settle."""
    desk.record.queue.remove(stored)
    desk.show("display", "UPLOAD FAILED, CALL YOUR ACQUIRER")
    desk.show(
        "slip",
        f"FAULT SLIP, NOT A VOUCHER: STAN {stored.stan} could not be uploaded, "
        "to be handled by hand",
    )


def _entry(desk: Desk, stored: Stored) -> Approved | None:
    return next((entry for entry in desk.record.log if entry.stan == stored.stan), None)


# ---- what only defects do ------------------------------------------------------------------


def _renumber(desk: Desk, stored: Stored) -> None:
    entry = _entry(desk, stored)
    stored.stan = stored.fields[de.STAN] = desk.next_stan()
    if entry:
        entry.stan = stored.stan


def _reverse(desk: Desk, *, answered: bool) -> Steps[None]:
    if answered:
        drop_reversal(desk)
    else:
        yield from reverse(desk)
