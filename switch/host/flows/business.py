"""What all financial flows share: the checks of 7.1, and how a decision is booked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from switch import elements as de
from switch.acquirer import Card, Entry
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.telling import tell_change


def transact(
    desk: Desk,
    check: Callable[[], None],
    original: Entry | None = None,
    *,
    approval: Callable[[], str] = str,
    bound: bool = False,
) -> Answer:
    """Decide on new business and book it.

    Args:
        desk: the request.
        check: the acquirer's checks; raises a Refusal.
        original: the older transaction that it refers to.
        approval: DE 38 of an approval; by default there is none.
        bound: without an original that stands there is nothing to book, whatever a scenario
            decided.
    """
    repeat = desk.repeated()
    if repeat:
        return repeat
    outcome, because, own = desk.decide(check)
    fields = desk.host_fields() | desk.issuer_fields(outcome)
    approves = desk.approves(outcome)
    stands = original is not None and original.status == "approved"
    if approves and bound and not stands:
        return Answer(outcome, fields, because=because, own=own)
    if approves:
        fields |= _granted(desk, outcome, approval())
    desk.book(outcome, fields, original if approves and stands else None)
    return Answer(outcome, fields, because=because, own=own)


def _granted(desk: Desk, outcome: str, approval: str) -> dict[int, str]:
    """What an approval writes: its code, and with a partial one the amount (3.4)."""
    fields = {de.APPROVAL_CODE: approval} if approval else {}
    granted = desk.granted(outcome)
    if granted != desk.request.amount:
        fields[de.AMOUNT] = f"{granted:012d}"
    return fields


def check_merchant(desk: Desk) -> None:
    """7.1 steps 6 and 9."""
    request = desk.request
    mid, entry = request[de.MERCHANT_ID], partial(desk.dialect.entry, request)
    desk.world.check_merchant(mid, desk.terminal.record.mid, request.kind, entry)


def check_limits(desk: Desk) -> None:
    """7.1 step 11: an amount, within what this merchant may sell.

    Raises:
        Refusal: invalid_amount, fee_not_accepted, or what the broken limit says.
    """
    if not desk.request.amount:
        raise Refusal("invalid_amount", "the amount is zero")
    breach = desk.world.breach(desk.asked)
    if breach is None:
        return
    if breach.suspends:
        mid, suspended = desk.request[de.MERCHANT_ID], {"status": "suspended"}
        desk.world.change("merchant", mid, suspended)
        tell_change(desk.log, "", "merchant", mid, suspended)
    raise Refusal(breach.outcome, breach.because)


def check_card(desk: Desk) -> Card:
    """7.1 step 12: the card, its PIN and its cryptogram."""
    request = desk.request
    card = desk.world.check_card(desk.pan, request.expiry, f"{desk.local:%y%m}")
    desk.world.check_pin(card, desk.facts.pin)
    wrong = str(desk.dialect.options.get("wrong_cryptogram", "security_violation"))
    desk.world.check_cryptogram(card, desk.facts.arqc, wrong)
    return card


def check_stands(original: Entry | None, what: str) -> Entry:
    """7.3: the original, if it can still be referred to.

    Args:
        original: as it was found.
        what: what it should be, in words.

    Raises:
        Refusal: original_not_found, or invalid_transaction for what has ended otherwise.
    """
    if original is None:
        raise Refusal("original_not_found", f"no {what} with these references")
    if original.status == "reversed":
        raise Refusal("original_not_found", f"the {what} was reversed")
    if original.status in {"voided", "completed", "adjusted"}:
        raise Refusal("invalid_transaction", f"the {what} was {original.status} already")
    if original.status != "approved":
        raise Refusal("invalid_transaction", f"the {what} was not approved")
    return original
