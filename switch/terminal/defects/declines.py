"""What is wrongly made of a decline."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect
from switch.terminal.habits import SIGN_ON_AFTER

LATER = frozenset(
    {"system_error", "cut_over", "issuer_inoperative", "issuer_unreachable", "issuer_timeout"}
)

DECLINES = (
    # ---- it tries again ----
    Defect(
        "lowers-the-amount", "D6",
        "over the limit, the till sells in pieces that nobody has asked for",
        {"repeats_sale_after": {"amount_limit": 50}},
    ),
    Defect(
        "retries-over-the-count-limit", "D6",
        "each try counts: the terminal drives its merchant into a suspension",
        {"repeats_sale_after": {"count_limit": 100}},
    ),
    Defect(
        "adds-the-fee", "V4",
        "the host refuses the merchant's fee, and the cardholder is charged it on top",
        {"repeats_sale_after": {"fee_not_accepted": 106}},
    ),
    Defect(
        "retries-in-progress", "D7",
        "the first sale is still under way, and the cardholder pays twice",
        {"repeats_sale_after": {"in_progress": 100}},
    ),
    Defect(
        "repeats-a-malformed-sale", "D2",
        "old software sends the same unreadable message again and again",
        {"repeats_sale_after": {"format_error": 100, "terminal_not_permitted": 100}},
    ),
    Defect(
        "signs-on-after-97", "D2",
        "a terminal out of service knocks at every sale, and no key puts it back into service",
        {"sign_on_after": SIGN_ON_AFTER | {"unknown_terminal"}},
    ),
    # ---- it gives up too much ----
    Defect(
        "locks-after-03", "D2",
        "the suspension is lifted at noon, and the till stays closed until somebody signs on",
        {"locks_after": frozenset({"invalid_merchant"})},
    ),
    Defect(
        "locks-after-three-refusals", "D2",
        "three customers are refused, and the fourth finds the till closed",
        {"locks_after": frozenset({"invalid_merchant"}), "locks_after_times": 3},
    ),
    Defect(
        "rests-after-maintenance", "D7",
        "sales are under maintenance, and the till refuses voids and balances for a minute too",
        {"rests_after": LATER},
    ),
    Defect(
        "forgets-sales-after-03", "D1",
        "one decline wipes the log: the day's sales can be neither voided nor settled",
        {"clears_log_after": frozenset({"invalid_merchant"})},
    ),
    Defect(
        "voided-although-refused", "U3",
        "the void was refused, the slip says voided: the customer waits for the money for ever",
        {"marks_refused_voids": True},
    ),
    # ---- it takes it for something else ----
    Defect(
        "reverses-an-invalid-transaction", "R15",
        "the host has refused, and the reversal of what never was blocks the next customer",
        {"doubts": frozenset({"invalid_transaction"})},
    ),
    Defect(
        "reverses-a-format-error", "R15",
        "every message of an old software is refused, and each refusal costs a second message",
        {"doubts": frozenset({"format_error"})},
    ),
    Defect(
        "approves-every-a-code", "D9",
        "the payee's account is wrong (A3), the slip says approved, and nobody is paid",
        {"approves_also": frozenset({"wrong_account", "A7"})},
    ),
    Defect(
        "believes-the-remark", "D11",
        "a remark in the answer decides: refused sales are handed out as paid",
        {"reads_remarks": True},
    ),
    Defect(
        "takes-a-blank-payee-for-right", "V10",
        "a registry with holes pays somebody, the slip does not say whom",
        {"compares_blanks": False},
    ),
)  # fmt: skip
