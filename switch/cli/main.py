"""The command line: one subcommand per file, errors as sentences."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from switch import __version__
from switch.errors import BadFile, BadUsage, SwitchError

COMMANDS = (
    "demo",
    "serve",
    "run",
    "judge",
    "lint",
    "record",
    "matrix",
    "coverage",
    "terminal",
    "decode",
    "encode",
    "key",
    "check",
    "list",
    "schema",
)
EPILOG = "first steps:  switch demo    then  switch serve    then  switch run timeout-reversal"


def parser() -> argparse.ArgumentParser:
    """The parser with every subcommand; imports nothing heavy."""
    out = argparse.ArgumentParser(
        prog="switch",
        description="A payment switch simulator: it plays the acquirer to POS terminals, breaks "
        "on cue, and proves from the wire whether the terminal handled it.",
        epilog=EPILOG,
    )
    out.add_argument("--version", action="version", version=f"switch {__version__}")
    subparsers = out.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"switch.cli.{name}").add_parser(subparsers)
    return out


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except BadFile as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 2
    except BadUsage as error:
        print(f"switch {args.command}: {error}", file=sys.stderr)
        return 2
    except SwitchError as error:
        print(f"switch {args.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe went away: nothing left to say
        sys.stderr.close()
        return 0
    except OSError as error:  # a full disk, a folder that vanished
        place = f"{error.filename}: " if error.filename else ""
        print(f"switch {args.command}: {place}{error.strerror or error}", file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        print(f"\nswitch {args.command}: interrupted", file=sys.stderr)
        return 130
