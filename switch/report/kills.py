"""The kill matrix: which scenario catches which defect, and where that leaves a hole.

A defect that no scenario catches could reach a merchant; a scenario that catches nothing, or
nothing but what its neighbours catch, may be asserting nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from switch.requirements import rules
from switch.scenario.model import Case
from switch.terminal.defects import Defect


@dataclass(frozen=True, slots=True)
class Kill:
    """A scenario caught a defect; ``case`` is the first that did, ``happened`` its headline."""

    defect: str
    style: str
    scenario: str
    case: str
    happened: str


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario file.

    Attributes:
        stands: its reason to exist beside neighbours that catch as much.
        skipped: none of its cases can be played by the model as it usually is.
    """

    name: str
    folder: str
    refs: tuple[str, ...]
    stands: str = ""
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was run, which decides what can be called a hole.

    Attributes:
        library: every shipped scenario.
        folders: the folders of which every scenario was run.
        defects: every defect, in both styles.
    """

    library: bool = False
    folders: frozenset[str] = frozenset()
    defects: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """What came of running scenarios against defects.

    Attributes:
        rows: the scenarios, in the order of the library.
        defects: the defects that were tried, by name.
        styles: in which styles of terminal.
        extent: how much of it all this is.
        kills: in the order of defects, styles and scenarios.
        blemishes: what went wrong with the correct terminal and the silent one, in sentences.
        cases: how many cases the scenarios have.
    """

    rows: tuple[Row, ...]
    defects: dict[str, Defect]
    styles: tuple[str, ...]
    extent: Extent = Extent()
    kills: tuple[Kill, ...] = ()
    blemishes: tuple[str, ...] = ()
    cases: int = 0
    _by_scenario: dict[str, set[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, set[str]] = {row.name: set() for row in self.rows}
        for kill in self.kills:
            found[kill.scenario].add(kill.defect)
        object.__setattr__(self, "_by_scenario", found)

    def pairs(self) -> list[tuple[str, str]]:
        """The (defect, style) that were tried: each defect in the styles in which it shows."""
        return [
            (name, style)
            for name, defect in self.defects.items()
            for style in defect.styles
            if style in self.styles
        ]

    def killers(self, defect: str, style: str) -> list[Kill]:
        """Who caught this defect in this style."""
        return [kill for kill in self.kills if (kill.defect, kill.style) == (defect, style)]

    def killed_by(self, scenario: str) -> set[str]:
        """The defects that a scenario catches in some style."""
        return self._by_scenario[scenario]

    def only_by(self, row: Row) -> set[str]:
        """The defects that no other scenario of its folder catches."""
        others = [one.name for one in self.rows if one.folder == row.folder and one != row]
        return self.killed_by(row.name).difference(*(self.killed_by(name) for name in others))


def rows_of(cases: Sequence[Case]) -> tuple[Row, ...]:
    """One row for each scenario, in order."""
    played = {case.scenario for case in cases if not case.skip}
    rows = {
        case.scenario: Row(
            case.scenario,
            PurePath(case.path).parent.name,
            case.refs,
            case.stands,
            case.scenario not in played,
        )
        for case in cases
    }
    return tuple(rows.values())


# ---- holes --------------------------------------------------------------------------------


def holes(matrix: Matrix) -> list[str]:
    """Everything that is wrong with the suite, in sentences; empty for a sound one.

    Only what the extent of the matrix can prove: a defect is not uncaught because one scenario
    missed it.
    """
    found = list(matrix.blemishes)
    if matrix.extent.library:
        found += [*_uncaught(matrix), *_unowned(matrix)]
    if matrix.extent.defects:
        found += [*_idle(matrix), *_redundant(matrix)]
    return found


def _uncaught(matrix: Matrix) -> Iterator[str]:
    for name, style in matrix.pairs():
        if not matrix.killers(name, style):
            yield f"no scenario catches {name} in style {style}"


def _unowned(matrix: Matrix) -> Iterator[str]:
    """A rule's own scenarios ought to catch who breaks it."""
    for name, defect in matrix.defects.items():
        owners = [row for row in matrix.rows if defect.rule in row.refs]
        if defect.rule in rules() and not any(name in matrix.killed_by(r.name) for r in owners):
            yield f"no scenario that names rule {defect.rule} catches {name}, which breaks it"


def _idle(matrix: Matrix) -> Iterator[str]:
    for row in matrix.rows:
        if not matrix.killed_by(row.name) and not (row.skipped and row.stands):
            yield f"{row.name} catches no defect"


def _redundant(matrix: Matrix) -> Iterator[str]:
    for row in matrix.rows:
        judged = row.folder in matrix.extent.folders and not row.stands
        if judged and matrix.killed_by(row.name) and not matrix.only_by(row):
            yield (
                f"{row.name} catches only what others in {row.folder}/ catch as well: "
                "let it catch more, or say in `stands:` why it stands"
            )
