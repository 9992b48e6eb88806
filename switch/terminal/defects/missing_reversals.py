"""No reversal where one is due: the cardholder stays debited."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect
from switch.terminal.habits import UNRESOLVED

MISSING_REVERSALS = (
    Defect(
        "never-reverses", "T2",
        "the cardholder is debited for a sale that the merchant does not have",
        {"reverses": False},
    ),
    Defect(
        "no-reversal-after-lost-connection", "T4",
        "a broken line is taken for a sale that never happened: debited, nothing delivered",
        {"reverses_after": UNRESOLVED - {"lost", "partial"}},
    ),
    Defect(
        "no-reversal-after-mismatch", "V3",
        "an unusable approval is thrown away, and the money stays debited",
        {"reverses_after": UNRESOLVED - {"mismatch", "unusable"}},
    ),
    Defect(
        "no-reversal-after-bad-mac", "V6",
        "an approval with a wrong MAC is thrown away, and the money stays debited",
        {"reverses_after": UNRESOLVED - {"bad_mac"}},
    ),
    Defect(
        "cancel-drops-reversal", "T10",
        "the operator cancels a slow sale, and the cardholder pays for nothing",
        {"reverses_after": UNRESOLVED - {"cancelled"}},
    ),
    Defect(
        "forgets-reversal-at-power-off", "R14",
        "pulling the plug during a sale leaves the cardholder debited",
        {"keeps_reversal_at_power_off": False},
    ),
    Defect(
        "forgets-reversal-at-sign-on", "R14",
        "a sign-on between sale and reversal leaves the cardholder debited",
        {"keeps_reversal_at_sign_on": False},
    ),
    Defect(
        "accepts-late-approval", "T6",
        "a late approval is printed although the sale was given up: sold twice, or not at all",
        {"accepts_late": True}, styles=("lazy",),
    ),
    Defect(
        "no-reversal-after-half-an-answer", "T5",
        "half an answer is thrown away like none, and the money stays debited",
        {"reverses_after": UNRESOLVED - {"partial"}},
    ),
    Defect(
        "waits-for-the-rest", "T5",
        "half an answer came, and the till hangs until somebody pulls the plug",
        {"patience_for_the_rest": 900},
    ),
    Defect(
        "forgets-reversal-without-a-line", "R9",
        "three dialling tones use up the attempts, and the cardholder stays debited",
        {"counts_failed_connects": True},
    ),
)  # fmt: skip
