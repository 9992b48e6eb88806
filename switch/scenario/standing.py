"""Standing rules from a file."""

from __future__ import annotations

from pathlib import Path

from switch.dialect import Dialect
from switch.scenario.cases import ANY_NAME, Known
from switch.scenario.director import RulesDirector
from switch.scenario.rules import load_rules


def standing_rules(path: Path, dialect: Dialect, known: Known = ANY_NAME) -> RulesDirector:
    """The director of ``switch serve --rules FILE``.

    Args:
        path: the file.
        dialect: whose words it uses.
        known: what the book calls its cards, merchants and terminals.

    Raises:
        BadFile: all problems of the file.
    """
    return RulesDirector(load_rules(path, dialect, known), dialect)
