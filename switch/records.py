"""Records that cross floors: events, exchanges, deliveries, terminals.

The event log is the truth: whatever is judged, drawn or reported is made from it. ``KINDS``
is its vocabulary and ``switch schema events`` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVENT_FORMAT = 1

# kind -> (what it says, the keys of its body)
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "run_started": (
        "the first record of a case: everything needed to judge the log alone",
        (
            "format",
            "version",
            "case",
            "seed",
            "clock",
            "over",
            "style",
            "driver",
            "path",
            "book",
            "dialect",
            "profile",
            "given",
            "scenario",
            "fragments",
            "fleet",
            "meta",
        ),
    ),
    "connection_opened": ("a connection was accepted", ("peer",)),
    "connection_closed": ("a connection ended, or was refused", ("by",)),
    "received": (
        "a message arrived; values, secrets as tokens, and facts the host knows with its keys",
        ("exchange", "class", "mti", "fields", "values", "facts", "wire", "bytes", "residue"),
    ),
    "unreadable": ("bytes arrived that are no message; nothing is answered", ("text", "wire")),
    "decided": (
        "the acquirer decided and booked; what becomes of the response",
        (
            "exchange",
            "class",
            "outcome",
            "own",
            "code",
            "because",
            "response",
            "replay",
            "planned",
            "queued",
        ),
    ),
    "sent": (
        "the whole response left on a connection that both sides hold; with a step, what it "
        "sent unasked",
        ("exchange", "class", "mti", "fields", "values", "facts", "wire", "bytes", "whole", "step"),
    ),
    "held": (
        "a response waits for its release, or what a step sent for the end of a stall",
        ("exchange", "step"),
    ),
    "released": ("a held response may go", ("exchange",)),
    "undelivered": (
        "a response, or what a step sent, did not reach the terminal",
        ("exchange", "why", "step"),
    ),
    "fault_applied": ("a planned fault took effect", ("exchange", "fault", "step")),
    "fault_skipped": ("a planned fault could not take effect", ("exchange", "fault", "why")),
    "stimulus_asked": (
        "something was asked of the terminal",
        ("step", "do", "provoke", "text", "skipped"),
    ),
    "stimulus_answered": ("the driver said what became of it", ("step", "answer")),
    "draw": ("a number was drawn from a seeded stream", ("exchange", "step", "purpose", "value")),
    "world_changed": ("the acquirer's world was changed", ("step", "what", "id", "changes")),
    "connection_ordered": ("the script acted on the transport", ("step", "verb")),
    "ledger_changed": (
        "the ledger's state of one transaction",
        (
            "exchange",
            "by",
            "class",
            "status",
            "amount",
            "stan",
            "batch",
            "payee",
            "books",
            "group",
        ),
    ),
    "batch_changed": (
        "the host compared a batch with the terminal's totals, or closed it",
        ("exchange", "batch", "stage", "flags", "told", "held", "because"),
    ),
    "deadline": ("a moment that a step or window waited for", ("what", "lag")),
    "observed": ("what the terminal showed or printed", ("channel", "text", "step", "answer")),
    "finding": (
        "the judge or the linter found something; only the linter says what it means",
        ("severity", "step", "text", "rule", "means"),
    ),
    "run_ended": ("the last record of a case", ("verdict", "reason")),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log.

    Attributes:
        seq: number within the case, from 1.
        at: nanoseconds since the case began.
        kind: a key of :data:`KINDS`.
        conn: connection number, or None.
        terminal: TID, or None.
        body: what :data:`KINDS` says for this kind.
    """

    seq: int
    at: int
    kind: str
    conn: int | None = None
    terminal: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.body.get(name)

    def line(self) -> str:
        """The event as one line of ``events.ndjson``."""
        head: dict[str, Any] = {"seq": self.seq, "at": self.at, "kind": self.kind}
        if self.conn is not None:
            head["conn"] = self.conn
        if self.terminal is not None:
            head["terminal"] = self.terminal
        return json.dumps(head | dict(self.body), ensure_ascii=True, separators=(",", ":"))

    @staticmethod
    def parse(line: str) -> Event:
        """The event of one line; raises ValueError for anything else."""
        read = json.loads(line)
        if not isinstance(read, dict) or not {"seq", "at", "kind"} <= read.keys():
            raise ValueError("not an event: seq, at and kind belong in every line")
        if read["kind"] not in KINDS:
            raise ValueError(f"unknown event kind {read['kind']!r}")
        head = {name: read.pop(name, None) for name in ("seq", "at", "kind", "conn", "terminal")}
        return Event(**head, body=read)


