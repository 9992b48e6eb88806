"""What the terminal sends (protocol 3.3, 3.5), and how it is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from switch import elements as de
from switch.message import Message
from switch.security.mac import mac
from switch.security.pin import encrypt_block
from switch.security.track import encrypt_track
from switch.terminal.chip import first_tags
from switch.terminal.desk import Desk, Slot
from switch.terminal.record import Approved, Pending, ScriptResult, Stored
from switch.terminal.settings import Card
from switch.wire import Frame

PIN_LENGTH = "12"  # DE 26: most digits of a PIN (2.2)
TRANSACTION = "000"  # DE 60.3 of ordinary transactions (2.9)
SIGN_OFF, ECHO = "002", "301"  # DE 60.3
SINGLE = 8  # bytes of a single-length key
READS = "6"  # DE 60.4: stripe, chip and contactless
IC_CONDITION = "0"  # DE 60.5: no chip, or it was read
FALLBACK = "2"  # DE 60.5: the chip could not be read
SCRIPT_RESULT = "951"  # DE 60.3
MANUAL_WITHOUT_PIN = "012"
FROM_CARD = (de.PAN, de.EXPIRY)  # never kept: read from the card again
VOICE = "01"  # DE 61.4: approved by telephone
VOICE_APPROVAL = "888888"  # DE 38, as the voice told it


@dataclass(frozen=True, slots=True)
class Reading:
    """How a card is taken: the first digits of DE 22, and the elements that it gives (3.2)."""

    mode: str
    elements: tuple[int, ...]


ON_CHIP = (de.PAN, de.EXPIRY, de.CARD_SEQUENCE, de.TRACK_2)
CHIP = frozenset({"chip", "contactless"})
ENTRIES = {
    "stripe": Reading("02", (de.TRACK_2,)),
    "fallback": Reading("02", (de.TRACK_2,)),
    "manual": Reading("01", (de.PAN, de.EXPIRY)),
    "chip": Reading("05", ON_CHIP),
    "contactless": Reading("07", ON_CHIP),
}


def sale(desk: Desk, amount: int, card: Card) -> Message:
    """0200 of a sale; ``amount`` in minor units."""
    values = {"amount": f"{amount:012d}", **_card(desk, card)}
    return financial(desk, "sale", values)


def balance(desk: Desk, card: Card) -> Message:
    """0200 of a balance inquiry, which has no amount."""
    return financial(desk, "balance", _card(desk, card))


def void(desk: Desk, sale: Approved) -> Message:
    """0200 that voids a sale: full amount, the sale's RRN, DE 61 names it (U1)."""
    card = desk.card(sale.card)
    values = {
        "amount": f"{sale.amount:012d}",
        "2": card.pan,
        "14": card.expiry,
        "entry_mode": MANUAL_WITHOUT_PIN,
        "rrn": sale.rrn,
        "approval_code": sale.approval_code,
        "original.batch": f"{sale.batch:06d}",
        "original.stan": sale.stan,
    }
    if desk.settings.option("original_digits_in_void") == "16":  # X4
        values["61.3"] = sale.date
    return financial(desk, "void", values)


def offline_sale(desk: Desk, amount: int, card: Card) -> Message:
    """0220 of a sale that was approved by voice; DE 61 names no original (2.10)."""
    values = {
        "amount": f"{amount:012d}",
        **_typed_in(card),
        "approval_code": VOICE_APPROVAL,
        "original.batch": "0" * 6,
        "original.stan": "0" * 6,
        "61.3": "0000",
        "61.4": VOICE,
    }
    return financial(desk, "offline_sale", values)


def adjusting(desk: Desk, kind: str, sale: Approved, amount: int) -> Message:
    """0220 of an adjustment or a tip: the whole new amount, DE 61 names the sale.

    A tip says in DE 48 how much of it is tip (2.7).
    """
    values = {
        "amount": f"{amount:012d}",
        **_typed_in(desk.card(sale.card)),
        "rrn": sale.rrn,
        "approval_code": sale.approval_code,
        "original.batch": f"{sale.batch:06d}",
        "original.stan": sale.stan,
        "61.3": sale.date,
    }
    if kind == "tip":
        values["48.1"] = f"{amount - sale.amount:012d}"
    return financial(desk, kind, values)


