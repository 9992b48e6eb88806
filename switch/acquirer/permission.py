"""May this merchant do this? Protocol 7.1, steps 6, 9 and 11."""

from __future__ import annotations

from collections.abc import Callable

from switch.acquirer.parties import NO_ACCOUNT, Merchant
from switch.errors import Refusal

# 7.1: a merchant whose funds are frozen may sell; what pays out answers 57.
FROZEN_REFUSES = frozenset({"void", "refund", "completion_void"})


def check_owner(merchant: Merchant | None, mid: str, owner: str) -> Merchant:
    """The merchant, if it is known and the terminal is its own.

    Args:
        merchant: as the node knows it; None if it does not.
        mid: DE 42.
        owner: MID that the terminal belongs to; empty for a terminal that nobody owns.

    Raises:
        Refusal: invalid_merchant.
    """
    if merchant is None:
        raise Refusal("invalid_merchant", f"merchant {mid} is not in the book")
    if owner and mid != owner:
        raise Refusal("invalid_merchant", f"this terminal belongs to merchant {owner}")
    return merchant


def check_sign_on(merchant: Merchant) -> None:
    """A merchant that is gone for good does not sign on either; a suspended one does.

    Raises:
        Refusal: invalid_merchant.
    """
    if merchant.status in {"closed", "blacklisted"}:
        raise Refusal("invalid_merchant", f"merchant {merchant.id} is {merchant.status}")


def check_status(merchant: Merchant, kind: str) -> None:
    """Whether its status lets it do new business of class ``kind``.

    Raises:
        Refusal: invalid_merchant, suspected_fraud, not_permitted_to_card.
    """
    if merchant.status in {"suspended", "closed"}:
        raise Refusal("invalid_merchant", f"merchant {merchant.id} is {merchant.status}")
    if merchant.status == "blacklisted":  # row 42: 03 or 59; 03 is what its sign-on gets
        raise Refusal("suspected_fraud", f"merchant {merchant.id} is blacklisted")
    if merchant.status == "frozen" and kind in FROZEN_REFUSES:
        raise Refusal("not_permitted_to_card", f"the funds of merchant {merchant.id} are frozen")


def check_kind(merchant: Merchant, kind: str, entry: Callable[[], str]) -> None:
    """Step 9: whether it may send this class, and take a card this way (rows 34 and 39).

    Args:
        merchant: as this node knows it.
        kind: message class.
        entry: says how the card was taken; empty if the request does not say.

    Raises:
        Refusal: function_not_supported, terminal_not_permitted, fallback_not_allowed.
    """
    if merchant.permits and kind not in merchant.permits:
        text = f"merchant {merchant.id} has no contract for {kind}"
        raise Refusal("function_not_supported", text)
    taken = entry() if merchant.entry else ""
    if taken and taken not in merchant.entry:
        text = f"merchant {merchant.id} may not take cards by {taken}"
        fallback = taken == "fallback"
        raise Refusal("fallback_not_allowed" if fallback else "terminal_not_permitted", text)


def check_fee(merchant: Merchant, tariff: int | None) -> None:
    """Whether the agreed fee is that of its category, hundredths of a percent (row 18).

    Raises:
        Refusal: fee_not_accepted.
    """
    if None not in (merchant.fee, tariff) and merchant.fee != tariff:
        text = f"the fee of merchant {merchant.id} is {merchant.fee}, of its category {tariff}"
        raise Refusal("fee_not_accepted", text)


def check_payee(merchant: Merchant, registered: Merchant) -> None:
    """Whether there is an account to pay to, and it is this merchant's (rows 51 and 61).

    Args:
        merchant: as this node knows it.
        registered: as the registry has it.

    Raises:
        Refusal: invalid_merchant, wrong_account.
    """
    if merchant.account == NO_ACCOUNT:
        raise Refusal("invalid_merchant", f"merchant {merchant.id} has no settlement account")
    if merchant.account != registered.account:
        raise Refusal("wrong_account", "this node still has the old settlement account")
    if merchant.payee and merchant.payee != merchant.name:
        text = f"the settlement account is {merchant.payee}'s, not {merchant.name}'s"
        raise Refusal("wrong_account", text)
