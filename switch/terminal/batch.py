"""What a settlement sends: totals, details, notices, the end (protocol 2.7, 3.5, 3.6)."""

from __future__ import annotations

from dataclasses import dataclass

from switch.message import Message
from switch.terminal import chip_batch, messages
from switch.terminal.chip_batch import CARD_CLASSES, told_by_itself
from switch.terminal.desk import Desk
from switch.terminal.record import Approved
from switch.totals import BALANCED, GROUPS, NOT_BALANCED, NOT_CHECKED, Totals, add_up

BALANCED_END, NOT_BALANCED_END = "207", "202"  # DE 60.3
DETAILS = 8  # in one message (B8): more than that DE 48 cannot hold
# Told by a message of their own: a detail has no room for what they refer to (3.1, 3.6).
NOTICED = frozenset({"refund", "completion_advice"})


@dataclass(frozen=True, slots=True)
class Block:
    """One message of an upload: its class, and the transactions that it tells of."""

    kind: str
    entries: tuple[Approved, ...] = ()


def totals(desk: Desk) -> dict[str, Totals]:
    """Group -> what the log comes to (B2, B3): a voided sale and its void both count."""
    return add_up((entry.group, books(desk, entry), entry.amount) for entry in counted(desk))


def is_full(desk: Desk) -> bool:
    """P1: the log has no room, or the debits of the batch have reached their limit."""
    if len(desk.record.log) >= desk.settings.log_room:
        return True
    debits = sum(each.debit_amount for each in totals(desk).values())
    return 0 < desk.settings.batch_limit <= debits


def counted(desk: Desk) -> list[Approved]:
    """The transactions of the log that are in the totals."""
    log = [entry for entry in desk.record.log if _counts(desk, entry)]
    if desk.habits.counts_voided:
        return log
    return [entry for entry in log if not entry.voided and entry.kind != "void"]


def _counts(desk: Desk, entry: Approved) -> bool:
    """Neither refused (O3) nor replaced by an adjustment, and of a class that counts."""
    return bool(books(desk, entry)) and not entry.refused and not entry.adjusted


def books(desk: Desk, entry: Approved) -> str:
    """``debit``, ``credit`` or nothing: what a transaction adds to the totals (B2)."""
    return desk.dialect.classes[entry.kind].books


def blocks(desk: Desk, flags: str) -> list[Block]:
    """The upload that these check flags ask for; its end is the last message (B5, B6)."""
    disputed = {group for group, flag in zip(GROUPS, flags, strict=True) if flag == NOT_BALANCED}
    if desk.habits.upload != "as_asked":
        disputed = set(GROUPS) if desk.habits.upload == "always" else set()
    entries = [entry for entry in counted(desk) if entry.group in disputed]
    details = [e for e in entries if e.kind not in NOTICED and not told_by_itself(e)]
    details.sort(key=lambda entry: not desk.dialect.classes[entry.kind].stored)  # offline first
    out = [
        Block("batch_upload", tuple(details[start : start + DETAILS]))
        for start in range(0, len(details), DETAILS)
    ]
    out = out[:1] if desk.habits.uploads_one_block else out
    notices = [entry for entry in entries if entry.kind in NOTICED and desk.habits.sends_notices]
    chips = _chips(desk)
    out += [*(Block("batch_notice", (entry,)) for entry in notices), *chips]
    told = [*details, *notices, *(entry for block in chips for entry in block.entries)]
    if desk.habits.ends_with_messages:
        told = told[: len(out)]
    return [*out, Block("batch_end", tuple(told))]


def _chips(desk: Desk) -> list[Block]:
    """What chips said, whether the totals agree or not (3.6, steps 7 and 8)."""
    approved = [entry for entry in counted(desk) if told_by_itself(entry)]
    kinds = {"batch_ic": approved, "batch_ic_failed": desk.record.chips_refused}
    wanted = desk.habits.uploads_chips
    return [Block(kind, (e,)) for kind, entries in kinds.items() if kind in wanted for e in entries]


def settlement(desk: Desk, stan: str) -> Message:
    """0500 with the totals of both groups; the check flags are the host's to set."""
    values = {"stan": stan, "currency": desk.dialect.currency, "63": desk.settings.operator}
    for group, each in totals(desk).items():
        values |= each.values(group) | {f"{group}.flag": NOT_CHECKED}
    return messages.from_terminal(desk, "settlement", values)


def upload(desk: Desk, block: Block, flags: str, stan: str) -> Message:
    """0320 of one block."""
    values = {"stan": stan}
    balanced = set(flags) == {BALANCED}
    match block.kind:
        case "batch_ic" | "batch_ic_failed":
            as_balanced = balanced or desk.habits.uploads_chips_as_balanced
            values |= chip_batch.values(desk, block.kind, block.entries[0], balanced=as_balanced)
        case "batch_end":
            balanced = balanced or desk.habits.ends_as_balanced
            values["network_code"] = BALANCED_END if balanced else NOT_BALANCED_END
            values["records"] = f"{len(block.entries):04d}"
        case "batch_notice":
            values |= _notice(desk, block.entries[0])
        case "batch_upload":
            details = "".join(_detail(desk, entry) for entry in block.entries)
            values["48"] = f"{len(block.entries):02d}{details}"
    return messages.from_terminal(desk, block.kind, values)


def _detail(desk: Desk, entry: Approved) -> str:
    """40 digits: card class, STAN, card number, amount."""
    card_class = CARD_CLASSES.get(entry.group, "00")
    by_card = desk.dialect.classes[entry.kind].card  # a QR sale shows no card number
    number = desk.card(entry.card).pan if by_card else ""
    return f"{card_class}{entry.stan}{number:0>20}{entry.amount:012d}"


def _notice(desk: Desk, entry: Approved) -> dict[str, str]:
    """What tells of one transaction; DE 61 names it, as each 0320 has a STAN of its own (B8)."""
    card = desk.card(entry.card)
    built = desk.dialect.classes[entry.kind].build
    return {
        **{place: built[place] for place in ("3", "25", "60.1")},
        "2": card.pan,
        "14": card.expiry,
        "amount": f"{entry.amount:012d}",
        "entry_mode": messages.MANUAL_WITHOUT_PIN,
        "rrn": entry.rrn,
        "approval_code": entry.approval_code,
        "currency": desk.dialect.currency,
        "network_code": messages.TRANSACTION,
        "original.batch": f"{entry.batch:06d}",
        "original.stan": entry.stan,
        "61.3": entry.date,
    }
