"""Who pays: the card that a message shows, or the one that its payment code stands for (X21)."""

from __future__ import annotations

from switch.acquirer import World
from switch.errors import Refusal
from switch.message import Message

QR_SALE = "qr_sale"
TAG = "A3"  # of a payment code in DE 59 (2.2)


def payer(request: Message, world: World) -> str:
    """The number of the card that pays; empty if nobody knows.

    A card that a QR sale shows besides is not the payer's: only the code counts.
    """
    return world.payer(code_in(request)) if request.kind == QR_SALE else request.pan


def check_payer(request: Message, *, card: bool) -> None:
    """7.1 step 2: the request says who pays; ``card``: its class needs a card number.

    Raises:
        Refusal: format_error.
    """
    if card and not request.pan:
        raise Refusal("format_error", "no card number in DE 2 or DE 35")
    if request.kind == QR_SALE and not code_in(request):
        raise Refusal("format_error", "no payment code in DE 59")


def code_in(request: Message) -> str:
    """The payment code in DE 59: a tag, three digits for its length, the code; empty if none."""
    tag, length, rest = (request.part(f"59.{number}") for number in (1, 2, 3))
    whole = tag == TAG and length.isascii() and length.isdigit() and int(length) <= len(rest)
    return rest[: int(length)] if whole else ""
