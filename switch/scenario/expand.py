"""From a file's tree to one tree per case: ``${name}`` replaced, fragments put in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from switch.errors import BadFile
from switch.reading import Mapping, Mark, Node, Problem, Sequence, Text, did_you_mean
from switch.scenario.library import Fragment, Fragments
from switch.scenario.matrix import Combination
from switch.scenario.model import Profile
from switch.scenario.profile import texts
from switch.scenario.scope import Scope, references
from switch.scenario.shape import PHASES
from switch.scenario.steps import MADE_OF_STEPS, USE
from switch.scenario.words import RESERVED
from switch.shapes import Reading

OWN_KEYS = frozenset({"vars", "matrix", "exclude"})


def variables(root: Mapping, profile: Profile) -> Scope:
    """The scope of a whole file: its variables, and what the profile says of the terminal.

    A variable may use those above it.
    """
    nowhere = Mark("", 0, 0)
    known = [(Text(key, nowhere), Text(text, nowhere, quoted=True))
             for key, text in texts(profile).items()]  # fmt: skip
    scope = Scope({"terminal": Mapping(tuple(known), nowhere)})
    node = root.get("vars")
    names = {key.value for key in (*keys_of(root, "vars"), *keys_of(root, "matrix"))}
    for key, value in node.entries if isinstance(node, Mapping) else ():
        replaced = scope.replace(value)
        for path, place, _ in references(replaced):
            if path.partition(".")[0] in names:
                text = f"${{{path}}} is not known here; a variable may use those above it"
                scope.problems.append(Problem(place.mark, text))
                scope.used.add(path.partition(".")[0])
        if key.value not in RESERVED:
            scope.names[key.value] = replaced
    return scope


def keys_of(root: Mapping, section: str) -> tuple[Text, ...]:
    """The keys of a section such as ``vars``; none if it is not there."""
    node = root.get(section)
    return tuple(key for key, _ in node.entries) if isinstance(node, Mapping) else ()


@dataclass
class File:
    """One scenario file while its cases are made.

    Attributes:
        root: its tree.
        scope: variables and the terminal, with everything noted so far.
        fragments: where ``use`` looks.
        source: the text of the file.
        fragment_sources: name -> text of the fragments that were used.
    """

    root: Mapping
    scope: Scope
    fragments: Fragments
    source: str
    fragment_sources: dict[str, str] = field(default_factory=dict)

    def case(self, combination: Combination) -> Mapping:
        """The tree of one case; problems go to the scope."""
        labels = {axis: choice.label for axis, choice in combination.items()}
        nodes = {axis: choice.node for axis, choice in combination.items()}
        scope = self.scope.chosen(nodes, labels)
        entries: list[tuple[Text, Node]] = []
        for key, node in self.root.entries:
            if key.value in OWN_KEYS:
                entries.append((key, node))
                continue
            replaced = scope.replace(node)
            if key.value in PHASES and isinstance(replaced, Sequence):
                replaced = Sequence(tuple(self._inline(replaced, ())), replaced.mark)
            entries.append((key, replaced))
        return Mapping(tuple(entries), self.root.mark)

    def _inline(self, steps: Sequence, within: tuple[str, ...]) -> Iterator[Node]:
        for step in steps.items:
            if isinstance(step, Sequence):  # a branch of a choice
                yield Sequence(tuple(self._inline(step, within)), step.mark)
            elif isinstance(step, Mapping) and step.get("use") is not None:
                yield from self._used(step, within)
            elif isinstance(step, Mapping) and MADE_OF_STEPS & set(step.names()):
                yield self._inside_of(step, within)
            else:
                yield step

    def _inside_of(self, step: Mapping, within: tuple[str, ...]) -> Mapping:
        """A step that is made of steps, with the fragments among those put in place."""
        entries = (
            (key, Sequence(tuple(self._inline(node, within)), node.mark))
            if key.value in MADE_OF_STEPS and isinstance(node, Sequence)
            else (key, node)
            for key, node in step.entries
        )
        return Mapping(tuple(entries), step.mark)

    def _used(self, step: Mapping, within: tuple[str, ...]) -> Iterator[Node]:
        problems = self.scope.problems
        use = Reading().attempt(USE, step)  # whoever reads the steps says what is wrong with it
        fragment = self._fragment(step, use["use"], within) if use else None
        if not fragment:
            yield step  # so that nothing else is said of a list that lacks its steps
            return
        inside = self._inside(fragment, step)
        steps = inside.replace(fragment.steps)
        problems += [
            Problem(param.mark, f"the param '{name}' is never used")
            for name, param in fragment.params.items()
            if name in inside.names and name not in inside.used
        ]
        if isinstance(steps, Sequence):
            yield from self._inline(steps, (*within, fragment.name))
        else:
            problems.append(Problem(steps.mark, "a list of steps belongs here"))
            yield step

    def _fragment(self, step: Mapping, name: str, within: tuple[str, ...]) -> Fragment | None:
        mark = step.key("use").mark
        if name in within:
            self.scope.problems.append(Problem(mark, f"the fragment '{name}' uses itself"))
            return None
        try:
            found = self.fragments.get(name)
        except BadFile as error:
            self.scope.problems.extend(error.problems)
            return None
        if found is None:
            hint = did_you_mean(name, list(self.fragments.names()))
            self.scope.problems.append(Problem(mark, f"no fragment '{name}'{hint}"))
            return None
        self.fragment_sources[name] = found.source
        return found

    def _inside(self, fragment: Fragment, step: Mapping) -> Scope:
        given = step.get("with")
        entries = given.entries if isinstance(given, Mapping) else ()
        values = {key.value: node for key, node in entries}
        names: dict[str, Node] = {}
        for name, param in fragment.params.items():
            value = values.get(name, param.default)
            if value is None:
                text = f"the fragment '{fragment.name}' needs '{name}' in `with`"
                self.scope.problems.append(Problem(step.key("use").mark, text))
            else:
                names[name] = value
        for key, _ in entries:
            if key.value not in fragment.params:
                hint = did_you_mean(key.value, tuple(fragment.params))
                text = f"the fragment '{fragment.name}' has no param '{key.value}'{hint}"
                self.scope.problems.append(Problem(key.mark, text))
        return self.scope.closed(names)
