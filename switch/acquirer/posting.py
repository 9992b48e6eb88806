"""What a booked transaction does to the card and to its original, and how that is taken back.

=================== ============================== ======================================
class               the card                       its original
=================== ============================== ======================================
sale, completion    debited                        a completed authorization: hold released
completion_advice   as completion                  as completion
qr_, ..offline_sale debited                        --
adjustment, tip     debited the whole new amount   adjusted: what it did is taken back
batch_upload        debited: only a detail told it --
preauth             its amount is held             --
preauth_increment   more is held                   the authorization holds that much more
void, ..._void      --                             voided: what it did is taken back
refund              credited                       that much less is left to refund
=================== ============================== ======================================

So voiding a completion opens its authorization again, and reversing that void closes it again:
each is the one before it, taken back (protocol 3.6, 7.3).
"""

from __future__ import annotations

from typing import Protocol

from switch.acquirer.ledger import Entry

# What a class makes of its original.
ENDS = {
    "void": "voided",
    "preauth_void": "voided",
    "completion_void": "voided",
    "completion": "completed",
    "completion_advice": "completed",
    "adjustment": "adjusted",
    "tip": "adjusted",
}
DEBITS = frozenset(
    {
        "sale",
        "qr_sale",
        "completion",
        "completion_advice",
        "offline_sale",
        "ic_offline_sale",
        "adjustment",
        "tip",
        "batch_upload",
    }
)


class Account(Protocol):
    """The money of the cards; amounts in minor units, unknown cards are skipped."""

    def move(self, pan: str, amount: int) -> None:
        """Credit a card, or debit it when negative."""

    def hold(self, pan: str, amount: int) -> None:
        """Set money of a card aside, or release it when negative."""


class Elsewhere:
    """The account of entries of an earlier case, whose cards are back at the book."""

    def move(self, pan: str, amount: int) -> None:
        """Nothing is left to move."""

    def hold(self, pan: str, amount: int) -> None:
        """Nothing is left to hold."""


def post(entry: Entry, account: Account) -> None:
    """Do what an approved entry does; an original that does not stand is left as it is."""
    _move(entry, account, 1)
    original = entry.original
    if original is not None and entry.kind in ENDS and original.status == "approved":
        take_back(original, account)
        original.status, original.ended_by = ENDS[entry.kind], entry


def take_back(entry: Entry, account: Account) -> None:
    """Undo what :func:`post` did; the status of the entry itself is the caller's."""
    _move(entry, account, -1)
    original = entry.original
    if original is None or original.ended_by is not entry:
        return
    original.ended_by = None
    if original.reversal_seen:  # its reversal was acknowledged meanwhile: it stays undone
        original.status = "reversed"
        return
    original.status = "approved"  # 7.3: the original returns to valid
    post(original, account)


def _move(entry: Entry, account: Account, sign: int) -> None:
    original = entry.original
    stands = original is None or original.status == "approved"
    amount = sign * entry.amount
    match entry.kind:
        case "preauth":
            account.hold(entry.pan, sign * entry.total)
        case "preauth_increment" if original is not None:
            original.added += amount
            account.hold(entry.pan, amount * stands)
        case "refund":
            if original is not None:
                original.refunded += amount
            account.move(entry.pan, amount * stands)
        case "batch_upload" if entry.books == "credit":
            account.move(entry.pan, amount)
        case kind if kind in DEBITS:
            account.move(entry.pan, sign * (entry.refunded - entry.amount))
