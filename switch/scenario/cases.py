"""From the tree of one case to its record; what all cases of a file leave unused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from switch.composites import Record
from switch.dialect import Dialect
from switch.reading import Mapping, Mark, Node, Problem, Sequence, Text, Wrong
from switch.scenario.build import Builder
from switch.scenario.expand import File, keys_of
from switch.scenario.model import Case, Policy, Profile
from switch.scenario.names import StepNames
from switch.scenario.profile import lacking
from switch.scenario.words import RESERVED
from switch.shapes import Reading


@dataclass(frozen=True, slots=True)
class Known:
    """Names of the book that scenarios may use; empty: any name goes."""

    cards: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()


ANY_NAME = Known()


@dataclass(frozen=True, slots=True)
class Run:
    """What cases are loaded for; ``clock`` is ``virtual``, ``real`` or ``scaled:N``."""

    dialect: Dialect
    profile: Profile
    clock: str = "virtual"
    known: Known = ANY_NAME

    def skip(self, case: Case, requires: dict[str, Any]) -> str:
        """Why the case cannot run here, in a sentence; empty if it can."""
        if case.dialect != self.dialect.name:
            return f"is for {case.dialect}, this run speaks {self.dialect.name}"
        if case.clock not in {"any", self.clock.partition(":")[0]}:
            return f"needs a {case.clock} clock, this run has {self.clock}"
        return lacking(self.profile, requires)


class FileReader:
    """Reads the trees of all cases of one file, and adds up what they use.

    Args:
        file: the file.
        record: the shape of a scenario, in the words of ``dialect``.
        dialect: the dialect it is read in.
        run: what it is loaded for.
    """

    def __init__(self, file: File, record: Record, dialect: Dialect, run: Run) -> None:
        self.file = file
        self.record = record
        self.dialect = dialect
        self.run = run
        self.problems: list[Problem] = []
        self._taken = {key.value for name in ("vars", "matrix") for key in keys_of(file.root, name)}
        axis_keys = {f"{axis}.{key.value}" for axis, key in _record_keys(file.root.get("matrix"))}
        self._paths = {*file.scope.paths(), *self._taken, *axis_keys}
        self._captures: dict[str, Mark] = {}
        self._used: set[str] = set()

    def case(self, name: str, root: Mapping) -> Case | None:
        """The record of one case, or None after noting what is wrong."""
        reading = Reading()
        names = StepNames(self.dialect, name, self._taken, self._paths)
        names.collect(root)
        names.references(root)
        values = self._values(root, reading)
        one_dialect = len(values.get("dialect") or ()) == 1 and values["dialect"] != ("any",)
        builder = Builder(names, code_allowed=one_dialect)
        script = builder.script(values)
        never = builder.never(values.get("never") or ())
        verify = builder.verify(values.get("verify") or ())
        self._captures |= names.captures
        self._used |= names.used
        self._note([one for one in reading.problems if one.mark not in names.undefined])
        self.problems += names.problems
        if self.problems or self.file.scope.problems:
            return None
        case = Case(
            scenario=values["name"],
            path=root.mark.file,
            case=name,
            title=values["title"],
            title_zh=values.get("title_zh", values["title"]),
            tags=values.get("tags", ()),
            refs=values.get("refs", ()),
            dialect=self.dialect.name,
            clock=values.get("clock", "any"),
            policy=values.get("policy", Policy()),
            profile=self.run.profile,
            script=script,
            never=never,
            always=values.get("always", ()),
            verify=verify,
            stands=values.get("stands", ""),
            mark=root.key("name").mark,
            source=self.file.source,
            fragments=self.file.fragment_sources,
        )
        skip = self.run.skip(case, values.get("requires", {}))
        return replace(case, skip=skip) if skip else case

    def _values(self, root: Mapping, reading: Reading) -> dict[str, Any]:
        try:
            return self.record.entries(root, reading)
        except Wrong as wrong:
            reading.problems.append(wrong.problem)
            return {}

    def _note(self, problems: Iterable[Problem]) -> None:
        """Keep problems; where a ``${name}`` stands, with the place its value comes from."""
        origins = self.file.scope.origins
        for problem in problems:
            origin = origins.get(problem.mark)
            text = f"{problem.text}; {origin}" if origin else problem.text
            self.problems.append(Problem(problem.mark, text))

    def unused(self) -> list[Problem]:
        """Variables, axes and captures that nothing asks for."""
        root, used = self.file.root, self.file.scope.used
        out: list[Problem] = []
        for what, section in (("variable", "vars"), ("axis", "matrix")):
            out += [
                Problem(key.mark, f"the {what} '{key.value}' is never used")
                for key in keys_of(root, section)
                if key.value not in used | RESERVED
            ]
        out += [
            Problem(key.mark, f"'${{{axis}.{key.value}}}' is never used")
            for axis, key in _record_keys(root.get("matrix"))
            if axis in used and f"{axis}.{key.value}" not in used
        ]
        return out + [
            Problem(mark, f"the capture '{name}' is never used")
            for name, mark in self._captures.items()
            if name not in self._used
        ]


def listed(node: Node | None) -> list[str]:
    """The texts of a list, or of what may stand in place of one."""
    items = node.items if isinstance(node, Sequence) else (node,)
    return [item.value for item in items if isinstance(item, Text)]


def _record_keys(matrix: Node | None) -> Iterable[tuple[str, Text]]:
    """Axis and key, for each key of each record in a matrix."""
    for axis, values in matrix.entries if isinstance(matrix, Mapping) else ():
        for _, record in values.entries if isinstance(values, Mapping) else ():
            for key, _ in record.entries if isinstance(record, Mapping) else ():
                yield axis.value, key
