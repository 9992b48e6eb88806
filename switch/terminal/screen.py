"""What the terminal shows and prints; never a full card number, a track or a PIN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from switch import masking
from switch.terminal.desk import Desk
from switch.terminal.replies import Heard
from switch.totals import LOCAL, Totals, money

KEEP_CARD = frozenset({"04", "07", "33", "34", "35", "36", "37", "41", "43", "67"})  # D5
LATER = frozenset({"68", "90", "91", "92", "96", "98"})  # D7
CALL = frozenset({"03", "58", "97"})  # D2
UNKNOWN = {  # T9: neither approved nor declined
    "silence": "NO REPLY, COMMUNICATION FAILED",
    "partial": "NO REPLY, COMMUNICATION FAILED",
    "lost": "CONNECTION LOST, COMMUNICATION FAILED",
    "too_late": "TOO LATE AT THE SWITCH, OUTCOME UNKNOWN",
    "cancelled": "CANCELLED, OUTCOME UNKNOWN",
    "mismatch": "UNUSABLE REPLY",
    "unusable": "UNUSABLE REPLY",
    "bad_mac": "REPLY WITH A WRONG MAC",
    "not_sent": "NO CONNECTION",
    "card_refused": "THE CARD REFUSED, CONTACT ISSUER",
}


def declined(desk: Desk, heard: Heard) -> str:
    """The sentence for a decline: the code, what it means, what to do."""
    text = f"DECLINED {heard.code} {desk.dialect.in_words(heard.code)}"
    if heard.code in KEEP_CARD:
        return f"{text}: KEEP THE CARD"
    if heard.code in LATER:
        return f"{text}: TRY LATER"
    return f"{text}: CALL YOUR ACQUIRER" if heard.code in CALL else text


def slip(desk: Desk, what: str, stan: str, amount: int, card: str) -> str:
    """The slip of an approved transaction; ``amount`` in minor units."""
    shown = f"{what.upper().replace('_', ' ')} {money(amount)} APPROVED, STAN {stan}"
    if not desk.dialect.classes[what].card:  # paid by a code: no card number is known
        return shown
    return f"{shown}, CARD {masking.pan(desk.card(card).pan)}"


def totals(batch: int, both: Mapping[str, Totals], refused: Sequence[str]) -> str:
    """The slip of a settled batch; foreign cards and refused uploads (O3) if there were any."""
    told = [
        f"{group}: {one.debit_count} debits {money(one.debit_amount)}, "
        f"{one.credit_count} credits {money(one.credit_amount)}"
        for group, one in both.items()
        if one != Totals() or group == LOCAL
    ]
    told += [f"refused uploads: STAN {', '.join(refused)}"] if refused else []
    return f"SETTLED BATCH {batch:06d}, {'; '.join(told)}"


def print_slip(desk: Desk, text: str) -> bool:
    """Print; if the printer fails, print again (R16). Says whether it failed at first."""
    failed, desk.print_fails = desk.print_fails, False
    if failed:
        desk.show("display", "PRINTER FAILED, PRINTING AGAIN")
    desk.show("slip", text)
    return failed
