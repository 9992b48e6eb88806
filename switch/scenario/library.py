"""Where scenarios and fragments are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from switch.composites import Record, read_record
from switch.errors import BadFile, BadUsage
from switch.reading import Mapping as MappingNode
from switch.reading import Mark, Node, Problem, Text, did_you_mean, read_text, text_of
from switch.reading import Sequence as SequenceNode
from switch.shipped import shipped

FRAGMENTS = "fragments"
NAME_LINE = re.compile(r"^name:[ \t]*['\"]?([a-z0-9][a-z0-9_-]*)", re.MULTILINE)


# ---- scenarios ----------------------------------------------------------------------------


def find(names: Sequence[str] = ()) -> list[Path]:
    """The scenario files meant by what a user typed, each once.

    Args:
        names: a file, a folder (searched with its folders, without ``fragments``), the name or
            the file name without ending of a shipped scenario; none means the shipped library.

    Raises:
        BadUsage: a name that leads to no scenario.
    """
    if not names:
        return below(library())
    found = (path for name in names for path in _meant(name))
    return list(dict.fromkeys(found))


def library() -> Path:
    """The shipped scenarios, relative to where the user stands if they are below it."""
    root, here = shipped("scenarios"), Path.cwd()
    return root.relative_to(here) if root.is_relative_to(here) else root


def shown(path: Path) -> str:
    """How messages name a scenario file: as given, but shipped ones as ``scenarios/...``."""
    root = shipped("scenarios")
    if path.is_absolute() and path.is_relative_to(root):
        return (Path("scenarios") / path.relative_to(root)).as_posix()
    return str(path)


def below(folder: Path) -> list[Path]:
    """The scenario files of a folder, sorted."""
    files = [path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}")]
    return sorted(path for path in files if FRAGMENTS not in path.relative_to(folder).parts)


def _meant(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        files = below(path)
        if not files:
            raise BadUsage(f"no scenario in the folder {name}")
        return files
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        if not path.is_file():
            raise BadUsage(f"no such file: {name}")
        return [path]
    known = {_name(file): file for file in below(library())}
    by_stem = {file.stem: file for file in known.values()}
    if name in known or name in by_stem:
        return [known.get(name) or by_stem[name]]
    hint = did_you_mean(name, tuple(known))
    raise BadUsage(f"no scenario, file or folder {name!r}{hint}")


def _name(path: Path) -> str:
    """The name a file gives itself; its own name while it cannot be read."""
    try:
        found = NAME_LINE.search(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    return found[1] if found else path.stem


# ---- fragments ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Param:
    """A param of a fragment: where it is written, and its default if it has one."""

    mark: Mark
    default: Node | None


@dataclass(frozen=True, slots=True)
class Fragment:
    """Steps with a name; ``source`` is the text they came from, kept for event logs."""

    name: str
    params: Mapping[str, Param]
    steps: Node
    source: str


class Fragments(Protocol):
    """Where ``use`` finds fragments."""

    def get(self, name: str) -> Fragment | None:
        """The fragment, or None; raises BadFile if it cannot be used."""

    def names(self) -> Iterable[str]:
        """All that are known, for a hint."""


class TextFragments:
    """Fragments given as texts by name, as an event log keeps them."""

    def __init__(self, texts: Mapping[str, str], shape: Record) -> None:
        self._texts = texts
        self._shape = shape

    def get(self, name: str) -> Fragment | None:
        text = self._texts.get(name)
        shown = f"{FRAGMENTS}/{name}.yaml"
        return None if text is None else read_fragment(text, shown, name, self._shape)

    def names(self) -> Iterable[str]:
        return self._texts


class FolderFragments:
    """Fragments in the ``fragments`` folders beside and above a scenario, else the shipped ones.

    Args:
        folder: where the scenario is.
        shape: of a fragment file.
        cache: file -> fragment or what is wrong with it, shared by the scenarios of a run.
    """

    def __init__(self, folder: Path, shape: Record, cache: dict[Path, Fragment | BadFile]) -> None:
        self._places = [place / FRAGMENTS for place in (folder, *folder.parents)]
        self._places.append(library() / FRAGMENTS)
        self._shape = shape
        self._cache = cache

    def get(self, name: str) -> Fragment | None:
        for place in self._places:
            path = place / f"{name}.yaml"
            if path in self._cache or path.is_file():
                return self._read(path, name)
        return None

    def names(self) -> Iterable[str]:
        return sorted({path.stem for place in self._places for path in place.glob("*.yaml")})

    def _read(self, path: Path, name: str) -> Fragment:
        if path not in self._cache:
            try:
                text = text_of(path, str(path))
                self._cache[path] = read_fragment(text, str(path), name, self._shape)
            except BadFile as error:
                self._cache[path] = error
        found = self._cache[path]
        if isinstance(found, BadFile):
            raise found
        return found


def read_fragment(text: str, shown: str, name: str, shape: Record) -> Fragment:
    """The fragment in a text.

    Raises:
        BadFile: it is not a fragment of this name.
    """
    tree = read_text(text, shown)
    values, problems = read_record(shape, tree)
    if problems:
        raise BadFile(problems)
    assert isinstance(tree, MappingNode)
    if values["fragment"] != name:
        mark = tree.key("fragment").mark
        raise BadFile([_other_name(mark, values["fragment"], name)])
    steps = tree.get("steps")
    assert steps is not None
    return Fragment(name, _params(tree.get("params")), steps, text)


def _params(node: Node | None) -> dict[str, Param]:
    if isinstance(node, MappingNode):
        return {key.value: Param(key.mark, _default(value)) for key, value in node.entries}
    if isinstance(node, SequenceNode):
        return {item.value: Param(item.mark, None) for item in node.items if isinstance(item, Text)}
    return {}


def _default(node: Node) -> Node | None:
    return None if isinstance(node, Text) and node.empty else node


def _other_name(mark: Mark, written: str, wanted: str) -> Problem:
    return Problem(mark, f"the file is called '{wanted}', the fragment '{written}'")
