"""The chip in the slot: its cryptograms, the issuer's authentication, its scripts.

A :class:`Slot` is there from reading the card to the end of its exchange; a power cut throws it
away with the desk. Tags and their order: protocol.md sections 2.8 and 4.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from switch import elements as de
from switch.errors import MessageError
from switch.message import Message
from switch.message.tlv import read_tags, write_tags
from switch.security import chip
from switch.terminal.desk import Desk, Slot
from switch.terminal.replies import Heard
from switch.terminal.scripts import keep_result, ran, run

ARQC, TC, AAC = "80", "40", "00"  # 9F27, cryptogram information
# CVR, second byte: what each GENERATE AC returned, and that issuer authentication failed.
FIRST, ACCEPTED, REFUSED, UNAUTHENTICATED = 0xA0, 0x60, 0x20, 0x08
OFFLINE = 0x90  # the first one returned a TC
APPROVED_OFFLINE = b"Y1".hex()  # tag 8A
AUTHENTICATION_FAILED = 0x40  # TVR, fifth byte
APPLICATION = "A000000333010101"  # PBOC debit
NOTHING = "0" * 12  # an amount
REDUCED = ("95", "9F1E", "9F10", "9F36", "DF31")  # R6


def first_tags(desk: Desk, request: Message, slot: Slot) -> str:
    """DE 55 of a request: the first GENERATE AC returns an ARQC, or offline at once a TC."""
    record = desk.record
    record.counter += 1  # the card's own; one for all cards serves as well
    with_pin = de.PIN_BLOCK in request
    offline = request.kind == "ic_offline_sale" and desk.habits.certifies_offline
    drawn = 4 if desk.habits.draws_unpredictable_number else 0  # bytes
    serial = desk.settings.serial[-8:].rjust(8, "0").encode("ascii").hex().upper()
    tags = {
        "9F27": TC if offline else ARQC,
        "9F10": _issuer_application(OFFLINE if offline else FIRST),
        "9F37": desk.chance.bytes("unpredictable number", drawn).hex().upper().zfill(8),
        "9F36": f"{record.counter % 0x10000:04X}",
        "95": "0000040000" if with_pin else "0000000000",  # TVR: online PIN entered
        "9A": f"{desk.clock.local():%y%m%d}",
        "9C": request[de.PROCESSING_CODE][:2],
        "9F02": request.get(de.AMOUNT, NOTHING)
        if desk.habits.cryptogram_covers_amount
        else NOTHING,
        "5F2A": desk.dialect.currency.rjust(4, "0"),
        "82": "7C00",
        "9F1A": desk.dialect.currency.rjust(4, "0"),  # 156 is the country, too
        "9F03": NOTHING,
        "9F33": "E0F8C8",
        "9F34": "420300" if with_pin else "1F0300",
        "9F35": "22",
        "9F1E": serial,
        "84": APPLICATION,
        "9F09": "0020",
        "9F41": f"{record.counter % 10**8:08d}",
        **({"8A": APPROVED_OFFLINE} if offline else {}),
    }
    return write_tags({"9F26": chip.cryptogram(slot.card.icc_key, tags), **tags})


def conclude(desk: Desk, request: Message, heard: Heard) -> Heard:
    """What the card says to the issuer's answer; ``card_refused`` if it will not have it (R17)."""
    slot, desk.slot = desk.slot, None
    if slot is None or heard.verdict != "valid" or de.IC_DATA not in request:
        return heard
    heard = replace(heard, entry_mode=request[de.ENTRY_MODE], chip=request[de.IC_DATA])
    if not slot.contact:  # 2.3: a contactless card has left the field
        return heard
    tags, answer = read_tags(heard.chip), _answer_tags(heard)
    results = run(answer.get("71", ""))  # I1: before the second GENERATE AC
    authentic = _authentic(desk, slot, tags, answer, heard)
    refused, desk.card_refuses = desk.card_refuses or not authentic, False
    tags = _second(slot, tags, accepts=heard.approves and not refused, authentic=authentic)
    results += run(answer.get("72", ""))  # I1: after it
    if results:
        tags["DF31"] = results
        keep_result(desk, slot.card, request, heard, tags)
    refused |= bool(results) and not ran(results) and desk.habits.reverses_failed_scripts
    if desk.record.pending and desk.habits.tells_refusal:
        desk.record.pending.fields[de.IC_DATA] = reduced(tags)
    heard = replace(heard, chip=write_tags(tags))
    if heard.approves and refused and (desk.habits.heeds_card or not authentic):
        return replace(heard, verdict="card_refused", why="the card refuses the approval")
    return heard


def reduced(tags: Mapping[str, str]) -> str:
    """DE 55 of a reversal (R6)."""
    return write_tags({tag: tags[tag] for tag in REDUCED if tag in tags})


def _authentic(
    desk: Desk, slot: Slot, tags: Mapping[str, str], answer: Mapping[str, str], heard: Heard
) -> bool:
    """EXTERNAL AUTHENTICATE with tag 91; a host that sends none is not asked for it."""
    given = answer.get("91", "")
    if not given or not desk.habits.authenticates_issuer:
        return True
    return given == chip.issuer_authentication(slot.card.icc_key, tags, heard.code)


def _second(
    slot: Slot, tags: Mapping[str, str], *, accepts: bool, authentic: bool
) -> dict[str, str]:
    """The tags after the second GENERATE AC: a TC, or an AAC."""
    verdict = (ACCEPTED if accepts else REFUSED) | (0 if authentic else UNAUTHENTICATED)
    results = bytearray.fromhex(tags["95"])
    results[4] |= 0 if authentic else AUTHENTICATION_FAILED
    changed = {
        **tags,
        "9F27": TC if accepts else AAC,
        "9F10": _issuer_application(verdict),
        "95": results.hex().upper(),
    }
    return {**changed, "9F26": chip.cryptogram(slot.card.icc_key, changed)}


def _issuer_application(verdict: int) -> str:
    """Tag 9F10: length, key index, cryptogram version, CVR, algorithm (PBOC)."""
    return f"07010103{verdict:02X}000001"


def _answer_tags(heard: Heard) -> dict[str, str]:
    try:
        return read_tags(heard.value(de.IC_DATA))
    except MessageError:
        return {}  # an answer that the card is never given
