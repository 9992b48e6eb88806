"""The log of one case as the rungs of a ladder: who said what to whom, and what was noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from switch.dialect import Dialect
from switch.records import Event
from switch.report.lines import money

REQUEST, RESPONSE, LOST, LINE = "request", "response", "lost", "line"
TERMINAL, HOST, BESIDE = "terminal", "host", "beside"
FACTS = {  # what is odd about a request -> how the ladder says it
    "wrong": "MAC wrong",
    "absent": "no MAC",
    "no_key": "no key to check its MAC",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the ladder.

    Attributes:
        at: nanoseconds.
        kind: ``request`` or ``response`` (arrows), ``lost`` (a response that did not arrive
            whole), ``line`` (of the connection), ``terminal`` or ``host`` (what happened
            there), ``beside`` (a note on the arrow before, if it is of the same instant).
        text: what stands on it.
        notes: what stands beside it.
    """

    at: int
    kind: str
    text: str
    notes: tuple[str, ...] = ()


def rungs(events: Sequence[Event], dialect: Dialect) -> list[Rung]:
    """The rungs of one case, in log order."""
    return _Climb(events, dialect).rungs()


class _Climb:
    """Goes through a log once, with what the whole log says about each exchange at hand."""

    def __init__(self, events: Sequence[Event], dialect: Dialect) -> None:
        self._events = events
        self._dialect = dialect
        self._decided: dict[int, Event] = {}
        self._answered: set[int] = set()
        self._faults: dict[int, list[str]] = {}
        for event in events:
            if event.kind == "sent":
                self._answered.add(event["exchange"])
            elif event.kind == "fault_applied" and str(event["fault"]).partition(" ")[0] != "reply":
                self._faults.setdefault(event["exchange"], []).append(str(event["fault"]))
        tids = {event.terminal for event in events if event.kind == "received"}
        self._several = len(tids) > 1

    def rungs(self) -> list[Rung]:
        """All of them."""
        out: list[Rung] = []
        for event in self._events:
            tell = TELL.get(event.kind)
            rung = tell(self, event) if tell else None
            if rung:
                out.append(rung)
        return out

    # ---- messages --------------------------------------------------------------------------

    def received(self, event: Event) -> Rung:
        known = self._dialect.classes.get(event["class"])
        values, facts = event["values"] or {}, event["facts"] or {}
        amount = str(values.get("amount") or "")
        words = [
            f"{event.terminal}:" if self._several else "",
            known.title if known else f"{event['mti']} message",
            _word(values, "stan"),
            money(int(amount)) if amount.isdecimal() else "",
            _word(values, "reversal_reason"),
        ]
        notes = [FACTS.get(facts.get("mac", ""), ""), *(facts.get("format") or ())]
        notes.append("ARQC wrong" if facts.get("arqc") == "wrong" else "")
        notes.append("left over from an earlier case" if event["residue"] else "")
        return Rung(event.at, REQUEST, _joined(words), _some(notes))

    def decided(self, event: Event) -> Rung | None:
        """Only what never leaves; the rest is told when it does."""
        exchange = event["exchange"]
        self._decided[exchange] = event
        if event["response"] == "unheard":
            return Rung(
                event.at, BESIDE, "", ("the request was lost: not decided, never answered",)
            )
        if event["response"] == "none":
            notes = _some([str(event["because"] or ""), "never left"])
            return Rung(event.at, LOST, self._answer(str(event["code"] or "")), notes)
        return None

    def sent(self, event: Event) -> Rung:
        exchange = event["exchange"]
        decided = self._decided.get(exchange)
        because = str(decided["because"] or "") if decided else ""
        code = str((event["values"] or {}).get("response_code") or "")
        text = self._answer(code or str(decided["code"] if decided else ""))
        if event["step"]:
            known, values = self._dialect.classes[event["class"]], event["values"] or {}
            text = _joined([known.title, _word(values, "stan"), text if code else ""])
            because = "nobody asked for it"
        notes = _some([because, *self._faults.get(exchange, ())])
        return Rung(event.at, RESPONSE if event["whole"] else LOST, text, notes)

    def undelivered(self, event: Event) -> Rung:
        decided = self._decided.get(event["exchange"])
        text = self._answer(str(decided["code"] or "")) if decided else "response"
        return Rung(event.at, LOST, text, _some([str(event["why"] or "")]))

    def _answer(self, code: str) -> str:
        return f"{code} {self._dialect.in_words(code)}" if code else "response"

    def unreadable(self, event: Event) -> Rung:
        return Rung(event.at, REQUEST, "unreadable bytes", _some([str(event["text"] or "")]))

    # ---- beside the messages ---------------------------------------------------------------

    def fault_applied(self, event: Event) -> Rung | None:
        """A fault without a response of its own; the others stand beside theirs."""
        fault, exchange = str(event["fault"]), event["exchange"]
        if exchange in self._answered or fault.startswith("reply "):
            return None
        return Rung(event.at, BESIDE, "", (fault,))

    def fault_skipped(self, event: Event) -> Rung:
        return Rung(event.at, BESIDE, "", (f"not applied: {event['fault']} ({event['why']})",))

    def asked(self, event: Event) -> Rung:
        nudge = " (nudge)" if event["provoke"] else ""
        skipped = ": not needed, it is signed on" if event["skipped"] else ""
        return Rung(event.at, TERMINAL, f"> {event['text'] or event['do']}{nudge}{skipped}")

    def answered(self, event: Event) -> Rung | None:
        answer = str(event["answer"] or "")
        told = answer.startswith(("refused", "busy"))
        return Rung(event.at, TERMINAL, f"> {answer}") if told else None

    def observed(self, event: Event) -> Rung | None:
        if event["channel"] == "log":
            return None
        return Rung(event.at, TERMINAL, f"{event['channel']}: {event['text']}")

    def opened(self, event: Event) -> Rung:
        return Rung(event.at, LINE, f"connection {event.conn} opened")

    def closed(self, event: Event) -> Rung:
        if event["by"] == "refused":
            return Rung(event.at, LINE, "connection refused")
        return Rung(event.at, LINE, f"connection {event.conn} closed by {event['by']}")

    def ordered(self, event: Event) -> Rung:
        return Rung(event.at, HOST, "", (f"connection: {event['verb']}",))

    def changed(self, event: Event) -> Rung:
        changes = ", ".join(_changed(*change) for change in (event["changes"] or {}).items())
        who = _joined((event["what"], event["id"]))
        return Rung(event.at, HOST, "", (f"{who}: {changes}",))

    def booked(self, event: Event) -> Rung | None:
        if event["status"] in {"approved", "declined"}:
            return None
        return Rung(event.at, BESIDE, "", (f"ledger: {event['class']} is {event['status']}",))

    def due(self, event: Event) -> Rung | None:
        what = str(event["what"] or "")
        over = f"the time for {what.removeprefix('within of ')} is over"
        return Rung(event.at, HOST, "", (over,)) if what.startswith("within of ") else None

    def found(self, event: Event) -> Rung:
        step = f" {event['step']}" if event["step"] else ""
        text = f"! {event['severity']}: {event['rule']}{step}: {event['text']}"
        return Rung(event.at, BESIDE, "", (text,))


