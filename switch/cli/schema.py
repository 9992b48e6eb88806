"""``switch schema``: JSON Schema of every YAML file, and of the event log, for editors."""

from __future__ import annotations

import argparse
from typing import Any

EXAMPLE = """\
example:
  switch schema scenario > scenario.schema.json

An editor with a YAML language server then helps in a file that begins with
  # yaml-language-server: $schema=scenario.schema.json"""
WORDS = ("scenario", "fragment", "dialect", "book", "profile", "rules", "waivers", "events")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "schema",
        help="print the JSON Schema of a file",
        description="Print the JSON Schema (draft 2020-12) of a file.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", metavar="FILE", choices=WORDS, help=f"one of {', '.join(WORDS)}")
    dialect = "in whose words scenarios, fragments and rules are (default cup-pos)"
    parser.add_argument("--dialect", default="cup-pos", metavar="NAME", help=dialect)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the schema.

    Raises:
        BadUsage: no such dialect.
    """
    import json

    print(json.dumps(schema_of(args.what, args.dialect), indent=2))
    return 0


def schema_of(what: str, dialect: str = "cup-pos") -> dict[str, Any]:
    """The JSON Schema of one kind of file.

    Args:
        what: one of :data:`WORDS`.
        dialect: name or file.
    """
    from switch.acquirer.book import BOOK
    from switch.dialect import load
    from switch.scenario import schema
    from switch.scenario.waivers import WAIVERS

    match what:
        case "scenario":
            return schema.scenario(load(dialect))
        case "fragment":
            return schema.fragment(load(dialect))
        case "rules":
            return schema.rules(load(dialect))
        case "dialect":
            return schema.dialect()
        case "profile":
            return schema.profile()
        case "waivers":
            text = "Failures that a release goes out with: case, reason, last day."
            return schema.of(WAIVERS, "waivers", text)
        case "book":
            text = "What the acquirer knows at the start: merchants, terminals, cards."
            return schema.of(BOOK, "book", text)
    return events()


def events() -> dict[str, Any]:
    """The schema of one line of ``events.ndjson``."""
    from switch.records import EVENT_FORMAT, KINDS
    from switch.scenario.schema import DRAFT

    return {
        "$schema": DRAFT,
        "title": "event",
        "description": f"One line of an event log, format {EVENT_FORMAT}.",
        "oneOf": [_event(kind, text, keys) for kind, (text, keys) in KINDS.items()],
    }


def _event(kind: str, text: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """One kind of event; a key of its body without a value may be left out."""
    head: dict[str, Any] = {
        "seq": {"type": "integer", "minimum": 1, "description": "number within the case"},
        "at": {"type": "integer", "minimum": 0, "description": "nanoseconds since it began"},
        "kind": {"const": kind},
        "conn": {"type": "integer", "description": "number of the connection"},
        "terminal": {"type": "string", "description": "TID"},
    }
    return {
        "title": kind,
        "description": text,
        "type": "object",
        "properties": head | {key: {} for key in keys},
        "required": ["seq", "at", "kind"],
        "additionalProperties": False,
    }
