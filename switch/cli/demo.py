"""``switch demo``: everything once, in a few seconds."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = """\
example:
  switch demo --over memory --out /tmp/demo"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo",
        help="see the whole product work, in a few seconds",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--over",
        choices=("tcp", "memory"),
        default="tcp",
        help="a real loopback port (default) or an in-memory link",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="report folder, default runs/<time>"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the demo."""
    from switch.run.demo import demo

    return demo(args.over, args.out)
