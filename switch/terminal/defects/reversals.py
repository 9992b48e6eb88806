"""Reversals with wrong contents, and reversals that go on wrongly."""

from __future__ import annotations

from switch import elements as de
from switch.terminal.defects.defect import Defect

REVERSALS = (
    # ---- wrong contents of a reversal ----
    Defect(
        "new-stan-in-reversal", "R4",
        "the host finds no original under the new number, and the debit stays",
        {"reversal_stan_is_new": True},
    ),
    Defect(
        "changes-amount-in-reversal", "R4",
        "the host finds no original of this amount, and the debit stays",
        {"reversal_amount_is_zero": True},
    ),
    Defect(
        "strips-the-reversal", "R4",
        "the host cannot match a reversal without entry mode and currency, and the debit stays",
        {"reversal_omits": frozenset({de.ENTRY_MODE, de.CURRENCY})},
    ),
    Defect(
        "wrong-reason", "R3",
        "the acquirer cannot tell a dead line from a forged reply when it looks for the cause",
        {"constant_reason": "other"},
    ),
    Defect(
        "pin-in-reversal", "R5",
        "the PIN block of the cardholder travels and is stored once more, for nothing",
        {"reversal_adds": frozenset({de.PIN_CAPTURE, de.PIN_BLOCK, de.SECURITY_CONTROL})},
    ),
    Defect(
        "track-in-reversal", "R5",
        "the track was kept after the sale: one stolen terminal and its cards are copied",
        {"reversal_adds": frozenset({de.TRACK_2})},
    ),
    Defect(
        "repeats-as-0401", "R8",
        "hosts that know no 0401 stay silent, and the second reversal is never booked",
        {"repeat_mti": "0401"},
    ),
    # ---- how a reversal goes on ----
    Defect(
        "gives-up-after-one-try", "R9",
        "one lost reversal, and the cardholder stays debited",
        {"reversal_attempts": 1},
    ),
    Defect(
        "never-stops-reversing", "R9",
        "the till is blocked for hours behind a reversal that nobody will ever answer",
        {"reversal_attempts": 99},
    ),
    Defect(
        "reverses-after-acknowledged", "R10",
        "the reversal is sent again after its acknowledgement, and may hit the next sale",
        {"reverses_once_more": True},
    ),
    Defect(
        "repeats-after-not-found", "R10",
        "the host says there is nothing to reverse, and the terminal blocks the till asking on",
        {"reversal_done": frozenset({"00"})},
    ),
    Defect(
        "ends-on-any-reversal-response", "R11",
        "a host in maintenance answers 96, the terminal forgets the debit",
        {"ends_on_any_reply": True},
    ),
    Defect(
        "repeats-after-invalid", "R10",
        "the host calls the original invalid, and the terminal blocks the till asking on",
        {"reversal_done": frozenset({"00", "25"})},
    ),
    Defect(
        "reverses-the-sale-instead-of-the-void", "R20",
        "the answer to a void was lost, and the merchant loses the sale instead",
        {"reversal_names_original": frozenset({"void"})},
    ),
)  # fmt: skip
