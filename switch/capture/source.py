"""A file of recorded traffic, whatever it holds, as event logs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from switch.acquirer import Book
from switch.capture import hexlog, pcap
from switch.capture.events import Retelling
from switch.capture.stream import Piece
from switch.dialect import Dialect
from switch.errors import BadFile
from switch.reading import Mark, Problem
from switch.records import Event


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file holds.

    Attributes:
        logs: each begins anew: the cases of a run, or the one log of anything else.
        foreign: how many connections were not of this dialect.
    """

    logs: tuple[tuple[Event, ...], ...]
    foreign: int = 0


def read(path: Path, dialect: Dialect, book: Book | None) -> Recording:
    """The traffic in a file: an event log, a capture, or a text with messages in hex.

    Args:
        path: of the file; what it holds is told by its first bytes.
        dialect: that both sides speak.
        book: for the keys of a capture or a hex log; None checks no MAC there.

    Raises:
        BadFile, BadUsage: it cannot be read, in sentences.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _bad(path, 1, f"cannot read: {error.strerror or error}") from None
    if content.startswith(pcap.MAGIC):
        return _retold(pcap.read(path), dialect, book)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if text.lstrip().startswith("{"):
        return Recording(tuple(tuple(case) for case in _cases(events(path, text))))
    pieces = list(hexlog.read(text, dialect))
    if not pieces:
        raise _bad(path, 1, "no event log, no capture, and no message in hex")
    return _retold(pieces, dialect, book)


def _retold(pieces: Iterable[Piece], dialect: Dialect, book: Book | None) -> Recording:
    retelling = Retelling(dialect, book)
    return Recording((tuple(retelling.tell(pieces)),), len(retelling.foreign))


def events(path: Path, text: str) -> list[Event]:
    """The events of a log.

    Raises:
        BadFile: a line that is no event.
    """
    out: list[Event] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            out += [Event.parse(line)] if line.strip() else []
        except (ValueError, TypeError) as error:
            raise _bad(path, number, f"not an event: {error}") from None
    return out


def _cases(log: Iterable[Event]) -> list[list[Event]]:
    """The log of a run, case by case; that of a standing host is one."""
    cases: list[list[Event]] = [[]]
    for event in log:
        if event.kind == "run_started":
            cases.append([])
        cases[-1].append(event)
    return cases


def _bad(path: Path, line: int, text: str) -> BadFile:
    return BadFile([Problem(Mark(str(path), line, 1), text)])
