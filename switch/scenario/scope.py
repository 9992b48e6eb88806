"""What ``${name}`` stands for.

It stands for a whole value, or for a term of a sum of durations; nothing else is evaluated.
A name that is not known here is left as it is: it may be ``${step.field}``, which only the
running scenario knows. ``build`` tells the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from switch.reading import Mapping, Mark, Node, Problem, Sequence, Text, Wrong, remarked
from switch.scenario.forms import Span
from switch.scenario.profile import as_duration
from switch.shapes import REFERENCE, Reading

TERM = r"(?:\$\{[A-Za-z_][\w.]*\}|[0-9.]+(?:ms|s|m|h)?)"
SUM = re.compile(rf"\s*{TERM}(?:\s+[+-]\s+{TERM})+\s*")


@dataclass
class Scope:
    """What ``${name}`` may say here.

    Attributes:
        names: name -> tree.
        labels: axis -> the name of its present value, for ``${axis}`` where that is a record.
        used: paths that were asked for, each with its beginnings.
        origins: place of a ``${name}`` -> where its value is written.
        problems: what was wrong while replacing.
    """

    names: dict[str, Node]
    labels: dict[str, Text] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    origins: dict[Mark, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def chosen(self, nodes: dict[str, Node], labels: dict[str, Text]) -> Scope:
        """The same with the axes of one case; notes go to the same place."""
        return Scope({**self.names, **nodes}, labels, self.used, self.origins, self.problems)

    def closed(self, names: dict[str, Node]) -> Scope:
        """The scope of a fragment: its params, and the terminal."""
        terminal = {"terminal": self.names["terminal"]}
        return Scope(names | terminal, {}, set(), self.origins, self.problems)

    def look_up(self, path: str) -> Node | None:
        """The tree that a path names, or None."""
        root, *rest = path.split(".")
        node = self.names.get(root)
        if node is None:
            return None
        self.used.add(root)
        reached = root
        for part in rest:
            reached = f"{reached}.{part}"
            self.used.add(reached)
            node = node.get(part) if isinstance(node, Mapping) else None
        if not rest and isinstance(node, Mapping):
            return self.labels.get(root, None if root == "terminal" else node)
        return node

    def paths(self) -> tuple[str, ...]:
        """Every name, and every key of those that are mappings."""
        keys = (
            f"{name}.{key}"
            for name, node in self.names.items()
            if isinstance(node, Mapping)
            for key in node.names()
        )
        return (*self.names, *keys)

    def replace(self, node: Node) -> Node:
        """The tree with every known ``${name}`` replaced."""
        if isinstance(node, Text):
            return self._text(node) if "${" in node.value else node
        if isinstance(node, Sequence):
            items = tuple(self.replace(item) for item in node.items)
            return node if _same(items, node.items) else Sequence(items, node.mark)
        values = [self.replace(item) for _, item in node.entries]
        if _same(values, [item for _, item in node.entries]):
            return node
        keys = (key for key, _ in node.entries)
        return Mapping(tuple(zip(keys, values, strict=True)), node.mark)

    def _text(self, node: Text) -> Node:
        whole = REFERENCE.fullmatch(node.value)
        if whole:
            found = self.look_up(whole[1])
            if found is None:
                return node
            self._note(node.mark, whole[1], found.mark)
            return remarked(found, node.mark)
        if not SUM.fullmatch(node.value):
            text = f"'{node.value}': ${{name}} stands for a whole value, or a term of a duration"
            self.problems.append(Problem(node.mark, text))
            return node
        return Text(REFERENCE.sub(lambda term: self._term(term, node), node.value), node.mark)

    def _term(self, found: re.Match[str], node: Text) -> str:
        value = self.look_up(found[1])
        if not isinstance(value, Text):
            return found[0]
        self._note(node.mark, found[1], value.mark)
        return self._one_term(value) if SUM.fullmatch(value.value) else value.value

    def _one_term(self, total: Text) -> str:
        """A sum as one duration, so that it may stand after a minus."""
        try:
            return as_duration(Span().read(total, Reading()))
        except Wrong as wrong:
            self.problems.append(wrong.problem)
            return "0s"

    def _note(self, use: Mark, path: str, written: Mark) -> None:
        if written.file:
            place = f"line {written.line}" if written.file == use.file else str(written)
        else:
            place = "the terminal profile"
        self.origins[use] = f"${{{path}}} comes from {place}"


def _same(new: Iterable[Node], old: Iterable[Node]) -> bool:
    return all(one is other for one, other in zip(new, old, strict=True))


def references(node: Node) -> Iterator[tuple[str, Text, bool]]:
    """Every ``${path}`` left in a tree: path, place, and whether it is the whole value."""
    if isinstance(node, Text):
        if "${" in node.value:
            for found in REFERENCE.finditer(node.value):
                yield found[1], node, found[0] == node.value
        return
    items = node.items if isinstance(node, Sequence) else [item for _, item in node.entries]
    for item in items:
        yield from references(item)
