"""Messages as events carry them: values named, secrets as tokens, wire bytes masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from switch import elements as de
from switch import masking
from switch.dialect import Dialect
from switch.dialect.tables import UNKNOWN
from switch.masking import Tokens
from switch.message import Message

# Values that hold secrets although no single element does.
SECRET_VALUES = frozenset({"pan", "pin_block", "track_2"})
Spans = Mapping[int, tuple[int, int, int]]
BATCH_DETAILS = "batch_upload"  # DE 48 of these lists PANs (2.7)
COUNT_OF_DETAILS = 2  # digits; all that DE 48 of its response holds
BATCH_DETAIL = 42  # digits of a count and one detail
SHORTEST_PAN = 13
RECORDS = 4  # digits of DE 48 of a batch end
BATCH_OR_MANAGEMENT = frozenset("358")  # second digit of the MTI
TOTALS = 62  # digits of DE 48 of a settlement (2.7)


def secret_elements(message: Message) -> frozenset[int]:
    """The elements of this message that must not be shown."""
    secret = {number for number in message if masking.is_secret(number, message[number])}
    if message.kind == BATCH_DETAILS and len(message.get(48)) > COUNT_OF_DETAILS:
        secret.add(48)
    if message.mti[1:2] in BATCH_OR_MANAGEMENT and len(message.get(48)) > _plain(message):
        secret.add(48)  # details under another code than theirs
    tags = [name for name in message.parts if "." not in name]  # all other parts are numbered
    if not tags or any(masking.SECRET_TAGS.fullmatch(tag) for tag in tags):
        secret.add(de.IC_DATA)  # what does not divide into tags may hold a card number too
    secret |= set(_holding_card(message))
    return frozenset(secret & message.fields.keys())


def _plain(message: Message) -> int:
    """Digits of DE 48 that a message of this class may show."""
    return TOTALS if message.kind == "settlement" else RECORDS


def _holding_card(message: Message) -> Iterator[int]:
    """Elements that repeat the card number of the message, as digits or as text in hex.

    A batch detail in a message of no known class has no DE 2: there any number of a card's
    length that DE 48 holds is taken for one.
    """
    pan = message.pan
    if len(pan) >= SHORTEST_PAN:
        written = pan.encode().hex().upper()
        yield from (n for n, value in message.fields.items() if pan in value or written in value)
    if message.kind == UNKNOWN:
        for number, value in message.fields.items():
            if len(value) >= BATCH_DETAIL and value.isdigit():
                yield number


def portray(message: Message, dialect: Dialect, tokens: Tokens) -> dict[str, Any]:
    """Class, MTI, elements and values of a message, as the body of an event."""
    secret = secret_elements(message)
    fields = {
        str(number): tokens.hidden(number, value) if number in secret else value
        for number, value in message.fields.items()
    }
    values: dict[str, Any] = dict(dialect.values(message))
    for name in SECRET_VALUES & values.keys():
        value = values[name]
        values[name] = {"masked": masking.pan(value), "token": tokens.token(value)}
        if name != "pan":
            values[name]["masked"] = "*" * len(value)
    if de.IC_DATA in secret and "ic" in values:
        values["ic"] = fields[str(de.IC_DATA)]
    return {"class": message.kind, "mti": message.mti, "fields": fields, "values": values}


def masked_wire(wire: bytes, envelope: int, message: Message, spans: Spans) -> str:
    """Wire bytes as hex with the secret nibbles overwritten.

    Args:
        wire: the bytes as they travelled.
        envelope: bytes before the MTI.
        message: what they decode to; its secret elements are overwritten.
        spans: where its elements are, counted from the MTI; empty where that is not known:
            then nothing is shown but the length.
    """
    if not spans:
        return "F" * (2 * len(wire))
    places = {
        number: (spans[number][1] + envelope, spans[number][2] + envelope)
        for number in secret_elements(message)
        if number in spans
    }
    return masking.wire(wire, places)
