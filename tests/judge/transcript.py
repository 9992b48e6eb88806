"""Logs as transcripts, one line per event, for the tests of the judge.

::

    seconds >> class stan field=value ...    the terminal sends
    seconds << class stan field=value ...    the whole response leaves
    seconds .. kind key=value ...            anything else

A name that is a number is a secret element: its value stands for its token. A comma in the
value of an event stands for a space.
"""

from __future__ import annotations

from typing import Any

from switch.clock import NS_PER_SECOND
from switch.dialect import load
from switch.records import Event

DIALECT = load("cup-pos")
TID = "12345678"
ELEMENTS = {"stan": "11", "amount": "4", "response_code": "39", "ic": "55", "mac_hex": "64"}
# What a line of a transcript says besides values: facts, and the event itself.
FACTS = {"mac", "pin", "arqc"}
HEAD = {"terminal", "conn", "exchange", "whole", "residue", "fault", "mti", "keys", "requirement"}


def log(transcript: str) -> list[Event]:
    """The events of a transcript; a response belongs to the last request with its STAN."""
    events: list[Event] = []
    exchanges: dict[str, int] = {}
    for line in transcript.strip().splitlines():
        seconds, sign, kind, *words = line.split("#")[0].split()
        at = int(float(seconds) * NS_PER_SECOND)
        plain = [word for word in words if "=" not in word]
        given: dict[str, Any] = dict(word.split("=", 1) for word in words if "=" in word)
        stan = plain[0] if plain else ""
        conn, terminal = int(given.pop("conn", 1)), given.pop("terminal", TID)
        seq = len(events) + 1
        if sign == ">>":
            exchanges[stan] = seq
        body: dict[str, Any] = {"exchange": exchanges.get(stan, 0)}
        if sign == "..":
            body |= {name: value.replace(",", " ") for name, value in given.items()}
            events.append(Event(seq, at, kind, conn, terminal, body))
            continue
        body |= message(kind, stan, given, response=sign == "<<")
        events.append(Event(seq, at, "received" if sign == ">>" else "sent", conn, terminal, body))
    return events


def message(kind: str, stan: str, given: dict[str, str], *, response: bool) -> dict[str, Any]:
    known = DIALECT.classes[kind if kind != "unknown" else "sale"]
    values = {"batch": "000001"} | {
        k: v for k, v in given.items() if k not in FACTS | HEAD | {"format"}
    }
    if stan:
        values |= {"stan": stan} | ({"original.stan": stan} if kind == "reversal" else {})
    secret = {name: value for name, value in values.items() if name.isdigit()}
    fields: dict[str, Any] = {
        ELEMENTS[name]: value for name, value in values.items() if name in ELEMENTS
    }
    fields |= {number: {"masked": "*", "token": value} for number, value in secret.items()}
    if "keys" in given:
        fields["62"] = {"masked": "*" * len(given["keys"]), "token": given["keys"]}
    format_ = [given["format"].replace("_", " ")] if "format" in given else []
    facts = {"mac": "valid" if known.mac else "not_required", "pin": "absent", "format": format_}
    facts |= {name: given[name] for name in FACTS & given.keys()}
    return {
        "class": kind,
        "mti": given.get("mti", known.response_mti if response else known.mti),
        "fields": fields,
        "values": {name: value for name, value in values.items() if name not in secret},
        "facts": facts,
        "wire": f"0000600003000060310{given.get('requirement', '0')}",
        "residue": given.get("residue") == "yes",
        "whole": given.get("whole", "yes") == "yes",
    }
