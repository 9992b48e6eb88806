"""Chip transactions in the upload of a batch: one message each (protocol 2.7, 2.11, 3.6, B5, B6).

They go up whether the totals agree or not: the issuer wants each card's last word, a TC or, of a
card that refused an approval, its AAC.
"""

from __future__ import annotations

from switch.message.tlv import read_tags
from switch.terminal.desk import Desk
from switch.terminal.record import Approved
from switch.totals import FOREIGN

ONLINE, FAILED = "61", "71"  # the first digits of DE 62
# DE 60.3 by class of message: totals balanced, not balanced.
CODES = {"batch_ic": ("203", "205"), "batch_ic_failed": ("204", "206")}
CARD_CLASSES = {FOREIGN: "01"}  # of a detail; 00 is domestic
RESPONSE = {ONLINE: "00", FAILED: "05"}  # 05: the card found the ARPC wrong, or refused
AUTHENTICATION_FAILED = 0x40  # TVR, fifth byte


def told_by_itself(entry: Approved) -> bool:
    """A transaction of a chip: its detail is a message of its own."""
    return bool(entry.chip)


def values(desk: Desk, kind: str, entry: Approved, *, balanced: bool) -> dict[str, str]:
    """The elements of one detail; DE 61 names the transaction, as each 0320 has its own STAN."""
    card = desk.card(entry.card)
    form = ONLINE if kind == "batch_ic" else FAILED
    return {
        "2": card.pan,
        "14": card.expiry,
        "card_sequence": card.sequence,
        "amount": f"{entry.amount:012d}",
        "entry_mode": entry.entry_mode,
        "currency": desk.dialect.currency,
        "55": entry.chip,
        "62": _in_words(desk, form, entry).encode("ascii").hex().upper(),
        "network_code": CODES[kind][0 if balanced else 1],
        "original.batch": f"{entry.batch:06d}",
        "original.stan": entry.stan,
        "61.3": entry.date,
    }


def _in_words(desk: Desk, form: str, entry: Approved) -> str:
    """DE 62 (2.11): form, card class, response, amount, currency; of a failure its cryptogram."""
    card_class = CARD_CLASSES.get(entry.group, "00")
    text = f"{form}{card_class}{RESPONSE[form]}{entry.amount:012d}{desk.dialect.currency}"
    if form == ONLINE:
        return text
    tags = read_tags(entry.chip)
    unauthenticated = bytes.fromhex(tags["95"])[4] & AUTHENTICATION_FAILED
    return f"{text}{tags['9F27']}{'1' if unauthenticated else '0'}"
