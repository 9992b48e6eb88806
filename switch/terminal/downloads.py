"""Downloads: parameters, CAPKs, AIDs, blacklist, each with its end message (protocol 2.11, H4).

A table is built beside the one in use and takes its place when it is whole, so a download that
breaks off anywhere leaves the terminal with what it had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeAlias, TypeVar

from switch import elements as de
from switch.acquirer.downloads import CHECKSUM, EXPONENT, KEY_INDEX, MODULUS, RID
from switch.errors import MessageError
from switch.message import Message
from switch.message.tlv import read_groups, read_tags, write_tags
from switch.terminal import messages, parameters
from switch.terminal.desk import Desk
from switch.terminal.exchange import exchange
from switch.terminal.line import Steps
from switch.terminal.replies import Heard

SIGNS = "0123"  # 2.11: how a page begins: nothing, all of it, more follows, last of several
NOTHING, MORE = "0", "2"
HERE = "1"  # the record that was asked for follows
MOST_PAGES = 100  # a list that is longer has no end
CARD_RECORD = 21  # characters: a length of two digits, a card number filled up to 19
NAMES = {"capk": (RID, KEY_INDEX), "aid": (RID,)}  # the tags that identify a record

Action: TypeAlias = Callable[[Desk], Steps[Heard]]
Check: TypeAlias = Callable[[Message], str]
Row = TypeVar("Row")


def download_parameters(desk: Desk) -> Steps[Heard]:
    """360, then 361; values that make no sense leave the old ones (H4)."""
    request = messages.parameter_download(desk)
    heard = yield from _step(desk, request, lambda response: parameters.problem(desk, response))
    if heard.response is not None and good(heard) and desk.habits.takes_parameters:
        desk.record.parameters |= parameters.usable(desk, heard.response)
        desk.save()
    return (yield from _end(desk, heard, "parameter_end"))


def download_table(desk: Desk, table: str) -> Steps[Heard]:
    """CAPKs or AIDs: the list, then each record of it, then the end."""
    heard, listed = yield from _list(desk, table)
    new: dict[str, str] = {}
    for names in listed if good(heard) else ():
        request = messages.management(desk, f"{table}_download", {"62": write_tags(dict(names))})
        heard = yield from _step(desk, request, partial(_record_problem, desk, names))
        if not good(heard):
            break
        new["-".join(names.values())] = heard.value(de.KEYS)[2:]
    else:
        if good(heard):
            setattr(desk.record, f"{table}s", new)
            desk.save()
    return (yield from _end(desk, heard, f"{table}_end"))


def _list(desk: Desk, table: str) -> Steps[tuple[Heard, list[Mapping[str, str]]]]:
    """The names of all records, page by page."""
    listed: list[Mapping[str, str]] = []

    def request() -> Message:
        held = {"62.1": HERE, "62.2": f"{len(listed):02d}"}
        return messages.management(desk, f"{table}_query", held)

    def page(response: Message) -> list[Mapping[str, str]]:
        groups = read_groups(response[de.KEYS][2:])
        return [{tag: group[tag] for tag in NAMES[table]} for group in groups]

    heard = yield from _pages(desk, request, page, listed)
    return heard, listed


def download_blacklist(desk: Desk) -> Steps[Heard]:
    """390 page by page, then 391."""
    numbers: list[str] = []

    def request() -> Message:
        return messages.management(
            desk, "blacklist_download", {"62": f"{len(numbers):03d}".encode().hex()}
        )

    def page(response: Message) -> list[str]:
        found = _cards(response.part("62.3"))
        if response.part("62.2") != f"{len(numbers) + len(found):03d}":
            raise ValueError(f"{response.part('62.2')} records announced")
        return found

    if desk.habits.clears_table_first:
        desk.record.blacklist = []
    heard = yield from _pages(desk, request, page, numbers)
    if good(heard) or desk.habits.keeps_half_a_table:
        desk.record.blacklist = desk.names_of(numbers)
        desk.save()
    return (yield from _end(desk, heard, "blacklist_end"))


def upload_status(desk: Desk) -> Steps[Heard]:
    """362: the state of the device and the parameters in use."""
    return (yield from _step(desk, messages.status_upload(desk)))


def ask_for_software(desk: Desk) -> Steps[Heard]:
    """A program comes from the TMS, over another protocol: the operator is told."""
    desk.show("display", "NEW SOFTWARE IS WAITING: LOAD IT FROM THE TMS")
    yield from ()  # a procedure like the others, that has nothing to wait for
    return Heard("valid", approves=True)


ACTIONS: dict[str, Action] = {
    "parameters": download_parameters,
    "status": upload_status,
    "capk": partial(download_table, table="capk"),
    "aid": partial(download_table, table="aid"),
    "software": ask_for_software,
    "blacklist": download_blacklist,
}


# ---- steps ------------------------------------------------------------------------------------


def _step(desk: Desk, request: Message, problem: Check = lambda response: "") -> Steps[Heard]:
    """One message, sent again a bounded number of times (H4); a refusal is final.

    Args:
        desk: the terminal.
        request: what it sends.
        problem: what is wrong with the contents of an approval, in a sentence; empty if nothing.
    """
    heard = Heard("not_sent")
    for _ in range(desk.habits.download_tries):
        heard = yield from exchange(desk, request)
        if heard.verdict == "not_sent":
            return heard
        if heard.verdict == "valid":
            why = problem(heard.response) if heard.approves and heard.response else ""
            if not why:
                return heard
            desk.show("log", f"{request.kind}: {why}")
            heard = replace(heard, verdict="unusable", why=why)
    return heard


def _pages(
    desk: Desk,
    request: Callable[[], Message],
    page: Callable[[Message], list[Row]],
    rows: list[Row],
) -> Steps[Heard]:
    """A list, page by page, into ``rows``; a page that does not divide is asked for again."""

    def problem(response: Message) -> str:
        begins = response.part("62.1")
        try:
            if not page(response) and begins != NOTHING:
                return "DE 62: a page without a record"
        except (MessageError, ValueError, KeyError) as error:
            return f"DE 62: {error}"
        return "" if begins in SIGNS else f"DE 62: {begins!r} does not say whether more follows"

    heard = Heard("unusable", why="the list has no end")
    for _ in range(MOST_PAGES):
        heard = yield from _step(desk, request(), problem)
        if not good(heard) or heard.response is None:
            return heard
        rows += page(heard.response)
        if heard.response.part("62.1") != MORE or not desk.habits.follows_pages:
            return heard
    return Heard("unusable", why="the list has no end")


def _end(desk: Desk, heard: Heard, kind: str) -> Steps[Heard]:
    """The end message after a whole download; after a broken one none."""
    if not good(heard) or not desk.habits.ends_downloads:
        return heard
    return (yield from _step(desk, messages.management(desk, kind, {})))


def good(heard: Heard) -> bool:
    """It came to its end as it should."""
    return heard.verdict == "valid" and heard.approves


# ---- contents ---------------------------------------------------------------------------------


def _record_problem(desk: Desk, names: Mapping[str, str], response: Message) -> str:
    """Whether this is the record that was asked for, and whole."""
    value = response.get(de.KEYS)
    try:
        control, tags = bytes.fromhex(value[:2]).decode("latin-1"), read_tags(value[2:])
    except MessageError as error:
        return f"DE 62: {error.text}"
    if control != HERE:
        return "the host has no such record"
    if any(tags.get(tag) != wanted for tag, wanted in names.items()):
        return "DE 62: another record than the one asked for"
    if MODULUS in tags and desk.habits.checks_capk and tags.get(CHECKSUM) != _checksum(tags):
        return f"DE 62: checksum {CHECKSUM} is not that of the key"
    return ""


def _checksum(tags: Mapping[str, str]) -> str:
    """EMV book 2, table 30: SHA-1 over RID, index, modulus and exponent."""
    content = "".join(tags.get(tag, "") for tag in (RID, KEY_INDEX, MODULUS, EXPONENT))
    return hashlib.sha1(bytes.fromhex(content)).hexdigest().upper()


def _cards(text: str) -> list[str]:
    """The card numbers of a page of the blacklist."""
    records = [text[at : at + CARD_RECORD] for at in range(0, len(text), CARD_RECORD)]
    numbers = [record[2:].rstrip() for record in records]
    for record, number in zip(records, numbers, strict=True):
        if record[:2] != f"{len(number):02d}" or not number.isdigit():
            raise ValueError("a card number that is not as long as announced")
    return numbers
