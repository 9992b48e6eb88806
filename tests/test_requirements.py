"""The table of requirements: whole, shown in the docs, and answered by the library."""

from __future__ import annotations

from functools import cache

import pytest

from switch.requirements import requirement_ids, rules, sections, seeds
from switch.run.plan import RunOptions, prepare

ROWS = tuple(f"seed-{number}" for number in range(1, 64))


def test_every_row_of_the_documented_failures_is_in_the_table() -> None:
    assert tuple(seeds()) == ROWS


def test_every_rule_stands_in_a_section_with_a_title() -> None:
    assert {rule.section for rule in rules().values()} == set(sections())


def test_a_row_asserts_rules_of_the_table() -> None:
    for seed in seeds().values():
        assert set(seed.asserts) <= set(rules()), seed.id
        assert seed.document in {"S000", "S001", "S002", "S003", "S004"}, seed.id


def test_ids_are_rules_then_rows() -> None:
    assert requirement_ids() == (*rules(), *seeds())


def test_what_only_a_screen_shows_is_not_judged() -> None:
    assert not rules()["T9"].judged
    assert rules()["T2"].judged


@cache
def refs() -> dict[str, frozenset[str]]:
    """Scenario -> what its cases name."""
    return {case.scenario: frozenset(case.refs) for case in prepare(RunOptions()).cases}


@pytest.mark.parametrize("row", ROWS)
def test_every_documented_failure_has_a_scenario(row: str) -> None:
    """And its scenarios together name each rule that the row asserts."""
    named = [found for found in refs().values() if row in found]
    assert named, f"no scenario names {row}: {seeds()[row].text}"
    missing = set(seeds()[row].asserts).difference(*named)
    assert not missing, f"no scenario of {row} names {sorted(missing)}: {seeds()[row].text}"
