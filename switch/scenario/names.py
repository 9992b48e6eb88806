"""The names of steps within one case, and everything that refers to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from switch.dialect import Dialect
from switch.reading import Mapping, Mark, Node, Problem, Sequence, Text, did_you_mean
from switch.scenario.conditions import ELEMENT
from switch.scenario.forms import NAME
from switch.scenario.model import Bound
from switch.scenario.scope import SUM, references
from switch.scenario.shape import PHASES
from switch.scenario.steps import MADE_OF_STEPS
from switch.scenario.words import RESERVED

# What of a step may speak of its own message: it is there when these are looked at.
LATE_KEYS = frozenset({"check", "reply"})
# What may happen to the message of a send step.
OF_SENDS = frozenset({"sent", "held", "undelivered"})


@dataclass(frozen=True, slots=True)
class Named:
    """A step with a message under one of its names.

    Attributes:
        number: counts within the case.
        mark: where the name stands.
        classes: of its message.
        sends: its message is the host's own.
    """

    number: int
    mark: Mark
    classes: tuple[str, ...]
    sends: bool = False


@dataclass
class StepNames:
    """Who is called what.

    Attributes:
        dialect: says which values a message class has.
        case: name of the case.
        taken: names of variables and axes.
        paths: all that ``${...}`` may name beside steps, for hints.
        steps: id or capture name -> step.
        captures: capture name -> where it is written.
        used: names that something referred to.
        undefined: places of references that lead nowhere.
        problems: what was wrong.
    """

    dialect: Dialect
    case: str = ""
    taken: Collection[str] = ()
    paths: Collection[str] = ()
    steps: dict[str, Named] = field(default_factory=dict)
    captures: dict[str, Mark] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    undefined: set[Mark] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def collect(self, root: Mapping) -> None:
        """Note the names of every step of a case."""
        for number, step in enumerate(steps_of(root), 1):
            verb = _verb(step)
            if not isinstance(step, Mapping) or not verb:
                continue
            classes = tuple(_texts(step.get(verb)))
            for key in ("id", "capture"):
                name = step.get(key)
                if isinstance(name, Text):
                    self._add(name, key, Named(number, name.mark, classes, verb == "send"))

    def _add(self, name: Text, key: str, named: Named) -> None:
        if key == "capture":
            self.captures[name.value] = name.mark
        before = self.steps.get(name.value)
        if before:
            first = f"first at {before.mark}" if before.mark != name.mark else "by one fragment"
            self._wrong(name.mark, f"two steps are called '{name.value}', {first}")
        elif name.value in RESERVED or name.value in self.taken:
            self._wrong(name.mark, f"'{name.value}' already means something else")
        else:
            self.steps[name.value] = named

    def step(self, name: str, mark: Mark, *, before: int = 0) -> Named | None:
        """The step called ``name``.

        Args:
            name: id or capture name.
            mark: where it is named, for the problem if there is none.
            before: number of the step that its message must precede; 0 for anywhere.
        """
        self.used.add(name)
        found = self.steps.get(name)
        if found is None:
            self._wrong(mark, f"no step '{name}'{did_you_mean(name, tuple(self.steps))}")
        elif before and found.number >= before:
            where = "is this one" if found.number == before else "comes later"
            self._wrong(mark, f"the step '{name}' {where}")
        return found

    def received(self, name: str, mark: Mark, *, before: int = 0) -> Named | None:
        """The same, of a step whose message came from the terminal."""
        found = self.step(name, mark, before=before)
        if found and found.sends:
            self._wrong(mark, f"the step '{name}' sends; it receives no message")
        return found

    def bound(self, bound: Bound, mark: Mark, *, before: int = 0) -> None:
        """Check that a bound names a step that can have this event."""
        if not bound.step:
            return
        found = self.step(bound.step, mark, before=before)
        if found and found.sends and bound.event not in OF_SENDS:
            self._wrong(mark, f"a send step awaits nothing; write {bound.step}.sent")
        elif found and not found.sends and bound.event == "sent":
            self._wrong(mark, f"only a send step is sent; write {bound.step}.replied")

    def value(self, name: str, classes: tuple[str, ...], mark: Mark) -> None:
        """Check that messages of at least one of the classes have the value ``name``."""
        known = [kind for kind in classes if kind in self.dialect.classes]
        if name not in self.dialect.value_places or not known:
            return
        if not any(self.dialect.place(name, kind) for kind in known):
            self._wrong(mark, f"no '{name}' in a {' or '.join(known)}")

    def references(self, root: Mapping) -> None:
        """Check every ``${...}`` that is left: it must be a field of a step."""
        for key, node in root.entries:
            if key.value in PHASES or key.value in {"vars", "matrix", "exclude"}:
                continue
            self._all(node, 0)
        for number, step in enumerate(steps_of(root), 1):
            for name, node in _keys(step):
                if name in MADE_OF_STEPS:
                    continue  # they come by themselves
                self._all(node, number + (name in LATE_KEYS))

    def _all(self, node: Node, before: int) -> None:
        for path, place, whole in references(node):
            step, _, value = path.partition(".")
            if not whole and not SUM.fullmatch(place.value):
                continue  # the scope has said so
            if step not in self.steps or not value:
                self._undefined(path, place)
            elif not whole:
                text = f"${{{path}}} is known only while the scenario runs; no sum can have it"
                self._wrong(place.mark, text)
                self.undefined.add(place.mark)
            else:
                self._field(step, value, place.mark, before)

    def _field(self, step: str, value: str, mark: Mark, before: int) -> None:
        found = self.step(step, mark, before=before)
        element = ELEMENT.fullmatch(value)
        if element and int(element[1]) in self.dialect.codec.fields:
            return
        if value not in self.dialect.value_places:
            hint = did_you_mean(value, tuple(self.dialect.value_places))
            self._wrong(mark, f"'{value}' is no value of a message{hint}")
        elif found:
            self.value(value, found.classes, mark)

    def _undefined(self, path: str, place: Text) -> None:
        root, _, key = path.partition(".")
        known = [name for name in (*self.paths, *self.steps) if name != path]
        hint = did_you_mean(root if key and root not in self.paths else path, known)
        where = f" in the case {self.case}" if self.case and key and root in self.taken else ""
        self.undefined.add(place.mark)
        self._wrong(place.mark, f"${{{path}}} is not defined{where}{hint}")

    def _wrong(self, mark: Mark, text: str) -> None:
        self.problems.append(Problem(mark, text))


def steps_of(root: Mapping) -> Iterator[Node]:
    """The steps of all phases and those inside them in order, whatever they are."""
    for phase in PHASES:
        yield from _listed(root.get(phase))


def _listed(node: Node | None) -> Iterator[Node]:
    """Each step of a list, before those inside it; a branch of a choice is a list of its own."""
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Sequence):
            yield from _listed(item)
            continue
        yield item
        for key, inner in _keys(item):
            if key in MADE_OF_STEPS:
                yield from _listed(inner)


def _keys(step: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(step, Mapping):
        for key, node in step.entries:
            yield key.value, node
    else:
        yield "", step


def _verb(step: Node) -> str:
    """``receive`` or ``send``: the verbs of steps with a message; empty for others."""
    names = step.names() if isinstance(step, Mapping) else ()
    return next((verb for verb in ("receive", "send") if verb in names), "")


def _texts(node: Node | None) -> Iterator[str]:
    items = node.items if isinstance(node, Sequence) else (node,)
    for item in items:
        if isinstance(item, Text) and re.fullmatch(NAME, item.value):
            yield item.value
