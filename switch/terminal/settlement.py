"""Settlement: compare, upload, close; it goes on at the step where it stopped (3.6, B1 to B12)."""

from __future__ import annotations

from switch.clock import NS_PER_SECOND
from switch.terminal import batch, screen
from switch.terminal.batch import Block
from switch.terminal.desk import Desk
from switch.terminal.exchange import exchange, pause
from switch.terminal.forwarding import forward_all
from switch.terminal.line import Steps
from switch.terminal.record import Settling
from switch.terminal.replies import Heard
from switch.totals import BALANCED, GROUPS, NOT_BALANCED

LAST_BATCH = 999_999
AGAIN = NS_PER_SECOND  # between two attempts at one block


def settle(desk: Desk) -> Steps[str]:
    """Settle the batch, or go on with the settlement under way (W5); why it failed, or empty."""
    settling = desk.record.settling or (yield from _begin(desk))
    if settling is None:
        return "what is stored cannot be uploaded"
    if not settling.flags and not (yield from _compare(desk, settling)):
        return "settlement failed, the batch is kept"
    blocks = batch.blocks(desk, settling.flags)
    for block in blocks[settling.blocks :]:
        if not (yield from _upload(desk, settling, block)):
            desk.show("display", "UPLOAD FAILED, SETTLE AGAIN")
            return "the upload is not finished"
    _close(desk)
    return ""


def _begin(desk: Desk) -> Steps[Settling | None]:
    """B1: what is stored goes first; then the flag is set, before anything is sent (3.6)."""
    if desk.habits.forwards_before_settlement and not (yield from forward_all(desk)):
        return None
    desk.record.settling = Settling()
    desk.save()
    return desk.record.settling


def _compare(desk: Desk, settling: Settling) -> Steps[bool]:
    """0500: the flags of the reply say how to go on; no flags, or 3: nothing has happened (B7)."""
    heard = yield from exchange(desk, batch.settlement(desk, _stan(desk, settling)))
    values = desk.dialect.values(heard.response) if heard.response else {}
    flags = "".join(values.get(f"{group}.flag", "") for group in GROUPS)
    answers = desk.habits.settled_by or {BALANCED, NOT_BALANCED}
    coded = heard.approves or not desk.habits.settlement_needs_code  # B12: there is no DE 39
    if heard.verdict != "valid" or not coded or not set(flags) <= answers:
        flags = ""
    if len(flags) != len(GROUPS):
        desk.record.settling = None
        desk.save()
        desk.show("display", "SETTLEMENT FAILED, THE BATCH IS KEPT")
        return False
    settling.flags, settling.stan = flags, ""
    desk.save()
    return True


def _upload(desk: Desk, settling: Settling, block: Block) -> Steps[bool]:
    """B9: one message of the upload, sent until it is accepted, a bounded number of times."""
    for attempt in range(desk.habits.upload_attempts or desk.settings.upload_attempts):
        if attempt:
            yield from pause(desk, AGAIN)
        message = batch.upload(desk, block, settling.flags, _stan(desk, settling))
        heard = yield from exchange(desk, message)
        answered = heard.verdict == "valid"
        accepted = _accepts(desk, block, heard)
        if (answered or accepted) and not desk.habits.one_stan_for_all:
            settling.stan = ""  # what follows is a new message, even with the same block
        settling.blocks += accepted
        desk.save()
        if accepted:
            return True
    return False


def _accepts(desk: Desk, block: Block, heard: Heard) -> bool:
    """The host has this block; two defects believe it too soon."""
    if heard.verdict == "valid":
        return heard.approves or desk.habits.takes_refused_block
    return desk.habits.skips_lost_block and block.kind != "batch_end"


def _stan(desk: Desk, settling: Settling) -> str:
    """B8: each message has its own STAN, which a repeat keeps (N3)."""
    if not settling.stan:
        settling.stan = desk.next_stan()
        desk.save()
    return settling.stan


def _close(desk: Desk) -> None:
    """Print, clear the log, one batch on; the step flags go last (3.6, step 10)."""
    refused = [entry.stan for entry in desk.record.log if entry.refused]
    screen.print_slip(desk, screen.totals(desk.record.batch, batch.totals(desk), refused))
    if desk.habits.clears_log:
        desk.record.log, desk.record.chips_refused = [], []
    if desk.habits.next_batch:
        desk.record.batch = desk.record.batch % LAST_BATCH + 1  # B10
    desk.record.settling = None
    desk.save()
    desk.show("display", "SETTLED")
