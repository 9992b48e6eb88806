"""What is wrong with a response, as the terminal had to see it (protocol 6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from switch import elements as de
from switch.dialect import Dialect, MessageClass
from switch.judge.matching import plain
from switch.records import Event

# Element -> the rule under which it is compared.
COMPARED = {
    de.PROCESSING_CODE: "V3",
    de.AMOUNT: "V4",
    de.STAN: "V3",
    de.CONDITION_CODE: "V5",
    de.TERMINAL_ID: "V3",
    de.MERCHANT_ID: "V10",
    de.CURRENCY: "V5",
}
# Every source rejects on these; the rest is a habit of some (V5, V7, X5, X6).
SURE = frozenset({"V2", "V3", "V4", "V6", "V10"})
MAC_RIGHT = frozenset({"valid", "unchecked"})
NO_MAC = frozenset({"absent", "not_required"})
PARTIAL = "partial"  # outcome name: approved for less than was asked


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a response.

    Attributes:
        rule: that makes the terminal look at it.
        text: what is wrong, a clause.
        sure: every terminal has to reject the response for it.
    """

    rule: str
    text: str
    sure: bool


def flaws(
    request: Event, response: Event | None, kind: MessageClass | None, dialect: Dialect
) -> tuple[Flaw, ...]:
    """All flaws of a whole response, in the order in which terminals check (6.4)."""
    if response is None or kind is None:
        return ()
    return tuple(_each(request, response, kind, dialect))


def _each(request: Event, response: Event, kind: MessageClass, dialect: Dialect) -> Iterator[Flaw]:
    asked, said = request["fields"] or {}, response["fields"] or {}
    code = plain(said.get(str(de.RESPONSE_CODE))) or ""
    approves = dialect.approves(code)
    if response["mti"] != kind.response_mti:
        yield Flaw("V2", f"its MTI is {response['mti']}, not {kind.response_mti}", sure=approves)
    for number, rule in COMPARED.items():
        if number not in kind.echo or str(number) not in asked:
            continue
        if number == de.AMOUNT and (code == dialect.code(PARTIAL) or not approves):
            continue  # V4
        name = dialect.codec.fields[number]
        found, wanted = plain(said.get(str(number))), plain(asked[str(number)])
        if found is None:
            yield Flaw(rule, f"its {name} is missing", sure=False)
        elif found.rstrip() != (wanted or "").rstrip():
            yield Flaw(rule, f"its {name} is not the request's", sure=approves and rule in SURE)
    yield from _authentic(response, kind, dialect, approves=approves)
    if de.RESPONSE_CODE in kind.host and not code:
        yield Flaw("V7", "it has no response code", sure=False)
    for number in (de.ACQUIRER, de.RRN):
        if str(number) in said and not (plain(said[str(number)]) or "").strip():
            yield Flaw("V5", f"its {dialect.codec.fields[number]} is blank", sure=False)


def _authentic(
    response: Event, kind: MessageClass, dialect: Dialect, *, approves: bool
) -> Iterator[Flaw]:
    """V6 and X6; a decline need not be signed, and not all look at its MAC (X5)."""
    if not kind.mac:
        return
    mac = (response["facts"] or {}).get("mac", "unchecked")
    if mac in NO_MAC:
        if approves:
            yield Flaw("X6", "it approves without a MAC", sure=False)
    elif mac not in MAC_RIGHT:
        yield Flaw("V6", "its MAC is wrong", sure=approves)
