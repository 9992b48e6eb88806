"""A reversal, or worse, where none is due."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect

NEEDLESS = (
    Defect(
        "reverses-a-decline", "R15",
        "every decline costs a second message, and a host may answer it by taking money back",
        {"reverses_declines": True},
    ),
    Defect(
        "reverses-unsent", "T3",
        "reversals of sales that never left the shop hold up the queue when the line is back",
        {"reverses_unsent": True},
    ),
    Defect(
        "reverses-unknown-balance", "T8",
        "a balance inquiry moves no money; its reversal blocks the terminal for nothing",
        {"reverses_also": frozenset({"balance"})},
    ),
    Defect(
        "reverses-when-printer-fails", "R16",
        "paper ran out, and the merchant loses an approved sale",
        {"reverses_printer_faults": True},
    ),
    Defect(
        "reverses-too-early", "T1",
        "sales that the host was about to approve are reversed while the customer waits",
        {"patience": 25},
    ),
    Defect(
        "waits-too-long", "T1",
        "the customer stands at the counter for ten minutes, debited and without a slip",
        {"patience": 1000},
    ),
    Defect(
        "resends-the-sale", "T7",
        "the same sale is sent again instead of reversed: the cardholder may pay twice",
        {"resends": True},
    ),
    Defect(
        "retries-invalid-merchant", "D2",
        "a suspended merchant's terminal keeps trying and looks like an attack to the acquirer",
        {"repeats_sale_after": {"invalid_merchant": 100}},
    ),
    Defect(
        "sale-before-reversal", "P4",
        "new money is taken while the last customer's is still in doubt",
        {"reverses_first": False}, styles=("lazy",),
    ),
    Defect(
        "voids-twice", "U3",
        "the cardholder gets the money back a second time",
        {"voids_twice": True},
    ),
    Defect(
        "gives-up-seconds-early", "T1",
        "a slow host answers in time, and the approved sale is taken back all the same",
        {"patience": 95},
    ),
    Defect(
        "retries-after-a0", "S5",
        "the sale goes out again by itself: the operator, who pays cash by now, is not asked",
        {"repeats_sale_after": {"mac_error": 100}},
    ),
)  # fmt: skip
