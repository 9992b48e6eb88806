"""Standing rules from a file."""

from __future__ import annotations

from pathlib import Path

from switch.dialect import Dialect
from switch.scenario.director import RulesDirector
from switch.scenario.rules import load_rules


def standing_rules(path: Path, dialect: Dialect) -> RulesDirector:
    """The director of ``switch serve --rules FILE``.

    Raises:
        BadFile: all problems of the file.
    """
    return RulesDirector(load_rules(path, dialect), dialect)
