"""The acquirer's world while it runs: what is checked, what is booked, what is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from switch.acquirer import permission, posting
from switch.acquirer.accounts import Accounts
from switch.acquirer.batches import Batches
from switch.acquirer.book import Book
from switch.acquirer.issuer import Issuer
from switch.acquirer.ledger import Entry, Key, Ledger
from switch.acquirer.maintenance import FOREVER, Maintenance
from switch.acquirer.parties import CARD_STATUSES, MERCHANT_STATUSES, TERMINAL_STATUSES
from switch.acquirer.queue import Queue
from switch.acquirer.registry import LAGGING, Registry, booked
from switch.acquirer.risk import Asked, Breach, Risk
from switch.clock import Clock
from switch.errors import Refusal

STATUSES = {
    "merchant": MERCHANT_STATUSES,
    "terminal": TERMINAL_STATUSES,
    "card": CARD_STATUSES,
}
CUT_OVER = "23:00"  # 7.2 [M]: the settlement date advances then, the calendar date at midnight


class World(Accounts):
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
        super().__init__(book.cards.values(), book.host.get("pin_tries", pin_tries))
        self.issuer = Issuer(bytes.fromhex(book.issuer_key))
        self.ledger = Ledger()
        self.risk = Risk()
        self.queue = Queue()
        self.past = past
        self.batches = Batches(self.ledger, past)
        self.cut_over = CUT_OVER
        self._clock = clock
        self._maintenance = Maintenance()
        self._daily: tuple[Maintenance, ...] = book.host.get("daily", ())
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

    def merchant_name(self, mid: str) -> str:
        """In whose name a merchant trades, as this node knows it; empty for a stranger."""
        merchant = self.registry.merchant(mid, self._clock.now())
        return merchant.name if merchant else ""

    def required(self, tid: str) -> tuple[str, ...]:
        """What the host asks of a terminal in the header of its responses (1.4)."""
        terminal = self.registry.terminal(tid, self._clock.now())
        return terminal.requires if terminal else ()

    def fulfilled(self, tid: str, requirement: str) -> None:
        """A terminal did what the host asked of it."""
        now = self._clock.now()
        terminal = self.registry.true_terminal(tid, now)  # not what a node that lags knows of it
        asked = terminal.requires if terminal else ()
        rest = tuple(one for one in asked if one != requirement)
        if rest != asked:
            self.registry.change("terminal", tid, now, {"requires": rest})

    def check_open(self, kind: str, *, new_business: bool) -> None:
        """Whether the host serves this class now; see ``Maintenance.check``."""
        shown = f"{self._clock.local():%H:%M}"
        for maintenance in (self._maintenance, *self._daily):
            maintenance.check(kind, self.now, shown, new_business=new_business)

    def check_sign_on(self, mid: str, owner: str) -> None:
        """Step 6 at sign-on: unknown, closed or somebody else's merchant.

        Raises:
            Refusal: invalid_merchant.
        """
        merchant = self.registry.merchant(mid, self.now)
        permission.check_sign_on(permission.check_owner(merchant, mid, owner))

    def check_merchant(
        self, mid: str, owner: str, kind: str, entry: Callable[[], str] = str
    ) -> None:
        """Steps 6 and 9 for new business of class ``kind``.

        Args:
            mid: DE 42.
            owner: merchant of the terminal.
            kind: message class.
            entry: says how the card was taken; empty if that does not matter.

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

    # ---- originals ---------------------------------------------------------------------

    def original(self, key: Key) -> Entry | None:
        """What a reversal refers to, in this ledger or in that of earlier cases."""
        found = self.ledger.original(key)
        return found or (self.past.original(key) if self.past else None)

    def knows(self, entry: Entry) -> bool:
        """This node has heard of the entry; one that lags behind the sales has not at first."""
        return booked(entry.at) <= self.registry.lag.view("sales", self.now)

    def is_residue(self, key: Key) -> bool:
        """The original of this reversal is older than the case."""
        return bool(self.past and self.past.original(key) and self.ledger.original(key) is None)

    # ---- money -------------------------------------------------------------------------

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
            self.change_card(self.cards[self.book.card(id_).pan], changes)
        else:
            named = {name: value for name, value in changes.items() if name != "for"}
            lasts = changes.get("for", 0)
            self.registry.change(what, id_, self.now, named, lasts)

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