def _word(values: Any, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _changed(name: str, value: Any) -> str:
    """One change of the world as it is read aloud: ``of sale, void``."""
    shown = ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value
    return f"{name} {shown}"


def _joined(words: Sequence[str]) -> str:
    return " ".join(word for word in words if word)


def _some(notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note)


def _note(text: str) -> Callable[[_Climb, Event], Rung]:
    return lambda climb, event: Rung(event.at, BESIDE, "", (text,))


TELL: dict[str, Callable[[_Climb, Event], Rung | None]] = {
    "received": _Climb.received,
    "unreadable": _Climb.unreadable,
    "decided": _Climb.decided,
    "sent": _Climb.sent,
    "held": _note("held back"),
    "released": _note("released"),
    "undelivered": _Climb.undelivered,
    "fault_applied": _Climb.fault_applied,
    "fault_skipped": _Climb.fault_skipped,
    "stimulus_asked": _Climb.asked,
    "stimulus_answered": _Climb.answered,
    "observed": _Climb.observed,
    "connection_opened": _Climb.opened,
    "connection_closed": _Climb.closed,
    "connection_ordered": _Climb.ordered,
    "world_changed": _Climb.changed,
    "ledger_changed": _Climb.booked,
    "deadline": _Climb.due,
    "finding": _Climb.found,
}


def gathered(climbed: Sequence[Rung]) -> list[Rung]:
    """Notes moved to the arrow before them, where that is of the same instant."""
    out: list[Rung] = []
    for rung in climbed:
        before = out[-1] if out else None
        arrow = before and before.at == rung.at and before.kind in {REQUEST, LOST, RESPONSE}
        if before and arrow and rung.kind == BESIDE:
            out[-1] = replace(before, notes=before.notes + rung.notes)
        else:
            out.append(rung)
    return out
