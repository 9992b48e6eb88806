"""The reference tables of ``docs/reference.md``, made from the registries.

``python -m switch.cli.reference > docs/reference.md`` writes it; a test fails when it is stale.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from switch.cli.main import parser

TABLES = {
    "keys": "Keys of scenario and profile files",
    "faults": "How a reply can be spoilt (`fault: {moment: {kind: ...}}`)",
    "operators": "Operators of `where` and `check`",
    "checks": "Checks",
    "invariants": "Invariants (`always`, `verify`)",
    "rules": "What `switch serve` and `switch lint` judge without a scenario",
    "stimuli": "Stimuli",
    "flows": "Message classes that the host serves",
    "fields": "Values that `where` and `check` may name",
    "outcomes": "Outcomes that a reply may name",
    "defects": "Defects of the model terminal (`--terminal model:NAME`)",
}
HEAD = """\
# Reference

Made by `python -m switch.cli.reference > docs/reference.md`; a test fails when it is stale.
Everything here is also on the command line: `switch COMMAND --help`, `switch list WHAT`.
"""
HELP_WIDTH = 96  # columns, whatever the terminal


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, "## Commands\n", *_commands(), *_tables()]).rstrip() + "\n"


def _commands() -> Iterator[str]:
    top = parser()
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield f"### switch {name}\n\n```text\n{_help(command)}```\n"


def _help(command: argparse.ArgumentParser) -> str:
    class Wide(argparse.RawDescriptionHelpFormatter):
        def __init__(self, prog: str) -> None:
            super().__init__(prog, width=HELP_WIDTH)

    command.formatter_class = Wide
    return command.format_help()


def _tables() -> Iterator[str]:
    from switch.acquirer.book import load as load_book
    from switch.cli.listing import LISTINGS
    from switch.dialect import load

    dialect, book = load("cup-pos"), load_book()
    for name, title in TABLES.items():
        listing = LISTINGS[name]
        columns = listing.columns
        yield f"## {title}\n\n`switch list {name}`\n"
        yield "| " + " | ".join(columns) + " |"
        yield "|" + " --- |" * len(columns)
        for row in listing.rows(dialect, book):
            yield "| " + " | ".join(_cell(row.get(column)) for column in columns) + " |"
        yield ""


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(str(item) for item in value)
    return " ".join(str("" if value is None else value).replace("|", "\\|").split())


if __name__ == "__main__":
    print(reference(), end="")
