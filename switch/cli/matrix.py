"""``switch matrix``: which scenario catches which defect of the model terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switch.report.kills import Matrix
    from switch.terminal.defects import Defect

EXAMPLE = """\
examples:
  switch matrix                                 every defect against every scenario
  switch matrix timeout-reversal                what one scenario catches
  switch matrix scenarios/timeouts --defect 'no-reversal-*'
  switch matrix --markdown > docs/kill-matrix.md

It also checks: every defect is caught, also by a scenario that names its rule; every scenario
catches one that no other of its folder catches, or says in `stands:` why it stands; the correct
terminal passes everything; nothing passes for a terminal that stays silent.

exit codes: 0 no hole, 1 a hole (named at the end), 2 bad file or usage"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "matrix",
        help="show which scenario catches which defect",
        description="Run the model terminal with one defect at a time through the scenarios.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "names",
        nargs="*",
        metavar="PATH|NAME",
        help="files, folders or names of shipped scenarios (default: all shipped)",
    )
    add("--defect", default="*", metavar="GLOB", help="only defects like this")
    add("--style", choices=("eager", "lazy", "both"), default="both", help="default both")
    add("--dialect", default="cup-pos", metavar="NAME", help="default cup-pos")
    add("--book", type=Path, metavar="FILE", help="merchants, terminals, cards")
    add("--over", choices=("memory", "tcp"), default="memory", help="default memory")
    add("--seed", default="8583", metavar="N", help="everything drawn comes from it")
    add("--jobs", type=int, default=0, metavar="N", help="processes (default: one per processor)")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="for programs: with the case of each")
    shape.add_argument("--markdown", action="store_true", help="the page docs/kill-matrix.md")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fill the matrix and print it.

    Raises:
        BadUsage, BadFile: nothing is run.
    """
    from switch.report.kills import holes
    from switch.run.matrix import STYLES, kill_matrix
    from switch.run.plan import RunOptions
    from switch.run.workers import processors

    options = RunOptions(
        names=tuple(args.names),
        dialect=args.dialect,
        book=args.book,
        over=args.over,
        seed=args.seed,
    )
    matrix = kill_matrix(
        options,
        _defects(args.defect),
        styles=STYLES if args.style == "both" else (args.style,),
        jobs=args.jobs or processors(),
        told=_progress,
    )
    found = holes(matrix)
    _print(args, matrix, found)
    return 1 if found else 0


def _defects(glob: str) -> dict[str, Defect]:
    from fnmatch import fnmatchcase

    from switch.errors import BadUsage
    from switch.reading import did_you_mean
    from switch.terminal.defects import DEFECTS

    chosen = {name: one for name, one in DEFECTS.items() if fnmatchcase(name, glob)}
    if not chosen:
        raise BadUsage(f"no defect {glob!r}{did_you_mean(glob, tuple(DEFECTS))}")
    return chosen


def _progress(finished: int, all_of_them: int) -> None:
    """How far it is, where somebody watches."""
    if sys.stderr.isatty():
        end = "\n" if finished == all_of_them else ""
        print(f"\r{finished} of {all_of_them} terminals", end=end, file=sys.stderr, flush=True)


def _print(args: argparse.Namespace, matrix: Matrix, holes: list[str]) -> None:
    from switch.cli.columns import say, tabulated
    from switch.report import kill_tables as tables

    if args.json:
        import json

        print(json.dumps(tables.matrix_json(matrix, holes), indent=2))
        return
    if args.markdown:
        print(tables.matrix_page(matrix), end="")
    else:
        say(tabulated(tables.caught_rows(matrix), tables.DEFECT_COLUMNS) + "\n")
        say(tabulated(tables.scenario_rows(matrix), tables.SCENARIO_COLUMNS) + "\n")
        say(tables.matrix_summary(matrix))
    for hole in holes:
        print(f"hole: {hole}", file=sys.stderr if args.markdown else sys.stdout)
