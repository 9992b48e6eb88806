"""Every rule of the requirements is judged, or it is said why not."""

from __future__ import annotations

from switch.judge.lint import RULES
from switch.judge.lint.due import FORCING
from switch.judge.lint.judged import UNDER, WHY_NOT, judged
from switch.judge.lint.numbers import NO_MORE_PIN, STOP
from switch.requirements import rules
from tests.judge.transcript import DIALECT

REPORTED = {id_ for rule in RULES.values() for id_ in rule.rules}


def test_every_rule_is_accounted_for() -> None:
    told = list(judged())
    assert [one.rule for one in told] == list(rules().values())
    assert all(one.text for one in told), [one.rule.id for one in told if not one.text]


def test_no_excuse_is_stale() -> None:
    assert not REPORTED & (UNDER.keys() | WHY_NOT.keys()), "they are reported themselves"
    assert set(UNDER.values()) <= REPORTED
    assert UNDER.keys() | WHY_NOT.keys() <= rules().keys()


def test_what_is_reported_is_a_rule_a_section_or_an_open_point() -> None:
    assert all(id_ in rules() or id_[0].isdigit() or id_ == "X6" for id_ in REPORTED)


def test_the_outcomes_that_stop_a_terminal_are_words_of_the_dialect() -> None:
    assert STOP.keys() | NO_MORE_PIN | FORCING.keys() <= DIALECT.outcomes.keys()
