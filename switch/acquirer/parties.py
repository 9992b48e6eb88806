"""Merchants, terminals and cards, as the acquirer has them on record."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """

    id: str
    name: str
    status: str = "active"
    payee: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal, the merchant it belongs to and its master key (hex)."""

    id: str
    merchant: str
    tmk: str = field(repr=False)
    mak_bytes: int = 0
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Card:
    """A card account; ``balance`` in minor units, ``expiry`` YYMM, ``pin`` empty for none."""

    name: str
    pan: str = field(repr=False)
    expiry: str
    pin: str = field(default="", repr=False)
    balance: int = 0
    status: str = "active"
