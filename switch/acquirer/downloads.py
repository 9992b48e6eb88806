"""What terminals download: parameters, CAPKs, AIDs (protocol 2.11)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from switch.composites import ListOf, MapOf, Record
from switch.message.tlv import write_tags
from switch.shapes import Digits, Number, Shape, Words

RID, AID, KEY_INDEX = "9F06", "9F06", "9F22"
EXPIRES, HASH, SIGNATURE = "DF05", "DF06", "DF07"
MODULUS, EXPONENT, CHECKSUM = "DF02", "DF04", "DF03"
SHA_1, RSA = "01", "01"  # the only algorithms of EMV book 2, annex B
ROOM = 998  # bytes of DE 62 after the character that says how it goes on
PAGE = 10  # records in one response, unless the book says otherwise
HEX = Words(r"([0-9A-F]{2})+", "bytes in upper-case hex")


@dataclass(frozen=True, slots=True)
class Capk:
    """A public key of a card scheme.

    Attributes:
        rid: registered identifier of the scheme, 5 bytes hex.
        index: key index, 1 byte hex.
        expires: YYYYMMDD.
        modulus, exponent: of the RSA key, hex.
    """

    rid: str
    index: str
    expires: str
    modulus: str
    exponent: str = "03"

    def __post_init__(self) -> None:
        _check_room(self)

    @property
    def names(self) -> Mapping[str, str]:
        """The tags by which a terminal asks for it."""
        return {RID: self.rid, KEY_INDEX: self.index}

    @property
    def listed(self) -> Mapping[str, str]:
        """The tags in the response to a query."""
        return {**self.names, EXPIRES: self.expires}

    @property
    def tags(self) -> Mapping[str, str]:
        """The whole record; its checksum as EMV book 2, table 30 has it."""
        content = self.rid + self.index + self.modulus + self.exponent
        return {
            **self.listed,
            HASH: SHA_1,
            SIGNATURE: RSA,
            MODULUS: self.modulus,
            EXPONENT: self.exponent,
            CHECKSUM: hashlib.sha1(bytes.fromhex(content)).hexdigest().upper(),
        }


@dataclass(frozen=True, slots=True)
class Aid:
    """Parameters of one card application.

    Attributes:
        aid: application identifier, 5 to 16 bytes hex.
        parameters: tag -> value, hex.
    """

    aid: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_room(self)

    @property
    def names(self) -> Mapping[str, str]:
        """The tag by which a terminal asks for it."""
        return {AID: self.aid}

    @property
    def listed(self) -> Mapping[str, str]:
        """The tag in the response to a query."""
        return self.names

    @property
    def tags(self) -> Mapping[str, str]:
        """The whole record."""
        return {**self.names, **self.parameters}


def _check_room(record: Capk | Aid) -> None:
    size = len(write_tags(dict(record.tags))) // 2
    if size > ROOM:
        raise ValueError(f"the record has {size} bytes, DE 62 holds {ROOM} of it")


@dataclass(frozen=True, slots=True)
class Downloads:
    """The tables of one acquirer.

    Attributes:
        parameters: name, as in the dialect's values after ``parameter.`` -> value.
        capks, aids: in the order in which they are listed.
        page: records that one response lists.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    capks: tuple[Capk, ...] = ()
    aids: tuple[Aid, ...] = ()
    page: int = PAGE


def _parameters(**read: Any) -> dict[str, str]:
    return {name: str(value) for name, value in read.items()}


FLAG = Words("[01]", "0 or 1")
PHONE = Words(r"[0-9-]{1,14}", "a telephone number of 1 to 14 digits")
PARAMETERS = Record(
    {
        "timeout": Digits(2, 2),
        "redials": Number(0, 9),
        "phone_1": PHONE,
        "phone_2": PHONE,
        "phone_3": PHONE,
        "management_phone": PHONE,
        "tip": FLAG,
        "tip_percent": Digits(2, 2),
        "manual_entry": FLAG,
        "auto_sign_off": FLAG,
        "resends": Number(0, 9),
    },
    make=_parameters,
)
CAPK = Record(
    {
        "rid": Words("[0-9A-F]{10}", "an RID of 10 hex digits"),
        "index": Words("[0-9A-F]{2}", "an index of 2 hex digits"),
        "expires": Digits(8, 8),
        "modulus": HEX,
        "exponent": HEX,
    },
    required=("rid", "index", "expires", "modulus"),
    make=Capk,
)
AID_ENTRY = Record(
    {
        "aid": Words("([0-9A-F]{2}){5,16}", "an AID of 5 to 16 bytes in hex"),
        "parameters": MapOf(HEX),
    },
    required=("aid",),
    make=Aid,
)
DOWNLOADS: Shape = Record(
    {
        "parameters": PARAMETERS,
        "capks": ListOf(CAPK),
        "aids": ListOf(AID_ENTRY),
        "page": Number(1, 40),
    },
    make=Downloads,
)
