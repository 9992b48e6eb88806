"""Scenario files in, cases out.

::

    library   names -> files, and the fragments beside them
    scope     ${name} -> its value;  matrix -> combinations;  expand -> one tree per case
    shape     tree -> values; steps, replies and conditions are parts of it
    cases     values -> Case, with names (who refers to whom) and build (the records)

Everything that is wrong with the files is one ``BadFile``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from switch import dialect as dialects
from switch.composites import Record
from switch.dialect import Dialect
from switch.errors import BadFile, BadUsage
from switch.reading import Mapping as MappingNode
from switch.reading import Problem, read_text, text_of
from switch.scenario import shape
from switch.scenario.cases import ANY_NAME, FileReader, Known, Run, listed
from switch.scenario.expand import File, variables
from switch.scenario.library import FolderFragments, Fragment, Fragments, TextFragments, find, shown
from switch.scenario.matrix import case_name, combinations
from switch.scenario.model import Case, Profile
from switch.scenario.vocabulary import Vocabulary

__all__ = ["Known", "find", "load", "load_text"]


def load(
    paths: Path | Sequence[Path],
    *,
    dialect: Dialect,
    profile: Profile,
    clock: str = "virtual",
    known: Known = ANY_NAME,
) -> list[Case]:
    """The cases of scenario files, in order.

    Args:
        paths: files; problems show them as given.
        dialect: of the run; a scenario for others is checked in its own words and skipped.
        profile: of the terminal under test, with its TID and MID filled in.
        clock: ``virtual``, ``real`` or ``scaled:N``.
        known: what the book calls its cards, merchants and terminals.

    Raises:
        BadFile: everything that is wrong with all the files.
    """
    loader = _Loader(Run(dialect, profile, clock, known))
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in [paths] if isinstance(paths, Path) else paths:
        try:
            cases += loader.file(path)
        except BadFile as error:
            problems += error.problems
    problems += _same_names(cases)
    if problems:
        raise BadFile(list(dict.fromkeys(problems)))
    return cases


def load_text(
    text: str,
    shown: str,
    *,
    fragments: Mapping[str, str],
    dialect: Dialect,
    profile: Profile,
) -> list[Case]:
    """The cases of one scenario that is given as text, with the fragments it uses.

    Args:
        text: the scenario file.
        shown: what problems call it.
        fragments: name -> text.
        dialect, profile: as in :func:`load`.

    Raises:
        BadFile: everything that is wrong with it.
    """
    loader = _Loader(Run(dialect, profile))
    return loader.text(text, shown, TextFragments(fragments, loader.fragment))


class _Loader:
    """Loads one file after the other, and keeps what they share."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.fragment = shape.fragment()
        self._fragments: dict[Path, Fragment | BadFile] = {}
        self._shapes: dict[str, Record] = {}

    def file(self, path: Path) -> list[Case]:
        """The cases of one file."""
        text = text_of(path, shown(path))
        beside = FolderFragments(path.parent, self.fragment, self._fragments)
        return self.text(text, shown(path), beside)

    def text(self, text: str, name: str, fragments: Fragments) -> list[Case]:
        """The cases of one text; ``name`` is what problems call it."""
        root = read_text(text, name)
        if not isinstance(root, MappingNode):
            raise BadFile([Problem(root.mark, "a scenario is a mapping with format, name, ...")])
        scope = variables(root, self.run.profile)
        chosen = combinations(root, scope)
        file = File(root, scope, fragments, text)
        dialect = self._spoken(root)
        reader = FileReader(file, self._shape(dialect), dialect, self.run)
        cases = [reader.case(case_name(one), file.case(one)) for one in chosen]
        problems = [*scope.problems, *reader.problems]
        problems += reader.unused() if chosen else []
        if problems:
            raise BadFile(_in_order(problems, name))
        return [case for case in cases if case]

    def _spoken(self, root: MappingNode) -> Dialect:
        """The dialect in whose words the file is read: the run's if the file is for it."""
        named = listed(root.get("dialect"))
        if not named or {"any", self.run.dialect.name} & set(named):
            return self.run.dialect
        try:
            return dialects.load(named[0])
        except BadUsage:
            return self.run.dialect  # the shape of `dialect` says what is wrong

    def _shape(self, dialect: Dialect) -> Record:
        if dialect.name not in self._shapes:
            known = self.run.known
            words = Vocabulary(dialect, known.cards, known.merchants, known.terminals)
            self._shapes[dialect.name] = shape.scenario(words)
        return self._shapes[dialect.name]


def _same_names(cases: Sequence[Case]) -> list[Problem]:
    """Two files of one name: their cases could not be told apart in a report."""
    first: dict[str, Case] = {}
    out: list[Problem] = []
    for case in cases:
        other = first.setdefault(case.scenario, case)
        if other.path != case.path and case.mark:
            out.append(Problem(case.mark, f"'{case.scenario}' is the name of {other.path} too"))
    return out


def _in_order(problems: Sequence[Problem], shown: str) -> list[Problem]:
    """Each problem once, those of the file itself first, from top to bottom."""

    def place(problem: Problem) -> tuple[bool, str, int, int]:
        mark = problem.mark
        return mark.file != shown, mark.file, mark.line, mark.column

    return sorted(dict.fromkeys(problems), key=place)
