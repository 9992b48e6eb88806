"""The catalogue of defects: real mistakes of real terminals, each a changed habit.

An entry in :data:`DEFECTS` is all it takes to add one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch import elements as de
from switch.terminal.habits import COMPARED, SIGN_ON_AFTER, UNRESOLVED, Habits

BOTH = ("eager", "lazy")


@dataclass(frozen=True, slots=True)
class Defect:
    """One mistake.

    Attributes:
        name: what the terminal does, as ``--defect`` takes it.
        rule: the rule of protocol.md that it breaks.
        text: what a merchant or a cardholder suffers.
        changes: habit -> value.
        styles: the styles of terminal in which it shows on the wire.
    """

    name: str
    rule: str
    text: str
    changes: Mapping[str, Any]
    styles: tuple[str, ...] = BOTH

    @property
    def habits(self) -> Habits:
        """The behaviour with this mistake in it."""
        return Habits(**self.changes)


def _all(*defects: Defect) -> dict[str, Defect]:
    return {defect.name: defect for defect in defects}


DEFECTS: dict[str, Defect] = _all(
    # ---- no reversal where one is due ----
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
    # ---- a reversal, or worse, where none is due ----
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
        {"reverses_balance": True},
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
        {"retries_after": frozenset({"invalid_merchant"})},
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
    # ---- replies that are not checked ----
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
    # ---- sign-on, keys, numbers ----
    Defect(
        "trades-without-sign-on", "S1",
        "every sale fails until somebody thinks of signing on by hand",
        {"signs_on_first": False},
    ),
    Defect(
        "no-sign-on-after-a0", "S5",
        "one change of keys at the host, and the terminal declines everything for the day",
        {"sign_on_after": SIGN_ON_AFTER - {"mac_error"}, "signs_on_after_bad_mac": False},
    ),
    Defect(
        "ignores-sign-on-request", "H1",
        "the host asks for a sign-on in the header, and the terminal trades on with old keys",
        {"obeys_requirement": False},
    ),
    Defect(
        "signs-on-in-a-loop", "S4",
        "a closed merchant's terminal floods the host with sign-ons",
        {"repeats_refused_sign_on": 10, "sign_on_after": SIGN_ON_AFTER | {"invalid_merchant"}},
    ),
    Defect(
        "accepts-wrong-kcv", "S3",
        "the terminal trades under garbled keys, and every PIN comes out wrong",
        {"checks_kcv": False},
    ),
    Defect(
        "signs-with-old-keys", "S7",
        "after the daily sign-on nothing is accepted any more",
        {"takes_new_keys": False},
    ),
    Defect(
        "lower-case-mac", "4.6",
        "no host but the developer's own accepts a single message",
        {"lower_case_mac": True},
    ),
    Defect(
        "keeps-its-own-batch", "S2",
        "terminal and host settle different batches, and the totals never agree",
        {"takes_batch": False},
    ),
    Defect(
        "reuses-a-stan", "N1",
        "after a failed sale the next one has its number, and the host takes it for a duplicate",
        {"stan_waits_for_approval": True},
    ),
)  # fmt: skip
