"""Refund (protocol 3.6, 7.3): money back for a sale of another day or batch."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer.ledger import Slip
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow
from switch.host.flows.business import check_card, check_merchant, check_stands, transact


@flow("refund")
def refund(desk: Desk) -> Answer:
    """Credit the card; all refunds together never exceed what was paid."""
    request = desk.request
    slip = Slip(request.get(de.RRN), request[de.MERCHANT_ID], request.pan, request.part("61.3"))
    original = desk.world.ledger.paid(slip)

    def check() -> None:
        check_merchant(desk)
        if not request.amount:
            raise Refusal("invalid_amount", "the amount is zero")
        found = check_stands(original, "sale")
        if request.amount > found.amount - found.refunded:
            raise Refusal("amount_mismatch", "more than is left of what was paid")
        check_card(desk)

    return transact(desk, check, original)
