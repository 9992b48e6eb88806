"""Imports go down; nothing below the outside world touches it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "switch"

# Floor -> rooms, leftmost first where a module may import one to its left.
FLOORS: list[list[str]] = [
    [
        "errors",
        "shipped",
        "elements",
        "clock",
        "chance",
        "masking",
        "reading",
        "shapes",
        "composites",
        "requirements",
    ],
    ["message", "wire", "security"],
    ["totals", "dialect", "records"],
    ["acquirer", "faults", "judge"],
    ["scenario"],
    ["host", "terminal"],
    ["net", "report"],
    ["run", "capture", "testing"],
    ["app"],
    ["cli"],
    ["__main__"],
]
LEFTWARD = {0, 2}  # floors on which a module may import one to its left
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
OUTSIDE = 6
BANNED = {"asyncio", "socket", "threading", "os", "secrets", "uuid", "random", "sqlite3",
          "multiprocessing", "subprocess", "selectors", "signal", "ssl"}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Modules a file imports, with line; ``TYPE_CHECKING`` blocks are exempt."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exempt = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in exempt:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            if node.module == "switch":
                yield from ((f"switch.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    floor = FLOOR_OF[here]
    for name, line in imports(path):
        if not name.startswith("switch.") or name == "switch.__version__":
            continue
        there = name.split(".")[1]
        if there == here:
            continue
        target = FLOOR_OF[there]
        same_floor = (
            floor == target
            and floor in LEFTWARD
            and FLOORS[floor].index(there) < FLOORS[floor].index(here)
        )
        assert target < floor or same_floor, (
            f"{path.relative_to(PACKAGE)}:{line}: {here} (floor {floor}) imports "
            f"{there} (floor {target})"
        )


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_below_the_outside_world_touches_it(path: Path) -> None:
    here = room(path)
    if here == "__init__" or FLOOR_OF[here] >= OUTSIDE:
        return
    for name, line in imports(path):
        assert name.split(".")[0] not in BANNED, f"{path.relative_to(PACKAGE)}:{line}: {name}"
        assert name != "time", f"{path.relative_to(PACKAGE)}:{line}: clocks are handed in"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in {"datetime.now", "datetime.utcnow", "date.today"}, (
                f"{path.relative_to(PACKAGE)}:{node.lineno}: clocks are handed in"
            )


def test_every_room_has_a_floor() -> None:
    rooms = {room(path) for path in modules()} - {"__init__"}
    assert rooms == set(FLOOR_OF) & rooms
    assert rooms <= set(FLOOR_OF)
