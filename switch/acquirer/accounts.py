"""The cards as their issuers keep them: status, PIN tries, money, and what is held of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from switch.acquirer.parties import Card
from switch.errors import Refusal
from switch.totals import OWN_ORGANISATION

# Card status -> outcome (protocol 5 and 6.17).
CARD_OUTCOMES = {
    "inactive": "card_not_activated",
    "frozen": "restricted_card",
    "lost": "lost_card",
    "stolen": "stolen_card",
    "expired": "expired_card",
    "closed": "invalid_card",
    "restricted": "restricted_card_capture",
    "blacklisted": "suspected_fraud_capture",
    "pin_tries_exceeded": "pin_tries_exceeded",
}


class Accounts:
    """All card accounts.

    Args:
        cards: as the book has them.
        pin_tries: wrong PINs before a card is blocked.

    Attributes:
        cards: PAN -> card.
        held: PAN -> minor units set aside.
    """

    def __init__(self, cards: Iterable[Card], pin_tries: int) -> None:
        self.cards: dict[str, Card] = {card.pan: card for card in cards}
        self.held: dict[str, int] = {}
        self._pin_tries = pin_tries
        self._wrong_pins: dict[str, int] = {}

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

    def check_cryptogram(self, card: Card, verdict: str, outcome: str) -> None:
        """The verdict on the card's cryptogram.

        Args:
            card: the card.
            verdict: ``valid``, ``wrong``, ``absent`` or ``unchecked``.
            outcome: what a wrong one is declined with (4.9).

        Raises:
            Refusal: ``outcome``.
        """
        if verdict == "wrong":
            raise Refusal(outcome, f"the ARQC of card {card.name} does not verify")

    def available(self, card: Card) -> int:
        """Minor units that may be spent: the balance without what is held."""
        return card.balance - self.held.get(card.pan, 0)

    def check_funds(self, card: Card, amount: int, held: int = 0) -> None:
        """Enough available balance.

        Args:
            card: the card.
            amount: minor units wanted.
            held: minor units that are set aside for just this.

        Raises:
            Refusal: insufficient_funds.
        """
        if self.available(card) + held < amount:
            raise Refusal("insufficient_funds", f"card {card.name} holds less than the amount")

    def script_delivered(self, pan: str) -> None:
        """The card has run its script: nothing waits for it any longer."""
        card = self.cards.get(pan)
        if card is not None:
            self.cards[pan] = replace(card, script_before="", script_after="")

    def payer(self, code: str) -> str:
        """The number of the card that a payment code stands for; empty for an unknown code."""
        return next((card.pan for card in self.cards.values() if code and card.code == code), "")

    def organisation(self, pan: str) -> str:
        """The organisation of a card, as DE 63.1 names it; the country's own for a stranger."""
        card = self.cards.get(pan)
        return card.organisation if card else OWN_ORGANISATION

    # ---- money -------------------------------------------------------------------------

    def move(self, pan: str, amount: int) -> None:
        """Credit (or debit, when negative) a card, minor units; unknown cards are skipped."""
        card = self.cards.get(pan)
        if card is not None:
            self.cards[pan] = replace(card, balance=card.balance + amount)

    def hold(self, pan: str, amount: int) -> None:
        """Set money of a card aside (or release it, when negative), minor units."""
        self.held[pan] = self.held.get(pan, 0) + amount

    def change_card(self, card: Card, changes: Mapping[str, Any]) -> None:
        """Change a card; one that is set active has all its PIN tries again."""
        named = dict(changes)
        if named.get("status") == "active":
            self._wrong_pins.pop(card.pan, None)
        if "balance" in named:
            named["balance"] = int(named["balance"])
        self.cards[card.pan] = replace(card, **named)
