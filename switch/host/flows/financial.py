"""Sale, sale void, balance (protocol 3.3, 3.4, 7.1, 7.3)."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer import Card, Entry
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow

# DE 54 (2.2): account type 10 savings, amount type 02 available balance.
BALANCE_KIND = "1002"


@flow("sale")
def sale(desk: Desk) -> Answer:
    """Debit the card, credit the merchant."""
    repeat = desk.repeated()
    if repeat:
        return repeat

    def check() -> None:
        _check_merchant(desk)
        desk.check_limits()
        card = _check_card(desk)
        desk.world.check_funds(card, desk.request.amount)

    outcome, because, own = desk.decide(check)
    fields = desk.host_fields()
    if desk.approves(outcome):
        fields[de.APPROVAL_CODE] = desk.numbers.approval()
        granted = desk.granted(outcome)
        if granted != desk.request.amount:
            fields[de.AMOUNT] = f"{granted:012d}"  # 3.4: DE 4 may shrink with code 10
        desk.world.move(desk.request.pan, -granted)
    desk.book(outcome, fields)
    return Answer(outcome, fields, because=because, own=own)


@flow("void")
def void(desk: Desk) -> Answer:
    """Take back an approved sale of this batch, the whole amount (7.3)."""
    repeat = desk.repeated()
    if repeat:
        return repeat
    request = desk.request
    original = desk.world.ledger.original(desk.key(request.part("61.1"), request.part("61.2")))

    def check() -> None:
        _check_merchant(desk)
        _check_original(desk, original)
        _check_card(desk)

    outcome, because, own = desk.decide(check)
    fields = desk.host_fields()
    if desk.approves(outcome) and original is not None and _stands(original):
        fields[de.APPROVAL_CODE] = original.approval  # 7.2: a void copies the original's
        desk.world.move(original.pan, original.amount)
        desk.book(outcome, fields, original)
        original.status = "voided"
        desk.tell(original)
    elif not desk.approves(outcome):
        desk.book(outcome, fields)
    return Answer(outcome, fields, because=because, own=own)


@flow("balance")
def balance(desk: Desk) -> Answer:
    """The available balance; nothing is booked."""
    repeat = desk.repeated()
    if repeat:
        return repeat
    found: list[Card] = []

    def check() -> None:
        _check_merchant(desk)
        found.append(_check_card(desk))

    outcome, because, own = desk.decide(check)
    fields = desk.host_fields()
    card = found[0] if found else desk.world.cards.get(desk.request.pan)
    if desk.approves(outcome) and card is not None:
        sign = "C" if card.balance >= 0 else "D"
        fields[de.BALANCE] = f"{BALANCE_KIND}{desk.dialect.currency}{sign}{abs(card.balance):012d}"
    desk.remember(outcome, fields)
    return Answer(outcome, fields, because=because, own=own)


def _check_merchant(desk: Desk) -> None:
    request = desk.request
    mid, entry = request[de.MERCHANT_ID], desk.dialect.entry(request)
    desk.world.check_merchant(mid, desk.terminal.record.mid, request.kind, entry)


def _check_card(desk: Desk) -> Card:
    request = desk.request
    card = desk.world.check_card(request.pan, request.expiry, f"{desk.local:%y%m}")
    desk.world.check_pin(card, desk.facts.pin)
    return card


def _stands(original: Entry) -> bool:
    """There is a sale to take back, whatever a scenario decided."""
    return original.kind == "sale" and original.status == "approved"


def _check_original(desk: Desk, original: Entry | None) -> None:
    """7.3: the row of the void."""
    request = desk.request
    if original is None or original.kind != "sale":
        raise Refusal("original_not_found", "no sale with this batch and STAN")
    if request.get(de.RRN) and request[de.RRN] != original.rrn:
        raise Refusal("original_not_found", "the RRN is not that of the original")
    if original.status == "reversed":
        raise Refusal("original_not_found", "the original was reversed")
    if original.status == "voided":
        raise Refusal("invalid_transaction", "the original was voided already")
    if original.status != "approved":
        raise Refusal("invalid_transaction", "the original was not approved")
    if request.pan and request.pan != original.pan:
        raise Refusal("invalid_card", "the card is not that of the original")
    if request.amount != original.amount:
        raise Refusal("amount_mismatch", "the amount is not that of the original")
    if original.settlement_date != desk.settlement_date:
        raise Refusal("invalid_transaction", "the original is of another settlement date")
