"""Invariants over the log of one case: what a correct terminal keeps to whatever the script does.

:data:`ALWAYS` is the table that ``always:`` in a scenario names.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from switch.dialect import Dialect
from switch.judge.log import Invariant, Log, Verdict, breach, facts, shown, value
from switch.records import Event

HIGHEST_STAN = 999_999  # rule N1
MAC_WORDS = {
    "absent": "it carries no MAC",
    "no_key": "the host has no key left to check its MAC, since a sign-off or a refused sign-on",
}
# What left the host when a fault of these moments took effect; a reply left unsaid has none.
BYTES_LEFT = re.compile(r"(message|field|mac|frame|transport|timing)\b")
RULE = re.compile(r"\(([A-Z]+[0-9]+)\)")

ALWAYS: dict[str, Invariant] = {}
Judge = Callable[[Log], Iterator[Verdict]]


def invariant(judge: Judge) -> Judge:
    """Put a judge into :data:`ALWAYS` under its own name; its docstring is the documentation."""
    ALWAYS[judge.__name__] = Invariant(judge.__name__, inspect.cleandoc(judge.__doc__ or ""), judge)
    return judge


@invariant
def mac_valid(log: Log) -> Iterator[Verdict]:
    """Every message of a class with a MAC rule carries a valid MAC.

    The host judged it at receipt, under the key then in force. Classes without a MAC rule are
    not counted, nor is a message of a terminal that never signed on in this log and whose key
    the host does not have: that is noted.
    """
    signed_on = False
    for event in log.events:
        signed_on = signed_on or _signs_on(event, log.dialect)
        kind, mac = log.message_class(event), facts(event).get("mac")
        if not log.judges(event) or not kind or not kind.mac or mac in {None, "not_required"}:
            continue
        if mac == "no_key" and not signed_on:
            yield f"{shown(event)}: the terminal has not signed on, no MAC to check (S1)"
        elif mac == "valid":
            yield None
        else:
            rule = "R7" if kind.group == "reversal" else ""
            yield breach(event, MAC_WORDS.get(mac, f"its MAC is {mac}"), rule)


@invariant
def stan_increments(log: Log) -> Iterator[Verdict]:
    """The STAN goes forward from message to message (N1), and none is used twice in a batch.

    Forward is up to half of 999999 ahead, so 000001 follows 999999; gaps are allowed. Not
    counted: messages without a STAN, reversals (N3), and repeats: the identical message of a
    class that is not reversed, sent again because no good response came (O4, B9). What is
    stored first and sent later (O1) took its STAN when it was stored: it must not be one that
    was used, and says nothing of the next.
    """
    last: int | None = None
    used: dict[tuple[str, str], list[Event]] = {}
    for message in log.received:
        stan, kind = value(message, "stan"), log.message_class(message)
        if not stan or (kind and kind.group == "reversal"):
            continue
        before = used.setdefault((value(message, "batch"), stan), [])
        if any(_repeats(message, earlier, log) for earlier in before):
            continue
        stored = kind is not None and kind.stored
        if last is not None or before or not int(stan):
            yield _stan_verdict(message, int(stan), None if stored else last, before)
        before.append(message)
        last = last if stored else int(stan)


@invariant
def fields_well_formed(log: Log) -> Iterator[Verdict]:
    """Every message carries the elements that its class needs and none that it forbids.

    The host wrote down at receipt what is missing or too much.
    """
    for message in log.received:
        problems = facts(message).get("format")
        if problems is None:
            continue
        rules = [found[1] for found in map(RULE.search, problems) if found]
        text = "; ".join(problems)
        yield breach(message, text, rules[0] if rules else "") if problems else None


@invariant
def one_outstanding(log: Log) -> Iterator[Verdict]:
    """No message is sent while another one awaits its response within the timer.

    The wait ends with a response or with bytes that a fault made of one, with the end of the
    connection, or with the timer (protocol 1.5: terminals do not pipeline).
    """
    waiting: dict[int, Event] = {}
    first = True
    for event in log.events:
        if event.kind in {"sent", "undelivered"} or _bytes_left(event):
            waiting.pop(event["exchange"], None)
        elif event.kind == "connection_closed":
            waiting = {n: asked for n, asked in waiting.items() if asked.conn != event.conn}
        elif log.judges(event):
            waiting = {n: a for n, a in waiting.items() if event.at < a.at + log.timeout}
            if not first:
                names = ", ".join(shown(asked) for asked in waiting.values())
                yield breach(event, f"{names} still awaits its response", "") if names else None
            first = False
            waiting[event["exchange"]] = event


@invariant
def no_secret_in_reversal(log: Log) -> Iterator[Verdict]:
    """A reversal never carries a track, the PIN, or what belongs to it (R5)."""
    for message in log.received:
        kind = log.message_class(message)
        if kind is None or kind.group != "reversal":
            continue
        found = [
            str(log.dialect.codec.fields[number])
            for number in kind.never
            if str(number) in (message["fields"] or {})
        ]
        yield breach(message, f"carries {', '.join(found)}", "R5") if found else None


@invariant
def reversal_before_next_sale(log: Log) -> Iterator[Verdict]:
    """A reversible message without a response is reversed before the next reversible one (P4).

    Without a response: no whole one left within the terminal's timer. Not demanded: a reversal
    of what got a whole response in time, be it a decline, an approval or a wrong one (steps
    check those); an answer to the reversal, or a second attempt (R9, R13); anything at all
    where no reversible message follows, since terminals may wait until then.
    """
    pending: Event | None = None
    reversed_since: set[str] = set()
    for message in log.received:
        kind = log.message_class(message)
        if kind and kind.group == "reversal":
            reversed_since.add(value(message, "original.stan"))
        if kind is None or not kind.reversible:
            continue
        if pending and value(pending, "stan") in reversed_since:
            yield None
        elif pending:
            text = f"came before a reversal of {shown(pending)}, which got no whole response"
            yield breach(message, text, "P4")
        pending = None if log.answered(message) else message
        reversed_since = set()


def _bytes_left(event: Event) -> bool:
    """A response that a fault spoiled, or the close in its place, went out."""
    return event.kind == "fault_applied" and bool(BYTES_LEFT.match(str(event["fault"])))


def _signs_on(event: Event, dialect: Dialect) -> bool:
    approved = dialect.approves(value(event, "response_code"))
    asked = event.kind == "sent" and not event["step"]
    return asked and event["class"] == "sign_on" and approved


def _repeats(message: Event, earlier: Event, log: Log) -> bool:
    """The identical message again, of a class that is sent until it is answered."""
    kind = log.message_class(message)
    if kind is None or kind.reversible or log.answered_well(earlier):
        return False
    return _content(message, log.dialect) == _content(earlier, log.dialect)


def _content(message: Event, dialect: Dialect) -> tuple[str, str, dict[str, Any]]:
    """Everything but the MAC, which changes with the key."""
    kept = {n: v for n, v in (message["fields"] or {}).items() if n != str(dialect.mac_element)}
    return message["class"], message["mti"], kept


def _stan_verdict(message: Event, stan: int, last: int | None, before: Sequence[Event]) -> Verdict:
    if not stan:
        return breach(message, "000000 is no STAN", "N1")
    if before:
        return breach(message, f"reused: {shown(before[-1])} had this STAN in the batch", "N1")
    if last is not None and not 0 < (stan - last) % HIGHEST_STAN <= HIGHEST_STAN // 2:
        return breach(message, f"the STAN does not go forward from {last:06}", "N1")
    return None
