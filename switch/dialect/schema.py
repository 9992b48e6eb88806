"""The shape of ``specs/<dialect>.yaml``."""

from __future__ import annotations

import re
from typing import Any

from switch.composites import Either, ListOf, MapOf, Record
from switch.dialect.classes import TagRule
from switch.message.spec import TYPES, Coding, FieldSpec
from switch.message.subfields import KINDS, Layout, Sub
from switch.reading import Text, Wrong
from switch.shapes import Duration, Number, OneOf, Switch, Words
from switch.wire import Framing
from switch.wire.lengths import LENGTHS

LENGTH_FORM = re.compile(r"(\.\.\.|\.\.|)([0-9]{1,4})")
PLACE = Words(
    r"[0-9]{1,3}(\.([0-9]{1,2}|[0-9A-F]{2,6}))?|pan",
    "an element number, a part id such as 60.2 or a tag such as 55.9F26",
)
TAG = Words(r"([0-9A-F]{2}){1,3}", "a tag such as 9F26")
ELEMENTS = ListOf(Number(2, 128))


# What a host may ask for in the header of a response (1.4).
PROCESSING_REQUIREMENTS = (
    "parameters",
    "status",
    "sign_on",
    "capk",
    "aid",
    "software",
    "blacklist",
)


def element_key(key: Text) -> None:
    """A key that is an element number."""
    if not re.fullmatch(r"[1-9][0-9]{0,2}", key.value) or not 2 <= int(key.value) <= 128:
        raise Wrong(key.mark, f"{key.value!r} is not an element number from 2 to 128")


def make_field(**read: Any) -> dict[str, Any]:
    """Length and prefix of one field entry."""
    found = LENGTH_FORM.fullmatch(read["length"])
    if not found:
        raise ValueError(f"{read['length']!r} is not a length; write 6, ..19 or ...999")
    prefix, length = len(found[1]), int(found[2])
    if not 1 <= length <= (10**prefix - 1 if prefix else 9999):
        raise ValueError(f"{read['length']!r} is not a length that its prefix can count")
    return {**read, "prefix": prefix, "length": length}


