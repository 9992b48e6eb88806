"""Batches that are counted, uploaded or closed wrongly."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect

SETTLEMENT = (
    Defect(
        "leaves-voided-sales-out", "B3",
        "the totals differ every time something was voided, and every such day is uploaded in vain",
        {"counts_voided": False},
    ),
    Defect(
        "takes-foreign-cards-for-local-ones", "B2",
        "sales in foreign currency are settled as local ones: both totals differ, every day",
        {"knows_foreign_cards": False},
    ),
    Defect(
        "uploads-one-block-only", "B8",
        "nine sales and more in a day, and all but eight of them are taken back",
        {"uploads_one_block": True},
    ),
    Defect(
        "leaves-refunds-and-advices-out", "B6",
        "every disputed day the acquirer undoes a refund that the cardholder was promised",
        {"sends_notices": False},
    ),
    Defect(
        "counts-declined-sales", "B4",
        "the merchant's slip promises money that no bank has approved",
        {"counts_also": frozenset({"declined"})},
    ),
    Defect(
        "counts-reversed-sales", "B4",
        "the merchant counts sales that were reversed, and waits for money that will not come",
        {"counts_also": frozenset({"unknown"})},
    ),
    Defect(
        "settles-before-reversal", "B1",
        "a sale in doubt is neither in the batch nor reversed when the books are closed",
        {"reverses_before_settlement": False}, styles=("lazy",),
    ),
    Defect(
        "wants-a-code-in-the-settlement-response", "B12",
        "the 0510 has no DE 39, so no day is ever settled",
        {"settlement_needs_code": True},
    ),
    Defect(
        "clears-the-batch-when-the-host-cannot-compare", "B7",
        "the host could not compare, and the terminal has thrown away the only proof of its sales",
        {"settled_by": frozenset("123")},
    ),
    Defect(
        "uploads-nothing", "B6",
        "the totals differ, and the acquirer never learns which sale is missing",
        {"upload": "never"},
    ),
    Defect(
        "uploads-a-balanced-batch", "B5",
        "every evening the line is busy with details that nobody asked for",
        {"upload": "always"},
    ),
    Defect(
        "ends-every-batch-as-balanced", "B6",
        "the acquirer believes that the totals agreed and looks at no detail",
        {"ends_as_balanced": True},
    ),
    Defect(
        "one-stan-for-the-whole-upload", "B8",
        "the second block looks like a repeat of the first: its sales are taken back",
        {"one_stan_for_all": True},
    ),
    Defect(
        "counts-messages-in-the-end", "B8",
        "the acquirer cannot tell a complete upload from one that lost a part",
        {"ends_with_messages": True},
    ),
    Defect(
        "skips-a-lost-block", "B9",
        "one lost block, and eight sales are missing from the acquirer's books",
        {"skips_lost_block": True},
    ),
    Defect(
        "takes-a-refused-block-for-accepted", "B9",
        "a busy host has refused the details, and the sales in them are taken back",
        {"takes_refused_block": True},
    ),
    Defect(
        "never-stops-uploading", "B9",
        "the shop cannot close: the terminal sends the same block all night",
        {"upload_attempts": 99},
    ),
    Defect(
        "sells-before-the-batch-is-closed", "B11",
        "a sale falls between two batches, and one of the totals will be wrong",
        {"settles_first": False},
    ),
    Defect(
        "forgets-the-settlement-at-power-off", "W5",
        "the batch was compared and never closed: the next day's sales land in it",
        {"keeps_settling_at_power_off": False},
    ),
    Defect(
        "keeps-the-batch-number", "B10",
        "tomorrow's sales are booked into the batch that was closed today",
        {"next_batch": False},
    ),
    Defect(
        "keeps-the-settled-log", "B10",
        "today's sales are counted once more tomorrow",
        {"clears_log": False},
    ),
)  # fmt: skip
