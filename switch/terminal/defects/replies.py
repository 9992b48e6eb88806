"""Replies that are not checked."""

from __future__ import annotations

from switch import elements as de
from switch.terminal.defects.defect import Defect
from switch.terminal.habits import COMPARED

REPLIES = (
    Defect(
        "ignores-wrong-transaction", "V3",
        "the answer to another transaction type is printed as an approved sale",
        {"compares": COMPARED - {de.PROCESSING_CODE}},
    ),
    Defect(
        "ignores-wrong-amount", "V4",
        "the slip says one amount, the account another",
        {"compares": COMPARED - {de.AMOUNT}},
    ),
    Defect(
        "ignores-wrong-stan", "V3",
        "somebody else's approval is printed for this customer",
        {"compares": COMPARED - {de.STAN}},
    ),
    Defect(
        "ignores-wrong-terminal", "V3",
        "the approval of the till next door is printed here",
        {"compares": COMPARED - {de.TERMINAL_ID}},
    ),
    Defect(
        "ignores-wrong-merchant", "V10",
        "the customer's money goes to another merchant, and the slip says approved",
        {"compares": COMPARED - {de.MERCHANT_ID}},
    ),
    Defect(
        "ignores-wrong-mti", "V2",
        "a message that answers nothing is printed as an approved sale",
        {"checks_mti": False},
    ),
    Defect(
        "takes-an-unasked-approval", "T6",
        "a sale that nobody made is in the till, and is settled with the others",
        {"believes_unasked": True},
    ),
    Defect(
        "approves-without-a-code", "V7",
        "a reply that says neither yes nor no is printed as an approved sale",
        {"needs_code": False},
    ),
    Defect(
        "ignores-the-mac", "V6",
        "whoever holds the line can approve sales that no bank has seen",
        {"verifies_mac": False},
    ),
    Defect(
        "ignores-reply-without-mac", "X6",
        "whoever leaves the MAC out can approve sales that no bank has seen",
        {"accepts_unsigned": True},
    ),
    Defect(
        "keeps-full-amount-of-partial-approval", "D10",
        "the merchant hands out goods that the card has only paid in part",
        {"takes_reply_amount": False},
    ),
)  # fmt: skip
