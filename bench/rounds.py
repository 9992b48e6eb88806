"""Running sides in turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns

Side = Callable[[], object]
ROUNDS = 15
ROUND_NS = 20_000_000  # of each side in each round


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        what: what was compared.
        times: side -> nanoseconds of one call, median of all rounds.
        goal: the ratio to reach, first side over second; 0 where none was set.
    """

    what: str
    times: Mapping[str, float]
    goal: float = 0.0

    @property
    def ratio(self) -> float:
        """How many times faster the first side is than the second."""
        first, second, *_ = self.times.values()
        return second / first


def compare(what: str, sides: Mapping[str, Side], goal: float = 0.0) -> Row:
    """Time the sides in turns; all of them once before, so that nobody pays for a first call."""
    calls = {name: _calls(side) for name, side in sides.items()}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            times[name].append(_once(side, calls[name]))
    return Row(what, {name: median(each) for name, each in times.items()}, goal)


def _calls(side: Side) -> int:
    """So many calls fill a round."""
    side()
    return max(1, int(ROUND_NS / max(1.0, _once(side, 10))))


def _once(side: Side, calls: int) -> float:
    start = perf_counter_ns()
    for _ in range(calls):
        side()
    return (perf_counter_ns() - start) / calls


def show(title: str, rows: list[Row]) -> None:
    """Print a table: microseconds of each side, and the ratio beside its goal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("what")
    for name in rows[0].times:
        table.add_column(f"{name}, µs", justify="right")
    table.add_column("ratio", justify="right")
    table.add_column("goal", justify="right")
    for row in rows:
        cells = [f"{ns / 1000:.2f}" for ns in row.times.values()]
        goal = f"≥ {row.goal:g}{'' if row.ratio >= row.goal else ' missed'}" if row.goal else ""
        table.add_row(row.what, *cells, f"{row.ratio:.1f}", goal)
    Console().print(table)
