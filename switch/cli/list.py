"""``switch list``: what there is to name in files and on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

EXAMPLE = """\
examples:
  switch list outcomes
  switch list faults --json
  switch list scenarios --tag smoke"""
WORDS = (
    "dialects", "scenarios", "keys", "classes", "fields", "operators", "outcomes", "faults",
    "checks", "invariants", "defects", "options", "stimuli", "flows", "requirements", "rules",
    "book",
)  # fmt: skip
TIMES = ("cases", "skipped", "duration", "asked")
Row = dict[str, Any]


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
    tag = "scenarios: only those with this tag"
    parser.add_argument("--tag", default="", metavar="TAG", help=tag)
    profile = "scenarios: estimate how long they take with this terminal, on a real clock"
    parser.add_argument("--profile", type=Path, metavar="FILE", help=profile)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the rows.

    Raises:
        BadUsage: no such dialect, or an option that this list does not have.
        BadFile: a file that is to be listed is wrong.
    """
    from switch.acquirer.book import load as load_book
    from switch.cli.columns import say, tabulated
    from switch.cli.listing import LISTINGS
    from switch.dialect import load
    from switch.errors import BadUsage

    listing = LISTINGS[args.what]
    rows, columns = listing.rows(load(args.dialect), load_book(args.book)), listing.columns
    if args.what != "scenarios" and (args.tag or args.profile):
        raise BadUsage("--tag and --profile are for the list of scenarios")
    if args.tag:
        rows = [row for row in rows if args.tag in row["tags"]]
    if args.profile:
        rows, columns = _estimated(args, rows), ("name", *TIMES, "tags", "text")
    if args.json:
        import json

        print(json.dumps(rows, indent=2))
    else:
        say(tabulated(rows, columns))
    return 0


def _estimated(args: argparse.Namespace, rows: list[Row]) -> list[Row]:
    """The rows with what each takes, and a last one with what they take together."""
    from switch.report.table import in_hours
    from switch.run.estimate import estimates, total
    from switch.run.plan import RunOptions

    options = RunOptions(dialect=args.dialect, book=args.book, profile=args.profile, tag=args.tag)
    found = estimates(options)
    told = [(row, found[str(row["name"])]) for row in rows]
    all_of_them: Row = {"name": "all", "tags": [], "text": "human pauses come on top"}
    return [
        row
        | {
            "cases": one.cases,
            "skipped": one.skipped,
            "seconds": one.ns / 1e9,
            "duration": in_hours(one.ns),
            "asked": one.asked,
        }
        for row, one in [*told, (all_of_them, total(found.values()))]
    ]
