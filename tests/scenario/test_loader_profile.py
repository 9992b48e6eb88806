"""Terminal profiles and standing rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from switch.clock import duration
from switch.dialect import Dialect
from switch.errors import BadFile
from switch.faults import FAULTS
from switch.reading import read_text
from switch.scenario import profile, schema
from switch.scenario.model import Profile, Reply
from switch.scenario.options import OPTIONS
from switch.scenario.rules import load_rules, read_rules

SECOND = 1_000_000_000
FULL = """\
id: "12345678"
merchant_id: "898310012345678"
timeout: 45s
reverses: lazy
reversal_attempts: 5
after_last_attempt: refuse
mac_on_declines: ignored
pin_tries: 1
entry: manual
can: [sale, refund]
keeps_connection: no
human: 1.5m
"""
USUAL = {option.name: option.usual for option in OPTIONS.values()}
CHOSEN = {"after_last_attempt": "refuse", "mac_on_declines": "ignored"}


def read(text: str, base: Profile | None = None) -> Profile:
    return profile.read(read_text(text, "p"), base or profile.defaults())


def test_every_key() -> None:
    found = read(FULL)
    assert found == Profile(
        "12345678", "898310012345678", 45 * SECOND, "lazy", 5, 1, "manual",
        ("sale", "refund"), False, 90 * SECOND, USUAL | CHOSEN, frozenset(profile.KEYS),
    )  # fmt: skip


def test_what_the_file_does_not_say_stays_and_is_not_given() -> None:
    base = profile.defaults(driver="prompt", id="1", merchant_id="2")
    found = read("timeout: 45s\n", base)
    assert (found.id, found.merchant_id, found.human) == ("1", "2", 60 * SECOND)
    assert found.given == {"timeout"}


@pytest.mark.parametrize(
    ("driver", "style", "reverses", "human", "given"),
    [
        ("model", "eager", "eager", 0, set(profile.KEYS)),
        ("model", "lazy", "lazy", 0, set(profile.KEYS)),
        ("command", "either", "either", 0, set()),
        ("prompt", "either", "either", 60 * SECOND, set()),
    ],
)
def test_defaults(driver: str, style: str, reverses: str, human: int, given: set[str]) -> None:
    found = profile.defaults(driver=driver, style=style)
    assert (found.reverses, found.human, found.given) == (reverses, human, given)


def test_what_decides_is_known_only_where_the_profile_says_it() -> None:
    found = read("timeout: 45s\nreverses: either\n", profile.defaults(driver="prompt"))
    assert found.knows("timeout")
    assert not found.knows("reversal_attempts"), "nobody said how often it tries"
    assert not found.knows("reverses"), "the profile says that nobody knows"
    assert not profile.defaults(driver="model").knows("reverses")


def test_values_as_scenarios_read_them() -> None:
    texts = profile.texts(read(FULL))
    assert texts["timeout"] == "45s"
    assert texts["human"] == "90s"
    assert texts["keeps_connection"] == "false"
    assert texts["reversal_attempts"] == "5"
    assert texts["after_last_attempt"] == "refuse"
    assert texts.keys() == profile.KEYS.keys() - {"can"}


@pytest.mark.parametrize("name", OPTIONS)
def test_of_an_outside_terminal_no_option_is_known_unless_the_file_says_so(name: str) -> None:
    base = profile.defaults(driver="prompt")
    assert profile.texts(base)[name] == "either"
    for value in OPTIONS[name].values:
        known = read(f'{name}: "{value}"\n', base)
        assert profile.texts(known)[name] == value
        assert profile.lacking(known, {f"terminal.{name}": value}) == ""
        assert profile.lacking(base, {f"terminal.{name}": value}) == (
            f"needs a terminal whose {name} is {value}, this one has either"
        )


@pytest.mark.parametrize("ns", [0, 1, 5_000_000, 1_500_000_000, 3600 * SECOND])
def test_durations_survive(ns: int) -> None:
    assert duration(profile.as_duration(ns)) == ns


@pytest.mark.parametrize(
    ("text", "problem", "seen"),
    [
        ("timeout: 60\n", "1:10: a duration needs its unit: write 60s", True),
        ("timeout: 0s\n", "1:10: '0s' is no time at all", False),
        ("revreses: lazy\n", "1:1: unknown key 'revreses'; did you mean 'reverses'?", True),
        ("reverses: later\n", "1:11: 'later' is not one of eager, lazy, either", True),
        ("reversal_attempts: 0\n", "1:20: 0 is not between 1 and 10", True),
        ("id:\n", "1:4: a TID of 1 to 8 characters belongs here, not nothing", True),
        ("can: [sell]\n", "1:7: 'sell' is not one of the known ability names", True),
        ("keeps_connection: maybe\n", "1:19: 'maybe' is neither true nor false", True),
        ("- a\n", "1:1: a mapping with id, merchant_id", True),
    ],
)  # fmt: skip
def test_bad_profiles(text: str, problem: str, seen: bool) -> None:
    with pytest.raises(BadFile) as caught:
        read(text)
    assert str(caught.value).startswith(f"p:{problem}")
    validator = Draft202012Validator(schema.profile())
    assert validator.is_valid(yaml.safe_load(text)) is not seen


def test_a_good_profile_passes_the_schema() -> None:
    Draft202012Validator.check_schema(schema.profile())
    assert Draft202012Validator(schema.profile()).is_valid(yaml.safe_load(FULL))


def test_a_profile_file(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(FULL, encoding="utf-8")
    assert profile.load(path, profile.defaults()) == read(FULL)


# ---- standing rules -------------------------------------------------------------------------

RULES = """\
format: 1
rules:
  - {id: silent, when: {message: sale, where: {amount: "1"}}, reply: none, times: 2}
  - id: broken
    when: {message: [sale, void]}
    reply: {code: "06", fault: {transport: {kind: close, after_bytes: 3}}, hold_until: release}
    every: 3
    first: 9
  - {id: all, when: {}, reply: {outcome: approved}}
