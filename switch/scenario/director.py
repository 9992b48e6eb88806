"""Directors: who plans replies while messages pass.

:class:`ScenarioDirector` feeds the step machine with every event and keeps what it orders;
:class:`RulesDirector` answers by standing rules, as ``switch serve --rules`` does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any as Rule

from switch.dialect import Dialect
from switch.judge.matching import fits, seen
from switch.records import Event
from switch.scenario import machine
from switch.scenario.model import Case
from switch.scenario.orders import Answer, Command, Draw
from switch.scenario.plan import OWN, Change, Plan, Streams
from switch.scenario.state import Finding, State, Wake

CHANCE = "chance"  # purpose of the draw whether a message gets a reply


class ScenarioDirector:
    """Runs one case: listen to the log with :meth:`observe`, then carry out ``commands``.

    Attributes:
        state: of the machine.
        commands: what is still to be carried out, in order.
        findings: what was found so far, in log order.
    """

    def __init__(self, case: Case, dialect: Dialect, slack: int = 0) -> None:
        self.state: State = machine.begin(case, dialect, slack)
        self.commands: deque[Command] = deque()
        self.findings: list[Finding] = []
        self._plans: dict[int, Plan] = {}
        self._draws: dict[int, str] = {}

    def observe(self, event: Event) -> None:
        """One more event of the log."""
        self.state, commands, findings = machine.advance(self.state, event)
        self.findings += findings
        for command in commands:
            if isinstance(command, Answer):
                self._plans[command.exchange] = command.plan
            elif isinstance(command, Draw):
                self._draws[command.exchange] = command.step
            else:
                self.commands.append(command)

    def plan(self, received: Event, draws: Streams) -> Plan:
        """The reply for the request of this event."""
        step = self._draws.pop(received["exchange"], "")
        if step:
            draws(step).fraction(CHANCE)  # an event, which the machine answers with the plan
        return self._plans.pop(received["exchange"], Plan())

    def wake(self) -> Wake | None:
        """The next deadline."""
        return machine.wake(self.state)


class RulesDirector:
    """Standing rules: the first that fits a request plans its reply."""

    def __init__(self, rules: Sequence[Rule], dialect: Dialect) -> None:
        self._rules = tuple(rules)
        self._dialect = dialect
        self._seen: dict[str, int] = {}
        self._given: dict[str, int] = {}

    def plan(self, received: Event, draws: Streams) -> Plan:
        """What the rules that fit change, and the reply of the first of them that has one.

        A rule fits by its class, its ``where``, its counts and its chance.
        """
        message = seen(received)
        changes: tuple[Change, ...] = ()
        for rule in self._rules:
            if rule.classes and message.kind not in rule.classes:
                continue
            if not fits(rule.where, message, {}, self._dialect):
                continue
            if not self._gate(rule.id, rule.times, rule.every, rule.first):
                continue
            if not _hit(rule.chance, rule.id, draws):
                continue
            changes += rule.changes
            reply = rule.reply
            if reply is not None:
                inner = self._gate(f"{rule.id} reply", reply.times, reply.every, reply.first)
                inner = inner and _hit(reply.chance, f"{rule.id} reply", draws)
                return Plan(rule.id, reply if inner else OWN, changes)
        return Plan(changes=changes)

    def _gate(self, name: str, times: int, every: int, first: int) -> bool:
        count = self._seen[name] = self._seen.get(name, 0) + 1
        given = self._given.get(name, 0)
        if (first and count > first) or (every and count % every) or (times and given >= times):
            return False
        self._given[name] = given + 1
        return True


def _hit(chance: float | None, name: str, draws: Streams) -> bool:
    """Whether chance picks this message; None picks all, without a draw."""
    return chance is None or draws(name).fraction(CHANCE) < chance
