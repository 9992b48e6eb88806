"""``switch lint``: every rule that the wire can prove, on recorded traffic."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switch.judge.lint import Found, Limits

EXAMPLE = """\
example:
  switch serve --events events.ndjson       (a terminal trades with it)
  switch lint events.ndjson
  switch lint capture.pcapng --book book.yaml   (TMKs of the book unwrap the recorded keys)

must: proved by the messages. warn: something innocent may explain it, or vendors differ."""


FILE_HELP = "events.ndjson of serve or run; a pcap or pcapng capture; a text with messages in hex"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "lint",
        help="find what terminals did wrong in recorded traffic",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", type=Path, metavar="FILE", help=FILE_HELP)
    parser.add_argument(
        "--book", type=Path, metavar="FILE", help="TMKs, to check the MACs of recorded traffic"
    )
    parser.add_argument("--dialect", default="cup-pos", metavar="NAME", help="default: cup-pos")
    parser.add_argument("--terminal", default="", metavar="TID", help="judge this one only")
    parser.add_argument(
        "--timeout",
        metavar="DURATION",
        help="its response timer, such as 60s (default: anything from 20 to 90 seconds)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per finding")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the findings.

    Returns:
        0 nothing that must not be; 1 something; 5 there was no message to judge.
    """
    from switch.acquirer.book import load as load_book
    from switch.capture.lint import lint
    from switch.capture.source import read
    from switch.dialect import load
    from switch.report.finding_lines import not_checked, summary

    dialect = load(args.dialect)
    recording = read(args.path, dialect, load_book(args.book) if args.book else None)
    judged = lint(recording.logs, dialect, limits_of(args.timeout), args.terminal)
    for found in judged.found:
        _print(found, as_json=args.json)
    if not args.json:
        lines = [summary(judged.found, judged.messages)]
        print("\n".join(lines + not_checked(judged.unchecked, recording.foreign)))
    if not judged.messages:
        return 5
    return int(any(found.severity == "must" for found in judged.found))


def limits_of(timeout: str | None) -> Limits:
    """What is known of the response timer.

    Raises:
        BadUsage: no duration.
    """
    from switch.clock import duration
    from switch.errors import BadUsage
    from switch.judge.lint import Limits

    if timeout is None:
        return Limits()
    try:
        timer = duration(timeout)
    except ValueError as error:
        raise BadUsage(f"--timeout: {error}") from None
    if not timer:
        raise BadUsage("--timeout: a terminal waits longer than nothing")
    return Limits.of(timer)


def _print(found: Found, *, as_json: bool) -> None:
    import json
    from dataclasses import asdict

    from switch.report.finding_lines import in_report

    print(json.dumps(asdict(found)) if as_json else "\n".join(in_report(found)))
