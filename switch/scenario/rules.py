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
from switch.scenario.cases import ANY_NAME, Known
from switch.scenario.conditions import conditions
from switch.scenario.forms import Entry, Placed, Share, Told
from switch.scenario.model import Condition, Reply
from switch.scenario.plan import Change
from switch.scenario.replies import reply
from switch.scenario.scope import references
from switch.scenario.steps import WORLD, world
from switch.scenario.vocabulary import Vocabulary
from switch.shapes import Number, OneOf, Words


@dataclass(frozen=True, slots=True)
class Rule:
    """One standing rule; ``times``, ``every``, ``first`` and ``chance`` as in a reply.

    Without a ``reply`` it only changes the world, and a later rule may answer.
    """

    id: str
    classes: tuple[str, ...]
    where: tuple[Condition, ...]
    reply: Reply | None
    changes: tuple[Change, ...] = ()
    times: int = 0
    every: int = 0
    first: int = 0
    chance: float | None = None


RULE_ID = Words(r"[A-Za-z][A-Za-z0-9_-]*", "a name of letters, digits, - and _")


def rules_shape(dialect: Dialect, known: Known = ANY_NAME) -> Record:
    """The shape of a rules file, in the words of a dialect and the names of a book."""
    words = Vocabulary(dialect, known.cards, known.merchants, known.terminals)
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
            "chance": Told(Share(), "the share of them that get it, such as 0.25"),
            **{
                what: Told(world(what, words), f"change {whom} before it is decided")
                for what, whom in WORLD.items()
            },
        },
        ("id", "when"),
    )
    placed = Placed(rule, "rule", any_of=("reply", *WORLD), why="a rule that does nothing")
    return Record({"format": OneOf(("1",)), "rules": ListOf(placed)}, ("rules",))


def load_rules(path: Path, dialect: Dialect, known: Known = ANY_NAME) -> tuple[Rule, ...]:
    """The rules of a file, in order.

    Args:
        path: the file.
        dialect: whose words it uses.
        known: what the book calls its cards, merchants and terminals.

    Raises:
        BadFile: all problems with line and column.
    """
    return read_rules(read_file(path), dialect, known)


def read_rules(node: Node, dialect: Dialect, known: Known = ANY_NAME) -> tuple[Rule, ...]:
    """The rules in a tree; see :func:`load_rules`."""
    values, problems = read_record(rules_shape(dialect, known), node)
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
    name, when, answer = values["id"], values["when"], make_reply(values.get("reply"))
    # A reply knows these counts as well; what the rule says goes first.
    counts: dict[str, Any] = {
        n: values.get(n, getattr(answer, n, 0)) for n in ("times", "every", "first")
    }
    counts["chance"] = values.get("chance")
    changes = tuple(
        Change(name, what, read.get("id", ""), {k: v for k, v in read.items() if k != "id"})
        for what, read in values.items()
        if what in WORLD
    )
    return Rule(name, when.get("message", ()), when.get("where", ()), answer, changes, **counts)


def _wrong(entry: Entry, seen: set[str], dialect: Dialect) -> list[Problem]:
    out: list[Problem] = []
    if entry.values["id"] in seen:
        out.append(Problem(entry.marks["id"], f"two rules are called '{entry.values['id']}'"))
    seen.add(entry.values["id"])
    answer = entry.get("reply")
    if not isinstance(answer, Entry):
        return out
    if answer.get("hold_until", "release") != "release":
        out.append(Problem(answer.marks["hold_until"], "a rule knows no steps; write release"))
    code = answer.get("code")
    if code and dialect.response_codes and code not in dialect.response_codes:
        hint = did_you_mean(code, tuple(dialect.response_codes))
        out.append(Problem(answer.marks["code"], f"{dialect.name} has no code {code}{hint}"))
    return out