def sign_on(desk: Desk) -> Message:
    """0800 of a sign-on; DE 60.3 announces the key layout, DE 62 names the device."""
    settings = desk.settings
    device = settings.certification + settings.serial
    values = {
        "network_code": settings.option("sign_on_code"),
        "62": f"Sequence No{len(device):02d}{device}".encode().hex(),
        "63": settings.operator,
    }
    return from_terminal(desk, "sign_on", {**values, "stan": desk.next_stan()})


def sign_off(desk: Desk) -> Message:
    """0820 of a sign-off."""
    values = {"network_code": SIGN_OFF, "63": desk.settings.operator, "stan": desk.next_stan()}
    return from_terminal(desk, "sign_off", values)


def echo(desk: Desk) -> Message:
    """0820 of an echo test, which has no STAN (3.5)."""
    return from_terminal(desk, "echo", {"network_code": ECHO})


def image(request: Message, elements: Iterable[int], card: str) -> dict[str, Any]:
    """What permanent memory keeps of a message: these elements, those of the card by name only."""
    numbers = list(elements)
    return {
        "kind": request.kind,
        "stan": request[de.STAN],
        "fields": {n: request[n] for n in numbers if n not in FROM_CARD},
        "from_card": [n for n in numbers if n in FROM_CARD],
        "card": card,
    }


def restored(desk: Desk, stored: Stored) -> Message:
    """The stored message as it was made; its MAC is new every time it leaves."""
    card = desk.card(stored.card)
    shown = {n: card_element(desk, n, card) for n in stored.from_card}
    mti = desk.dialect.classes[stored.kind].mti
    return desk.dialect.classified(Message(mti, {**stored.fields, **shown}), stored.kind)


def reversal(desk: Desk, pending: Pending) -> Message:
    """0400: what R4 lists of the original, the reason in DE 39; nothing that R5 forbids."""
    habits = desk.habits
    kind = desk.dialect.classes["reversal"]
    card = desk.card(pending.card)
    fields = dict(pending.fields)
    for number in {*pending.from_card, *habits.reversal_adds}:
        fields[number] = card_element(desk, number, card)
    reason = habits.constant_reason or pending.reason
    fields[de.RESPONSE_CODE] = desk.dialect.reversal_reasons[reason]  # R3
    if habits.reversal_stan_is_new:
        fields[de.STAN] = desk.next_stan()
    if habits.reversal_amount_is_zero:
        fields[de.AMOUNT] = "0" * 12
    repeat = habits.repeat_mti if pending.attempts else ""  # R8: 0400 at every attempt
    kept = {n: v for n, v in fields.items() if v and n not in habits.reversal_omits}
    return Message(repeat or kind.mti, kept, kind.name)


def script_result(desk: Desk, result: ScriptResult) -> Message:
    """0620: the transaction that the script came with, and DF31 (I2)."""
    card = desk.card(result.card)
    values = {
        **{str(number): value for number, value in result.fields.items()},
        "2": card.pan,
        "14": card.expiry,
        "stan": desk.next_stan() if desk.habits.script_stan_is_new else result.stan,
        "rrn": result.rrn,
        "approval_code": result.approval_code,
        "60.4": READS,
        "60.5": result.ic_condition,
        "original.batch": f"{result.batch:06d}",
        "original.stan": result.stan,
        "61.3": result.date,
        "55": result.tags,
    }
    return from_terminal(desk, "script_result", values)


def card_element(desk: Desk, number: int, card: Card) -> str:
    """The value of an element that comes from the card or its holder; empty if there is none."""
    keys = desk.keys()
    has_pin = bool(card.pin) and desk.settings.sends_pin and keys is not None
    match number:
        case de.PAN:
            return card.pan
        case de.EXPIRY:
            return card.expiry
        case de.TRACK_2:
            return _track_2(desk, card)
        case de.CARD_SEQUENCE:
            return card.sequence
        case de.PIN_BLOCK if has_pin and keys is not None:
            return encrypt_block(keys.pik, card.pin, card.pan).hex().upper()
        case de.PIN_CAPTURE if has_pin:
            return PIN_LENGTH
        case de.SECURITY_CONTROL if has_pin:
            return security_control(desk, with_pin=True, with_track=False)
    return ""


