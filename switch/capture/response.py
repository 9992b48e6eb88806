"""What was odd about a recorded response, as keys of a scenario's ``reply``."""

from __future__ import annotations

from collections.abc import Iterator

from switch import elements as de
from switch.capture.turns import Recorded
from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect
from switch.judge.matching import plain
from switch.records import Event

SLOW = 2 * NS_PER_SECOND  # a response that takes longer was held back
COMPARED = (
    de.PROCESSING_CODE, de.AMOUNT, de.STAN, de.CONDITION_CODE, de.TERMINAL_ID, de.MERCHANT_ID,
    de.CURRENCY,
)  # fmt: skip
FLAGS, BALANCED = ("local.flag", "foreign.flag"), "1"  # 2.7
WRONG_MACS = frozenset({"wrong", "absent", "zero", "stale_key"})


def response(message: Recorded, dialect: Dialect) -> Iterator[str]:
    """``set``, ``omit``, ``fault`` and ``after``, each where it is needed."""
    sent, kind = message.sent, dialect.classes.get(message.kind)
    if sent is None or kind is None:
        return
    asked, said = message.event["fields"] or {}, sent["fields"] or {}
    names = {place: name for name, place in dialect.value_places.items() if isinstance(place, str)}
    echoed = [n for n in COMPARED if n in kind.echo and str(n) in asked]
    found = {number: plain(said.get(str(number))) for number in echoed}
    named = {number: names.get(str(number), f"de.{number}") for number in echoed}
    other = {
        named[n]: found[n] for n in echoed if found[n] and found[n] != plain(asked[str(n)])
    } | _flags(sent)
    if other:
        yield (
            "set: {" + ", ".join(f"{name}: {quoted(value)}" for name, value in other.items()) + "}"
        )
    if absent := [named[n] for n in echoed if not found[n]]:
        yield f"omit: [{', '.join(absent)}]"
    mac = (sent["facts"] or {}).get("mac")
    if mac in WRONG_MACS and kind.mac:
        yield f"fault: {{mac: {mac}}}"
    if sent.at - message.event.at > SLOW:
        yield f"after: {(sent.at - message.event.at) // 1_000_000}ms"


def _flags(sent: Event) -> dict[str, str | None]:
    """The verdicts of a settlement, where they are not "balanced"."""
    values = sent["values"] or {}
    return {name: values[name] for name in FLAGS if values.get(name, BALANCED) != BALANCED}


def quoted(text: str | None) -> str:
    """A value that no reader takes for anything but text."""
    return '"' + (text or "").replace("\\", "\\\\").replace('"', '\\"') + '"'
