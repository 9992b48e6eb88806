"""Rows in columns, for a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

NO_TERMINAL = 1000  # columns: in a pipe every row is one line


def tabulated(rows: Sequence[Mapping[str, object]], columns: tuple[str, ...]) -> str:
    """The rows in columns as wide as the terminal has room for; the last one is wrapped."""
    import shutil

    from rich.console import Console
    from rich.table import Table

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else NO_TERMINAL
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="")
    for column in columns:
        table.add_column(column.replace("_", " "), no_wrap=column == columns[0], overflow="fold")
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


def say(text: str) -> None:
    """Print, also where the terminal's encoding lacks a character."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
