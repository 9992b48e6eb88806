"""``switch encode``: the bytes of a message out of JSON, as ``switch decode --json`` writes it."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from switch.errors import BadUsage, SwitchError

if TYPE_CHECKING:
    from switch.dialect import Dialect

MADE, IMPOSSIBLE = 0, 1  # exit codes; what is no message in JSON ends with 2
EXAMPLE = """echo '{"mti": "0820", "fields": {"41": "12345678"}}' | switch encode -"""
READ = ("tpdu", "header", "mti", "fields")
COMPUTED = ("bitmap", "subfields", "notes", "error")  # what decode adds; not looked at
MOST_SHOWN = 40  # characters of what was found
NUMBERS = "write it in quotes: leading zeros would be lost"


class Unquoted(str):
    """A number in JSON, as it was written."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``encode`` to the parser of ``switch``."""
    one = subparsers.add_parser(
        "encode",
        help="make a message out of JSON",
        description="Make a message out of JSON and print it as hex: the whole frame where\n"
        "tpdu and header are given, else from the MTI on. The output of\n"
        "switch decode --json will do; its bitmap, subfields, notes and error are not\n"
        "looked at.",
        epilog=f"example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.add_argument("--dialect", metavar="NAME", default="cup-pos", help="default: cup-pos")
    one.add_argument("source", metavar="@FILE|-", help="a JSON file, or - for standard input")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Returns:
        0; 1 when the dialect cannot hold a value.

    Raises:
        BadUsage: the source is no message in JSON, no such file, no such dialect.
    """
    from switch.dialect import load

    wanted = _message(_read(args.source))
    dialect = load(args.dialect)
    try:
        print(_encoded(wanted, dialect).hex().upper())
    except SwitchError as error:
        print(f"switch encode: {error}", file=sys.stderr)
        return IMPOSSIBLE
    return MADE


def _encoded(wanted: Mapping[str, object], dialect: Dialect) -> bytes:
    """The frame, or the body where TPDU or header is absent."""
    from switch.wire import Frame

    mti, fields = wanted["mti"], wanted["fields"]
    assert isinstance(mti, str)
    assert isinstance(fields, dict)
    body = dialect.codec.encode(mti, fields).join()
    tpdu, header = str(wanted["tpdu"] or ""), str(wanted["header"] or "")
    sizes = {"tpdu": (tpdu, 10), "header": (header, 2 * dialect.framing.header)}
    for name, (digits, size) in sizes.items():
        if digits and not re.fullmatch(rf"[0-9A-Fa-f]{{{size}}}", digits):
            raise SwitchError(f"{name}: {digits!r}, {size} hex digits belong there")
    return dialect.framing.wrap(Frame(tpdu, header, body)) if tpdu and header else body


def _read(source: str) -> str:
    """The text of ``@FILE``, or of standard input for ``-``."""
    if source == "-":
        content = sys.stdin.buffer.read()
    elif source.startswith("@"):
        try:
            content = Path(source[1:]).read_bytes()
        except OSError as error:
            raise BadUsage(f"{source[1:]}: {error.strerror or error}") from None
    else:
        raise BadUsage(f"{source!r}: write @FILE, or - for standard input")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadUsage(f"{source}: not UTF-8 at byte {error.start}") from None


def _message(text: str) -> dict[str, object]:
    """TPDU, header, MTI and elements in a JSON text."""
    try:
        read = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=Unquoted,
            parse_float=Unquoted,
            parse_constant=Unquoted,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadUsage(f"not JSON: {error.msg.lower()}, {place}") from None
    except RecursionError:
        raise BadUsage("not JSON of a message: nested too deep") from None
    if not isinstance(read, dict):
        raise BadUsage('a message is a JSON object: {"mti": ..., "fields": {...}}')
    unknown = [key for key in read if key not in READ + COMPUTED]
    if unknown:
        raise BadUsage(f"unknown key {unknown[0]!r}; known here: {', '.join(READ + COMPUTED)}")
    fields = read.get("fields")
    if not isinstance(fields, dict):
        raise BadUsage('key "fields" must be an object: {"11": "000001", ...}')
    out: dict[str, object] = {"mti": _text("mti", read.get("mti"))}
    for name in ("tpdu", "header"):
        out[name] = None if read.get(name) is None else _text(name, read[name])
    out["fields"] = {_number(key): _text(f"DE {key}", value) for key, value in fields.items()}
    return out


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    out: dict[str, object] = {}
    for key, value in pairs:
        if key in out:
            raise BadUsage(f"key {key!r} stands twice")
        out[key] = value
    return out


def _number(key: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", key):
        raise BadUsage(f"{key!r} is not the number of an element")
    return int(key)


def _text(name: str, value: object) -> str:
    if isinstance(value, Unquoted):
        raise BadUsage(f"{name}: {value[:MOST_SHOWN]} is a number; {NUMBERS}")
    if isinstance(value, str):
        return value
    found = "nothing" if value is None else json.dumps(value)[:MOST_SHOWN]
    raise BadUsage(f"{name}: text in quotes belongs here, not {found}")
