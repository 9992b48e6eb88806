"""The one module that knows what is secret.

What arrived on a wire leaves the process only masked: events, logs, reports and exceptions
go through here. Equality can still be judged: a :class:`Tokens` turns a secret into an HMAC
under a key that is drawn for the run and never written.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from switch import elements as de

SECRET_ELEMENTS = frozenset(
    {de.PAN, de.TRACK_2, de.TRACK_3, de.TRACK_1, de.PIN_BLOCK, de.EXPIRY, de.KEYS}
)
PAYMENT_CODE = ("A3", "4133")  # its tag in DE 59, as text and in hex (2.2)
SECRET_TAGS = re.compile(r"(5A|57|5F20|9F6B)", re.IGNORECASE)
LONG_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9]{13,19}(?![0-9A-Za-z])")


def pan(value: str) -> str:
    """First six and last four digits, the rest as stars.

    >>> pan("6212142000000000012")
    '621214*********0012'
    """
    if len(value) < 11:
        return "*" * len(value)
    return value[:6] + "*" * (len(value) - 10) + value[-4:]


def is_secret(number: int, value: str) -> bool:
    """The element must not be shown: by its number, or DE 59 because it holds a payment code."""
    if number == de.EXTENSION:
        return any(tag in value for tag in PAYMENT_CODE)
    return number in SECRET_ELEMENTS


def element(number: int, value: str) -> str:
    """How the value of a secret data element is shown."""
    if number == de.PAN:
        return pan(value)
    if number == de.TRACK_2:
        card, mark, rest = value.partition("D")
        return pan(card) + mark + "*" * len(rest)
    return "*" * len(value)


def keep(number: int, value: str) -> str:
    """The value of any element, masked if it is a secret one."""
    return element(number, value) if is_secret(number, value) else value


def text(value: str) -> str:
    """A free text (an error message, say) with everything that looks like a PAN masked."""
    return LONG_DIGITS.sub(lambda found: pan(found[0]), value)


class Tokens:
    """Secrets as tokens: equal secrets of one run give equal tokens, nothing leads back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Tokens(...)"

    def token(self, value: str) -> str:
        """16 hex characters that stand for ``value`` within this run."""
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()[:16]

    def hidden(self, number: int, value: str) -> dict[str, str]:
        """A secret element as an event carries it."""
        return {"masked": element(number, value), "token": self.token(value)}


def wire(body: bytes, spans: Mapping[int, tuple[int, int]]) -> str:
    """Wire bytes as hex with the secret nibbles overwritten by ``F``, length unchanged.

    Args:
        body: the bytes.
        spans: secret data element -> (first byte of its value, byte after it), within ``body``.
    """
    text_hex = list(body.hex().upper())
    for number, (start, end) in spans.items():
        first, last = start * 2, end * 2
        if number == de.PAN:  # what a masked PAN shows may stay; its last nibble may be a fill
            first, last = first + 6, last - 4
        text_hex[first:last] = "F" * (last - first)
    return "".join(text_hex)
