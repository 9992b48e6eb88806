"""Chip cards: what card and issuer say to each other, and does not reach the other side."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect
from switch.terminal.habits import UNRESOLVED

CHIP = (
    Defect(
        "ignores-card-refusal", "R17",
        "the slip says approved, and the issuer need not pay: the card has refused the sale",
        {"heeds_card": False},
    ),
    Defect(
        "no-reversal-after-card-refusal", "R17",
        "the card refuses, the customer leaves without the goods, and the money stays debited",
        {"reverses_after": UNRESOLVED - {"card_refused"}},
    ),
    Defect(
        "skips-issuer-authentication", "R17",
        "whoever holds the line approves chip sales: the card is never asked about the issuer",
        {"authenticates_issuer": False},
    ),
    Defect(
        "full-chip-data-in-reversal", "R6",
        "hosts that know the reduced DE 55 refuse the reversal, and the debit stays",
        {"reverses_with_all_tags": True},
    ),
    Defect(
        "hides-why-the-card-refused", "R6",
        "the issuer cannot tell a card that found the answer forged from a line that broke",
        {"tells_refusal": False},
    ),
    Defect(
        "fixed-unpredictable-number", "2.8",
        "cryptograms can be collected from the card beforehand and played to this terminal",
        {"draws_unpredictable_number": False},
    ),
    Defect(
        "cryptogram-over-no-amount", "4.7",
        "the card agreed to nothing, and the issuer declines every chip sale",
        {"cryptogram_covers_amount": False},
    ),
    Defect(
        "never-reports-scripts", "I2",
        "the issuer sends its command to the card again and again, and blocks the card at last",
        {"reports_scripts": False},
    ),
    Defect(
        "reports-script-late", "P3",
        "a blocked card buys once more before its issuer learns that the block took effect",
        {"reports_script_first": False}, styles=("lazy",),
    ),
    Defect(
        "reverses-before-script-report", "P5",
        "the issuer hears that the sale is off, and not that its command ran: it blocks the card",
        {"reports_before_reversal": False},
    ),
    Defect(
        "reports-script-under-old-number", "I2",
        "the host takes the report for the sale sent twice, and the result is lost",
        {"script_stan_is_new": False},
    ),
    Defect(
        "reports-only-scripts-that-ran", "I2",
        "a command that the card refused looks as if it had never been delivered",
        {"reports_failed_scripts": False},
    ),
    Defect(
        "reverses-after-failed-script", "I4",
        "an approved and accepted sale is taken back because of a housekeeping command",
        {"reverses_failed_scripts": True},
    ),
    Defect(
        "never-stops-reporting-scripts", "I3",
        "the till is blocked for minutes by a report that no customer waits for",
        {"script_attempts": 20},
    ),
    Defect(
        "forgets-script-at-power-off", "W6",
        "the issuer never hears that its command took effect, and sends it again",
        {"keeps_script_at_power_off": False},
    ),
    Defect(
        "swipes-a-declined-chip", "D6",
        "a card that the issuer has declined is tried again as a stripe, past every chip check",
        {"swipes_declined_chip": True},
    ),
    Defect(
        "uploads-no-chip-details", "B5",
        "the issuer never gets the certificates that prove the chip sales, and may dispute all",
        {"uploads_chips": frozenset()},
    ),
    Defect(
        "keeps-refused-chips-to-itself", "4.9",
        "nobody learns that cards refuse this acquirer's approvals, and the fault stays for months",
        {"uploads_chips": frozenset({"batch_ic"})},
    ),
    Defect(
        "uploads-chips-as-balanced", "B6",
        "the acquirer files the certificates of a disputed batch under the wrong one",
        {"uploads_chips_as_balanced": True},
    ),
    Defect(
        "uploads-offline-chip-without-certificate", "2.8",
        "the goods are gone, and nothing proves that the card has agreed to pay",
        {"certifies_offline": False},
    ),
    Defect(
        "passes-typed-cards-for-swiped", "2.3",
        "a card number that somebody typed in looks like a card that was there",
        {"labels_typed_cards": False},
    ),
    Defect(
        "hides-fallback", "2.3",
        "a swiped chip card looks like a stripe card, and the merchant bears the fraud",
        {"tells_fallback": False},
    ),
)  # fmt: skip
