"""The issuer of the book's chip cards: cryptograms checked, answers made, scripts handed out."""

from __future__ import annotations

from dataclasses import dataclass, field

from switch import elements as de
from switch.acquirer.parties import Card
from switch.errors import KeyProblem, MessageError
from switch.message import Message
from switch.message.tlv import read_tags
from switch.security import chip
from switch.security.emv import icc_master_key

AUTHENTICATION, SCRIPT_BEFORE, SCRIPT_AFTER, SCRIPT_RESULTS = "91", "71", "72", "DF31"
RESULT_DIGITS = 10  # of one script in DF31
SUCCEEDED = "2"  # first digit of a script result (EMV Book 4, annex A5)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Holds the issuer master key (IMK).

    Attributes:
        master_key: 16 bytes; empty for an issuer whose keys this host does not have.
    """

    master_key: bytes = field(repr=False)

    def card_key(self, card: Card) -> bytes:
        """The ICC master key; empty for a card without a chip of this issuer."""
        if not self.master_key or not card.sequence:
            return b""
        return icc_master_key(self.master_key, card.pan, card.sequence[-2:])

    def verdict(self, card: Card | None, request: Message) -> str:
        """What the keys say of tag 9F26: ``valid``, ``wrong``, ``absent`` or ``unchecked``.

        A cryptogram over another amount than DE 4 is wrong, too: the card agreed to that one.
        """
        tags = tags_of(request)
        if chip.CRYPTOGRAM not in tags:
            return "absent"
        key = self.card_key(card) if card else b""
        if not key or "9F02" not in tags:  # a reduced set, such as a script result's
            return "unchecked"
        if tags["9F02"] != f"{request.amount:012d}":
            return "wrong"
        try:
            return "valid" if chip.cryptogram(key, tags) == tags[chip.CRYPTOGRAM] else "wrong"
        except KeyProblem:
            return "wrong"

    def answer(self, card: Card, request: Message, response_code: str) -> dict[str, str]:
        """Tags of the response to a request with a good ARQC: 91, and scripts that wait (2.8)."""
        key, tags = self.card_key(card), tags_of(request)
        out = {AUTHENTICATION: chip.issuer_authentication(key, tags, response_code)}
        scripts = {SCRIPT_BEFORE: card.script_before, SCRIPT_AFTER: card.script_after}
        return out | {tag: script for tag, script in scripts.items() if script}


def script_ran(result: Message) -> bool:
    """A script result says that the script succeeded."""
    results = tags_of(result).get(SCRIPT_RESULTS, "")
    return bool(results) and set(results[::RESULT_DIGITS]) == {SUCCEEDED}


def tags_of(message: Message) -> dict[str, str]:
    """The EMV tags of DE 55; none if it cannot be divided."""
    try:
        return read_tags(message.get(de.IC_DATA))
    except MessageError:
        return {}
