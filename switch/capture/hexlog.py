"""Texts with messages in hex: one message to a line, or as hex dumps.

A line may begin with a time and whatever else; the message is the run of hex pairs at its end.
A hex dump is lines with an offset; offset 0 begins a message. A log without times is read as
one message after the other, half a minute apart, so that nothing is judged by time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from switch.capture.stream import UNKNOWN, Chunk
from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect
from switch.message import Message
from switch.wire import Frame
from switch.wire.guess import Look, guess

LEAST = 10  # bytes of an MTI and a bitmap: fewer are no message
UNTIMED = 30 * NS_PER_SECOND
DAY = 24 * 3600 * NS_PER_SECOND
TIME = re.compile(r"(?<!\d)(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?!\d)")
DUMP = re.compile(r"^\s*([0-9A-Fa-f]{4,8})[:\s]\s*((?:[0-9A-Fa-f]{2}(?:\s+|-|$)){1,16})")
RUN = re.compile(r"(?:(?<=[\s:=\[>'\"])|^)((?:[0-9A-Fa-f]{2}[ ]?)+)[\]'\"]?\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the text; ``at`` in nanoseconds of the day, None without a time."""

    at: int | None
    raw: bytes


def read(text: str, dialect: Dialect) -> Iterator[Chunk]:
    """The messages of a text, each with a whole envelope.

    Args:
        text: of the log.
        dialect: whose envelope may stand around the messages, in whole or in part.
    """
    now, last, days = 0, 0, 0
    for line in _lines(text):
        frame = _framed(line.raw, dialect)
        side = int(_is_response(frame.body, dialect))
        if line.at is None:
            now += 0 if side else UNTIMED
        else:
            days += line.at < last - DAY // 2  # after midnight
            last, now = line.at, days * DAY + line.at
        yield Chunk(now, UNKNOWN, side, dialect.framing.wrap(frame))


def _is_response(body: bytes, dialect: Dialect) -> bool:
    mti = body[:2].hex() if dialect.coding.mti == "bcd" else body[:4].decode("latin-1")
    return dialect.direction(Message(mti, {})) == "response"


def _framed(raw: bytes, dialect: Dialect) -> Frame:
    """The message in a whole envelope, whatever part of one it came with."""
    mtis = {mti for kind in dialect.classes.values() for mti in (kind.mti, kind.response_mti)}
    size = 2 if dialect.coding.mti == "bcd" else 4
    begins = (dialect.tpdu_begins, dialect.header_begins)
    look = Look(dialect.framing, *begins, frozenset(mtis), size)
    found = guess(raw, look).frame(raw)
    return Frame(
        found.tpdu or dialect.tpdu_default, found.header or dialect.header_default, found.body
    )


def _lines(text: str) -> Iterator[Line]:
    """The messages; a hex dump is one, whatever stands between its lines and the next."""
    dump, at = bytearray(), None
    for line in text.splitlines():
        found = DUMP.match(line)
        if found and (int(found[1], 16) == len(dump)):
            dump += bytes.fromhex(re.sub(r"[\s-]", "", found[2]))
            continue
        if len(dump) >= LEAST:
            yield Line(at, bytes(dump))
            at = None
        dump.clear()
        if found and int(found[1], 16) == 0:
            dump += bytes.fromhex(re.sub(r"[\s-]", "", found[2]))
            continue
        at = _time(line) if _time(line) is not None else at
        raw = _run(line)
        if len(raw) >= LEAST:
            yield Line(at, raw)
            at = None
    if len(dump) >= LEAST:
        yield Line(at, bytes(dump))


def _time(line: str) -> int | None:
    found = TIME.search(line)
    if not found:
        return None
    hours, minutes, seconds = (int(found[n]) for n in (1, 2, 3))
    whole = (hours * 60 + minutes) * 60 + seconds
    return whole * NS_PER_SECOND + int((found[4] or "").ljust(9, "0"))


def _run(line: str) -> bytes:
    """The hex pairs at the end of a line."""
    found = RUN.search(line.rstrip())
    return bytes.fromhex(found[1].replace(" ", "")) if found else b""
