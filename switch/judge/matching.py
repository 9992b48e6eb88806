"""A message of the log against the conditions of a scenario: what held, what did not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from switch import elements as de
from switch.dialect import Dialect
from switch.judge import operators
from switch.records import Event
from switch.shapes import Reference

FACTS = ("mac", "pin", "arqc", "format")
DATE_MAY_DIFFER = frozenset({"preauth_void", "completion", "completion_void"})  # R22
BEFORE_DATE = 12  # digits of batch and STAN in DE 61 (2.10)
# Message class -> references that it may leave out or fill with zeros.
MAY_BE_LEFT_OUT = {
    "void": frozenset({"original.date", "approval_code"}),
    "refund": frozenset({"original.batch", "original.stan", "approval_code"}),
}


class Conditioned(Protocol):
    """One line of a ``where`` or ``check``."""

    @property
    def name(self) -> str: ...
    @property
    def operator(self) -> str: ...
    @property
    def operand(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A received or sent message as the judge sees it: nothing but the event.

    Attributes:
        seq, at, conn, exchange: where it stands in the log.
        kind: message class.
        mti: four digits.
        values, fields, facts: of the event; secrets are tokens.
        answer: the elements of the whole response that left; empty before one did.
    """

    seq: int
    at: int
    conn: int | None
    exchange: int
    kind: str
    mti: str
    values: Mapping[str, Any]
    fields: Mapping[str, Any]
    facts: Mapping[str, Any]
    answer: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """A value name, ``de.22``, or a fact; None if the message has none."""
        if name.startswith("de."):
            return plain(self.fields.get(name[3:]))
        if name == "format":
            return "findings" if self.facts.get("format") else "ok"
        if name in FACTS:
            return plain(self.facts.get(name))
        if name == "mti":
            return self.mti
        return plain(self.values.get(name))


def plain(value: Any) -> str | None:
    """A value to compare: text as it is, a secret as its token."""
    if isinstance(value, Mapping):
        return f"token:{value.get('token', '')}"
    return None if value is None or value == "" else str(value)


