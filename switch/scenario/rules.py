"""Standing rules: what ``switch serve --rules FILE`` answers, and when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switch.composites import ListOf, Record, read_record
from switch.dialect import Dialect
from switch.errors import BadFile
from switch.reading import Node, Problem, did_you_mean, read_file
from switch.scenario.build import make_reply
from switch.scenario.conditions import conditions
from switch.scenario.forms import Entry, NotYet, Placed, Told
from switch.scenario.model import Condition, Reply
from switch.scenario.replies import reply
from switch.scenario.scope import references
from switch.scenario.vocabulary import Vocabulary
from switch.shapes import Number, OneOf, Words


@dataclass(frozen=True, slots=True)
class Rule:
    """One standing rule; ``times``, ``every`` and ``first`` as in a reply, 0 means no limit."""

    id: str
    classes: tuple[str, ...]
    where: tuple[Condition, ...]
    reply: Reply
    times: int = 0
    every: int = 0
    first: int = 0


RULE_ID = Words(r"[A-Za-z][A-Za-z0-9_-]*", "a name of letters, digits, - and _")


def rules_shape(dialect: Dialect) -> Record:
    """The shape of a rules file, in the words of a dialect."""
    words = Vocabulary(dialect)
    times = Number(1, 1_000_000)
    when = Record(
        {
            "message": Told(words.classes(), "the messages it answers; all if absent"),
            "where": Told(conditions(dialect, checks=False), "which of them"),
        }
    )
    rule = Record(
        {
            "id": Told(RULE_ID, "its name in events"),
            "when": Told(when, "which requests it is for; the first rule that fits answers"),
            "reply": Told(reply(words), "what the host answers"),
            "times": Told(times, "at most so many messages get it"),
            "every": Told(times, "each n-th message gets it"),
            "first": Told(times, "the first n messages get it"),
            "chance": NotYet("chance"),
        },
        ("id", "when", "reply"),
    )
    return Record({"format": OneOf(("1",)), "rules": ListOf(Placed(rule, "rule"))}, ("rules",))


def load_rules(path: Path, dialect: Dialect) -> tuple[Rule, ...]:
    """The rules of a file, in order.

    Raises:
        BadFile: all problems with line and column.
    """
    return read_rules(read_file(path), dialect)


def read_rules(node: Node, dialect: Dialect) -> tuple[Rule, ...]:
    """The rules in a tree; see :func:`load_rules`."""
    values, problems = read_record(rules_shape(dialect), node)
    problems += [
        Problem(place.mark, f"${{{path}}} is not defined: a rule knows no variables and no steps")
        for path, place, _ in references(node)
    ]
    if problems:
        raise BadFile(list(dict.fromkeys(problems)))
    seen: set[str] = set()
    for entry in values["rules"]:
        problems += _wrong(entry, seen, dialect)
    if problems:
        raise BadFile(problems)
    return tuple(_made(entry.values) for entry in values["rules"])


def _made(values: Any) -> Rule:
    when, answer = values["when"], make_reply(values["reply"])
    assert answer is not None
    # A reply knows these counts as well; what the rule says goes first.
    counts = {n: values.get(n, getattr(answer, n)) for n in ("times", "every", "first")}
    return Rule(values["id"], when.get("message", ()), when.get("where", ()), answer, **counts)


def _wrong(entry: Entry, seen: set[str], dialect: Dialect) -> list[Problem]:
    out: list[Problem] = []
    if entry.values["id"] in seen:
        out.append(Problem(entry.marks["id"], f"two rules are called '{entry.values['id']}'"))
    seen.add(entry.values["id"])
    answer = entry.values["reply"]
    if not isinstance(answer, Entry):
        return out
    if answer.get("hold_until", "release") != "release":
        out.append(Problem(answer.marks["hold_until"], "a rule knows no steps; write release"))
    code = answer.get("code")
    if code and dialect.response_codes and code not in dialect.response_codes:
        hint = did_you_mean(code, tuple(dialect.response_codes))
        out.append(Problem(answer.marks["code"], f"{dialect.name} has no code {code}{hint}"))
    return out
