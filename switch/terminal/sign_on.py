"""Sign-on and sign-off: keys, batch, the signed-on flag (protocol 3.6, 6.7)."""

from __future__ import annotations

from switch import elements as de
from switch.clock import NS_PER_SECOND
from switch.errors import KeyProblem
from switch.message import Message
from switch.security import WorkingKeys
from switch.security.layouts import open_each, unpack_working_keys
from switch.security.mac import mac
from switch.terminal import messages
from switch.terminal.desk import Desk
from switch.terminal.exchange import exchange, pause
from switch.terminal.line import Steps
from switch.terminal.replies import Heard

BETWEEN_REFUSED = 5 * NS_PER_SECOND


def sign_on_first(desk: Desk) -> Steps[bool]:
    """P2: sign on before the next transaction; unanswered ones are repeated (S6)."""
    heard = Heard("not_sent")
    for _ in range(desk.habits.sign_on_attempts):
        heard = yield from sign_on(desk)
        if desk.record.signed_on:
            return True
        if heard.response:
            break  # S4: refused, or unusable keys: no loop
    for _ in range(desk.habits.repeats_refused_sign_on if heard.response else 0):
        yield from pause(desk, BETWEEN_REFUSED)
        yield from sign_on(desk)
        if desk.record.signed_on:
            return True
    return False


def sign_on(desk: Desk) -> Steps[Heard]:
    """One sign-on; the record says whether it succeeded."""
    if desk.habits.clears_flag_at_sign_on:  # S1
        desk.record.signed_on = False
    heard = yield from exchange(desk, messages.sign_on(desk))
    if heard.verdict != "valid" or heard.response is None:
        desk.show("display", "SIGN-ON: NO USABLE REPLY")
    elif not heard.approves:  # S4
        desk.show("display", f"SIGN-ON REFUSED: {heard.code} {desk.dialect.in_words(heard.code)}")
    else:
        _take(desk, heard.response)
    return heard


def sign_off(desk: Desk) -> Steps[Heard]:
    """One sign-off; an approval ends the signed-on state."""
    heard = yield from exchange(desk, messages.sign_off(desk))
    if heard.verdict == "valid" and heard.approves and desk.habits.sign_off_ends:
        desk.record.signed_on = False
        desk.save()
    return heard


def _take(desk: Desk, response: Message) -> None:
    """S2 and S3: keys, batch and flag of an approved sign-on; nothing of it if a key is wrong."""
    record, habits = desk.record, desk.habits
    layout = desk.dialect.key_layouts[desk.settings.option("sign_on_code")]
    try:
        delivered = bytes.fromhex(response.get(de.KEYS))
        keys = _opened(desk, delivered, layout)
        mac(desk.dialect.mac_algorithm, keys.mak, b"")  # a MAK that it cannot use is wrong, too
    except KeyProblem as problem:
        desk.show("display", "SIGN-ON FAILED: KEYS")
        desk.show("log", f"sign_on: {problem}")
        return
    if not record.keys or habits.takes_new_keys:
        record.keys, record.layout = delivered.hex().upper(), layout
    batch = response.part("60.2")
    # A batch that is being settled keeps its number: the host may have closed it already.
    new = batch.isdigit() and int(batch) not in {0, record.batch}
    if new and not record.settling and habits.takes_batch:
        record.batch = int(batch)
    if record.pending and not habits.keeps_reversal_at_sign_on:  # R14
        record.pending = None
    record.signed_on = True
    desk.refusals = 0
    desk.save()
    desk.show("display", "SIGNED ON")


def _opened(desk: Desk, delivered: bytes, layout: str) -> WorkingKeys:
    if desk.habits.checks_kcv:
        return unpack_working_keys(delivered, desk.settings.tmk, layout)
    keys = {one.name: one.key for one in open_each(delivered, desk.settings.tmk, layout)}
    return WorkingKeys(keys["PIK"], keys["MAK"], keys.get("TDK"))