def seen(event: Event) -> Seen:
    """The message of a ``received`` or ``sent`` event."""
    body = event.body
    return Seen(
        event.seq,
        event.at,
        event.conn,
        body.get("exchange", 0),
        body.get("class", ""),
        body.get("mti", ""),
        body.get("values", {}),
        body.get("fields", {}),
        body.get("facts", {}),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one condition.

    Attributes:
        name: of the value or check.
        holds: it was met.
        expected, got: in words.
        hint: one sentence where the field knows the usual cause.
    """

    name: str
    holds: bool
    expected: str
    got: str
    hint: str = ""


def resolve(operand: Any, steps: Mapping[str, Seen]) -> Any:
    """An operand with each ``${step.value}`` replaced by what that step received (or None)."""
    if isinstance(operand, tuple):
        return tuple(resolve(item, steps) for item in operand)
    if not isinstance(operand, Reference):
        return operand
    step, _, name = operand.path.partition(".")
    found = steps.get(step)
    return found.value(name) if found else None


def weigh(
    conditions: Iterable[Conditioned], message: Seen, steps: Mapping[str, Seen], dialect: Dialect
) -> list[Outcome]:
    """Every condition against one message.

    Args:
        conditions: of a ``where`` or ``check``.
        message: the message.
        steps: step id -> the message it received, for references.
        dialect: for checks that know elements, and for words.
    """
    return [_weigh(condition, message, steps, dialect) for condition in conditions]


def fits(
    conditions: Iterable[Conditioned], message: Seen, steps: Mapping[str, Seen], dialect: Dialect
) -> bool:
    """Whether all conditions hold."""
    return all(outcome.holds for outcome in weigh(conditions, message, steps, dialect))


def _weigh(
    condition: Conditioned, message: Seen, steps: Mapping[str, Seen], dialect: Dialect
) -> Outcome:
    check = CHECKS.get(condition.name)
    if check:
        return check(message, steps.get(str(condition.operand)), dialect)
    got = message.value(condition.name)
    operand = resolve(condition.operand, steps)
    if condition.name == "reversal_reason":
        operand = _reasons(operand, dialect)
    holds = operators.holds(condition.operator, got, operand, of=condition.name)
    expected = operators.describe(condition.operator, operand).removeprefix("expected ")
    hint = "" if holds else _hint(condition.name, message.kind, dialect)
    return Outcome(condition.name, holds, expected, _shown(message, condition.name, got), hint)


def _shown(message: Seen, name: str, got: str | None) -> str:
    if name == "format" and got == "findings":
        return "; ".join(message.facts["format"])
    raw = message.values.get(name, message.fields.get(name.removeprefix("de.")))
    if isinstance(raw, Mapping):
        return str(raw.get("masked", "***"))
    return got if got is not None else "nothing"


def _reasons(operand: Any, dialect: Dialect) -> Any:
    """Reason words (``timeout``) as the codes of this dialect (``98``)."""
    if isinstance(operand, tuple):
        return tuple(_reasons(item, dialect) for item in operand)
    return dialect.reversal_reasons.get(operand, operand)


def _hint(name: str, kind: str, dialect: Dialect) -> str:
    place = dialect.place(name, kind)
    if name == "original.stan" and kind == "reversal":
        return (
            f"in {dialect.name} a reversal keeps the STAN of the transaction it reverses "
            f"(DE {place}, rule R4)"
        )
    if name == "reversal_reason":
        words = ", ".join(f"{code} {word}" for word, code in dialect.reversal_reasons.items())
        return f"reasons in DE {place} (rule R3): {words}"
    if name == "mac":
        return "the MAC covers MTI to the last byte before DE 64, under the MAK of the last sign-on"
    if name == "arqc":
        return (
            "tag 9F26 covers 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 82 9F36 and the CVR of 9F10, and "
            "9F02 is DE 4"
        )
    if place == "pan":
        place = "2, or what stands before the separator in DE 35,"
    return f"{name} is DE {place} in {dialect.name}" if place else ""


# ---- checks that compare whole messages -----------------------------------------------------


def echoes_original(message: Seen, original: Seen | None, dialect: Dialect) -> Outcome:
    """Every element that rule R4 lists and the original carried is there and equal, none of R5."""
    name = "echoes_original"
    if original is None:
        return Outcome(name, False, "the original's elements", "the original was not received")
    kind = dialect.classes[message.kind]
    names = dialect.codec.fields
    wrong: list[str] = []
    for number in kind.copies:
        before = original.fields.get(str(number))
        if before is None:
            continue
        now = message.fields.get(str(number))
        if plain(now) != plain(before) and not _other_date(number, now, before, original.kind):
            wrong.append(f"{names[number]} {_word(now)}, original {_word(before)}")
    wrong += [f"{names[n]} must not be there (R5)" for n in kind.never if str(n) in message.fields]
    return Outcome(
        name,
        not wrong,
        "every element of R4 as in the original, none of R5",
        "; ".join(wrong) or "all equal",
    )


def _other_date(number: int, now: Any, before: Any, kind: str) -> bool:
    """R22: only the date in DE 61 differs, and some terminals put the host's there."""
    if number != de.ORIGINAL or kind not in DATE_MAY_DIFFER:
        return False
    return str(now)[:BEFORE_DATE] == str(before)[:BEFORE_DATE]


def names_original(message: Seen, original: Seen | None, dialect: Dialect) -> Outcome:
    """Whatever names the older transaction is as that transaction and its response had it.

    Batch, STAN and date in DE 61, RRN and approval code: those that the message's class has a
    place for. Of a reference that may be left out (X4, a refund's batch and STAN) nothing or
    zeros are right, too.
    """
    name = "names_original"
    if original is None:
        return Outcome(name, False, "the original's references", "the original was not received")
    wrong: list[str] = []
    for value, right in _references(original).items():
        place = dialect.place(value, message.kind)
        if not place or not right:
            continue
        got = message.value(value) or ""
        if not got.strip("0") and (value in MAY_BE_LEFT_OUT.get(message.kind, ())):
            continue
        if got != right:
            wrong.append(f"{value} (DE {place}) {got or 'absent'}, original {right}")
    expected = "batch, STAN, date, RRN and approval code as the original has them"
    return Outcome(name, not wrong, expected, "; ".join(wrong) or "all equal")


def _references(original: Seen) -> dict[str, str | None]:
    """Value name -> what it must say, as far as the original and its response tell."""
    return {
        "original.batch": original.value("batch"),
        "original.stan": original.value("stan"),
        "original.date": plain(original.answer.get(str(de.LOCAL_DATE))),
        "original.rrn": plain(original.answer.get(str(de.RRN))),
        "approval_code": plain(original.answer.get(str(de.APPROVAL_CODE))),
    }


def _word(value: Any) -> str:
    if value is None:
        return "absent"
    return str(value["masked"]) if isinstance(value, Mapping) else str(value)


CHECKS = {"echoes_original": echoes_original, "names_original": names_original}
