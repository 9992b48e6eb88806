"""Sale, QR sale and balance (protocol 3.3, 3.4, 7.1)."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer import Card
from switch.dialect import Answer
from switch.host.desk import Desk
from switch.host.flows import flow
from switch.host.flows.business import check_card, check_limits, check_merchant, transact

# DE 54 (2.2): account type 10 savings, amount type 02 available balance.
BALANCE_KIND = "1002"


@flow("sale", "qr_sale")
def sale(desk: Desk) -> Answer:
    """Debit the card, or the one whose code is shown (X21); credit the merchant."""

    def check() -> None:
        check_merchant(desk)
        check_limits(desk)
        desk.world.check_funds(check_card(desk), desk.request.amount)

    return transact(desk, check, approval=desk.numbers.approval)


@flow("balance")
def balance(desk: Desk) -> Answer:
    """The available balance; nothing is booked."""
    repeat = desk.repeated()
    if repeat:
        return repeat
    found: list[Card] = []

    def check() -> None:
        check_merchant(desk)
        found.append(check_card(desk))

    outcome, because, own = desk.decide(check)
    fields = desk.host_fields() | desk.issuer_fields(outcome)
    card = found[0] if found else desk.world.cards.get(desk.request.pan)
    if desk.approves(outcome) and card is not None:
        available = desk.world.available(card)
        sign = "C" if available >= 0 else "D"
        fields[de.BALANCE] = f"{BALANCE_KIND}{desk.dialect.currency}{sign}{abs(available):012d}"
    desk.remember(outcome, fields)
    return Answer(outcome, fields, because=because, own=own)
