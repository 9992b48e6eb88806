"""The combinations of a matrix: each is a case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import prod

from switch.reading import Mapping, Node, Problem, Sequence, Text, did_you_mean
from switch.scenario.scope import Scope

MOST_CASES = 1000  # per file; more is a slip of the pen
LABEL = re.compile(r"[^\s,=\[\]${}]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of one axis: what case ids call it, and its tree."""

    label: Text
    node: Node


Combination = dict[str, Choice]


def case_name(combination: Combination) -> str:
    """``loss=closed,card=gold``."""
    return ",".join(f"{axis}={choice.label.value}" for axis, choice in combination.items())


def combinations(root: Mapping, scope: Scope) -> list[Combination]:
    """All combinations of the matrix that are not excluded; one empty one without a matrix."""
    matrix = root.get("matrix")
    if not isinstance(matrix, Mapping):
        return [{}]
    axes = {key.value: _choices(key, node, scope) for key, node in matrix.entries}
    scope.problems += [
        Problem(key.mark, f"'{key.value}' is a variable and an axis")
        for key, _ in matrix.entries
        if key.value in scope.names
    ]
    if not all(axes.values()):
        return []
    total = prod(len(choices) for choices in axes.values())
    if total > MOST_CASES:
        text = f"the matrix makes {total} cases, at most {MOST_CASES} can be"
        scope.problems.append(Problem(matrix.mark, text))
        return []
    every = [dict(zip(axes, chosen, strict=True)) for chosen in product(*axes.values())]
    dropped = _exclusions(root.get("exclude"), axes, scope.problems)
    kept = [one for one in every if not any(_fits(one, pattern) for pattern in dropped)]
    if not kept:
        scope.problems.append(Problem(matrix.mark, "exclude drops every combination"))
    return kept


def _choices(axis: Text, node: Node, scope: Scope) -> list[Choice]:
    if isinstance(node, Sequence):
        found = [Choice(item, item) for item in node.items if isinstance(item, Text)]
    elif isinstance(node, Mapping):
        found = [Choice(key, scope.replace(item)) for key, item in node.entries]
    else:
        found = []
    if not found:
        scope.problems.append(Problem(axis.mark, f"the axis '{axis.value}' has no values"))
    seen: set[str] = set()
    for choice in found:
        name = choice.label.value
        if not LABEL.fullmatch(name) or name in seen:
            what = "stands twice" if name in seen else "cannot be part of a case id"
            scope.problems.append(Problem(choice.label.mark, f"'{name}' {what}"))
        seen.add(name)
    return found


def _exclusions(
    node: Node | None, axes: dict[str, list[Choice]], problems: list[Problem]
) -> list[dict[str, set[str]]]:
    if not isinstance(node, Sequence):
        return []
    out: list[dict[str, set[str]]] = []
    for item in node.items:
        if not isinstance(item, Mapping) or not item.entries:
            problems.append(Problem(item.mark, "an axis and its value belong here"))
            continue
        pattern: dict[str, set[str]] = {}
        for key, value in item.entries:
            texts = _texts(value)
            pattern[key.value] = {text.value for text in texts}
            problems += _unknown_values(key, texts, axes)
        out.append(pattern)
    return out


def _texts(node: Node) -> list[Text]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return [item for item in items if isinstance(item, Text)]


def _unknown_values(key: Text, texts: list[Text], axes: dict[str, list[Choice]]) -> list[Problem]:
    if key.value not in axes:
        hint = did_you_mean(key.value, tuple(axes))
        return [Problem(key.mark, f"no axis '{key.value}' in the matrix{hint}")]
    known = tuple(choice.label.value for choice in axes[key.value])
    return [
        Problem(text.mark, f"'{text.value}' is not a value of {key.value}"
                           f"{did_you_mean(text.value, known)}")
        for text in texts
        if text.value not in known
    ]  # fmt: skip


def _fits(combination: Combination, pattern: dict[str, set[str]]) -> bool:
    return all(
        axis in combination and combination[axis].label.value in wanted
        for axis, wanted in pattern.items()
    )
