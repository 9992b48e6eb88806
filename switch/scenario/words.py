"""The closed word lists of scenarios, each word with one sentence: what ``switch list`` prints.

Message classes, value names and outcomes are the dialect's; operators are in
``judge.operators``, faults in ``faults``. All other words a scenario may use are here.
"""

from __future__ import annotations

from switch.acquirer import keys
from switch.judge import always, invariants

Words = dict[str, str]

STIMULI: Words = {
    "sale": "start a sale",
    "qr_sale": "start a sale and scan the payment code of the card's holder",
    "void": "void the last approved sale",
    "balance": "ask for the balance of a card",
    "refund": "refund the last approved sale or completion, in part if an amount is named",
    "preauth": "start a pre-authorization",
    "preauth_increment": "have more set aside for the last open pre-authorization",
    "preauth_void": "void the last open pre-authorization",
    "completion": "complete the last open pre-authorization, by its whole amount if none is named",
    "completion_void": "void the last completion",
    "offline_sale": "make a sale without asking the host, to be uploaded later",
    "completion_advice": "complete the last authorization without asking the host",
    "adjust": "give the last sale another amount, uploaded later",
    "tip": "add a tip to the last sale, uploaded later",
    "settle": "settle the batch, or go on with a settlement that stopped",
    "sign_on": "sign on",
    "sign_off": "sign off",
    "echo": "send an echo test",
    "cancel": "press cancel",
    "power_off": "cut the power; what is not in lasting memory is lost",
    "power_on": "give power back",
    "print_fails": "the printer fails at the next receipt",
    "card_refuses": "the chip refuses the next approval, at its second GENERATE AC",
    "download": "download a table: the named one, or what the host has asked for",
    "status_upload": "send the state of the device",
    "next_transaction": "a sale of any amount with the default card",
}

TABLES: Words = {
    "parameters": "terminal parameters",
    "capk": "public keys of the card schemes",
    "aid": "parameters of the card applications",
    "blacklist": "cards that no terminal shall take",
}

UNLESS: Words = {
    "signed_on": "pass over it, and over the receive after it, if the host holds this "
    "terminal's keys",
}

CHECKS: Words = {
    "echoes_original": "every field that a reversal must take from its original (rule R4) is "
    "there and equal, and none that it must not carry (R5) is there; names the step of the "
    "original",
    "names_original": "batch, STAN, date, RRN and approval code by which a void, a completion or a "
    "refund names an older transaction are as that one and its response had them; names the step "
    "of the older one",
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
    "arqc": {
        "valid": "the cryptogram is the card's, over this amount",
        "wrong": "it is not",
        "absent": "the message has no cryptogram",
        "unchecked": "the host has no key of this card, or the message lacks what it covers",
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
    "adjusted": "booked, then replaced by an adjustment or a tip",
    "completed": "an authorization whose completion is booked: it holds nothing any more",
    "unknown": "the ledger has never heard of it",
}

OBSERVED: Words = {
    "display": "what the display shows",
    "receipt": "what was printed since the last stimulus",
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

# What a world step may change; the keys are those of the book.
WORLD: dict[str, Words] = {
    "merchant": {name: key.text for name, key in keys.merchant(keys.MESSAGE_CLASS).items()},
    "terminal": {name: key.text for name, key in keys.terminal().items()},
    "card": {name: key.text for name, key in keys.card().items()},
    "host": {name: key.text for name, key in keys.host(keys.MESSAGE_CLASS).items()},
}
FOR_A_TIME = "how long; afterwards it is as it was before"
STATUSES: dict[str, Words] = {
    "merchant": {
        "active": "in business",
        "suspended": "new financial messages are declined, sign-on is still answered",
        "frozen": "sales pass, refunds and voids are refused",
        "closed": "everything new is declined, sign-on as well",
        "blacklisted": "new financial messages are suspected fraud, sign-on is declined",
    },
    "terminal": {
        "active": "in use",
        "inactive": "new financial messages and sign-on are unknown_terminal; reversals, "
        "uploads and settlement are still taken",
        "closed": "taken out: everything is answered unknown_terminal",
    },
    "card": {
        "active": "in use",
        "inactive": "not activated yet",
        "frozen": "blocked by the issuer for now",
        "lost": "reported lost",
        "stolen": "reported stolen",
        "expired": "past its date",
        "closed": "the account is gone",
        "restricted": "not allowed here",
        "blacklisted": "on the list of fraudulent cards",
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

# Both are defined where they are judged; the first sentence says what must hold.
ALWAYS: Words = {name: one.text.split(".")[0] for name, one in always.ALWAYS.items()}
INVARIANTS: Words = {name: one.text for name, one in invariants.INVARIANTS.items()}

# What a profile's `can` and `entry` may name.
CAN: Words = {
    "sale": "sales",
    "qr": "QR sales: the payer shows a payment code",
    "void": "voids of a sale",
    "refund": "refunds",
    "balance": "balance inquiries",
    "preauth": "pre-authorizations, their voids and completions",
    "preauth_increment": "increments of a pre-authorization",
    "offline_sale": "sales that are uploaded later",
    "settlement": "settlement and batch upload",
    "sign_on": "sign-on",
    "sign_off": "sign-off",
    "echo": "echo tests",
    "chip": "chip cards of the book",
    "contactless": "contactless chip cards of the book",
    "manual": "card numbers typed in",
    "fallback": "swipes of a card whose chip cannot be read",
    "download": "downloads of parameters and tables, and the status upload",
    "print": "receipts, and a printer that can fail",
    "power_cycle": "a power cut, given by the driver",
}
ENTRY: Words = {
    "stripe": "magnetic stripe",
    "chip": "chip, contact",
    "contactless": "chip, contactless",
    "manual": "card number typed in",
}

ENTRY_OF_STIMULUS: Words = ENTRY | {
    "fallback": "magnetic stripe, because the chip could not be read",
    "qr": "QR code",
}

# Names with a meaning of their own, which no variable, axis, param or step may take.
RESERVED = frozenset({"terminal", *BARE_BOUNDS})
