"""The details that a batch upload lists (protocol 2.7)."""

from __future__ import annotations

from switch.acquirer.batches import Detail
from switch.message import Message
from switch.totals import FOREIGN, LOCAL

FOREIGN_CARD = "01"  # card class of a detail; 00 is domestic


def details_in(message: Message) -> list[Detail]:
    """The details that DE 48 of a batch upload lists."""
    numbers = [name[5:-1] for name in message.parts if name.startswith("48.5[")]
    return [
        Detail(
            stan=message.part(f"48.3[{number}]"),
            amount=int(message.part(f"48.5[{number}]")),
            group=FOREIGN if message.part(f"48.2[{number}]") == FOREIGN_CARD else LOCAL,
            pan=message.part(f"48.4[{number}]").lstrip("0"),  # right-justified
        )
        for number in numbers
    ]
