"""The terminal profile: what the terminal under test is and how it is known to behave."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from switch.clock import NS_PER_SECOND
from switch.composites import Either, ListOf, Record, read_record
from switch.errors import BadFile
from switch.reading import Node, read_file
from switch.scenario.forms import SomeOf, Span, Told, one_word
from switch.scenario.model import Profile
from switch.scenario.options import EITHER, OPTIONS
from switch.scenario.words import CAN, ENTRY
from switch.shapes import Number, Shape, Switch, Words

HUMAN = 60 * NS_PER_SECOND  # how long a person may take to do what a prompt says
# What the model can besides, or its driver can cause.
MODEL_CAN = (
    "qr", "refund", "preauth", "preauth_increment", "chip", "contactless", "manual", "fallback",
    "print", "power_cycle",
)  # fmt: skip

REVERSES = {
    "eager": "reverses at once, without being asked",
    "lazy": "reverses before its next transaction",
    "either": "not known",
}
KEYS: dict[str, tuple[Shape, str]] = {
    "id": (Words(r".{1,8}", "a TID of 1 to 8 characters"), "TID (DE 41); others are not judged"),
    "merchant_id": (Words(r".{1,15}", "a MID of 1 to 15 characters"), "MID (DE 42)"),
    "timeout": (Span(least=1), "how long it waits for a response"),
    "reverses": (one_word(REVERSES), "when it sends a reversal"),
    "reversal_attempts": (Number(1, 10), "how often it sends one reversal"),
    "pin_tries": (Number(1, 10), "how often a PIN may be tried"),
    "entry": (one_word(ENTRY), "how cards are read"),
    "can": (ListOf(one_word(CAN, "ability"), single=True), "what it is able to do"),
    "keeps_connection": (Switch(), "it keeps the connection open between transactions"),
    "human": (Span(), "added to bounds that start at a stimulus"),
    **{one.name: (one_word(one.known_or_not), one.text) for one in OPTIONS.values()},
}
PROFILE = Record({key: Told(*told) for key, told in KEYS.items()})
DURATIONS = frozenset({"timeout", "human"})


def defaults(
    *, driver: str = "model", style: str = "either", id: str = "", merchant_id: str = ""
) -> Profile:
    """What holds where no file says otherwise.

    Args:
        driver: ``model``, ``command`` or ``prompt``; a person gets a minute for each stimulus.
        style: ``eager`` or ``lazy`` for the model. All of the model is known, and its options
            are the usual ones, so that what the profile decides does not only warn.
        id, merchant_id: the book's first terminal and its merchant.
    """
    options = {one.name: one.usual for one in OPTIONS.values()} if driver == "model" else {}
    known = frozenset(KEYS if driver == "model" else ())
    human = HUMAN if driver == "prompt" else 0
    can = (*Profile().can, *(MODEL_CAN if driver == "model" else ()))
    return Profile(
        id=id,
        merchant_id=merchant_id,
        reverses=style,
        can=can,
        human=human,
        options=options,
        given=known,
    )


def load(path: Path, base: Profile) -> Profile:
    """The profile in a file, laid over ``base``.

    Raises:
        BadFile: all problems with line and column.
    """
    return read(read_file(path), base)


def read(node: Node, base: Profile) -> Profile:
    """The profile in a tree, laid over ``base``; see :func:`load`."""
    values, problems = read_record(PROFILE, node)
    if problems:
        raise BadFile(problems)
    chosen = {name: values[name] for name in OPTIONS if name in values}
    fixed = {name: value for name, value in values.items() if name not in OPTIONS}
    given = base.given | values.keys()
    return replace(base, **fixed, options={**base.options, **chosen}, given=given)


def texts(profile: Profile) -> dict[str, str]:
    """The values as ``${terminal.*}`` gives them.

    >>> texts(Profile())["timeout"], texts(Profile())["keeps_connection"]
    ('60s', 'true')
    """
    out: dict[str, str] = {}
    for field in fields(profile):
        value = getattr(profile, field.name)
        if field.name in DURATIONS:
            out[field.name] = as_duration(value)
        elif isinstance(value, bool):
            out[field.name] = "true" if value else "false"
        elif isinstance(value, str | int):
            out[field.name] = str(value)
    return out | {name: profile.options.get(name, EITHER) for name in OPTIONS}


def as_duration(ns: int) -> str:
    """A duration as files write it.

    >>> as_duration(60_000_000_000), as_duration(1_500_000_000)
    ('60s', '1.5s')
    """
    whole, part = divmod(ns, NS_PER_SECOND)
    return f"{whole}.{part:09d}".rstrip("0").rstrip(".") + "s"


def requirements() -> Record:
    """The shape of ``requires``: a profile key -> what it must be, or between which bounds."""
    keys: dict[str, Shape] = {}
    for key, (shape, text) in KEYS.items():
        if isinstance(shape, Span | Number):
            bounds = SomeOf({"min": shape, "max": shape})
            shape = Either(scalar=shape, mapping=bounds, what="a list")
        keys[f"terminal.{key}"] = Told(shape, text)
    return Record(keys)


def lacking(profile: Profile, requires: dict[str, Any]) -> str:
    """A sentence naming the first requirement the profile does not meet; empty if none."""
    for name, wanted in requires.items():
        key = name.removeprefix("terminal.")
        option = key in OPTIONS
        has = profile.options.get(key, EITHER) if option else getattr(profile, key)
        sentence = _lacking(key, has, wanted)
        if sentence:
            return f"needs a terminal whose {sentence}"
    return ""


def _lacking(key: str, has: Any, wanted: Any) -> str:
    def shown(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return as_duration(value) if key in DURATIONS else str(value)

    if key == "can":
        missing = [word for word in wanted if word not in has]
        return f"can includes {missing[0]}" if missing else ""
    if isinstance(wanted, dict):
        if has < wanted.get("min", has):
            return f"{key} is at least {shown(wanted['min'])}, this one has {shown(has)}"
        if has > wanted.get("max", has):
            return f"{key} is at most {shown(wanted['max'])}, this one has {shown(has)}"
        return ""
    return "" if has == wanted else f"{key} is {shown(wanted)}, this one has {shown(has)}"
