"""What kind of file a YAML file is, and what is wrong with it: for ``switch check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from switch.acquirer import Book
from switch.acquirer import book as books
from switch.composites import Record, read_record
from switch.dialect import Dialect
from switch.dialect import file as dialects
from switch.dialect.schema import DIALECT
from switch.errors import BadFile, BadUsage
from switch.reading import Mapping as MappingNode
from switch.reading import Node, Problem, read_text, text_of
from switch.requirements import REQUIREMENTS
from switch.scenario import profile, rules, shape, waivers
from switch.scenario.library import read_fragment, shown
from switch.scenario.loader import Known, load
from switch.scenario.scope import references
from switch.scenario.vocabulary import Vocabulary
from switch.shapes import Shape

TELLING = {  # kind -> the keys that only such a file has
    "scenario": {"name", "steps"},
    "fragment": {"fragment"},
    "dialect": {"fields", "classes"},
    "book": {"acquirer", "terminals"},
    "requirements": {"rules", "seeds"},
    "waivers": {"waivers"},
    "rules": {"rules"},
}


class Checker:
    """Reads files of any kind and keeps what is wrong with them.

    Args:
        dialect: in whose words scenarios, fragments and rules are read.
        book: whose cards, merchants and first terminal scenarios name.

    Attributes:
        problems: each once, in the order of the files, from top to bottom.
    """

    def __init__(self, dialect: Dialect, book: Book) -> None:
        terminal = next(iter(book.terminals.values()))
        self.problems: list[Problem] = []
        self._dialect = dialect
        self._known = Known(tuple(book.cards), tuple(book.merchants), tuple(book.terminals))
        self._profile = profile.defaults(id=terminal.id, merchant_id=terminal.merchant)
        self._shapes = _shapes(dialect, self._known)

    def files(self, paths: Mapping[Path, bool]) -> dict[str, str]:
        """What to say of every file that nothing is wrong with, by the name that is shown.

        Args:
            paths: file -> whether it was named itself; one that is not ours is then a problem.
        """
        said: dict[str, str] = {}
        scenarios: list[Path] = []
        for path, named in paths.items():
            name = shown(path)
            try:
                text = text_of(path, name)
                root = read_text(text, name)
                kind = kind_of(root, self._shapes)
                if kind == "scenario":
                    said[name] = ""
                    scenarios.append(path)
                elif kind:
                    said[name] = f"ok ({self._read(kind, path, root, text)})"
                elif named:
                    raise BadFile([Problem(root.mark, _stranger(root))])
                else:
                    said[name] = "passed over, no file of this product"
            except BadFile as error:
                self._note(error)
        said |= self._scenarios(scenarios)
        order = [shown(path) for path in paths]
        self.problems.sort(key=lambda one: _place(one, order))
        return {name: text for name, text in said.items() if text}

    def _read(self, kind: str, path: Path, root: Node, text: str) -> str:
        """What is in a file; raises BadFile."""
        match kind:
            case "dialect":
                read = dialects.read(root, text)
                try:
                    dialects.check_security(read)
                except BadUsage as error:
                    raise BadFile([Problem(root.mark, str(error))]) from None
                return f"dialect, {_count(len(read.classes), 'class')}"
            case "book":
                found = books.read(root, text)
                return f"book, {_count(len(found.terminals), 'terminal')}"
            case "rules":
                return _count(len(rules.read_rules(root, self._dialect, self._known)), "rule")
            case "profile":
                profile.read(root, self._profile)
                return "profile"
            case "fragment":
                return self._fragment(path, root, text)
        _all_right(self._shapes[kind], root)
        return kind

    def _fragment(self, path: Path, root: Node, text: str) -> str:
        """A fragment with ``${name}`` in it can only be read to the end where it is used."""
        read_fragment(text, shown(path), path.stem, shape.fragment())
        if not any(references(root)):
            _all_right(self._shapes["fragment"], root)
        return "fragment"

    def _scenarios(self, paths: list[Path]) -> dict[str, str]:
        """Together, since no two may have one name; apart where that shows a problem."""

        def counted(some: list[Path]) -> dict[str, str]:
            cases = load(some, dialect=self._dialect, profile=self._profile, known=self._known)
            count = Counter(case.path for case in cases)
            names = map(shown, some)
            return {name: f"ok ({_count(count[name], 'case')})" for name in names}

        try:
            return counted(paths)
        except BadFile as error:
            self._note(error)
        wrong = {problem.mark.file for problem in self.problems}
        said: dict[str, str] = {}
        for path in paths:
            with suppress(BadFile):  # its problems are known: it uses a wrong fragment
                said |= counted([path]) if shown(path) not in wrong else {}
        return said

    def _note(self, error: BadFile) -> None:
        self.problems += [one for one in error.problems if one not in self.problems]


def kind_of(root: Node, shapes: Mapping[str, Record]) -> str:
    """The kind of file that a tree is, by its top keys; empty for none of ours.

    Without the keys that tell, it is the kind that knows most of its keys, and at least half.
    """
    keys = set(root.names()) if isinstance(root, MappingNode) else set()
    for kind, telling in TELLING.items():
        if telling <= keys:
            return kind
    keys.discard("format")  # says nothing: every file may have it
    known = {kind: len(keys & set(shape.keys)) for kind, shape in shapes.items()}
    best = max(known, key=lambda kind: known[kind])
    return best if keys and 2 * known[best] >= len(keys) else ""


def _shapes(dialect: Dialect, known: Known) -> dict[str, Record]:
    words = Vocabulary(dialect, known.cards, known.merchants, known.terminals)
    assert isinstance(books.BOOK, Record)
    return {
        "scenario": shape.scenario(words),
        "fragment": shape.fragment(words),
        "dialect": DIALECT,
        "book": books.BOOK,
        "requirements": REQUIREMENTS,
        "rules": rules.rules_shape(dialect),
        "waivers": waivers.WAIVERS,
        "profile": profile.PROFILE,
    }


def _place(problem: Problem, order: list[str]) -> tuple[int, int, int]:
    """Where a problem stands; those of files that nobody named (fragments) come last."""
    mark = problem.mark
    place = order.index(mark.file) if mark.file in order else len(order)
    return place, mark.line, mark.column


def _all_right(shape: Shape, root: Node) -> None:
    _, problems = read_record(shape, root)
    if problems:
        raise BadFile(problems)


def _stranger(root: Node) -> str:
    keys = ", ".join(root.names()[:5]) if isinstance(root, MappingNode) else "none"
    kinds = ", ".join((*TELLING, "profile"))
    return f"no file of this product: by its keys ({keys}) it is none of {kinds}"


def _count(number: int, word: str) -> str:
    ending = "" if number == 1 else "es" if word.endswith("s") else "s"
    return f"{number} {word}{ending}"
