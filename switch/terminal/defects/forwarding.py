"""Stored transactions that are lost, sent twice, or counted although they were refused."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect

FORWARDING = (
    Defect(
        "settles-before-upload", "B1",
        "the books are compared while sales are still in the terminal: the totals never agree",
        {"forwards_before_settlement": False},
    ),
    Defect(
        "forgets-stored-sales-at-power-off", "W6",
        "the goods are gone, and the plug takes the merchant's money with it",
        {"keeps_queue_at_power_off": False},
    ),
    Defect(
        "takes-duplicate-for-a-refusal", "O2",
        "the host has the sale, the merchant's books have not: it is counted nowhere",
        {"forward_done": frozenset()},
    ),
    Defect(
        "uploads-a-refused-sale-again", "O3",
        "the host has said no, and the terminal keeps asking",
        {"resends_refused": True},
    ),
    Defect(
        "counts-refused-uploads", "O3",
        "the slip of the day promises money for sales that the acquirer has refused",
        {"counts_refused": True},
    ),
    Defect(
        "uploads-once", "O4",
        "one lost answer, and the sale is left to somebody with paper and a pencil",
        {"forward_attempts": 1},
    ),
    Defect(
        "never-stops-uploading-a-sale", "O4",
        "the till cannot settle: one sale that nobody answers is sent all night",
        {"forward_attempts": 99},
    ),
    Defect(
        "new-stan-for-a-repeated-upload", "O4",
        "the answer was lost, the repeat looks like a second sale: the cardholder pays twice",
        {"forward_stan_is_new": True},
    ),
    Defect(
        "reverses-an-upload", "O6",
        "the goods are gone, and the terminal itself takes the payment back",
        {"reverses_stored": True},
    ),
    Defect(
        "believes-any-answer-to-an-upload", "O7",
        "whoever holds the line can make stored sales disappear",
        {"believes_any_upload_reply": True},
    ),
    Defect(
        "counts-the-adjusted-sale-too", "B2",
        "dinner is counted twice, once with the tip and once without",
        {"drops_adjusted": False},
    ),
    Defect(
        "voids-an-adjusted-sale", "U1",
        "the void gives back an amount that nobody has paid any more",
        {"voids_adjusted": True},
    ),
)  # fmt: skip
