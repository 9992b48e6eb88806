"""Work on all processors: one function mapped over many tasks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Maps a function over tasks: here, or in so many processes."""

    def __init__(self, pool: ProcessPoolExecutor | None) -> None:
        self._pool = pool

    def each(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """The results, in the order of the tasks."""
        return self._pool.map(function, tasks) if self._pool else map(function, tasks)


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """So many processes for the time of a ``with``; one needs none beside this."""
    if jobs == 1:
        yield Workers(None)
        return
    # spawned, not forked: whoever calls this may have threads
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield Workers(pool)
