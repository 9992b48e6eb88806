"""Pre-authorization, its increment and its completion (protocol 3.6, 7.3)."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer import Entry
from switch.acquirer.ledger import Slip
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow
from switch.host.flows.business import (
    check_card,
    check_limits,
    check_merchant,
    check_stands,
    transact,
)

PERCENT = 100


@flow("preauth")
def preauth(desk: Desk) -> Answer:
    """Set money of the card aside for the merchant; nothing moves yet."""

    def check() -> None:
        check_merchant(desk)
        check_limits(desk)
        desk.world.check_funds(check_card(desk), desk.request.amount)

    return transact(desk, check, approval=desk.numbers.approval)


@flow("preauth_increment")
def preauth_increment(desk: Desk) -> Answer:
    """Set more aside for an open authorization, which keeps its approval code."""
    original = authorization_of(desk)

    def check() -> None:
        check_merchant(desk)
        check_stands(original, "authorization")
        check_limits(desk)
        desk.world.check_funds(check_card(desk), desk.request.amount)

    def approval() -> str:
        return original.approval if original else ""

    return transact(desk, check, original, approval=approval, bound=True)


@flow("completion")
def completion(desk: Desk) -> Answer:
    """Debit what was consumed; whatever the authorization held is released."""
    original = authorization_of(desk)

    def check() -> None:
        check_merchant(desk)
        found = check_stands(original, "authorization")
        _check_percentage(desk, found)
        check_limits(desk)
        desk.world.check_funds(check_card(desk), desk.request.amount, held=found.total)

    return transact(desk, check, original, approval=desk.numbers.approval)


def authorization_of(desk: Desk) -> Entry | None:
    """The authorization that DE 38, the date in DE 61 and the card name (7.3)."""
    request = desk.request
    slip = Slip(
        request.get(de.APPROVAL_CODE),
        request[de.MERCHANT_ID],
        request.pan,
        request.part("61.3"),
    )
    return desk.world.ledger.authorization(slip) if slip.number else None


def _check_percentage(desk: Desk, authorization: Entry) -> None:
    """X22: a completion may exceed its authorization by some percent, for tips and the like."""
    limit = int(desk.dialect.options["completion_limit"])
    if desk.request.amount * PERCENT > authorization.total * limit:
        because = f"more than {limit} percent of what was authorized"
        raise Refusal("amount_mismatch", because)
