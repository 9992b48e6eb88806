"""Merchants, terminals and cards, as the acquirer has them on record."""

from __future__ import annotations

from dataclasses import dataclass, field

from switch.acquirer.limits import Limits, Velocity
from switch.totals import OWN_ORGANISATION

MERCHANT_STATUSES = ("active", "suspended", "frozen", "closed", "blacklisted")
TERMINAL_STATUSES = ("active", "inactive", "closed")
CARD_STATUSES = (
    "active",
    "inactive",
    "frozen",
    "lost",
    "stolen",
    "expired",
    "closed",
    "restricted",
    "blacklisted",
    "pin_tries_exceeded",
)
NO_ACCOUNT = "none"
ENTRY = ("stripe", "fallback", "manual", "chip", "contactless", "qr")


@dataclass(frozen=True, slots=True)
class Merchant:
    """A merchant.

    Attributes:
        id: MID, 15 characters.
        name: in whose name it trades; a response may show it.
        status: one of :data:`MERCHANT_STATUSES`.
        payee: the holder of its settlement account; empty: its own name.
        account: the settlement account; :data:`NO_ACCOUNT` if there is none, empty if the
            book does not say.
        permits: message classes that it may send; none means all.
        entry: how it may take cards, of :data:`ENTRY`; none means in any way.
        fee: agreed merchant fee, hundredths of a percent; None if the book does not say.
        limits, velocity: how much it may sell, and how fast.
    """

    id: str
    name: str
    status: str = "active"
    payee: str = ""
    account: str = ""
    permits: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    fee: int | None = None
    limits: Limits = field(default_factory=Limits)
    velocity: tuple[Velocity, ...] = ()

    @property
    def category(self) -> str:
        """MCC: 3 digits institution, 4 region, 4 category, 4 serial in the usual MID (2.2)."""
        return self.id[7:11]


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal, the merchant it belongs to and its master key (hex).

    ``requires`` names what the host asks of it in the header of its responses (1.4).
    """

    id: str
    merchant: str
    tmk: str = field(repr=False)
    mak_bytes: int = 0
    status: str = "active"
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A card account.

    Attributes:
        name, pan, expiry: as the book calls it, 13 to 19 digits, YYMM.
        pin: 4 to 12 digits, or empty.
        balance: minor units.
        status: one of :data:`CARD_STATUSES`.
        organisation: what DE 63.1 names: CUP, VIS, MCC, JCB, AMX and so on.
        sequence: DE 23 of its chip, 3 digits; empty for a card without one.
        script_before, script_after: the values of tags 71 and 72 that wait for it, hex.
        code: payment code that its holder shows instead of the card (X21); empty without one.
    """

    name: str
    pan: str = field(repr=False)
    expiry: str
    pin: str = field(default="", repr=False)
    balance: int = 0
    status: str = "active"
    organisation: str = OWN_ORGANISATION
    sequence: str = ""
    script_before: str = field(default="", repr=False)
    script_after: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
