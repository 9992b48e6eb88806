"""``switch key``: check values, wrapping, PIN blocks and MACs on the command line.

What a user typed in is shown in full: these are the keys of a test bench.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from switch.errors import BadUsage, SwitchError

if TYPE_CHECKING:
    from switch.security.layouts import Delivered

MATCHES, MISMATCH, UNUSABLE = 0, 1, 2  # exit codes
# Of the examples; a test runs each.
TMK = "0123456789ABCDEFFEDCBA9876543210"
KEY = "1A2B3C4D5E6F7080"
WRAPPED = "ED490B64856EC44C"
DE_62 = "F9DD498AF884A97FBFADEE6829329FD1813170FAA2AFCD72"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``key`` and its commands to the parser of ``switch``."""
    family = subparsers.add_parser(
        "key",
        help="check values, wrapping, PIN blocks, MACs",
        description="Keys, PIN blocks and MACs. What you type is shown in full.",
        epilog=f"example:\n  switch key kcv {TMK}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    family.set_defaults(run=run)
    commands = family.add_subparsers(dest="key_command", metavar="COMMAND", required=True)
    _add_key_commands(commands)
    _add_block_commands(commands)


def _add_key_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = _command(commands, "kcv", "show the check value of a key", TMK)
    one.add_argument("key", metavar="KEY", help="8, 16 or 24 bytes as hex")

    one = _command(commands, "wrap", "encrypt a key under a TMK", f"--tmk {TMK} {KEY}")
    one.add_argument("--tmk", metavar="KEY", required=True, help="terminal master key, hex")
    one.add_argument("key", metavar="KEY", help="key to wrap, hex")

    one = _command(commands, "unwrap", "decrypt a key under a TMK", f"--tmk {TMK} {WRAPPED}")
    one.add_argument("--tmk", metavar="KEY", required=True, help="terminal master key, hex")
    one.add_argument("wrapped", metavar="WRAPPED", help="wrapped key, hex")
    one.add_argument("--kcv", metavar="HEX", help="check value it must have; exit code 1 if not")

    one = _command(commands, "combine", "combine key components by XOR", f"{KEY} 0F1E2D3C4B5A6978")
    one.add_argument("components", metavar="COMPONENT", nargs="+", help="two or more, hex")

    one = _command(
        commands, "de62", "open the working keys of a sign-on response", f"--tmk {TMK} {DE_62}"
    )
    one.add_argument("--tmk", metavar="KEY", required=True, help="terminal master key, hex")
    one.add_argument("--layout", metavar="NAME", help="if the length alone does not say it")
    one.add_argument("de62", metavar="HEX|@FILE|-", help="DE 62 without its length prefix")


def _add_block_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = _command(
        commands,
        "pinblock",
        "make a format 0 PIN block, or open one",
        f"--pin 1234 --pan 4012345678909 --pik {TMK}",
    )
    one.add_argument("--pin", metavar="DIGITS", help="4 to 12 digits")
    one.add_argument("--decrypt", metavar="BLOCK", help="an encrypted block instead, hex")
    one.add_argument("--pan", metavar="DIGITS", help="left out: a block without the PAN")
    one.add_argument("--pik", metavar="KEY", help="PIN key in clear, hex")

    one = _command(
        commands,
        "mac",
        "make the MAC that stands in DE 64",
        f"--key {KEY} --explain 0200302004C020C0",
    )
    one.add_argument("--key", metavar="KEY", required=True, help="MAC key in clear, hex")
    one.add_argument("--algorithm", metavar="NAME", default="cup-ecb", help="default: cup-ecb")
    one.add_argument("--explain", action="store_true", help="show every step")
    one.add_argument(
        "covered", metavar="HEX|@FILE|-", help="from the MTI to the last byte before DE 64, hex"
    )


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    says: str,
    example: str,
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=says,
        description=says,
        epilog=f"example:\n  switch key {name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run(args: argparse.Namespace) -> int:
    """Run the command that was parsed.

    Returns:
        0; 1 when a check value does not match; 2 when something typed cannot be used.
    """
    commands = {
        "kcv": _kcv,
        "wrap": _wrap,
        "unwrap": _unwrap,
        "combine": _combine,
        "de62": _de62,
        "pinblock": _pinblock,
        "mac": _mac,
    }
    try:
        return commands[args.key_command](args)
    except SwitchError as error:
        return _complain(str(error), UNUSABLE)


def _kcv(args: argparse.Namespace) -> int:
    from switch.security.keys import kcv

    print(_shown(kcv(_key("KEY", args.key))))
    return MATCHES


def _wrap(args: argparse.Namespace) -> int:
    from switch.security.keys import kcv, wrap

    key = _key("KEY", args.key)
    wrapped = wrap(_key("--tmk", args.tmk), key)
    _table([("wrapped", _shown(wrapped)), ("KCV", _shown(kcv(key)))])
    return MATCHES


def _unwrap(args: argparse.Namespace) -> int:
    from switch.security.keys import kcv, unwrap

    wanted = None if args.kcv is None else _hex("--kcv", args.kcv)
    if wanted is not None and not 2 <= len(wanted) <= 8:
        raise BadUsage(f"--kcv: {len(wanted)} bytes, 2 to 8 belong here")
    key = unwrap(_key("--tmk", args.tmk), _key("WRAPPED", args.wrapped))
    _table([("key", _shown(key)), ("KCV", _shown(kcv(key)))])
    if wanted is None or kcv(key, len(wanted)) == wanted:
        return MATCHES
    computed = _shown(kcv(key, len(wanted)))
    return _complain(f"KCV {computed} computed, {_shown(wanted)} given", MISMATCH)


def _combine(args: argparse.Namespace) -> int:
    from switch.security.keys import combine, kcv

    if len(args.components) < 2:
        raise BadUsage("combine: 1 component, at least 2 belong here")
    numbered = enumerate(args.components, start=1)
    components = [_hex(f"component {number}", text) for number, text in numbered]
    key = combine(*components)
    numbered = enumerate(components, start=1)
    rows = [(f"component {number}", f"KCV {_shown(kcv(one))}") for number, one in numbered]
    _table([*rows, ("key", _shown(key)), ("KCV", _shown(kcv(key)))])
    return MATCHES


def _de62(args: argparse.Namespace) -> int:
    from switch.security.layouts import LAYOUTS, layout_of, open_each

    de62 = _hex("DE 62", _read(args.de62))
    layout = args.layout or layout_of(len(de62))
    if layout not in LAYOUTS:
        raise BadUsage(f"layout {layout!r} is not one of {', '.join(LAYOUTS)}")
    delivered = open_each(de62, _key("--tmk", args.tmk), layout)
    print(f"layout {layout}, {len(de62)} bytes")
    _table([(one.name, _judged(one)) for one in delivered])
    wrong = [one.name for one in delivered if not one.matches]
    if not wrong:
        return MATCHES
    return _complain(f"KCV does not match: {', '.join(wrong)}", MISMATCH)


def _judged(one: Delivered) -> str:
    verdict = "matches" if one.matches else f"does not match, {_shown(one.sent)} sent"
    return f"{_shown(one.key)}  KCV {_shown(one.computed)} {verdict}"


def _pinblock(args: argparse.Namespace) -> int:
    from switch.security.pin import clear_block, decrypt_pin, encrypt_block

    if (args.pin is None) == (args.decrypt is None):
        raise BadUsage("pinblock: give --pin to make a block or --decrypt to open one")
    if args.decrypt is not None and args.pik is None:
        raise BadUsage("pinblock: --decrypt needs --pik")
    pik = None if args.pik is None else _key("--pik", args.pik)
    if pik is not None and args.decrypt is not None:
        pin = decrypt_pin(pik, _hex("--decrypt", args.decrypt), args.pan)
        _table([("PIN", pin), ("clear", _shown(clear_block(pin, args.pan)))])
        return MATCHES
    rows = [("clear", _shown(clear_block(args.pin, args.pan)))]
    if pik is not None:
        rows.append(("encrypted", _shown(encrypt_block(pik, args.pin, args.pan))))
    _table(rows)
    return MATCHES


def _mac(args: argparse.Namespace) -> int:
    from switch.security.mac import ALGORITHMS, explain

    if args.algorithm not in ALGORITHMS:
        raise BadUsage(f"algorithm {args.algorithm!r} is not one of {', '.join(ALGORITHMS)}")
    covered = _hex("covered bytes", _read(args.covered))
    trace = explain(args.algorithm, _hex("--key", args.key), covered)
    rows = [("MAC", _shown(trace.steps["mac"]))]
    if args.explain:
        steps = [(name, _shown(step)) for name, step in trace.steps.items()]
        rows = [("algorithm", trace.algorithm), ("covered", f"{len(covered)} bytes"), *steps]
    _table([*rows, ("DE 64", _shown(trace.de64))])
    return MATCHES


def _read(source: str) -> str:
    """The text of ``@FILE``, of standard input for ``-``, else the text itself."""
    if source == "-":
        return sys.stdin.buffer.read().decode("ascii", errors="replace")
    if not source.startswith("@"):
        return source
    try:
        return Path(source[1:]).read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise BadUsage(f"{source[1:]}: {error.strerror or error}") from None


def _key(name: str, text: str) -> bytes:
    from switch.security.keys import KEY_LENGTHS

    key = _hex(name, text)
    if len(key) not in KEY_LENGTHS:
        raise BadUsage(f"{name}: {2 * len(key)} hex digits, 16, 32 or 48 belong here")
    return key


def _hex(name: str, text: str) -> bytes:
    digits = "".join(text.split())
    for position, character in enumerate(digits, start=1):
        if character not in "0123456789abcdefABCDEF":
            raise BadUsage(f"{name}: {character!r} at position {position} is not a hex digit")
    if len(digits) % 2:
        raise BadUsage(f"{name}: {len(digits)} hex digits, an even number belongs here")
    return bytes.fromhex(digits)


def _shown(value: bytes) -> str:
    return value.hex().upper()


def _table(rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


def _complain(sentence: str, code: int) -> int:
    print(f"switch key: {sentence}", file=sys.stderr)
    return code