# ---- what a delivery does on the transport, in order --------------------------------------


@dataclass(frozen=True, slots=True)
class Write:
    """Put these bytes on the wire."""

    data: bytes

    def __repr__(self) -> str:
        return f"Write({len(self.data)} bytes)"


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many nanoseconds before what follows."""

    ns: int


@dataclass(frozen=True, slots=True)
class Order:
    """Act on the connection: ``close``, ``reset``, ``half_close``, ``stall`` or ``resume``.

    Attributes:
        verb: what to do.
        ns: for ``stall``: how long nothing is written; 0 means until resumed.
    """

    verb: str
    ns: int = 0


Piece = Write | Pause | Order


@dataclass(frozen=True, slots=True)
class Delivery:
    """A response, or a message that nobody asked for, on its way.

    Attributes:
        exchange: number of the exchange it answers, or its own.
        conn: the connection the request came on.
        at: nanoseconds; when it leaves.
        pieces: what happens on the transport.
        sent: body of the ``sent`` event for when the last byte has left; None when what
            leaves is not the whole response.
        faults: those that take effect with it, in words.
        step: the send step whose message it is; empty for a response.
    """

    exchange: int
    conn: int
    at: int
    pieces: tuple[Piece, ...]
    terminal: str = ""
    sent: Mapping[str, Any] | None = None
    faults: tuple[str, ...] = ()
    step: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one request came to: the result of the spine.

    Attributes:
        number: counts from 1 within a host.
        deliveries: what leaves now; empty when nothing is said, or it is held or delayed.
        kind, terminal, stan, amount, outcome, code, mac, notes: for the person who reads along.
        unsaid: why nothing was said although something was decided; empty if it was said.
    """

    number: int
    deliveries: tuple[Delivery, ...] = ()
    kind: str = ""
    terminal: str = ""
    stan: str = ""
    amount: int | None = None
    outcome: str = ""
    code: str = ""
    mac: str = ""
    notes: tuple[str, ...] = ()
    unsaid: str = ""
    close: bool = False


@dataclass(slots=True)
class TerminalRecord:
    """All that the host knows of one terminal, keyed by acquirer and TID.

    Attributes:
        tid, mid: terminal and the merchant it belongs to.
        tmk: terminal master key, bytes; empty for a stranger.
        working_keys: DE 62 as last sent, hex: the keys as cryptograms under the TMK.
        layout: name of the layout of ``working_keys``.
        signed_on: a sign-on was answered and no sign-off since.
        batch: number, 1 to 999999.
        last_stan: highest STAN seen in this batch, for the log.
        stranger: the book does not know it.
    """

    tid: str
    mid: str = ""
    tmk: bytes = field(default=b"", repr=False)
    mak_bytes: int = 0
    working_keys: str = field(default="", repr=False)
    layout: str = ""
    signed_on: bool = False
    batch: int = 1
    last_stan: str = ""
    stranger: bool = False


class EventLog:
    """The log of one case (or of a standing host): numbers events and tells who listens.

    Args:
        now: the clock, nanoseconds.
        keep: hold the events in memory; a standing host does not.
    """

    def __init__(self, now: Callable[[], int], *, keep: bool = True) -> None:
        self._now = now
        self._keep = keep
        self._seq = 0
        self.events: list[Event] = []
        self.listeners: list[Callable[[Event], None]] = []

    def close(self) -> None:
        """Keep nothing that comes after this."""
        self._keep = False

    def write(
        self,
        kind: str,
        body: Mapping[str, Any] | None = None,
        *,
        conn: int | None = None,
        terminal: str | None = None,
        at: int | None = None,
    ) -> Event:
        """Append one event and return it; ``at`` only for a moment that was waited for."""
        self._seq += 1
        event = Event(
            self._seq, self._now() if at is None else at, kind, conn, terminal, body or {}
        )
        if self._keep:
            self.events.append(event)
        for listen in self.listeners:
            listen(event)
        return event
