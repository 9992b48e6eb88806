"""``switch coverage``: what a suite exercises, and what it leaves out."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = """\
examples:
  switch coverage                               the shipped library, against the model terminal
  switch coverage my/scenarios --fail-under 40
  switch coverage runs/latest --json            what a run with a real terminal exercised

Counted are message classes by what became of them (approved, declined, lost, spoilt, late), DE 39,
faults that took effect, rules and documented failures that a judged case names. Rules that no
message can prove are never counted.

exit codes: 0, 1 less than --fail-under, 2 bad file or usage"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "coverage",
        help="show what a suite exercises, and its gaps",
        description="Show which message classes, DE 39, faults and rules a suite exercises.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "names",
        nargs="*",
        metavar="PATH|NAME",
        help="logs and folders of runs, or scenarios as in switch run (default: all shipped)",
    )
    add("--dialect", default="cup-pos", metavar="NAME", help="default cup-pos")
    add("--book", type=Path, metavar="FILE", help="merchants, terminals, cards")
    add("--profile", type=Path, metavar="FILE", help="what the terminal under test offers")
    add("--style", choices=("eager", "lazy"), default="eager", help="of the model; default eager")
    add("--fail-under", type=float, default=0.0, metavar="P", help="percent of it all together")
    add("--json", action="store_true", help="for programs: with every count")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the tables and the gaps.

    Raises:
        BadUsage, BadFile: nothing can be run or read.
    """
    import sys

    from switch.cli.columns import say, tabulated
    from switch.report import coverage
    from switch.report import coverage_tables as tables
    from switch.run.coverage import exercised
    from switch.run.plan import RunOptions

    options = RunOptions(
        dialect=args.dialect, book=args.book, profile=args.profile, style=args.style
    )
    found = exercised(args.names, options)
    dimensions = coverage.dimensions(found)
    if args.json:
        import json

        print(json.dumps(tables.coverage_json(found, dimensions), indent=2))
    else:
        columns = ("class", *coverage.FATES, "DE 39")
        say(tabulated(tables.class_rows(found), columns) + "\n")
        say(tabulated(tables.share_rows(dimensions), ("exercised", "count", "percent")) + "\n")
        say("\n".join(tables.gap_lines(dimensions)))
        say(f"\n{found.cases} cases exercise {coverage.share(dimensions):.1f} % of it all")
    if coverage.share(dimensions) < args.fail_under:
        print(f"switch coverage: less than --fail-under {args.fail_under:g}", file=sys.stderr)
        return 1
    return 0
