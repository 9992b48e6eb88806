"""The acquirer's world while it runs: statuses, balances, PIN tries, money moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from switch.acquirer import permission, posting
from switch.acquirer.batches import Batches
from switch.acquirer.book import Book
from switch.acquirer.issuer import Issuer
from switch.acquirer.ledger import Entry, Key, Ledger
from switch.acquirer.maintenance import FOREVER, Maintenance
from switch.acquirer.parties import CARD_STATUSES, MERCHANT_STATUSES, TERMINAL_STATUSES, Card
from switch.acquirer.queue import Queue
from switch.acquirer.registry import LAGGING, Registry
from switch.acquirer.risk import Asked, Breach, Risk
from switch.clock import Clock
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
STATUSES = {
    "merchant": MERCHANT_STATUSES,
    "terminal": TERMINAL_STATUSES,
    "card": CARD_STATUSES,
}
CUT_OVER = "23:00"  # 7.2 [M]: the settlement date advances then, the calendar date at midnight


class World:
    """Merchants, terminals, cards and the ledger of one host, and how it is doing itself.

    Args:
        book: where it starts.
        clock: what its times are counted by.
        pin_tries: wrong PINs before the card is blocked, unless the book says otherwise.
        past: the ledger of cases before this one, whose originals may still be reversed.

    Attributes:
        cut_over: time of day at which the settlement date advances, ``HH:MM``.
    """

    def __init__(
        self, book: Book, clock: Clock, pin_tries: int = 3, past: Ledger | None = None
    ) -> None:
        self.book = book
        self.registry = Registry(book.merchants, book.terminals)
        self.cards: dict[str, Card] = {card.pan: card for card in book.cards.values()}
        self.held: dict[str, int] = {}
        self.issuer = Issuer(bytes.fromhex(book.issuer_key))
        self.ledger = Ledger()
        self.risk = Risk()
        self.queue = Queue()
        self.past = past
        self.batches = Batches(self.ledger, past)
        self.cut_over = CUT_OVER
        self._clock = clock
        self._maintenance = Maintenance()
        self._pin_tries = book.host.get("pin_tries", pin_tries)
        self._wrong_pins: dict[str, int] = {}
        self._change_host(book.host)

    @property
    def now(self) -> int:
        """Nanoseconds."""
        return self._clock.now()

    # ---- 7.1, steps 3 and 6 --------------------------------------------------------------

    def check_terminal(self, tid: str, *, new_business: bool) -> None:
        """Step 3: a closed terminal is a stranger; an inactive one may only finish its work.

        Raises:
            Refusal: unknown_terminal.
        """
        terminal = self.registry.terminal(tid, self.now)
        status = terminal.status if terminal else "active"
        if status == "closed" or (status == "inactive" and new_business):
            raise Refusal("unknown_terminal", f"terminal {tid} is {status}")

    def check_open(self, kind: str, *, new_business: bool) -> None:
        """Whether the host serves this class now; see ``Maintenance.check``."""
        self._maintenance.check(kind, self.now, new_business=new_business)

    def check_sign_on(self, mid: str, owner: str) -> None:
        """Step 6 at sign-on: unknown, closed or somebody else's merchant.

        Raises:
            Refusal: invalid_merchant.
        """
        merchant = self.registry.merchant(mid, self.now)
        permission.check_sign_on(permission.check_owner(merchant, mid, owner))

    def check_merchant(self, mid: str, owner: str, kind: str, entry: str = "") -> None:
        """Steps 6 and 9 for new business of class ``kind``.

        Args:
            mid: DE 42.
            owner: merchant of the terminal.
            kind: message class.
            entry: how the card was taken; empty if that does not matter.

        Raises:
            Refusal: see ``permission``.
        """
        now = self.now
        known = self.registry.merchant(mid, now)
        merchant = permission.check_owner(known, mid, owner)
        permission.check_status(merchant, kind)
        permission.check_payee(merchant, self.registry.true_merchant(mid, now) or merchant)
        permission.check_kind(merchant, kind, entry)

    # ---- 7.1, step 11 --------------------------------------------------------------------

    def breach(self, asked: Asked) -> Breach | None:
        """What this sale would break of its merchant's limits and velocity rules.

        Raises:
            Refusal: fee_not_accepted.
        """
        merchant = self.registry.merchant(asked.mid, asked.at)
        if merchant is None:
            return None
        permission.check_fee(merchant, self.book.fees.get(merchant.category))
        return self.risk.breach(asked, merchant, self.registry.lag.view("sales", asked.at))

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

    # ---- originals ---------------------------------------------------------------------

    def original(self, key: Key) -> Entry | None:
        """What a reversal refers to, in this ledger or in that of earlier cases."""
        found = self.ledger.original(key)
        return found or (self.past.original(key) if self.past else None)

    def is_residue(self, key: Key) -> bool:
        """The original of this reversal is older than the case."""
        return bool(self.past and self.past.original(key) and self.ledger.original(key) is None)

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

    def post(self, entry: Entry) -> list[Entry]:
        """Do what an approved entry does; returns the older entries that it changed."""
        before = [one.status for one in entry.chain()]
        posting.post(entry, self)
        return _changed(entry, before)

    def undo(self, entry: Entry, *, money: bool = True) -> list[Entry]:
        """Take back what an approved entry did; returns the older entries that this changed.

        Args:
            entry: what is reversed; its status says so after.
            money: the cards have it still; false for an entry of an earlier case, whose cards
                are back at the book.
        """
        before = [one.status for one in entry.chain()]
        posting.take_back(entry, self if money else posting.Elsewhere())
        entry.status = "reversed"
        return _changed(entry, before)

    # ---- changes from outside ----------------------------------------------------------

    def change(self, what: str, id_: str, changes: Mapping[str, Any]) -> None:
        """Change the world, as a scenario step or a standing rule does.

        Args:
            what: ``merchant`` (by MID), ``terminal`` (by TID), ``card`` (by name or PAN) or
                ``host``.
            id_: which one; empty for the host.
            changes: key of ``keys`` -> value; ``for``: nanoseconds after which it is undone.

        Raises:
            KeyError: no such merchant, terminal or card.
            ValueError: a status that it cannot have.
        """
        status = changes.get("status")
        if status is not None and status not in STATUSES[what]:
            raise ValueError(f"{what} status {status!r}, known: {', '.join(STATUSES[what])}")
        if what == "host":
            self._change_host(changes)
        elif what == "card":
            self._change_card(self.cards[self.book.card(id_).pan], changes)
        else:
            named = {name: value for name, value in changes.items() if name != "for"}
            lasts = changes.get("for", 0)
            self.registry.change(what, id_, self.now, named, lasts)

    def _change_card(self, card: Card, changes: Mapping[str, Any]) -> None:
        named = dict(changes)
        if named.get("status") == "active":
            self._wrong_pins.pop(card.pan, None)
        if "balance" in named:
            named["balance"] = int(named["balance"])
        self.cards[card.pan] = replace(card, **named)

    def _change_host(self, changes: Mapping[str, Any]) -> None:
        now = self.now
        if "maintenance" in changes:
            outcome = changes["maintenance"].removeprefix("off")
            until = now + changes["for"] if "for" in changes else FOREVER
            self._maintenance = Maintenance(outcome, changes.get("of", ()), until)
        self.cut_over = changes.get("cut_over", self.cut_over)
        if "sync_lag" in changes:
            self.registry.falls_behind(changes["sync_lag"], changes.get("stale", LAGGING), now)
        self.queue.change(changes, now)


def _changed(entry: Entry, before: list[str]) -> list[Entry]:
    """The originals of an entry whose status is no longer what it was."""
    return [
        one
        for one, status in zip(entry.chain()[1:], before[1:], strict=True)
        if one.status != status
    ]
