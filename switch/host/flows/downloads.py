"""Downloads (protocol 2.11, 3.1, 3.5): parameters, CAPKs, AIDs, blacklist, and their ends.

A list that is longer than a page is asked for page by page: the request says how many records
the terminal has, the first character of the response whether more follows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from switch import elements as de
from switch.acquirer.downloads import Aid, Capk
from switch.dialect import Answer
from switch.errors import MessageError, Refusal
from switch.host.desk import Desk
from switch.host.flows import flow
from switch.message.tlv import read_tags, write_tags

NOTHING, COMPLETE, MORE, LAST = "0123"  # 2.11: how a page begins
HERE = "1"  # the record that was asked for follows
STOPPED = frozenset({"lost", "stolen", "blacklisted"})  # card statuses
NUMBER_WIDTH = 19  # of a card number in the blacklist, after its two-digit length
NAME_WIDTH = 40  # bytes of the merchant's name among the parameters
ENDS = {
    "parameter_end": "parameters",
    "capk_end": "capk",
    "aid_end": "aid",
    "blacklist_end": "blacklist",
    "status_upload": "status",
}
Listed = TypeVar("Listed")


@flow("parameter_download")
def parameters(desk: Desk) -> Answer:
    """The parameters of the book, and the name under which the merchant is registered."""
    return _told(desk, lambda: _items(desk))


@flow("capk_query")
def capk_query(desk: Desk) -> Answer:
    """Which public keys there are."""
    return _told(desk, lambda: _listing(desk, desk.world.book.downloads.capks))


@flow("aid_query")
def aid_query(desk: Desk) -> Answer:
    """Which applications there are."""
    return _told(desk, lambda: _listing(desk, desk.world.book.downloads.aids))


@flow("capk_download")
def capk(desk: Desk) -> Answer:
    """One public key."""
    return _told(desk, lambda: _record(desk, desk.world.book.downloads.capks))


@flow("aid_download")
def aid(desk: Desk) -> Answer:
    """The parameters of one application."""
    return _told(desk, lambda: _record(desk, desk.world.book.downloads.aids))


@flow("blacklist_download")
def blacklist(desk: Desk) -> Answer:
    """The cards that no terminal shall take."""
    return _told(desk, lambda: _cards(desk))


@flow(*ENDS)
def end(desk: Desk) -> Answer:
    """The terminal has done what was asked of it: it is asked no more."""
    outcome, because, own = desk.decide(lambda: None)
    if desk.approves(outcome):
        desk.world.fulfilled(desk.terminal.record.tid, ENDS[desk.request.kind])
    return Answer(outcome, desk.host_fields(), because=because, own=own)


def _told(desk: Desk, content: Callable[[], str]) -> Answer:
    """An answer with ``content`` in DE 62 if it is an approval."""
    made: list[str] = []
    outcome, because, own = desk.decide(lambda: made.append(content()))
    fields = desk.host_fields()
    if desk.approves(outcome) and made:
        fields[de.KEYS] = made[0]
    return Answer(outcome, fields, because=because, own=own)


def _items(desk: Desk) -> str:
    coding = desk.dialect.coding.text
    name = desk.world.merchant_name(desk.request[de.MERCHANT_ID]).encode(coding, "replace")
    shown = name[:NAME_WIDTH].decode(coding, "ignore")
    values = {"merchant_name": shown, **desk.world.book.downloads.parameters}
    return desk.dialect.items("parameter_download", "parameter.", values)


def _page(desk: Desk, all_of_them: Sequence[Listed]) -> tuple[str, int, Sequence[Listed]]:
    """How the page begins, how many records it ends with, and its records."""
    asked = desk.request.part("62.2")
    if not (asked.isascii() and asked.isdigit()) or int(asked) > len(all_of_them):
        raise Refusal("format_error", f"DE 62: {asked!r} is no number of records received")
    size = desk.world.book.downloads.page
    start, end = int(asked), min(int(asked) + size, len(all_of_them))
    if start == end:
        return NOTHING, end, ()
    whole = LAST if start else COMPLETE
    return (MORE if end < len(all_of_them) else whole), end, all_of_them[start:end]


def _listing(desk: Desk, table: Sequence[Capk | Aid]) -> str:
    begins, _, page = _page(desk, table)
    return begins.encode().hex() + "".join(write_tags(dict(one.listed)) for one in page)


def _record(desk: Desk, table: Sequence[Capk | Aid]) -> str:
    try:
        asked = read_tags(desk.request.get(de.KEYS))
    except MessageError as error:
        raise Refusal("format_error", f"DE 62: {error.text}") from None
    found = next((one for one in table if one.names == asked), None)
    if found is None:
        return NOTHING.encode().hex()
    return HERE.encode().hex() + write_tags(dict(found.tags))


def _cards(desk: Desk) -> str:
    stopped = [card.pan for card in desk.world.cards.values() if card.status in STOPPED]
    begins, end, page = _page(desk, stopped)
    records = "".join(f"{len(pan):02d}{pan:<{NUMBER_WIDTH}}" for pan in page)
    return f"{begins}{end:03d}{records}".encode().hex().upper()
