"""The keys of a prompted run: what each of them does to the case."""

from __future__ import annotations

import io

import pytest

from switch.run.prompt import PromptDriver


class Played:
    """A case as the driver sees it: it can be ended, and told what there was to see."""

    verdict = None

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.seen: list[tuple[str, str, str, str]] = []

    def abort(self, reason: str) -> None:
        self.ended.append(reason)

    def observed(self, step: str, channel: str, text: str, answer: str = "") -> None:
        self.seen.append((step, channel, text, answer))


def pressed(*lines: str, asks: bool = False) -> tuple[PromptDriver, Played, str]:
    out = io.StringIO()
    driver, played = PromptDriver(out), Played()
    driver._played = played  # type: ignore[assignment]
    if asks:
        driver.observe("3", "receipt", "Does the receipt say APPROVED?")
    for line in lines:
        driver._key(io.StringIO(line + "\n"))
    return driver, played, out.getvalue()


@pytest.mark.parametrize(
    ("key", "reason", "again", "stopped"),
    [
        ("r", "run again by the operator", True, False),
        ("S", "skipped by the operator", False, False),
        ("q", "ended by the operator", False, True),
    ],
)
def test_a_key_ends_the_case(key: str, reason: str, again: bool, stopped: bool) -> None:
    driver, played, _ = pressed(key)
    assert played.ended == [reason]
    assert (driver.again, driver.stopped) == (again, stopped)


def test_enter_alone_says_it_again() -> None:
    _, played, out = pressed("", asks=True)
    assert out.count("Does the receipt say APPROVED?") == 2
    assert (played.ended, played.seen) == ([], [])


@pytest.mark.parametrize(
    ("typed", "text", "answer"),
    [("y", "", "yes"), ("N", "", "no"), ("?", "", "unanswered"), ("SALE 12.00", "SALE 12.00", "")],
)
def test_a_person_says_what_there_is_to_see(typed: str, text: str, answer: str) -> None:
    _, played, _ = pressed(typed, asks=True)
    assert played.seen == [("3", "receipt", text, answer)]


def test_one_question_is_answered_once() -> None:
    _, played, out = pressed("y", "y", asks=True)
    assert len(played.seen) == 1
    assert out.count("Does the receipt say APPROVED?") == 2
