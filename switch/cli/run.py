"""``switch run``: run scenarios and judge the terminal."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = """\
examples:
  switch run                                   the shipped library against the model terminal
  switch run timeout-reversal --style lazy     one scenario by name
  switch run --terminal model:never-reverses   see what a defect looks like
  switch run scenarios/ --terminal prompt --listen 0.0.0.0:8583 --tag smoke
                                               a real device, you at its keys
  switch run many-at-once --terminals 20       each judged by itself, and a fleet summary
  switch run --terminal prompt --failed runs/latest --waive waivers.yaml --meta firmware=2.4

exit codes: 0 all passed, 1 a terminal failed, 3 inconclusive, 4 error, 5 nothing ran,
2 bad file or usage, 130 interrupted (the partial report is written)"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "run",
        help="run scenarios and judge the terminal",
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
    add("--dialect", default="cup-pos", metavar="NAME", help="default cup-pos")
    add(
        "--terminal",
        default="model",
        metavar="T",
        help="model (default), model:DEFECT, prompt (a device and you), or command:CMD, which "
        "gets each stimulus as JSON and answers done, busy or refused",
    )
    add(
        "--over",
        choices=("memory", "tcp"),
        default="",
        help="default memory; outside terminals: tcp",
    )
    add("--listen", default="", metavar="HOST:PORT", help="with --over tcp")
    add("--clock", default="", metavar="C", help="virtual (default), real, scaled:N; outside: real")
    add(
        "--style",
        choices=("eager", "lazy"),
        default="eager",
        help="when the model reverses: at once, or before its next transaction",
    )
    add("--book", type=Path, metavar="FILE", help="merchants, terminals, cards")
    add("--profile", type=Path, metavar="FILE", help="what the terminal under test offers")
    add("--case", default="", metavar="GLOB", help="only cases like loss=closed or *[loss=*]")
    add("--tag", default="", metavar="TAG", help="only scenarios with this tag")
    add("--seed", default="8583", metavar="N", help="everything drawn comes from it")
    add("--out", type=Path, metavar="DIR", help="default runs/<time>, with runs/latest beside it")
    add("--junit", type=Path, metavar="FILE", help="write JUnit there as well")
    add("--max-time", default="", metavar="D", help="end each case after this long, such as 10m")
    add(
        "--terminals",
        type=int,
        metavar="N",
        default=0,
        help="so many model terminals play each case at once",
    )
    add("--resume", type=Path, metavar="RUN", help="go on with a run that was cut off")
    add("--failed", type=Path, metavar="RUN", help="only cases that did not pass in that run")
    add("--waive", type=Path, metavar="FILE", help="failures to let through: case, reason, expires")
    add(
        "--meta",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=VALUE",
        help="facts for every report, such as firmware=2.4 serial=SN1 tester=Li",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the cases; the exit code is the verdict's."""
    from switch.clock import duration
    from switch.errors import BadUsage
    from switch.run.plan import RunOptions, prepare
    from switch.run.session import Session

    try:
        limit = duration(args.max_time) if args.max_time else 0
    except ValueError as error:
        raise BadUsage(f"--max-time: {error}") from None
    options = RunOptions(
        names=tuple(args.names),
        dialect=args.dialect,
        terminal=args.terminal,
        over=args.over,
        listen=args.listen,
        clock=args.clock,
        style=args.style,
        book=args.book,
        profile=args.profile,
        case=args.case,
        tag=args.tag,
        seed=args.seed,
        out=args.out,
        junit=args.junit,
        max_time=limit,
        meta=_meta(args.meta),
        waive=args.waive,
        failed=args.failed,
        resume=args.resume,
        terminals=args.terminals,
    )
    return Session(prepare(options)).run()


def _meta(words: list[str]) -> tuple[tuple[str, str], ...]:
    """``firmware=2.4`` and its like.

    Raises:
        BadUsage: a word without a name, an equals sign and a value.
    """
    from switch.errors import BadUsage

    pairs = [word.partition("=") for word in words]
    for word, (name, _, value) in zip(words, pairs, strict=True):
        if not name.isidentifier() or not value.isprintable() or not value:
            raise BadUsage(f"--meta {word}: write NAME=VALUE, and scenarios before --meta")
    return tuple((name, value) for name, _, value in pairs)
