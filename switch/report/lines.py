"""One readable line per exchange, for whoever watches ``switch serve``."""

from __future__ import annotations

from datetime import datetime

from switch.dialect import Dialect
from switch.records import Exchange

MAC_WORDS = {
    "valid": "MAC ok",
    "wrong": "MAC wrong",
    "absent": "no MAC",
    "not_required": "",
    "no_key": "no MAC key",
}


def money(amount: int | None) -> str:
    """Minor units with two decimals; empty for none.

    >>> money(10000)
    '100.00'
    """
    return "" if amount is None else f"{amount // 100}.{amount % 100:02d}"


def exchange_line(exchange: Exchange, dialect: Dialect, local: datetime) -> str:
    """Time, terminal, class in words, STAN, amount, DE 39 in words, MAC result."""
    kind = dialect.classes.get(exchange.kind)
    title = kind.title if kind else exchange.kind or "unreadable"
    code = exchange.code
    said = f"{code} {dialect.in_words(code)}" if code else exchange.unsaid or "no answer"
    if exchange.unsaid and code:
        said = f"{exchange.unsaid} ({code} decided)"
    mac = MAC_WORDS.get(exchange.mac, exchange.mac)
    columns = (
        f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}",
        f"{exchange.terminal or '-':<8}",
        f"{title[:24]:<16}",
        f"{exchange.stan or '-':<6}",
        f"{money(exchange.amount):>12}",
        f"{said:<28}",
        mac,
    )
    return "  ".join(columns).rstrip()


def note_lines(exchange: Exchange) -> list[str]:
    """What was wrong, one line each, set off below the exchange."""
    return [f"              ! {note}" for note in exchange.notes]
