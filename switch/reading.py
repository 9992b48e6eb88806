"""Reading YAML without corrupting it.

PyYAML's loaders read STAN ``000123`` as 83, MTI ``0200`` as 128, terminal id ``NO`` as False
and take duplicate keys in silence. This reader uses only ``yaml.compose``: every scalar
stays text, with file, line and column, until the declared shape of its place (``shapes.py``)
converts it. Anchors and aliases are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import yaml

from switch.errors import BadFile

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 64  # levels; far more than any file of ours, far less than what exhausts the C stack


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file."""

    mark: Mark
    text: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.text}"


class Wrong(Exception):
    """One problem, on its way to the list of all problems of a file."""

    def __init__(self, mark: Mark, text: str) -> None:
        self.problem = Problem(mark, text)
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar exactly as written; ``quoted`` tells ``""`` from nothing at all."""

    value: str
    mark: Mark = field(compare=False)
    quoted: bool = field(default=False, compare=False)

    @property
    def empty(self) -> bool:
        """Nothing was written after the key."""
        return self.value in {"", "~", "null"} and not self.quoted


@dataclass(frozen=True, slots=True)
class Sequence:
    """A YAML list."""

    items: tuple[Node, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A YAML mapping in file order; keys are unique texts."""

    entries: tuple[tuple[Text, Node], ...]
    mark: Mark = field(compare=False)

    def get(self, name: str) -> Node | None:
        """The value under ``name``, or None."""
        return next((node for key, node in self.entries if key.value == name), None)

    def key(self, name: str) -> Text:
        """The key ``name`` itself, for its mark."""
        return next(key for key, _ in self.entries if key.value == name)

    def names(self) -> tuple[str, ...]:
        """All keys in file order."""
        return tuple(key.value for key, _ in self.entries)


Node = Text | Sequence | Mapping


def read_file(path: Path, shown: str | None = None) -> Node:
    """The tree of a YAML file.

    Args:
        path: the file.
        shown: the name that problems show; the path as given when absent.

    Raises:
        BadFile: unreadable, not YAML, anchors, duplicate keys; all of them at once.
    """
    name = shown or str(path)
    return read_text(text_of(path, name), name)


def text_of(path: Path, shown: str) -> str:
    """The text of a file; see :func:`read_file`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadFile([Problem(Mark(shown, 1, 1), f"cannot read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise BadFile([Problem(Mark(shown, 1, 1), f"not UTF-8 at byte {error.start}")]) from None


def read_text(text: str, name: str) -> Node:
    """The tree of a YAML text; see :func:`read_file`."""
    try:
        problems = list(_refused(text, name))
        root = None if problems else yaml.compose(text, LOADER)
    except yaml.YAMLError as error:
        raise BadFile([_syntax_problem(error, name)]) from None
    except ValueError as error:  # half a surrogate pair
        raise BadFile([Problem(Mark(name, 1, 1), f"not YAML: {error}")]) from None
    if problems:
        raise BadFile(problems)
    if root is None:
        raise BadFile([Problem(Mark(name, 1, 1), "the file is empty")])
    node = _convert(root, name, problems)
    if problems:
        raise BadFile(problems)
    return node


def _syntax_problem(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    text = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(Mark(name, line, column), f"not YAML: {text}")


def _refused(text: str, name: str) -> Iterator[Problem]:
    """Anchors, aliases, and nesting that would exhaust the stack of whoever walks the tree."""
    depth = 0
    for event in yaml.parse(text, LOADER):
        start = event.start_mark
        assert start is not None
        mark = Mark(name, start.line + 1, start.column + 1)
        if getattr(event, "anchor", None):
            yield Problem(mark, "anchors and aliases are not allowed; write the value again")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            yield Problem(mark, f"nested more than {DEEPEST} levels deep")
            return


def _convert(node: yaml.Node, name: str, problems: list[Problem]) -> Node:
    mark = Mark(name, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return Text(node.value, mark, quoted=bool(node.style))  # the C loader says "" for plain
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_convert(item, name, problems) for item in node.value), mark)
    assert isinstance(node, yaml.MappingNode)
    entries: dict[str, tuple[Text, Node]] = {}
    for key_node, value_node in node.value:
        key = _convert(key_node, name, problems)
        if not isinstance(key, Text):
            problems.append(Problem(key.mark, "a key must be plain text"))
            continue
        if key.value in entries:
            first = entries[key.value][0].mark.line
            problems.append(
                Problem(key.mark, f"key '{key.value}' stands twice, first in line {first}")
            )
            continue
        entries[key.value] = (key, _convert(value_node, name, problems))
    return Mapping(tuple(entries.values()), mark)


def remarked(node: Node, mark: Mark) -> Node:
    """The same tree as if it were written at ``mark``: what a ``${name}`` puts in its place."""
    return replace(node, mark=mark)


def did_you_mean(word: str, words: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    """``; did you mean 'wrong'?`` or nothing."""
    near = get_close_matches(word, list(words), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
