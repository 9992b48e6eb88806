"""Which terminal it is: identity, keys, cards, timers, style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from switch import masking
from switch.dialect import Dialect
from switch.scenario.options import OPTIONS
from switch.terminal.habits import Habits

Style = Literal["eager", "lazy"]
Entry = Literal["stripe", "manual", "chip", "contactless", "fallback"]
SERVICE_CODE = "201"  # ISO/IEC 7813: international, chip, authorized normally
DISCRETIONARY = "123456789"  # as in vector V075


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """A card that is presented to the terminal.

    Attributes:
        name: as scenarios call it.
        pan: 13 to 19 digits.
        expiry: YYMM.
        pin: 4 to 12 digits, or empty when the holder enters none.
        sequence: DE 23, 3 digits, of a card with a chip; empty without one.
        icc_key: master key of its chip, 16 bytes.
        entry: how it is read; empty as the terminal usually does.
        code: payment code that its holder shows instead (X21); empty without one.
    """

    name: str
    pan: str
    expiry: str = "3012"
    pin: str = ""
    sequence: str = ""
    icc_key: bytes = b""
    entry: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return f"Card({self.name}, {masking.pan(self.pan)})"

    @property
    def track_2(self) -> str:
        """Track 2 with its separator as ``D`` (protocol 2.1), at most 37 digits."""
        return f"{self.pan}D{self.expiry}{SERVICE_CODE}{DISCRETIONARY}"[:37]


@dataclass(frozen=True)
class Settings:
    """One terminal as its owner configured it.

    Attributes:
        tid, mid: DE 41 and DE 42.
        tmk: terminal master key, 8, 16 or 24 bytes.
        dialect: the dialect it speaks.
        cards: name -> card.
        default_card: name of the card of a stimulus that names none.
        style: ``eager`` reverses at once, ``lazy`` before its next transaction.
        habits: its behaviour; a defect is a changed habit.
        response_timeout, connect_timeout: nanoseconds; 0 takes the dialect's.
        reversal_attempts: at most so many 0400 for one transaction (R9).
        keeps_connection: one connection for many transactions, or one for each.
        entry: how card numbers are taken.
        operator: DE 63 of sign-on and sign-off.
        certification, serial: DE 62 of the sign-on (2.11), 4 and up to 60 characters.
        upload_attempts: a stored message or a block of a batch upload is sent so often (B9, O4).
        upload_threshold: so many stored messages are uploaded without waiting for more (O1).
        log_room, batch_limit: approved transactions that a batch may hold, and minor units of
            its debits, 0 for any: then it settles first (P1).
        sends_pin: the PIN of a card that has one goes into DE 52.
        options: what it chooses where vendors differ; see ``scenario.options``.
    """

    tid: str
    mid: str
    tmk: bytes = field(repr=False)
    dialect: Dialect = field(repr=False)
    cards: Mapping[str, Card]
    default_card: str
    style: Style = "eager"
    habits: Habits = field(default_factory=Habits)
    response_timeout: int = 0
    connect_timeout: int = 0
    reversal_attempts: int = 3
    keeps_connection: bool = True
    entry: Entry = "stripe"
    operator: str = "01 "
    certification: str = "3100"
    serial: str = "SN0000000001"
    upload_attempts: int = 3
    upload_threshold: int = 10
    log_room: int = 500
    batch_limit: int = 0
    sends_pin: bool = True
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, timer in (("response_timeout", "response"), ("connect_timeout", "connect")):
            if not getattr(self, name):
                object.__setattr__(self, name, self.dialect.timers[timer])

    def option(self, name: str) -> str:
        """What this terminal does where vendors differ."""
        return self.options.get(name, OPTIONS[name].usual)
