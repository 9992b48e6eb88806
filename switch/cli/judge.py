"""``switch judge``: judge a log again, alone or by other scenarios."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = """\
example:
  switch judge runs/latest/events.ndjson

The log holds dialect, profile and scenario, so it can be judged alone, on any machine."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "judge",
        help="judge an event log again",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("events", type=Path, metavar="EVENTS", help="events.ndjson of a run")
    parser.add_argument(
        "scenarios",
        nargs="*",
        type=Path,
        metavar="SCENARIO",
        help="judge by these files instead of those in the log",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the verdicts; exit code as of ``switch run``."""
    import sys

    from switch.report.failure import failure_text
    from switch.report.table import progress_line, summary_line
    from switch.report.verdicts import exit_code
    from switch.run.judge import judge

    verdicts = []
    for judged in judge(args.events, args.scenarios):
        verdict = judged.verdict
        verdicts.append(verdict)
        good = verdict.status in {"pass", "skipped"}
        if good:
            print(progress_line(verdict))
        if judged.live and judged.live != verdict.status:
            print(f"  the run itself said {judged.live}: the scenario or this version differs")
        if not good:
            print(
                failure_text(
                    verdict, rerun="", judge=f"switch judge {args.events}", dialect=judged.dialect
                )
            )
    if not verdicts:
        print(f"switch judge: no case of {args.events} was selected", file=sys.stderr)
    else:
        print(summary_line(verdicts, None))
    return exit_code(verdicts)
