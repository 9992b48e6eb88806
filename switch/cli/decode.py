"""``switch decode``: every element of a message, its parts, its bytes and where it stands.

What a user typed in is shown in full.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from switch.errors import BadUsage

if TYPE_CHECKING:
    from switch.report.message_text import Dissected, Fault

WHOLE, FAULTY = 0, 1  # exit codes; what cannot be read as bytes ends with 2
EXAMPLE = "switch decode 082000000000008000003132333435363738"
SEPARATORS = re.compile(r"0[xX]|[\s:]")
TEXT_BYTES = bytes((9, 10, 12, 13, *range(32, 127)))
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``decode`` to the parser of ``switch``."""
    one = subparsers.add_parser(
        "decode",
        help="show every element of a message",
        description="Show every element of a message with its parts, its bytes and its offset.\n"
        "The message may come with or without length prefix, TPDU and header.",
        epilog=f"example:\n  {EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.add_argument("--dialect", metavar="NAME", default="cup-pos", help="default: cup-pos")
    one.add_argument("--json", action="store_true", help="for programs; switch encode reads it")
    one.add_argument(
        "source", metavar="HEX|@FILE|-", nargs="+",
        help="hex (spaces, colons and 0x are skipped), a file with hex or with the bytes "
        "themselves, or - for standard input",
    )  # fmt: skip
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Returns:
        0; 1 when the bytes are no whole message of the dialect.

    Raises:
        BadUsage: the source is no hex, no such file, no such dialect.
    """
    from switch.dialect import load
    from switch.report.message_text import dissect, message_text

    raw = _raw(" ".join(args.source))
    found = dissect(raw, load(args.dialect))
    if args.json:
        print(as_json(found))
    else:
        _say(message_text(found))
        if found.fault:
            print(found.fault.text, file=sys.stderr)
    return FAULTY if found.fault else WHOLE


def as_json(found: Dissected) -> str:
    """The message as JSON; lone surrogates (bytes that are no text) leave as escapes."""
    import json

    from switch.report.message_text import parts_of

    message = found.message
    parts = {str(number): parts_of(found, number) for number in message}
    out: dict[str, object] = {
        "tpdu": found.envelope.tpdu or None,
        "header": found.envelope.header or None,
        "mti": message.mti or None,
        "bitmap": found.bitmap or None,
        "fields": {str(number): value for number, value in message.fields.items()},
        "subfields": {number: divided for number, divided in parts.items() if divided},
    }
    if found.notes:
        out["notes"] = list(found.notes)
    if found.fault:
        out["error"] = _fault(found.fault)
    return json.dumps(out, ensure_ascii=True, indent=2)


def _fault(fault: Fault) -> dict[str, object]:
    return {"field": fault.element, "offset": fault.offset, "text": fault.text}


def _say(text: str) -> None:
    """Print, also where the terminal's encoding lacks a character."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def _raw(source: str) -> bytes:
    """The bytes that ``HEX``, ``@FILE`` or ``-`` stands for."""
    if source == "-":
        return _from_bytes("standard input", sys.stdin.buffer.read())
    if not source.startswith("@"):
        return _from_hex("HEX", source)
    try:
        return _from_bytes(source[1:], Path(source[1:]).read_bytes())
    except OSError as error:
        raise BadUsage(f"{source[1:]}: {error.strerror or error}") from None


def _from_bytes(name: str, content: bytes) -> bytes:
    """A file of printable characters is hex; any other holds the message itself."""
    content = content.removeprefix(BYTE_ORDER_MARK)
    if content.translate(None, TEXT_BYTES):
        return content
    return _from_hex(name, content.decode("ascii"))


def _from_hex(name: str, text: str) -> bytes:
    digits = SEPARATORS.sub("", text)
    wrong = re.search(r"[^0-9A-Fa-f]", digits)
    if wrong:
        raise BadUsage(f"{name}: {wrong[0]!r} is not a hex digit, after {wrong.start()} digits")
    if not digits:
        raise BadUsage(f"{name}: no hex digits")
    if len(digits) % 2:
        raise BadUsage(f"{name}: {len(digits)} hex digits, an even number makes bytes")
    return bytes.fromhex(digits)
