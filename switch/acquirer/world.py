"""The acquirer's world while it runs: statuses, balances, PIN tries, money moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from switch.acquirer.book import CARD_STATUSES, MERCHANT_STATUSES, Book, Card, Merchant
from switch.acquirer.ledger import Entry, Key, Ledger
from switch.errors import Refusal

# Card status -> outcome (protocol 5 and 6.17).
CARD_OUTCOMES = {
    "frozen": "restricted_card",
    "lost": "lost_card",
    "stolen": "stolen_card",
    "expired": "expired_card",
    "closed": "invalid_card",
    "restricted": "restricted_card_capture",
    "pin_tries_exceeded": "pin_tries_exceeded",
}
# 7.1: a merchant whose funds are frozen may sell; refund and void answer 57.
FROZEN_REFUSES = frozenset({"void", "refund", "completion_void"})


class World:
    """Merchants, cards and the ledger of one host.

    Args:
        book: where it starts.
        pin_tries: wrong PINs before the card is blocked.
        past: the ledger of cases before this one, whose originals may still be reversed.
    """

    def __init__(self, book: Book, pin_tries: int = 3, past: Ledger | None = None) -> None:
        self.book = book
        self.merchants: dict[str, Merchant] = dict(book.merchants)
        self.cards: dict[str, Card] = {card.pan: card for card in book.cards.values()}
        self.ledger = Ledger()
        self.past = past
        self._pin_tries = pin_tries
        self._wrong_pins: dict[str, int] = {}

    # ---- 7.1, step 6 -------------------------------------------------------------------

    def check_sign_on(self, mid: str, owner: str) -> None:
        """Step 6 at sign-on: unknown, closed or somebody else's merchant.

        Raises:
            Refusal: invalid_merchant.
        """
        merchant = self._own_merchant(mid, owner)
        if merchant.status == "closed":
            raise Refusal("invalid_merchant", f"merchant {mid} is closed")

    def check_merchant(self, mid: str, owner: str, kind: str) -> None:
        """Step 6 for new business of class ``kind``.

        Raises:
            Refusal: invalid_merchant, or not_permitted_to_card for frozen funds.
        """
        merchant = self._own_merchant(mid, owner)
        if merchant.status in {"suspended", "closed"}:
            raise Refusal("invalid_merchant", f"merchant {mid} is {merchant.status}")
        if merchant.status == "frozen" and kind in FROZEN_REFUSES:
            raise Refusal("not_permitted_to_card", f"the funds of merchant {mid} are frozen")

    def _own_merchant(self, mid: str, owner: str) -> Merchant:
        merchant = self.merchants.get(mid)
        if merchant is None:
            raise Refusal("invalid_merchant", f"merchant {mid} is not in the book")
        if owner and mid != owner:
            raise Refusal("invalid_merchant", f"this terminal belongs to merchant {owner}")
        return merchant

    # ---- 7.1, steps 12 and 13 ----------------------------------------------------------

    def check_card(self, pan: str, expiry: str, today: str) -> Card:
        """The card, if it may be used at all.

        Args:
            pan: card number.
            expiry: YYMM as the terminal sent it; empty if it did not.
            today: YYMM of the host.

        Raises:
            Refusal: by the card's status, or expired.
        """
        card = self.cards.get(pan)
        if card is None:
            raise Refusal("invalid_card", "the card is not in the book")
        if card.status != "active":
            raise Refusal(CARD_OUTCOMES[card.status], f"card {card.name} is {card.status}")
        if expiry and expiry != card.expiry:
            raise Refusal("expired_card", f"the expiry date is not that of card {card.name}")
        if card.expiry < today:
            raise Refusal("expired_card", f"card {card.name} has expired")
        return card

    def check_pin(self, card: Card, verdict: str) -> None:
        """The PIN verdict of this request, counted.

        Args:
            card: the card.
            verdict: ``valid``, ``wrong``, ``malformed``, ``absent`` or ``unchecked``.

        Raises:
            Refusal: wrong_pin, pin_tries_exceeded (and the card is blocked), pin_error.
        """
        if verdict == "malformed":
            raise Refusal("pin_error", "the PIN block does not decrypt to a PIN under this PIK")
        if verdict == "valid":
            self._wrong_pins.pop(card.pan, None)
        if verdict != "wrong":
            return
        wrong = self._wrong_pins.get(card.pan, 0) + 1
        self._wrong_pins[card.pan] = wrong
        if wrong >= self._pin_tries:
            self.cards[card.pan] = replace(card, status="pin_tries_exceeded")
            raise Refusal("pin_tries_exceeded", f"wrong PIN, try {wrong} of {self._pin_tries}")
        raise Refusal("wrong_pin", f"wrong PIN, try {wrong} of {self._pin_tries}")

    def check_funds(self, card: Card, amount: int) -> None:
        """Enough balance.

        Raises:
            Refusal: insufficient_funds.
        """
        if card.balance < amount:
            raise Refusal("insufficient_funds", f"card {card.name} holds less than the amount")

    # ---- originals ---------------------------------------------------------------------

    def original(self, key: Key) -> Entry | None:
        """What a reversal refers to, in this ledger or in that of earlier cases."""
        found = self.ledger.original(key)
        return found or (self.past.original(key) if self.past else None)

    def is_residue(self, key: Key) -> bool:
        """The original of this reversal is older than the case."""
        return bool(self.past and self.past.original(key) and self.ledger.original(key) is None)

    # ---- money -------------------------------------------------------------------------

    def move(self, pan: str, amount: int) -> None:
        """Credit (or debit, when negative) a card, minor units; unknown cards are skipped."""
        card = self.cards.get(pan)
        if card is not None:
            self.cards[pan] = replace(card, balance=card.balance + amount)

    def undo(self, entry: Entry, *, money: bool = True) -> None:
        """Take back what an approved entry did; its status says ``reversed`` after.

        Args:
            entry: a sale or a void.
            money: the card has it still; false for an entry of an earlier case, whose cards
                are back at the book.
        """
        entry.status = "reversed"
        if entry.original is None:
            self.move(entry.pan, entry.amount * money)
        elif entry.original.reversal_seen:  # the sale was reversed too: it stays undone
            entry.original.status = "reversed"
        else:  # a void gave back the whole sale, whatever amount it named
            self.move(entry.original.pan, -entry.original.amount * money)
            entry.original.status = "approved"  # 7.3: the sale returns to valid

    # ---- changes from outside ----------------------------------------------------------

    def change(self, what: str, id_: str, changes: Mapping[str, str]) -> None:
        """Change a merchant (by MID) or a card (by name or PAN), as a scenario step does.

        Raises:
            KeyError: no such merchant or card.
            ValueError: a status that it cannot have.
        """
        status = changes.get("status")
        known = MERCHANT_STATUSES if what == "merchant" else CARD_STATUSES
        if status is not None and status not in known:
            raise ValueError(f"{what} status {status!r}, known: {', '.join(known)}")
        if what == "merchant":
            named = {key: changes[key] for key in ("status", "name") if key in changes}
            self.merchants[id_] = replace(self.merchants[id_], **named)
            return
        card = self.cards[self.book.card(id_).pan]
        texts = {key: changes[key] for key in ("status", "pin", "expiry") if key in changes}
        if status == "active":
            self._wrong_pins.pop(card.pan, None)
        balance = int(changes["balance"]) if "balance" in changes else card.balance
        self.cards[card.pan] = replace(card, balance=balance, **texts)
