"""Wiring: the only place that builds a whole out of the rooms."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from switch.acquirer.book import Book
from switch.acquirer.book import load as load_book
from switch.chance import Chance
from switch.clock import Clock
from switch.dialect import Dialect
from switch.dialect import load as load_dialect
from switch.host import Host
from switch.judge.lint import Found, Limits, Linter
from switch.masking import Tokens
from switch.net.connection import Observer
from switch.net.server import Server, Tls, address
from switch.records import Event, EventLog, Exchange
from switch.report.finding_lines import below_exchange, summary
from switch.report.lines import exchange_line, note_lines
from switch.scenario.plan import Director, NoDirector


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What ``switch serve`` was asked for; ``limits`` is what the linter knows of the timers."""

    dialect: str
    listen: str
    book: Path | None
    rules: Path | None
    mac: str
    events: Path | None
    tls: Tls | None
    limits: Limits = field(default_factory=Limits)


class Printer:
    """Prints one line per exchange, and what was wrong below it."""

    def __init__(self, dialect: Dialect, clock: Clock, out: TextIO, standing: Standing) -> None:
        self._dialect = dialect
        self._clock = clock
        self._out = out
        self._standing = standing

    def exchanged(self, exchange: Exchange, conn: int) -> None:
        """One request was answered, or not."""
        found = self._standing.news()
        said = "\n".join(one.text for one in found)
        notes = tuple(note for note in exchange.notes if note not in said)
        lines = [exchange_line(exchange, self._dialect, self._clock.local())]
        lines += note_lines(replace(exchange, notes=notes))
        lines += [line for one in found for line in below_exchange(one)]
        print("\n".join(lines), file=self._out, flush=True)


class Standing:
    """The linter beside a standing host: each finding becomes an event and is kept to be shown.

    Attributes:
        linter: what judges.
        found: everything so far.
    """

    def __init__(self, linter: Linter, log: EventLog) -> None:
        self.linter = linter
        self.found: list[Found] = []
        self._log = log
        self._shown = 0
        log.listeners.append(self._see)

    def news(self) -> list[Found]:
        """What was found since this was asked the last time."""
        news, self._shown = self.found[self._shown :], len(self.found)
        return news

    def _see(self, event: Event) -> None:
        for found in self.linter.see(event):
            self.found.append(found)
            body = {"severity": found.severity, "step": "", "text": found.text}
            body |= {"rule": found.rule, "means": found.means}
            self._log.write("finding", body, conn=event.conn, terminal=found.terminal)


def standing_host(options: ServeOptions, clock: Clock, director: Director, log: EventLog) -> Host:
    """The host of ``switch serve``: seeded by the system's randomness, its log unkept."""
    dialect = load_dialect(options.dialect)
    book = load_book(options.book)
    chance, tokens = Chance(secrets.token_hex(16)), Tokens(secrets.token_bytes(32))
    return Host(dialect, book, clock, chance, tokens, director, log, options.mac)


async def serve(
    options: ServeOptions, clock: Clock, out: TextIO, ready: Callable[[str], None]
) -> tuple[Server, Callable[[], None]]:
    """Start the standing host.

    Args:
        options: of the command line.
        clock: of the running loop.
        out: where the lines go.
        ready: is told the address.

    Returns:
        The server, and what says in the end what was found and closes the event file.
    """
    log = EventLog(clock.now, keep=False)
    close_file: Callable[[], None] = lambda: None  # noqa: E731
    if options.events:
        close_file = write_events(log, options.events)
    host = standing_host(options, clock, _director(options), log)
    standing = Standing(Linter(host.dialect, options.limits), log)
    observer: Observer = Printer(host.dialect, clock, out, standing)
    server = Server(host, clock, observer)
    bound = await server.start(address(options.listen), options.tls)
    ready(f"{bound[0]}:{bound[1]}")

    def close() -> None:
        if standing.found:
            print(f"switch: {summary(standing.found, standing.linter.messages)}", file=out)
        close_file()

    return server, close


def _director(options: ServeOptions) -> Director:
    if options.rules is None:
        return NoDirector()
    from switch.scenario.cases import Known
    from switch.scenario.standing import standing_rules

    book = load_book(options.book)
    known = Known(tuple(book.cards), tuple(book.merchants), tuple(book.terminals))
    return standing_rules(options.rules, load_dialect(options.dialect), known)


def write_events(log: EventLog, path: Path) -> Callable[[], None]:
    """Write every event of ``log`` to a file as it happens; returns what closes the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w", encoding="utf-8")

    def write(event: Event) -> None:
        file.write(event.line() + "\n")
        file.flush()

    log.listeners.append(write)
    return file.close


def book_and_dialect(book: Path | None, dialect: str) -> tuple[Book, Dialect]:
    """Both files of a run, loaded."""
    return load_book(book), load_dialect(dialect)
