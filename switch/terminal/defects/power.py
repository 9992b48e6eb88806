"""What a power cut takes away, or brings back."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect

POWER = (
    Defect(
        "forgets-sales-at-power-off", "W4",
        "the merchant cannot void a sale from before the power cut, nor find it in the batch",
        {"keeps_log_at_power_off": False},
    ),
    Defect(
        "reverses-while-it-prints", "W4",
        "the power goes while the slip is printed, and the paid sale is taken back",
        {"drops_reversal_at_once": False},
    ),
    Defect(
        "forgets-the-last-stan", "N2",
        "the first sale after a power cut has the number of the last one: a duplicate",
        {"keeps_stan_at_power_off": False},
    ),
    Defect(
        "stays-signed-on-while-signing-on", "S1",
        "a sign-on was cut off, the host has new keys, and every sale fails under the old ones",
        {"clears_flag_at_sign_on": False},
    ),
)  # fmt: skip
