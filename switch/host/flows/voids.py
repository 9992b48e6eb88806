"""Voids of a sale, of a completion, of an authorization (protocol 3.6, 7.3)."""

from __future__ import annotations

from collections.abc import Callable

from switch import elements as de
from switch.acquirer import Entry
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow
from switch.host.flows.authorizations import authorization_of
from switch.host.flows.business import check_card, check_merchant, check_stands, transact
from switch.host.payer import QR_SALE


@flow("void")
def void(desk: Desk) -> Answer:
    """Take back an approved sale of this batch, the whole amount."""
    return _of_batch(desk, "sale", "sale")


@flow("completion_void")
def completion_void(desk: Desk) -> Answer:
    """Take back a completion of this batch: its authorization is open again."""
    return _of_batch(desk, "completion", "completion")


@flow("preauth_void")
def preauth_void(desk: Desk) -> Answer:
    """Release what an open authorization holds, increments included."""
    original = authorization_of(desk)

    def check() -> None:
        check_merchant(desk)
        found = check_stands(original, "authorization")
        if desk.request.amount not in {found.amount, found.total}:
            raise Refusal("amount_mismatch", "the amount is not that of the authorization")
        check_card(desk)

    return transact(desk, check, original, approval=_own_code(original), bound=True)


def _of_batch(desk: Desk, kind: str, what: str) -> Answer:
    """A void of a transaction that DE 61 names by batch and STAN."""
    request = desk.request
    key = desk.key(request.part("61.1"), request.part("61.2"))
    found = desk.world.ledger.original(key)
    known = found is not None and found.kind == kind and desk.world.knows(found)
    original = found if known else None

    def check() -> None:
        check_merchant(desk)
        if found is not None and found.kind == QR_SALE:
            raise Refusal("function_not_supported", "this host does not void QR sales (X21)")
        _check_original(desk, original, what)
        check_card(desk)

    return transact(desk, check, original, approval=_own_code(original), bound=True)


def _own_code(original: Entry | None) -> Callable[[], str]:
    """7.2: a void copies the original's approval code."""
    return lambda: original.approval if original else ""


def _check_original(desk: Desk, original: Entry | None, what: str) -> None:
    """7.3: the rows of void and completion void."""
    request = desk.request
    if original is not None and request.get(de.RRN) not in {"", original.rrn}:
        raise Refusal("original_not_found", "the RRN is not that of the original")
    found = check_stands(original, what)
    if found.refunded:
        raise Refusal("invalid_transaction", f"a part of the {what} was refunded already")
    if request.pan != found.pan:
        raise Refusal("invalid_card", "the card is not that of the original")
    if request.amount != found.amount:
        raise Refusal("amount_mismatch", "the amount is not that of the original")
    if found.settlement_date != desk.settlement_date:
        raise Refusal("invalid_transaction", "the original is of another settlement date")
