"""What the terminal sends (protocol 3.3, 3.5), and how it is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from switch import elements as de
from switch.message import Message
from switch.security.mac import mac
from switch.terminal import parameters
from switch.terminal.card_reader import ENTRIES, IC_CONDITION, card_element, read_card
from switch.terminal.chip import first_tags
from switch.terminal.desk import Desk, Slot
from switch.terminal.record import Approved, Pending, ScriptResult, Stored
from switch.terminal.settings import Card
from switch.wire import Frame

TRANSACTION = "000"  # DE 60.3 of ordinary transactions (2.9)
SIGN_OFF, ECHO = "002", "301"  # DE 60.3
READS = "6"  # DE 60.4: stripe, chip and contactless
WITHOUT_PIN = "2"  # last digit of DE 22
MANUAL_WITHOUT_PIN = "012"
QR_WITHOUT_PIN = "032"
PAYMENT_CODE = "A3"  # tag in DE 59
FROM_CARD = (de.PAN, de.EXPIRY)  # never kept: read from the card again
VOICE = "01"  # DE 61.4: approved by telephone
VOICE_APPROVAL = "888888"  # DE 38, as the voice told it
IN_ORDER = "1"  # DE 62.1 to 62.5 of a status upload


def sale(desk: Desk, amount: int, card: Card) -> Message:
    """0200 of a sale; ``amount`` in minor units."""
    values = {"amount": f"{amount:012d}", **read_card(desk, card)}
    return financial(desk, "sale", values)


def qr_sale(desk: Desk, amount: int, card: Card) -> Message:
    """0200 of a QR sale (X21): the code in DE 59 stands for the card, which stays unknown."""
    values = {
        "amount": f"{amount:012d}",
        "entry_mode": QR_WITHOUT_PIN,
        "59": f"{PAYMENT_CODE}{len(card.code):03d}{card.code}".encode().hex().upper(),
    }
    if desk.habits.shows_card_in_qr_sale:
        values["35"] = card_element(desk, de.TRACK_2, desk.card(""))
    return financial(desk, "qr_sale", values)


def preauth(desk: Desk, amount: int, card: Card) -> Message:
    """0100 of a pre-authorization; ``amount`` in minor units."""
    return financial(desk, "preauth", {"amount": f"{amount:012d}", **read_card(desk, card)})


def balance(desk: Desk, card: Card) -> Message:
    """0200 of a balance inquiry, which has no amount."""
    return financial(desk, "balance", read_card(desk, card))


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


def ic_offline_sale(desk: Desk, amount: int, card: Card) -> Message:
    """0200 of a sale that the chip has approved by itself; its TC stands in DE 55 (2.8)."""
    desk.slot = Slot(card, contact=False)
    values = {
        "amount": f"{amount:012d}",
        "2": card.pan,
        "14": card.expiry,
        "card_sequence": card.sequence,
        "entry_mode": ENTRIES[card.entry].mode + WITHOUT_PIN,
    }
    message = financial(desk, "ic_offline_sale", values)
    desk.slot = None  # the card is handed back before anything is sent
    return message


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


def parameter_download(desk: Desk) -> Message:
    """0800 of a parameter download, by the code that the vendor uses (X16)."""
    code = desk.settings.option("parameter_download_code")
    return management(desk, "parameter_download", {"network_code": code})


def status_upload(desk: Desk) -> Message:
    """0820 of a status upload: five device states, all in order, and the parameters (2.11)."""
    states = {f"62.{number}": IN_ORDER for number in range(1, 6)}
    told = {f"parameter.{name}": value for name, value in parameters.in_use(desk).items()}
    return management(desk, "status_upload", states | told)


def management(desk: Desk, kind: str, values: Mapping[str, str]) -> Message:
    """A message that carries neither money nor STAN (3.5)."""
    return from_terminal(desk, kind, dict(values))


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
