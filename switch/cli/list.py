"""``switch list``: what there is to name in files and on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = "example:\n  switch list outcomes\n  switch list faults --json"
WORDS = (
    "dialects", "scenarios", "keys", "classes", "fields", "operators", "outcomes", "faults",
    "checks", "invariants", "defects", "options", "stimuli", "flows", "requirements", "book",
)  # fmt: skip


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "list",
        help="show words that files and commands may use",
        description="Show what there is to name, one row each.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", metavar="WHAT", choices=WORDS, help=f"one of {', '.join(WORDS)}")
    parser.add_argument("--json", action="store_true", help="for programs: a list of objects")
    parser.add_argument("--dialect", default="cup-pos", metavar="NAME", help="default: cup-pos")
    parser.add_argument("--book", type=Path, metavar="FILE", help="default: the demo book")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the rows.

    Raises:
        BadUsage: no such dialect.
        BadFile: a file that is to be listed is wrong.
    """
    from switch.acquirer.book import load as load_book
    from switch.cli.columns import say, tabulated
    from switch.cli.listing import LISTINGS
    from switch.dialect import load

    listing = LISTINGS[args.what]
    rows = listing.rows(load(args.dialect), load_book(args.book))
    if args.json:
        import json

        print(json.dumps(rows, indent=2))
    else:
        say(tabulated(rows, listing.columns))
    return 0
