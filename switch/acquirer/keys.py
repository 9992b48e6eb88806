"""What may be said of merchants, terminals, cards and the host itself.

The same keys stand in a book, in a scenario's ``merchant:``, ``terminal:``, ``card:`` and
``host:`` steps, and in standing rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from switch.acquirer.limits import BREACHES, PARTIES, Limits, Velocity
from switch.acquirer.maintenance import OUTCOMES
from switch.acquirer.parties import CARD_STATUSES, ENTRY, MERCHANT_STATUSES, TERMINAL_STATUSES
from switch.acquirer.queue import ALL, SHEDS
from switch.acquirer.registry import LAGGING
from switch.clock import in_seconds
from switch.composites import ListOf, Record
from switch.dialect.schema import PROCESSING_REQUIREMENTS
from switch.shapes import Amount, Duration, Number, OneOf, Shape, Words

OFF = "off"
MESSAGE_CLASS = Words(r"[a-z][a-z_]*", "a message class such as sale")
SECRET = "pin"
NEEDS = {"of": "maintenance", "stale": "sync_lag"}  # of the host: what goes with what
DURATIONS = frozenset({"for", "within", "sync_lag", "queue_delay"})
SCRIPT = Words(r"([0-9A-Fa-f]{2}){2,120}", "the commands of an issuer script, hex")
TIME_OF_DAY = Words(r"([01][0-9]|2[0-3]):[0-5][0-9]", "a time of day such as 23:00")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it takes, and one sentence."""

    shape: Shape
    text: str


Keys = dict[str, Key]


LIMITS = Record({"sale": Amount(), "day": Amount(), "month": Amount()}, make=Limits)
VELOCITY = Record(
    {
        "within": Duration(),
        "of": OneOf(PARTIES),
        "count": Number(1, 100_000),
        "amount": Amount(),
        "least": Amount(),
        "most": Amount(),
        "refuse": OneOf(BREACHES),
        "suspend_after": Number(1, 100_000),
    },
    required=("within",),
    make=Velocity,
)


def merchant(classes: Shape) -> Keys:
    """Of a merchant; ``classes`` reads a list of message classes."""
    return {
        "status": Key(OneOf(MERCHANT_STATUSES, "merchant status"), "what the acquirer holds of it"),
        "name": Key(Words(), "the name it trades in"),
        "payee": Key(
            Words(),
            "the holder of its settlement account; another one than its name is answered "
            "wrong_account",
        ),
        "account": Key(
            Words(r"[0-9A-Za-z-]{1,32}", "an account of 1 to 32 letters and digits, or none"),
            "its settlement account; none: there is none, answered invalid_merchant",
        ),
        "permits": Key(
            classes, "the message classes it may send; any other is function_not_supported"
        ),
        "entry": Key(
            ListOf(OneOf(ENTRY), single=True),
            "how it may take cards; otherwise terminal_not_permitted, or fallback_not_allowed",
        ),
        "fee": Key(
            Number(0, 10_000),
            "agreed fee, hundredths of a percent; another one than the acquirer's for its "
            "category is fee_not_accepted",
        ),
        "limits": Key(LIMITS, "at most so much for a sale, a day, a month: amount_limit"),
        "velocity": Key(ListOf(VELOCITY), "rules about many sales in a short time"),
    }


def terminal() -> Keys:
    """Of a terminal."""
    return {
        "status": Key(OneOf(TERMINAL_STATUSES, "terminal status"), "what the acquirer holds of it"),
        "requires": Key(
            ListOf(OneOf(PROCESSING_REQUIREMENTS, "processing requirement"), single=True),
            "what the host asks of it in the header of every response, until it is done",
        ),
    }


def card() -> Keys:
    """Of a card."""
    return {
        "status": Key(OneOf(CARD_STATUSES, "card status"), "what the issuer holds of it"),
        "balance": Key(Amount(), "money on the account, minor units"),
        "pin": Key(Words(r"[0-9]{4,12}", "a PIN of 4 to 12 digits"), "the PIN, 4 to 12 digits"),
        "expiry": Key(Words(r"[0-9]{4}", "a month as YYMM"), "when the card ends, YYMM"),
        "script_before": Key(SCRIPT, "the script that waits for its chip, the value of tag 71"),
        "script_after": Key(SCRIPT, "the same of tag 72"),
    }


def host(classes: Shape) -> Keys:
    """Of the host; ``classes`` reads a list of message classes."""
    return {
        "maintenance": Key(
            OneOf((OFF, *OUTCOMES)), "what it answers to new business, without looking; off: none"
        ),
        "of": Key(classes, "the message classes under maintenance; all new business if absent"),
        "cut_over": Key(TIME_OF_DAY, "when the settlement date advances; 23:00 if absent"),
        "sync_lag": Key(
            Duration(), "how long a change of the registry takes to this node; setting it syncs"
        ),
        "stale": Key(ListOf(OneOf(LAGGING), single=True), "what lags; everything if absent"),
    } | _queue()


def _queue() -> Keys:
    """Of the line in which messages wait."""
    return {
        "queue_delay": Key(
            Duration(), "time that each message takes; those behind it wait; 0s: no queue"
        ),
        "queue_ahead": Key(
            Number(0, 1_000_000), "so many messages of other terminals are waiting just now"
        ),
        "queue_limit": Key(
            Number(0, 1_000_000), "with so many waiting, what arrives is shed; 0: never"
        ),
        "shed": Key(OneOf(SHEDS), "what happens to it: declined at once, or never answered"),
        "shed_share": Key(Number(1, ALL), "percent of it, drawn from the seed; all if absent"),
    }


def shown(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as the log may carry them: without a PIN, durations as a person writes them."""
    return {
        name: in_seconds(value) if name in DURATIONS else _plain(value)
        for name, value in changes.items()
        if name != SECRET
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if not isinstance(value, Limits | Velocity):
        return value
    usual = asdict(Velocity(0, count=1)) | {"count": 0} | asdict(Limits())
    return shown({name: one for name, one in asdict(value).items() if one != usual[name]})
