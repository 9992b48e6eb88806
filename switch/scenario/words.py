"""The closed word lists of scenarios, each word with one sentence: what ``switch list`` prints.

Message classes, value names and outcomes are the dialect's; operators are in
``judge.operators``, faults in ``faults``. All other words a scenario may use stand here.
"""

from __future__ import annotations

from dataclasses import dataclass

Words = dict[str, str]

STIMULI: Words = {
    "sale": "start a sale",
    "void": "void the last approved sale",
    "balance": "ask for the balance of a card",
    "sign_on": "sign on",
    "sign_off": "sign off",
    "echo": "send an echo test",
    "cancel": "press cancel",
    "power_off": "cut the power; what is not in lasting memory is lost",
    "power_on": "give power back",
    "print_fails": "the printer fails at the next receipt",
    "next_transaction": "a sale of any amount with the default card",
}

UNLESS: Words = {
    "signed_on": "pass over it, and over the receive after it, if the host holds this "
    "terminal's keys",
}

CHECKS: Words = {
    "echoes_original": "every field that a reversal must take from its original (rule R4) is "
    "there and equal, and none that it must not carry (R5) is there; names the step of the "
    "original",
}

# Facts are not in the message: the host, which has the keys, writes them at receipt.
FACTS: dict[str, Words] = {
    "mac": {
        "valid": "the MAC verifies under the key in force",
        "wrong": "the MAC does not verify",
        "absent": "the class carries a MAC and this message has none",
        "not_required": "the class carries no MAC",
        "no_key": "the host holds no key to verify it with",
    },
    "pin": {
        "valid": "the PIN block decrypts to a PIN",
        "wrong": "the PIN is not the card's",
        "absent": "the message has no PIN block",
        "unchecked": "the host has no key, or no card, to check it with",
        "malformed": "the PIN block does not decrypt to a PIN",
    },
    "format": {
        "ok": "every mandatory field is there and none that must not be",
        "findings": "a mandatory field is missing, or one is there that must not be",
    },
}

EVENTS: Words = {
    "received": "the message of the step arrived",
    "replied": "the whole reply left on a connection that both sides hold",
    "sent": "the whole message of a send step left",
    "held": "the reply of the step began to wait for its release",
    "undelivered": "the reply could not be delivered",
    "missed": "the step ended without its message",
}
BARE_BOUNDS: Words = {
    "start": "the first event of the case",
    "end": "the last step and the time that lingers after it",
}

LEDGER: Words = {
    "approved": "booked, and neither reversed nor voided",
    "declined": "decided with a no; no money moved",
    "reversed": "booked, then taken back by a reversal",
    "voided": "booked, then taken back by a void",
    "unknown": "the ledger has never heard of it",
}

CONNECTION: Words = {
    "close": "close the connection in order",
    "reset": "cut it off with a reset",
    "half_close": "close the host's direction only",
    "stall": "stop writing, until resumed",
    "resume": "write again what was stalled",
    "refuse_next": "refuse the next attempt to connect",
    "accept_then_close": "accept the next connection and close it at once",
}
REFUSE = "refuse every attempt to connect for a time: {refuse: {for: 30s}}"

WORLD: dict[str, Words] = {
    "merchant": {
        "status": "what the acquirer holds of the merchant",
        "name": "its name",
    },
    "card": {
        "status": "what the issuer holds of the card",
        "balance": "money on the account, minor units",
        "pin": "the PIN, 4 to 12 digits",
        "expiry": "when the card ends, YYMM",
    },
}
STATUSES: dict[str, Words] = {
    "merchant": {
        "active": "in business",
        "suspended": "new financial messages are declined, sign-on is still answered",
        "frozen": "sales pass, refunds and voids are refused",
        "closed": "everything new is declined, sign-on as well",
    },
    "card": {
        "active": "in use",
        "frozen": "blocked by the issuer for now",
        "lost": "reported lost",
        "stolen": "reported stolen",
        "expired": "past its date",
        "closed": "the account is gone",
        "restricted": "not allowed here",
        "pin_tries_exceeded": "the PIN is blocked",
    },
}

CLOCKS: Words = {
    "any": "runs under every clock",
    "virtual": "time is simulated, waiting costs nothing",
    "real": "time passes, as for a device",
}

BARE_REPLIES: Words = {
    "none": "decided and booked, never said",
    "unheard": "neither decided nor booked nor said",
}

UNEXPECTED: Words = {
    "fail": "a finding; the acquirer answers and the script goes on",
    "answer": "no finding; the acquirer answers",
    "ignore": "no finding and no answer",
}

ALWAYS: Words = {
    "mac_valid": "every message of a class with a MAC verifies under the key in force when it "
    "was sent",
    "stan_increments": "messages with their own STAN count up, modulo 999999, none is used "
    "twice in a batch",
    "fields_well_formed": "each message has the fields of its class and none it must not have",
    "one_outstanding": "no message is sent while another awaits its reply within the timer",
    "no_secret_in_reversal": "a reversal carries no track, no PIN and no expiry of its own",
    "reversal_before_next_sale": "while a reversal is pending no new transaction is sent",
}


@dataclass(frozen=True, slots=True)
class Invariant:
    """One line of section 7.6: ``settlement`` tells that it needs the terminal's totals."""

    text: str
    settlement: bool


INVARIANTS: dict[str, Invariant] = {
    "counted_or_reversed": Invariant(
        "every approved transaction that counts is in the terminal's total or reversed, never "
        "both; a void counts together with its sale",
        settlement=True,
    ),
    "no_lost_money": Invariant(
        "no transaction is in the terminal's total and reversed at the host", settlement=True
    ),
    "no_silent_debit": Invariant(
        "no approved transaction is neither in the total nor reversed, unless the reversal "
        "attempts are exhausted",
        settlement=True,
    ),
    "net_equal": Invariant("the host's net amount is the terminal's net amount", settlement=True),
    "right_payee": Invariant(
        "every booked transaction was paid to the account registered for the merchant then",
        settlement=False,
    ),
    "no_secret_in_log": Invariant("no key and no PIN appears in the log", settlement=False),
}

# What a profile's `can` and `entry` may name.
CAN: Words = {
    "sale": "sales",
    "void": "voids of a sale",
    "refund": "refunds",
    "balance": "balance inquiries",
    "preauth": "pre-authorizations, their voids and completions",
    "offline_sale": "sales that are uploaded later",
    "settlement": "settlement and batch upload",
    "sign_on": "sign-on",
    "sign_off": "sign-off",
    "echo": "echo tests",
    "print": "receipts, and a printer that can fail",
    "power_cycle": "a power cut, given by the driver",
}
ENTRY: Words = {
    "stripe": "magnetic stripe",
    "chip": "chip, contact",
    "contactless": "chip, contactless",
    "manual": "card number typed in",
}

# Names with a meaning of their own, which no variable, axis, param or step may take.
RESERVED = frozenset({"terminal", *BARE_BOUNDS})

# Keys and verbs of the format that this version does not read yet.
LATER = frozenset(
    {"any_order", "choice", "repeat", "observe", "send", "host", "terminal", "chance"}
)
