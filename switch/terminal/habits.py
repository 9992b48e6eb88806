"""How the terminal behaves, as values whose defaults are correct."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Literal

from switch import elements as de
from switch.dialect.schema import PROCESSING_REQUIREMENTS

COMPARED = frozenset(
    {
        de.PROCESSING_CODE,
        de.AMOUNT,
        de.STAN,
        de.CONDITION_CODE,
        de.TERMINAL_ID,
        de.MERCHANT_ID,
        de.CURRENCY,
    }
)
UNRESOLVED = frozenset(
    {
        "silence",
        "lost",
        "partial",
        "too_late",
        "cancelled",
        "mismatch",
        "unusable",
        "bad_mac",
        "card_refused",
    }
)
SIGN_ON_AFTER = frozenset({"mac_error", "pin_error", "sign_on_required"})


@dataclass(frozen=True, slots=True)
class Habits:
    """The behaviour of a terminal; every default obeys the rule named beside it.

    When a reversal is due:
        reverses: R1; False never writes the record.
        reverses_after: T2, T4, T5, T10, V3, V6; what leaves a transaction unresolved.
        reverses_declines: R15. reverses_unsent: T3.
        reverses_also: T8; classes that it reverses though they move no money, or move it for good.
        never_reverses: R1; classes that it does not.
        reverses_printer_faults: R16.
        keeps_reversal_at_power_off, keeps_reversal_at_sign_on: R14.
        reverses_first: P4, P6; False sends the new transaction before the pending reversal.
        patience: T1; percent of the response timer that it waits for a financial reply.
        patience_for_the_rest: T5; percent more once a part of the reply is there.
        resends: T7; sends an unanswered request again.
        accepts_late: T6; a reply after the timer completes the transaction.
        believes_unasked: T6; an approval that it never asked for is a sale.

    What a reversal holds and how it goes on:
        reversal_stan_is_new: R4. reversal_amount_is_zero: R4.
        reversal_omits: R4; elements left out. reversal_adds: R5; elements put in.
        reversal_names_original: R20; classes whose reversal has the STAN of what they refer to.
        constant_reason: R3; a reason used whatever happened, empty for the right one.
        repeat_mti: R8; MTI of the second attempt on, empty for 0400.
        reversal_attempts: R9; overrides the setting, 0 does not.
        reversal_done: R10; DE 39 that end the matter, empty for the dialect's.
        ends_on_any_reply: R11. reverses_once_more: R10; after the acknowledgement.
        counts_failed_connects: R9.

    How a reply is judged:
        compares: V3 to V5. checks_mti: V2. verifies_mac: V6. accepts_unsigned: X6.
        needs_code: V7; False takes a reply without DE 39 for an approval.
        takes_reply_amount: D10; the amount of a partial approval.

    Chip cards:
        heeds_card: R17; False takes an approval that the card refuses although tag 91 is right.
        authenticates_issuer: R17; False never gives tag 91 to the card.
        reverses_with_all_tags: R6. tells_refusal: R6; tag 95 as the card left it.
        draws_unpredictable_number: tag 9F37; False takes zeros.
        cryptogram_covers_amount: tag 9F02; False gives the card zeros.
        reports_scripts, reports_failed_scripts: I2. script_stan_is_new: I2.
        reports_script_first: P3; False reports after the next transaction.
        reports_before_reversal: P5. labels_typed_cards: DE 22 of a number typed in.
        reverses_failed_scripts: I4. script_attempts: I3; overrides the setting, 0 does not.
        certifies_offline: tag 9F27; a sale without the host carries a TC.
        uploads_chips: B5, B6; the classes of chip details that it uploads.
        uploads_chips_as_balanced: B6; 203 and 204 whatever the flags say.
        keeps_script_at_power_off: W6. swipes_declined_chip: D6.
        tells_fallback: DE 60.5 of a swipe after a chip that could not be read.

    Sign-on, keys, numbers:
        signs_on_first: P2, S1. sign_on_after: D8, S5; outcome names.
        signs_on_after_bad_mac: S5, R19.
        sign_on_attempts: S6; so often an automatic sign-on that is not answered is sent.
        repeats_refused_sign_on: S4; so many more attempts.
        checks_kcv: S3. takes_new_keys: S7. takes_batch: S2. sign_off_ends: S1.
        stan_waits_for_approval: N1; the STAN moves on only after an approval.
        lower_case_mac: protocol 4.6. voids_twice: U3.

    QR sale:
        shows_card_in_qr_sale: protocol 3.1; with the track of the default card.

    Pre-authorization and refund:
        increments_anew: protocol 2.4; a second authorization instead of an increment.
        completes_by_approval_code, completes_by_todays_date: U5; what DE 38 and DE 61.3 say.
        completes_whole_authorization: U5; the amount of the authorization, whatever is due.
        completes_twice: U5. drops_authorization_when_declined: U5; by the completion.
        reopens_authorization: U5; when its completion is voided.
        limits_refunds, remembers_doubtful_refund: U4.
        counts_refused_refund: D1.
        repeats_refund: U4, T7; an unanswered one as a new one.

    Settlement:
        settles_first: P1, B11; before anything else when a settlement is under way.
        reverses_before_settlement: B1, R14.
        counts_voided: B3; a voided sale and its void.
        counts_also: B4, D1; ``declined`` or ``unknown`` transactions in the totals.
        settlement_needs_code: B12; waits for a DE 39 in the 0510.
        settled_by: B7; check flags that count as an answer, empty for 1 and 2.
        upload: B5, B6; ``as_asked``, ``always`` or ``never``.
        ends_as_balanced: B6; 207 whatever the flags were.
        one_stan_for_all: B8; the whole upload under one STAN.
        ends_with_messages: B8; the end counts messages instead of details.
        knows_foreign_cards: B2, 2.7. uploads_one_block: B8; and forgets the rest.
        sends_notices: B6, 3.1; refunds and advices in messages of their own.
        skips_lost_block: B9. takes_refused_block: B9; any 0330 for an acceptance.
        upload_attempts: B9; overrides the setting, 0 does not.
        keeps_settling_at_power_off: W5. next_batch: B10. clears_log: B10.

    What it makes of a decline, by outcome name or code:
        repeats_sale_after: D2, D6, V4; a sale is repeated by itself, for so many percent.
        locks_after, locks_after_times: D2; that often, and nothing starts before a sign-on.
        rests_after: D7; nothing starts for a minute.
        clears_log_after: D1; approved transactions are forgotten.
        marks_refused_voids: U3. doubts: R15; taken for no answer at all.
        approves_also: D9; taken for an approval.
        reads_remarks: D11; a text in DE 56 or DE 63 decides.
        compares_blanks: V10; False takes a blank element for the right one.

    Store and forward:
        forwards_before_settlement: B1, O1. keeps_queue_at_power_off: W6.
        forward_done: O2; outcome names that end the matter. resends_refused: O3.
        counts_refused: O3; a refused upload stays in the totals.
        forward_attempts: O4; overrides the setting, 0 does not.
        forward_stan_is_new: O4, N3; on a repeat. reverses_stored: O6.
        believes_any_upload_reply: O7. drops_adjusted: B2; the sale leaves the totals.
        voids_adjusted: U1.

    Power:
        keeps_log_at_power_off: W4. keeps_stan_at_power_off: N2.
        drops_reversal_at_once: W4; False keeps the record until the slip is printed.
        clears_flag_at_sign_on: S1; False stays signed on until the answer comes.

    What the host asks for in a header, downloads:
        obeys: H1. obeys_declines: H1; what a decline asks for.
        finishes_first: H1; False fulfils it before the transaction is over.
        unknown_requirement: H3; what it takes an unknown digit for, empty for nothing.
        forgets_what_is_done: H1. keeps_required_at_power_off: H2.
        takes_parameters: H1. checks_parameters: H4. checks_capk: H4. checks_blacklist: H1.
        download_tries: H4; so often one message of a download is sent. follows_pages: H4.
        ends_downloads: H4. clears_table_first: H4. keeps_half_a_table: H4.

    Altogether:
        starts_transactions: False is a terminal that hangs: whatever is asked, no message leaves.
    """

    reverses: bool = True
    reverses_after: Set[str] = UNRESOLVED
    reverses_declines: bool = False
    reverses_unsent: bool = False
    reverses_also: Set[str] = frozenset()
    never_reverses: Set[str] = frozenset()
    reverses_printer_faults: bool = False
    keeps_reversal_at_power_off: bool = True
    keeps_reversal_at_sign_on: bool = True
    reverses_first: bool = True
    patience: int = 100
    patience_for_the_rest: int = 0
    resends: bool = False
    accepts_late: bool = False
    believes_unasked: bool = False

    reversal_stan_is_new: bool = False
    reversal_amount_is_zero: bool = False
    reversal_omits: Set[int] = frozenset()
    reversal_adds: Set[int] = frozenset()
    reversal_names_original: Set[str] = frozenset()
    constant_reason: str = ""
    repeat_mti: str = ""
    reversal_attempts: int = 0
    reversal_done: Set[str] = frozenset()
    ends_on_any_reply: bool = False
    reverses_once_more: bool = False
    counts_failed_connects: bool = False

    compares: Set[int] = COMPARED
    checks_mti: bool = True
    verifies_mac: bool = True
    accepts_unsigned: bool = False
    needs_code: bool = True
    takes_reply_amount: bool = True

    heeds_card: bool = True
    authenticates_issuer: bool = True
    reverses_with_all_tags: bool = False
    tells_refusal: bool = True
    draws_unpredictable_number: bool = True
    cryptogram_covers_amount: bool = True
    reports_scripts: bool = True
    reports_failed_scripts: bool = True
    reports_script_first: bool = True
    script_stan_is_new: bool = True
    reports_before_reversal: bool = True
    labels_typed_cards: bool = True
    reverses_failed_scripts: bool = False
    script_attempts: int = 0
    certifies_offline: bool = True
    uploads_chips: Set[str] = frozenset({"batch_ic", "batch_ic_failed"})
    uploads_chips_as_balanced: bool = False
    keeps_script_at_power_off: bool = True
    swipes_declined_chip: bool = False
    tells_fallback: bool = True

    signs_on_first: bool = True
    sign_on_after: Set[str] = SIGN_ON_AFTER
    signs_on_after_bad_mac: bool = True
    sign_on_attempts: int = 3
    repeats_refused_sign_on: int = 0
    checks_kcv: bool = True
    takes_new_keys: bool = True
    takes_batch: bool = True
    sign_off_ends: bool = True
    stan_waits_for_approval: bool = False
    lower_case_mac: bool = False
    voids_twice: bool = False

    repeats_sale_after: Mapping[str, int] = field(default_factory=dict)
    locks_after: Set[str] = frozenset()
    locks_after_times: int = 1
    rests_after: Set[str] = frozenset()
    clears_log_after: Set[str] = frozenset()
    marks_refused_voids: bool = False
    doubts: Set[str] = frozenset()
    approves_also: Set[str] = frozenset()
    reads_remarks: bool = False
    compares_blanks: bool = True

    forwards_before_settlement: bool = True
    keeps_queue_at_power_off: bool = True
    forward_done: Set[str] = frozenset({"duplicate"})
    resends_refused: bool = False
    counts_refused: bool = False
    forward_attempts: int = 0
    forward_stan_is_new: bool = False
    reverses_stored: bool = False
    believes_any_upload_reply: bool = False
    drops_adjusted: bool = True
    voids_adjusted: bool = False
    increments_anew: bool = False
    completes_by_approval_code: bool = True
    completes_by_todays_date: bool = False
    completes_whole_authorization: bool = False
    completes_twice: bool = False
    drops_authorization_when_declined: bool = False
    reopens_authorization: bool = True
    shows_card_in_qr_sale: bool = False
    limits_refunds: bool = True
    remembers_doubtful_refund: bool = True
    counts_refused_refund: bool = False
    repeats_refund: bool = False

    keeps_log_at_power_off: bool = True
    keeps_stan_at_power_off: bool = True
    drops_reversal_at_once: bool = True
    clears_flag_at_sign_on: bool = True

    obeys: Set[str] = frozenset(PROCESSING_REQUIREMENTS)
    obeys_declines: bool = True
    finishes_first: bool = True
    unknown_requirement: str = ""
    forgets_what_is_done: bool = True
    keeps_required_at_power_off: bool = True
    takes_parameters: bool = True
    checks_parameters: bool = True
    checks_capk: bool = True
    checks_blacklist: bool = True
    download_tries: int = 3
    follows_pages: bool = True
    ends_downloads: bool = True
    clears_table_first: bool = False
    keeps_half_a_table: bool = False

    starts_transactions: bool = True
    settles_first: bool = True
    reverses_before_settlement: bool = True
    counts_voided: bool = True
    counts_also: Set[str] = frozenset()
    settlement_needs_code: bool = False
    settled_by: Set[str] = frozenset()
    upload: Literal["as_asked", "always", "never"] = "as_asked"
    ends_as_balanced: bool = False
    one_stan_for_all: bool = False
    ends_with_messages: bool = False
    knows_foreign_cards: bool = True
    uploads_one_block: bool = False
    sends_notices: bool = True
    skips_lost_block: bool = False
    takes_refused_block: bool = False
    upload_attempts: int = 0
    keeps_settling_at_power_off: bool = True
    next_batch: bool = True
    clears_log: bool = True