FIELD = Record(
    {
        "name": Words(),
        "type": OneOf(TYPES),
        "length": Words(),
        "pad": OneOf(("left", "right")),
    },
    required=("name", "type", "length"),
    make=make_field,
)
SUB = Record(
    {
        "id": Words(r"[0-9]{1,3}\.[0-9]{1,2}", "a part id such as 60.2"),
        "name": Words(),
        "length": Number(1, 999),
        "values": MapOf(Words()),
        "secret": Switch(),
    },
    required=("id", "name", "length"),
)
LAYOUT = Record(
    {
        "kind": OneOf(tuple(KINDS)),
        "classes": ListOf(Words()),
        "direction": OneOf(("request", "response")),
        "parts": ListOf(SUB),
    }
)
MESSAGE_CLASS = Record(
    {
        "title": Words(),
        "title_zh": Words(),
        "group": OneOf(("financial", "reversal", "management", "batch", "advice")),
        "request": Record(
            {
                "mti": Words(r"[0-9]{4}", "an MTI of four digits"),
                "match": MapOf(ListOf(Words(), single=True)),
                "build": MapOf(Words()),
            },
            required=("mti",),
        ),
        "mac": Switch(),
        "card": Switch(),
        "reversible": Switch(),
        "stored": Switch(),
        "from_host": Switch(),
        "books": OneOf(("debit", "credit")),
        "mandatory": ELEMENTS,
        "conditional": ELEMENTS,
        "never": ELEMENTS,
        "copies": ELEMENTS,
        "refuse_without": ELEMENTS,
        "response": Record(
            {"mti": Words(r"[0-9]{4}", "an MTI"), "echo": ELEMENTS, "host": ELEMENTS},
            required=("mti", "echo", "host"),
        ),
    },
    required=("title", "title_zh", "group", "request", "mandatory", "response"),
)
CONDITION = Record(
    {
        "classes": ListOf(Words()),
        "when": MapOf(ListOf(Words(), single=True)),
        "needs": ELEMENTS,
        "because": Words(),
    },
    required=("classes", "when", "needs", "because"),
)
TAG_RULE = Record(
    {
        "classes": ListOf(Words()),
        "needs": ListOf(TAG),
        "only": ListOf(TAG),
        "because": Words(),
    },
    required=("classes", "because"),
    make=TagRule,
)
OPTIONS = Record(
    {
        "lenient_padding": Switch(),
        "mac_on_declines": OneOf(("all", "all_but_mac_errors", "approved_only")),
        "completion_limit": Words("[1-9][0-9]{2}", "a percentage such as 115"),
        "settlement_totals": OneOf(("host", "echo")),
        "track_encryption": OneOf(("tail", "blocks")),
        "wrong_cryptogram": OneOf(("security_violation", "do_not_honour")),
    }
)
DIALECT = Record(
    {
        "format": OneOf(("1",)),
        "name": Words(r"[a-z0-9-]+", "a name of lower-case letters, digits and -"),
        "title": Words(),
        "title_zh": Words(),
        "framing": Record(
            {
                "length": OneOf(tuple(LENGTHS)),
                "tpdu": OneOf(("swap", "echo", "none")),
                "header": Number(0, 64),
                "least": Number(1, 65535),
                "most": Number(1, 65535),
            },
            make=Framing,
        ),
        "tpdu": Record({"begins": Words(), "default": Words("[0-9]{10}", "10 digits")}),
        "header": Record(
            {
                "begins": Words(),
                "default": Words("[0-9A-F]*", "hex digits"),
                "requirement_digit": Number(1, 64),
            }
        ),
        "processing_requirements": MapOf(OneOf(PROCESSING_REQUIREMENTS)),
        "coding": Record(
            {
                "text": OneOf(("gbk", "gb18030", "ascii", "latin-1", "cp500")),
                "mti": OneOf(("bcd", "ascii")),
                "bitmap": OneOf(("binary", "hex")),
                "lengths": OneOf(("bcd", "ascii", "binary")),
            },
            make=Coding,
        ),
        "options": OPTIONS,
        "mac": Record(
            {
                "algorithm": Words(),
                "element": Number(64, 128),
                "bytes": Number(4, 16),
                "key_bytes": Number(8, 24),
            }
        ),
        "key_layouts": MapOf(Words()),
        "timers": MapOf(Duration()),
        "reversal_attempts": Number(1, 10),
        "pin_tries": Number(1, 10),
        "currency": Words(),
        "fields": MapOf(FIELD, element_key),
        "subfields": MapOf(ListOf(LAYOUT, least=1), element_key),
        "classes": MapOf(MESSAGE_CLASS),
        "readable_parts": MapOf(Words(), element_key),
        "conditions": ListOf(CONDITION),
        "entry_modes": MapOf(MapOf(ListOf(Words(), single=True))),
        "tags": ListOf(TAG_RULE),
        "values": MapOf(Either(PLACE, MapOf(PLACE), what="a list")),
        "reversal_reasons": MapOf(Words()),
        "reversal_done": ListOf(Words()),
        "refusals": MapOf(
            Record(
                {"outcome": Words(), "sealed": Switch(), "requirement": Words()},
                required=("outcome",),
            )
        ),
        "response_codes": MapOf(
            Record(
                {"zh": Words(), "en": Words(), "class": OneOf(("A", "B", "C", "D", "E"))},
                required=("zh", "en", "class"),
            )
        ),
        "outcomes": MapOf(Words()),
        "success_codes": ListOf(Words()),
        "magic_amounts": MapOf(Words()),
    },
    required=("format", "name", "title", "framing", "coding", "fields", "classes", "outcomes"),
)


def make_fields(read: dict[str, dict[str, Any]], *, lenient: bool) -> dict[int, FieldSpec]:
    """The field table of the codec."""
    return {
        int(number): FieldSpec(
            int(number),
            entry["name"],
            entry["type"],
            entry["length"],
            entry["prefix"],
            entry.get("pad", "right"),
            lenient,
        )
        for number, entry in read.items()
    }


def make_layouts(read: dict[str, tuple[dict[str, Any], ...]]) -> dict[int, tuple[Layout, ...]]:
    """Element -> the ways it is divided."""
    return {
        int(number): tuple(
            Layout(
                entry.get("kind", "digits"),
                tuple(
                    Sub(
                        sub["id"],
                        sub["name"],
                        sub["length"],
                        sub.get("values"),
                        sub.get("secret", False),
                    )
                    for sub in entry.get("parts", ())
                ),
                entry.get("classes", ()),
                entry.get("direction", ""),
            )
            for entry in entries
        )
        for number, entries in read.items()
    }
