"""``switch check``: every problem of every file, without running anything."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from switch.errors import BadUsage

SOUND, FAULTY = 0, 2  # exit codes
EXAMPLE = "example:\n  switch check scenarios my-book.yaml"
ENDINGS = {".yaml", ".yml"}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "check",
        help="say what is wrong with YAML files",
        description="Read scenarios, fragments, dialects, books, profiles and rules, and say\n"
        "everything that is wrong with them, with line and column. Nothing is run.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dialect", default="cup-pos", metavar="NAME", help="default: cup-pos")
    book = "whose cards and merchants scenarios may name (default: the demo book)"
    parser.add_argument("--book", type=Path, metavar="FILE", help=book)
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a file, or a folder with files")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the files.

    Returns:
        0; 2 if anything is wrong with any of them.

    Raises:
        BadUsage: a folder without files, no such dialect.
        BadFile: the book or the dialect to check with is wrong itself.
    """
    from switch.acquirer.book import load as load_book
    from switch.cli.checking import Checker
    from switch.dialect import load

    checker = Checker(load(args.dialect), load_book(args.book))
    for name, text in checker.files(dict(files(args.paths))).items():
        print(f"{name}: {text}")
    for problem in checker.problems:
        print(problem, file=sys.stderr)
    return FAULTY if checker.problems else SOUND


def files(names: list[str]) -> Iterator[tuple[Path, bool]]:
    """The files meant by what was typed, and whether each was named itself.

    Raises:
        BadUsage: a folder in which there is none.
    """
    for name in names:
        path = Path(name)
        if not path.is_dir():
            yield path, True
            continue
        found = sorted(file for file in path.rglob("*") if _ours(file, path))
        if not found:
            raise BadUsage(f"no YAML file in the folder {name}")
        yield from ((file, False) for file in found)


def _ours(file: Path, folder: Path) -> bool:
    """A YAML file that is not hidden, nor in a hidden folder."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix in ENDINGS and not hidden and file.is_file()
