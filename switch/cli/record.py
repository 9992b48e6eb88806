"""``switch record``: recorded traffic as the draft of a scenario."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

EXAMPLE = """\
example:
  switch serve --events events.ndjson       (a terminal trades with it)
  switch record events.ndjson -o scenarios/own/first-day.yaml
  switch run scenarios/own/first-day.yaml"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "record",
        help="turn recorded traffic into the draft of a scenario",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "path",
        type=Path,
        metavar="EVENTS",
        help="events.ndjson of serve; a capture or a hex log, as for switch lint",
    )
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="write it there, not here")
    parser.add_argument("--dialect", default="cup-pos", metavar="NAME", help="default: cup-pos")
    parser.add_argument(
        "--terminal", default="", metavar="TID", help="whose traffic (default: the first one's)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the draft.

    Returns:
        0; 5 when there was no message to record.

    Raises:
        BadUsage: the file is there already.
    """
    import sys

    from switch.capture.draft import draft
    from switch.capture.source import read
    from switch.capture.turns import recorded
    from switch.dialect import load
    from switch.errors import BadUsage

    if args.out and args.out.exists():
        raise BadUsage(f"{args.out} is there already")
    dialect = load(args.dialect)
    events = [event for log in read(args.path, dialect, None).logs for event in log]
    messages = recorded(events, dialect, args.terminal)
    if not messages:
        print(f"switch record: no message to record in {args.path}", file=sys.stderr)
        return 5
    text = draft(messages, dialect, _name(args.out), args.path.name)
    if args.out is None:
        print(text, end="")
        return 0
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text, encoding="utf-8")
    plural = "message" if len(messages) == 1 else "messages"
    print(f"{len(messages)} {plural} of {messages[0].event.terminal}: {args.out}")
    return 0


def _name(out: Path | None) -> str:
    """The name of the scenario: that of its file, in the letters that names have."""
    stem = re.sub(r"[^a-z0-9_-]+", "-", out.stem.lower()) if out else ""
    return stem.strip("-_") or "recorded"
