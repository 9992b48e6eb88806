"""The messages of one terminal in a log, each with what the host did about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from switch.dialect import Dialect
from switch.judge.matching import plain
from switch.records import Event


@dataclass(slots=True)
class Recorded:
    """One message and what became of it.

    Attributes:
        event: ``received``.
        outcome: what the host decided, by name; empty where the class has no response code.
        code: DE 39 of it.
        unsaid: ``none`` or ``unheard``; empty if a response left.
        sent: the response, if a whole one left.
        spoilt: what was done to the response on purpose, in words.
        status: of its transaction in the ledger, in the end; empty if it has none.
    """

    event: Event
    outcome: str = ""
    code: str = ""
    unsaid: str = "none"
    sent: Event | None = None
    spoilt: list[str] = field(default_factory=list)
    status: str = ""

    @property
    def kind(self) -> str:
        """Its message class."""
        return str(self.event["class"])

    def value(self, name: str) -> str:
        """A value of the message; a secret one as its token; empty if absent."""
        return plain((self.event["values"] or {}).get(name)) or ""


def recorded(log: Iterable[Event], dialect: Dialect, terminal: str) -> list[Recorded]:
    """The messages of a terminal, in order; of the first one in the log if none is named."""
    by_exchange: dict[int, Recorded] = {}
    for event in log:
        if event.kind == "received":
            terminal = terminal or event.terminal or ""
            if event.terminal == terminal and not event["residue"]:
                by_exchange[event["exchange"]] = Recorded(event)
        elif event["exchange"] in by_exchange:
            _note(by_exchange[event["exchange"]], event, dialect)
    return list(by_exchange.values())


def _note(one: Recorded, event: Event, dialect: Dialect) -> None:
    if event.kind == "decided":
        one.outcome, one.code = event["outcome"], event["code"]
        one.unsaid = event["response"] if event["response"] in {"none", "unheard"} else ""
    elif event.kind == "sent":
        one.unsaid = ""
        one.sent = one.sent or (event if event["whole"] else None)
        one.code = one.code or plain((event["values"] or {}).get("response_code")) or ""
        one.outcome = one.outcome or (dialect.outcome(one.code) if one.code else "")
    elif event.kind == "fault_applied" and not str(event["fault"]).startswith("reply "):
        one.spoilt.append(event["fault"])
    elif event.kind == "ledger_changed":
        one.status = event["status"]
