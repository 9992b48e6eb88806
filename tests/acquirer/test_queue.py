"""The bottleneck: who waits how long, and who is shed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from switch.acquirer.queue import AT_ONCE, Place, Queue

SECOND = 1_000_000_000


def never() -> int:
    raise AssertionError("nothing is drawn")


def queue(**changes: object) -> Queue:
    made = Queue()
    made.change({"queue_delay": SECOND} | changes, 0)
    return made


def waits(line: Queue, *arrivals: int, percent: Callable[[], int] = never) -> list[int]:
    return [line.arrive(at * SECOND, percent).wait // SECOND for at in arrivals]


def test_without_a_delay_there_is_no_queue() -> None:
    assert Queue().arrive(0, never) is AT_ONCE


def test_each_waits_for_those_before_it_and_the_line_empties_with_time() -> None:
    assert waits(queue(), 0, 0, 0, 1, 10) == [1, 2, 3, 3, 1]


def test_others_stand_before_it() -> None:
    line = queue(queue_ahead=70)
    assert line.arrive(0, never) == Place(71 * SECOND, 70)
    line.change({"queue_ahead": 10}, 0)
    assert line.arrive(0, never).ahead == 81


def test_a_full_line_sheds_everything_that_arrives() -> None:
    line = queue(queue_limit=2, shed="silence")
    assert waits(line, 0, 0) == [1, 2]
    assert line.arrive(0, never) == Place(0, 2, "silence")
    assert waits(line, 1) == [2], "one has been served"


@pytest.mark.parametrize("share", [1, 30, 99])
def test_a_full_line_sheds_a_share(share: int) -> None:
    line = queue(queue_limit=1, shed_share=share)
    line.arrive(0, never)
    drawn: Iterator[int] = iter((share - 1, share))
    shed, served = (line.arrive(0, lambda: next(drawn)) for _ in range(2))
    assert (shed.shed, served.shed) == ("system_error", "")


def test_a_queue_that_ends_lets_everything_through() -> None:
    line = queue(queue_ahead=70)
    line.change({"queue_delay": 0}, 0)
    assert line.arrive(0, never) is AT_ONCE
    line.change({"queue_delay": SECOND}, 0)
    assert waits(line, 0) == [1]