"""


def test_rules(dialect: Dialect, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    silent, broken, every = load_rules(path, dialect)
    assert (silent.classes, silent.reply, silent.times) == (("sale",), Reply(none=True), 2)
    assert [(one.name, one.operand) for one in silent.where] == [("amount", "1")]
    close = FAULTS["transport"]["close"](after_bytes=3)  # type: ignore[call-arg]
    assert broken.reply == Reply(code="06", faults=(close,), hold_until="release")
    assert (broken.every, broken.first) == (3, 9)
    assert (every.classes, every.where) == ((), ())
    validator = Draft202012Validator(schema.rules(dialect))
    Draft202012Validator.check_schema(schema.rules(dialect))
    assert validator.is_valid(yaml.safe_load(RULES))


@pytest.mark.parametrize(
    ("old", "new", "problem", "seen"),
    [
        ("message: sale", "message: sael", "3:34: 'sael' is not one of", True),
        ("reply: none", "reply: later", "3:70: 'later' is not one of none, unheard", True),
        ('amount: "1"', 'amuont: "1"', "3:48: 'amuont' is not known here", True),
        ('amount: "1"', 'stan: "${a.stan}"', "3:54: ${a.stan} is not defined: a rule", False),
        ("id: all", "id: silent", "9:10: two rules are called 'silent'", False),
        ("hold_until: release", "hold_until: a.received", "6:88: a rule knows no steps", False),
        ('code: "06"', 'code: "7Z"', "6:19: cup-pos has no code 7Z", False),
        ("times: 2", "chance: 1.5", "3:84: '1.5' is not a share from 0 to 1, such as 0.25", True),
        (", reply: none", "", "3:5: a rule that does nothing; write reply or merchant", True),
        ("rules:", "rule:", "2:1: unknown key 'rule'; did you mean 'rules'?", True),
    ],
)
def test_bad_rules(old: str, new: str, problem: str, seen: bool, dialect: Dialect) -> None:
    text = RULES.replace(old, new, 1)
    with pytest.raises(BadFile) as caught:
        read_rules(read_text(text, "r"), dialect)
    assert str(caught.value).startswith(f"r:{problem}")
    assert Draft202012Validator(schema.rules(dialect)).is_valid(yaml.safe_load(text)) is not seen
