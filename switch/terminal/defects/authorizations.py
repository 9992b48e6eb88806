"""Pre-authorizations, completions and refunds that go wrong."""

from __future__ import annotations

from switch import elements as de
from switch.terminal.defects.defect import Defect

OF_AUTHORIZATION = frozenset({"preauth_increment", "completion", "preauth_void", "completion_void"})

AUTHORIZATIONS = (
    Defect(
        "never-reverses-a-preauth", "R1",
        "money that nobody will ever claim stays blocked on the guest's card for weeks",
        {"never_reverses": frozenset({"preauth"})},
    ),
    Defect(
        "never-reverses-an-increment", "R1",
        "the guest's card is blocked for more than anybody has agreed on",
        {"never_reverses": frozenset({"preauth_increment"})},
    ),
    Defect(
        "never-reverses-a-completion", "R1",
        "the guest is debited for a stay that the hotel's books still show as open",
        {"never_reverses": frozenset({"completion"})},
    ),
    Defect(
        "never-reverses-a-preauth-void", "R1",
        "the hotel relies on a deposit that the bank has released",
        {"never_reverses": frozenset({"preauth_void"})},
    ),
    Defect(
        "never-reverses-a-completion-void", "R1",
        "the hotel believes that it is paid, and the bank has taken the money back",
        {"never_reverses": frozenset({"completion_void"})},
    ),
    Defect(
        "reverses-the-original", "R20",
        "a completion whose answer was lost stays, and the deposit before it is taken back instead",
        {"reversal_names_original": OF_AUTHORIZATION},
    ),
    Defect(
        "forgets-the-original-in-reversal", "R20",
        "the acquirer cannot see which void or completion a reversal belongs to",
        {"reversal_omits": frozenset({de.ORIGINAL})},
    ),
    Defect(
        "completes-without-approval-code", "U5",
        "the bank finds no authorization, and the hotel is not paid",
        {"completes_by_approval_code": False},
    ),
    Defect(
        "completes-by-todays-date", "U5",
        "whoever checks out on another day than he checked in cannot be charged",
        {"completes_by_todays_date": True},
    ),
    Defect(
        "completes-the-whole-deposit", "U5",
        "the guest pays the deposit instead of the bill",
        {"completes_whole_authorization": True},
    ),
    Defect(
        "completes-twice", "U5",
        "a second completion is sent for a bill that is paid: a careless bank debits again",
        {"completes_twice": True},
    ),
    Defect(
        "drops-a-deposit-that-was-declined", "U5",
        "one declined completion, and the hotel cannot claim the deposit that is still held",
        {"drops_authorization_when_declined": True},
    ),
    Defect(
        "forgets-the-deposit-of-a-voided-completion", "U5",
        "the deposit can be neither claimed nor released, and stays blocked",
        {"reopens_authorization": False},
    ),
    Defect(
        "increments-as-a-new-preauth", "2.4",
        "two deposits are held, the completion uses one, the other stays blocked",
        {"increments_anew": True},
    ),
    Defect(
        "reverses-an-unknown-refund", "T8",
        "the customer was told that the money is back, and it is taken away again",
        {"reverses_also": frozenset({"refund"})},
    ),
    Defect(
        "refunds-again-by-itself", "U4",
        "a refund whose answer was lost is paid twice",
        {"repeats_refund": True},
    ),
    Defect(
        "forgets-a-refund-in-doubt", "U4",
        "the operator presses refund once more, and the merchant pays twice",
        {"remembers_doubtful_refund": False},
    ),
    Defect(
        "counts-a-refused-refund", "D1",
        "a refund that the bank refused is booked as paid, and the customer never gets it",
        {"counts_refused_refund": True},
    ),
    Defect(
        "refunds-more-than-was-paid", "U4",
        "a typing error or a thief in the shop pays out money that never came in",
        {"limits_refunds": False},
    ),
)  # fmt: skip
