"""The sentences that say what a finding means to a merchant or a cardholder."""

from __future__ import annotations

# "kind class fact" -> sentence, and the rules it belongs to. Kinds are those of findings, with
# "came" for a message that must not; class is a message class or group, or *; the fact, which may
# be left out, is a word of ``circumstance.facts``. The first row that fits says it.
TABLE = {
    # ---- what should have come ----
    "missed * refused": (
        "the host refused a message that all else starts from: look at that first",
        "",
    ),
    "missed reversal tried": (
        "one lost or bad answer is enough to leave the cardholder debited: the reversal was not "
        "tried again",
        "R11",
    ),
    "missed reversal lost": (
        "the cardholder was debited and the merchant has no sale",
        "T2 T4 T5",
    ),
    "missed reversal unheard": (
        "the terminal does not know what became of the sale and lets it be: had the host booked "
        "it, the cardholder would stay debited",
        "T2 W1",
    ),
    "missed reversal mac": (
        "an answer that anybody could have forged was taken, or dropped with the cardholder "
        "debited",
        "V6 R3",
    ),
    "missed reversal payee": ("the cardholder paid, and the money goes to somebody else", "V10 V3"),
    "missed reversal wrong": (
        "an answer to something else was taken for this sale, or dropped with the cardholder "
        "debited",
        "V3 V4 V2 V1 V7",
    ),
    "missed reversal": (
        "the cardholder may stay debited for a sale that the merchant does not have",
        "R14 R2 T2",
    ),
    "missed sign_on asked": (
        "the host asked for a sign-on, and the terminal works on under old keys until nothing is "
        "accepted any more",
        "H1 S5",
    ),
    "missed sign_on sign_on": (
        "after a sign-on that failed the terminal trades under keys that do not fit: PINs and "
        "MACs come out wrong",
        "S3 S1 S4 S6",
    ),
    "missed sign_on": (
        "the terminal works on with keys that the host refuses: nothing can be sold until "
        "somebody signs on by hand",
        "S5 D8 R19 S7",
    ),
    "missed settlement": ("the day is not settled, and the merchant waits for the money", "B1 P1"),
    "missed batch_end": (
        "the batch is never closed: tomorrow's sales land in a day that was compared already",
        "B9 B12 W5 P1 B10",
    ),
    "missed batch": (
        "host and terminal disagree about the day, and the details that would settle it are "
        "missing",
        "B6 B8 B9",
    ),
    "missed completion": (
        "the goods are gone, and the money that was held for them is never collected",
        "U5",
    ),
    "missed completion_advice": (
        "the goods are gone, and the money that was held for them is never collected",
        "U6 O1 O4",
    ),
    "missed preauth_void": ("money of the cardholder stays held for nothing", "U2"),
    "missed completion_void": (
        "the cardholder stays debited for what was taken back",
        "U2",
    ),
    "missed tip": ("the tip never reaches the merchant", "O1 O4"),
    "missed adjustment": ("the amount that was agreed on never reaches the acquirer", "O1 O4"),
    "missed offline_sale": (
        "goods were handed out, and the sale never reaches the acquirer",
        "O1 O4",
    ),
    "missed script_result": (
        "the issuer does not learn whether its command to the card took effect",
        "I2 P3",
    ),
    "missed advice": (
        "the acquirer does not learn of a transaction that has already happened",
        "O1 O4 U6",
    ),
    "missed refund": ("the cardholder waits for the money", "U4"),
    "missed void": ("the cardholder stays debited for a sale that was taken back", "U1"),
    "missed management": ("the terminal works on with old keys, tables or parameters", "H1 H4"),
    "missed financial stan": (
        "two transactions cannot be told apart: the wrong one may be reversed or settled",
        "N1 N3 N5",
    ),
    "missed financial declined": (
        "the merchant cannot sell, although the host would approve again",
        "D2 D7",
    ),
    "missed financial": ("the merchant cannot sell, although the host would answer", ""),
    # ---- what should not have come ----
    "came financial same_stan": ("the cardholder may be debited twice", "T7 T1"),
    "came reversal done": (
        "the matter was closed: one reversal too many can take back somebody else's sale",
        "R10",
    ),
    "came reversal declined": (
        "no money had moved: a careless host answers this reversal by giving some away",
        "R15 D7",
    ),
    "came reversal approved": ("the goods are gone, and the merchant loses the payment", "R16"),
    "came reversal tried": (
        "the terminal goes on reversing after its last attempt and blocks the line",
        "R9 R13",
    ),
    "came reversal": ("something is taken back that nobody has to take back", "T3 T8 R1"),
    "came void amount": ("the cardholder gets back more than was paid", "D10 U1"),
    "came void": ("the cardholder may get the money back twice", "U3 U1 D2"),
    "came refund": ("the cardholder may get the money back twice", "U4 D2"),
    "came * batch": (
        "the transaction is counted in the wrong batch, and settlement will not agree",
        "S2 B10",
    ),
    "came balance": ("the terminal asks the host for something that nobody asked it for", "T8"),
    "came financial sign_on": (
        "the terminal trades under keys that the host has not given it",
        "S1 S3 S4 P2 D8",
    ),
    "came financial settlement": (
        "a sale falls between two batches, and one of the totals will be wrong",
        "B11",
    ),
    "came financial declined": (
        "the terminal goes on by itself after a decline: a host that changes its mind debits for "
        "nothing",
        "D2 D6 D7 D4",
    ),
    "came financial approved": ("the cardholder may be debited twice", "T7"),
    "came financial": (
        "new money moves while an older sale is unresolved, and that cardholder may stay debited",
        "P4 P6 T7 P2 S1",
    ),
    "came sign_on": (
        "signing on helps nobody here: in a loop it keeps the line busy",
        "S4 S6 S7 D2",
    ),
    "came offline_sale": (
        "the host has decided on this sale: asking again keeps the line busy, or debits twice",
        "O3 O2 O4",
    ),
    "came batch_upload": ("the line is busy with details that nobody asked for", "B5 B9"),
    "came batch_end": (
        "the batch is closed without what the host needs, and the only proof of its sales is gone",
        "B7 B9",
    ),
    "came settlement": (
        "the batch is closed at the wrong moment, and the totals will not agree",
        "B1 B11",
    ),
    # ---- what came, but wrong ----
    "check reversal reversal_reason": (
        "the acquirer looks for the fault in the wrong place",
        "R3 T2 V6",
    ),
    "check reversal secret": (
        "track or PIN of the card travel, and are stored, where nobody needs them",
        "R5",
    ),
    "check reversal echoes_original": (
        "the host cannot be sure which sale is meant: if it finds none, the cardholder stays "
        "debited",
        "R4 R20",
    ),
    "check settlement": (
        "the totals of the day are wrong: the merchant's slip and the acquirer's books promise "
        "different money",
        "B3 B4 O3 B2 D1 B10",
    ),
    "check batch_end network_code": (
        "the acquirer is told that the totals agreed, or that they did not, and it is not so",
        "B6 B5",
    ),
    "check batch_end records": (
        "the acquirer cannot tell a complete upload from one that lost a part",
        "B8",
    ),
    "check batch_upload records": (
        "sales are missing from the upload, and the acquirer takes them back",
        "B8 B6",
    ),
    "check offline_sale stan": (
        "under another number the repeat is a second sale: the cardholder pays twice",
        "O4 N3",
    ),
    "check void names_original": ("another sale than the one meant is taken back", "N4 U1"),
    "check refund names_original": (
        "the acquirer cannot find what was paid, and the customer waits for the money",
        "U4",
    ),
    "check * names_original": (
        "the acquirer finds no authorization, and the merchant is not paid, or the cardholder's "
        "money stays blocked",
        "U5 U1",
    ),
    "check void original.stan": ("another sale than the one meant is taken back", "N4 U1"),
    "check qr_sale pan": ("one customer shows a code, and the card of another may be debited", ""),
    "check * mac": (
        "a host cannot tell this message from a forged one: it refuses it, and nothing is sold",
        "R7 S7",
    ),
    "check * amount": ("the wrong amount of money moves", "R4 V4"),
    "check * batch": (
        "the transaction is counted in the wrong batch, and settlement will not agree",
        "S2 B10",
    ),
    "check * stan": (
        "two transactions cannot be told apart: the wrong one may be reversed or settled",
        "N1 N3",
    ),
    "check * pin": ("the issuer cannot read the PIN, and the cardholder is refused", "D3"),
    "early reversal": (
        "a sale that the host may still approve is undone while the customer waits",
        "T1 T2",
    ),
    "early *": ("the terminal does not wait as long as it is told to", "T1"),
    "nudged reversal": (
        "the cardholder stays debited until somebody happens to use this terminal again",
        "T2",
    ),
    # ---- what must always hold ----
    "always * mac_valid": (
        "a host cannot tell this message from a forged one: it refuses it, and nothing is sold",
        "R7 S7",
    ),
    "always * stan_increments": (
        "two transactions cannot be told apart: the wrong one may be reversed or settled",
        "N1 N2 N5",
    ),
    "always * fields_well_formed": (
        "a stricter host refuses this message, and the merchant cannot sell there",
        "R4 R5",
    ),
    "always * one_outstanding": ("a response can be taken for the answer to another message", "T6"),
    "always * no_secret_in_reversal": (
        "track or PIN of the card travel, and are stored, where nobody needs them",
        "R5",
    ),
    "always * reversal_before_next_sale": (
        "new money moves while an older sale is unresolved, and that cardholder may stay debited",
        "P4 P6",
    ),
    # ---- what the whole case says in the end ----
    "verify sign_on too_many": (
        "the terminal signs on again and again: it keeps the line busy and helps nobody",
        "S4 S6 S7",
    ),
    "verify reversal too_many": (
        "the terminal goes on reversing after its last attempt and blocks the line",
        "R9 R13",
    ),
    "verify reversal too_few": (
        "a reversal that gets lost is not tried often enough: the cardholder stays debited",
        "R11",
    ),
    "verify financial too_many": ("more money moves than was asked for", "T7 D2 D3"),
    "verify financial too_few": ("the merchant cannot sell, although the host would answer", ""),
    "verify * reversed": (
        "the cardholder stays debited for a sale that the merchant does not have",
        "T2 R10",
    ),
    "verify * approved": ("the merchant gave the goods and does not get the money", "R16"),
    "verify * declined": ("money moved although the transaction was declined", "D1"),
    "verify * batch": ("merchant and acquirer close the day with different books", "B1 B6 B10"),
    "verify * counted_or_reversed": (
        "merchant and acquirer close the day with different books",
        "B2 B4",
    ),
    "verify * no_lost_money": ("the merchant gave the goods and does not get the money", "B4"),
    "verify * no_silent_debit": (
        "the cardholder stays debited for a sale that the merchant does not have",
        "T2 R10 B2",
    ),
    "verify * net_equal": ("the merchant is paid another amount than its slips say", "B2"),
    "verify * adjusted": ("the cardholder is debited once with the tip and once without", "B2"),
    "verify * voided": ("the cardholder stays debited for a sale that was taken back", "U1"),
    "verify * right_payee": ("the money goes to somebody else", "V10"),
    "verify * no_secret_in_log": ("whoever reads the log can use the card", ""),
}