def security_control(desk: Desk, *, with_pin: bool, with_track: bool) -> str:
    """DE 53 (2.5): PIN format, algorithm, track encryption; empty if it has nothing to say."""
    keys = desk.keys()
    if keys is None or not (with_pin or (with_track and keys.tdk)):
        return ""
    pin_format = "2" if with_pin else "0"  # X9.8 with PAN, or no PIN
    algorithm = "0" if len(keys.pik) == SINGLE else "6"  # DES or 3DES
    return f"{pin_format}{algorithm}{'1' if with_track and keys.tdk else '0'}".ljust(16, "0")


def _track_2(desk: Desk, card: Card) -> str:
    """DE 35, under the track key if the sign-on brought one (4.8)."""
    keys = desk.keys()
    if keys is None or keys.tdk is None:
        return card.track_2
    return encrypt_track(keys.tdk, card.track_2, str(desk.dialect.options["track_encryption"]))


def to_frame(desk: Desk, message: Message) -> Frame:
    """The message as it leaves, with its own MAC under the MAK in force if it has one (R7)."""
    dialect = desk.dialect
    keys = desk.keys()
    sealed = dialect.classes[message.kind].mac and keys is not None
    body = dialect.body(message, sealed=sealed)
    if sealed and keys is not None:
        covered = body[: -dialect.mac_bytes]
        tag = mac(dialect.mac_algorithm, keys.mak, covered)
        body = covered + (tag.lower() if desk.habits.lower_case_mac else tag)
    return Frame(dialect.tpdu_default, dialect.header_default, body)


def _card(desk: Desk, card: Card) -> dict[str, str]:
    """The elements of a card by the way it is read, and of its PIN (2.3, 3.2, 4.5)."""
    entry = card.entry or desk.settings.entry
    how = ENTRIES[entry]
    desk.slot = Slot(card, contact=entry == "chip") if entry in CHIP else None
    wanted = (*how.elements, de.PIN_CAPTURE, de.PIN_BLOCK)
    values = {str(each): card_element(desk, each, card) for each in wanted}
    pin, track = bool(values[str(de.PIN_BLOCK)]), de.TRACK_2 in how.elements
    values[str(de.SECURITY_CONTROL)] = security_control(desk, with_pin=pin, with_track=track)
    with_pin = "1" if pin else "2"
    condition = FALLBACK if entry == "fallback" and desk.habits.tells_fallback else IC_CONDITION
    return {**values, "entry_mode": how.mode + with_pin, "ic_condition": condition}


def _typed_in(card: Card) -> dict[str, str]:
    """Number and expiry of a card whose stripe is not at hand any more."""
    return {"2": card.pan, "14": card.expiry, "entry_mode": MANUAL_WITHOUT_PIN}


def financial(desk: Desk, kind: str, values: dict[str, str]) -> Message:
    """A request of class ``kind`` under a new STAN, with what all financial ones carry."""
    common = {
        "stan": desk.next_stan(),
        "currency": desk.dialect.currency,
        "network_code": TRANSACTION,
        "60.4": READS,
    }
    message = from_terminal(desk, kind, {"ic_condition": IC_CONDITION, **values, **common})
    if desk.slot and de.IC_DATA in desk.dialect.classes[kind].conditional:
        tags = first_tags(desk, message, desk.slot)
        message = desk.dialect.classified(message.with_fields({de.IC_DATA: tags}), kind)
    return message


def from_terminal(desk: Desk, kind: str, values: dict[str, str]) -> Message:
    """A request of class ``kind`` with TID, MID and batch; see ``Dialect.build`` for values."""
    identity = {
        "terminal_id": desk.settings.tid,
        "merchant_id": desk.settings.mid,
        "batch": f"{desk.record.batch:06d}",
    }
    return desk.dialect.build(kind, {**identity, **values})
