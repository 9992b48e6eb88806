"""The word lists of scenarios against those who act on the words."""

from __future__ import annotations

from switch.acquirer.world import STATUSES
from switch.judge.matching import CHECKS
from switch.judge.operators import OPERATORS
from switch.scenario import words
from switch.scenario.profile import KEYS


def lists() -> dict[str, words.Words]:
    """Every word list of the module, by name; nested ones by name and key."""
    out: dict[str, words.Words] = {}
    for name, value in vars(words).items():
        if name.isupper() and isinstance(value, dict):
            nested = {key: inner for key, inner in value.items() if isinstance(inner, dict)}
            out |= {f"{name}.{key}": inner for key, inner in nested.items()} or {name: value}
    return out


def test_every_word_has_one_sentence() -> None:
    bad = [
        (name, word)
        for name, registry in lists().items()
        for word, text in registry.items()
        if not text or text.endswith(".") or "\n" in text
    ]
    assert bad == []


def test_statuses_are_those_of_the_book() -> None:
    assert {what: tuple(known) for what, known in words.STATUSES.items()} == STATUSES


def test_checks_are_those_that_are_judged() -> None:
    assert words.CHECKS.keys() == CHECKS.keys()


def test_operators_have_a_sentence() -> None:
    assert all(operator.text and operator.words for operator in OPERATORS.values())


def test_profile_keys_have_a_sentence() -> None:
    assert all(text for _, text in KEYS.values())
