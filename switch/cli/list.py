"""``switch list``: what there is to name in files and on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EXAMPLE = "example:\n  switch list outcomes\n  switch list faults --json"
WORDS = (
    "dialects", "scenarios", "classes", "fields", "operators", "outcomes", "faults", "checks",
    "invariants", "defects", "stimuli", "flows", "requirements", "book",
)  # fmt: skip
NO_TERMINAL = 1000  # columns: in a pipe every row is one line


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
    from switch.cli.listing import LISTINGS
    from switch.dialect import load

    listing = LISTINGS[args.what]
    rows = listing.rows(load(args.dialect), load_book(args.book))
    if args.json:
        import json

        print(json.dumps(rows, indent=2))
    else:
        _say(_table(rows, listing.columns))
    return 0


def _table(rows: list[dict[str, object]], columns: tuple[str, ...]) -> str:
    """The rows in columns as wide as the terminal has room for; the last one is wrapped."""
    import shutil

    from rich.console import Console
    from rich.table import Table

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else NO_TERMINAL
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="")
    for column in columns:
        table.add_column(column.replace("_", " "), no_wrap=column == "name", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column, "")) for column in columns))
    console = Console(width=width, color_system=None, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_cell(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    first, _, _ = str(value).partition("\n\n")  # the rest is for --json and the reference
    return " ".join(first.replace("``", "").split())


def _say(text: str) -> None:
    """Print, also where the terminal's encoding lacks a character."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
