"""What the terminal did without asking and tells later: offline sale, adjustment, tip, advice.

From a known terminal they are always accepted (protocol 7.1): the goods are gone. Only what
cannot be booked is refused: an unknown card, or an original that is not there.
"""

from __future__ import annotations

from switch import elements as de
from switch.acquirer import Entry
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow
from switch.host.flows.authorizations import authorization_of
from switch.host.flows.business import check_card, check_stands, transact

ADJUSTABLE = frozenset({"sale", "offline_sale"})


@flow("offline_sale", "ic_offline_sale")
def offline_sale(desk: Desk) -> Answer:
    """Debit the card for a sale that has happened, whatever is left on it."""
    return transact(desk, lambda: _accepted(desk))


@flow("adjustment", "tip")
def adjustment(desk: Desk) -> Answer:
    """Book the new amount in place of the sale's; DE 61 names the sale by batch and STAN."""
    request = desk.request
    found = desk.world.ledger.original(desk.key(request.part("61.1"), request.part("61.2")))
    original = found if found is not None and found.kind in ADJUSTABLE else None

    def check() -> None:
        sale = check_stands(original, "sale")
        if request.pan != sale.pan:
            raise Refusal("invalid_card", "the card is not that of the original")
        if sale.refunded:
            raise Refusal("invalid_transaction", "a part of the sale was refunded already")
        _accepted(desk)

    return transact(desk, check, original, bound=True)


@flow("completion_advice")
def completion_advice(desk: Desk) -> Answer:
    """Debit what was consumed of an authorization (U6); what it held is released."""
    original: Entry | None = authorization_of(desk)

    def check() -> None:
        check_stands(original, "authorization")
        _accepted(desk)

    return transact(desk, check, original)


def _accepted(desk: Desk) -> None:
    if not desk.request.get(de.AMOUNT).strip("0"):
        raise Refusal("invalid_amount", "the amount is zero")
    check_card(desk)
