"""How a card is taken: which elements it gives, its PIN, its track (2.3, 3.2, 4.5, 4.8)."""

from __future__ import annotations

from dataclasses import dataclass

from switch import elements as de
from switch.security.pin import encrypt_block
from switch.security.track import encrypt_track
from switch.terminal.desk import Desk, Slot
from switch.terminal.settings import Card

PIN_LENGTH = "12"  # DE 26: most digits of a PIN (2.2)
SWIPED = "02"  # first digits of DE 22
SINGLE = 8  # bytes of a single-length key
IC_CONDITION = "0"  # DE 60.5: no chip, or it was read
FALLBACK = "2"  # DE 60.5: the chip could not be read


@dataclass(frozen=True, slots=True)
class Reading:
    """How a card is taken: the first digits of DE 22, and the elements that it gives (3.2)."""

    mode: str
    elements: tuple[int, ...]


ON_CHIP = (de.PAN, de.EXPIRY, de.CARD_SEQUENCE, de.TRACK_2)
CHIP = frozenset({"chip", "contactless"})
ENTRIES = {
    "stripe": Reading(SWIPED, (de.TRACK_2,)),
    "fallback": Reading(SWIPED, (de.TRACK_2,)),
    "manual": Reading("01", (de.PAN, de.EXPIRY)),
    "chip": Reading("05", ON_CHIP),
    "contactless": Reading("07", ON_CHIP),
}


def read_card(desk: Desk, card: Card) -> dict[str, str]:
    """The elements of a card by the way it is read, and of its PIN (2.3, 3.2, 4.5)."""
    entry = card.entry or desk.settings.entry
    how = ENTRIES[entry]
    desk.slot = Slot(card, contact=entry == "chip") if entry in CHIP else None
    wanted = (*how.elements, de.PIN_CAPTURE, de.PIN_BLOCK)
    values = {str(each): card_element(desk, each, card) for each in wanted}
    pin, track = bool(values[str(de.PIN_BLOCK)]), de.TRACK_2 in how.elements
    values[str(de.SECURITY_CONTROL)] = security_control(desk, with_pin=pin, with_track=track)
    with_pin = "1" if pin else "2"
    mode = how.mode if entry != "manual" or desk.habits.labels_typed_cards else SWIPED
    condition = FALLBACK if entry == "fallback" and desk.habits.tells_fallback else IC_CONDITION
    return {**values, "entry_mode": mode + with_pin, "ic_condition": condition}


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
