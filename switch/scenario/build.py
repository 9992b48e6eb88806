"""From what a file says to the records of one case, and what only the whole of it can tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from switch.reading import Mark, Problem
from switch.scenario.forms import Entry
from switch.scenario.model import (
    AnyOrder,
    AnyStep,
    Ask,
    Bound,
    Choice,
    Condition,
    Connection,
    Never,
    Observe,
    Quiet,
    Receive,
    Release,
    Repeat,
    Reply,
    Send,
    Verify,
    Wait,
    World,
)
from switch.scenario.names import StepNames
from switch.scenario.shape import PHASES
from switch.scenario.words import CHECKS


@dataclass(frozen=True, slots=True)
class Position:
    """Where a step stands: number within the case, phase, place in the file."""

    number: int
    phase: str
    mark: Mark


def make_reply(read: Entry | str | None) -> Reply | None:
    """The record of a ``reply``."""
    if read is None:
        return None
    if isinstance(read, str):
        return Reply(none=read == "none", unheard=read == "unheard")
    values = dict(read.values)
    return Reply(faults=values.pop("fault", ()), **values)


@dataclass
class Builder:
    """Makes the records of one case.

    Attributes:
        names: the steps by name; problems are noted there.
        code_allowed: the file names exactly one dialect.
        held: names of the steps so far whose reply waits for a ``release``.
        count: steps so far, those inside others included.
    """

    names: StepNames
    code_allowed: bool
    held: set[str] = field(default_factory=set)
    count: int = 0

    # ---- steps -----------------------------------------------------------------------------

    def script(self, phases: dict[str, tuple[Entry | None, ...]]) -> tuple[AnyStep, ...]:
        """Setup, steps and teardown in order; entries that could not be read are passed over."""
        placed = [(phase, entry) for phase in PHASES for entry in phases.get(phase) or ()]
        return self._steps(placed)

    def _steps(self, placed: Sequence[tuple[str, Entry | None]]) -> tuple[AnyStep, ...]:
        """The records of steps that follow one another, each with its phase."""
        out: list[AnyStep] = []
        for place, (phase, entry) in enumerate(placed, 1):
            self.count += 1
            if entry is None or entry.verb == "use":  # a fragment that could not be put in place
                continue
            follower = placed[place][1] if place < len(placed) else None
            self._pass_over(entry, follower)
            out.append(MAKERS[entry.verb](self, entry, Position(self.count, phase, entry.mark)))
        return tuple(out)

    def _inside(self, entries: tuple[Entry | None, ...], at: Position) -> tuple[Any, ...]:
        return self._steps([(at.phase, entry) for entry in entries])

    def _any_order(self, entry: Entry, at: Position) -> AnyOrder:
        steps = self._inside(entry.values["any_order"], at)
        return AnyOrder(at.number, at.phase, at.mark, steps)

    def _choice(self, entry: Entry, at: Position) -> Choice:
        read = [one if isinstance(one, tuple) else (one,) for one in entry.values["choice"]]
        branches = [self._inside(one, at) for one in read]
        for branch in branches:
            first = branch[0] if branch else None
            if first and not (isinstance(first, Receive) and not first.optional):
                self._wrong(first.mark, "a branch begins with a receive that is not optional")
        return Choice(at.number, at.phase, at.mark, tuple(branches))

    def _repeat(self, entry: Entry, at: Position) -> Repeat:
        steps = self._inside(entry.values["steps"], at)
        return Repeat(at.number, at.phase, at.mark, entry.values["repeat"], steps)

    def _pass_over(self, entry: Entry, follower: Entry | None) -> None:
        if entry.verb != "stimulus" or not entry.values["stimulus"].unless:
            return
        if follower is None or follower.verb not in {"receive", "use"}:
            self._wrong(entry.mark, "`unless` passes over the receive after it; there is none")

    def _ask(self, entry: Entry, at: Position) -> Ask:
        return Ask(at.number, at.phase, at.mark, entry.values["stimulus"])

    def _receive(self, entry: Entry, at: Position) -> Receive:
        values = dict(entry.values)
        classes = values.pop("receive")
        where, check = values.pop("where", ()), values.pop("check", ())
        self._conditions(where, classes, at.number)
        self._conditions(check, classes, at.number)
        start = values.pop("from", None)
        if start:
            self._start(start, entry.marks["from"], at.number)
        earliest, within = values.get("not_before"), values.get("within")
        late = earliest is not None and within is not None and earliest > within
        if late and not values.get("provoke"):  # a nudge starts within anew
            self._wrong(entry.marks["not_before"], "not_before is later than within ends")
        name = values.pop("id", f"step {at.number}")
        reply = values.pop("reply", None)
        if isinstance(reply, Entry):
            self._reply(reply, {name, values.get("capture", name)})
        return Receive(
            at.number, at.phase, at.mark, name, classes, where, check, start=start,
            reply=make_reply(reply), **values,
        )  # fmt: skip

    def _reply(self, reply: Entry, owners: set[str]) -> None:
        if "code" in reply.values and not self.code_allowed:
            text = "a code is of one dialect: name it in `dialect`, or write an outcome"
            self._wrong(reply.marks["code"], text)
        until = reply.get("hold_until")
        if until == "release":
            self.held |= owners
        elif until == Bound("", "start"):
            text = "'start' is over before any reply; write release, end, or a step's bound"
            self._wrong(reply.marks["hold_until"], text)
        elif until is not None:
            self.names.bound(until, reply.marks["hold_until"])

    def _send(self, entry: Entry, at: Position) -> Send:
        values = entry.values
        name = values.get("id", f"step {at.number}")
        return Send(at.number, at.phase, at.mark, name, values["send"], values.get("set", {}))

    def _world(self, entry: Entry, at: Position) -> World:
        changes = dict(entry.values[entry.verb])
        name = changes.pop("id", "")  # the host has none
        return World(at.number, at.phase, at.mark, entry.verb, name, changes)

    def _observe(self, entry: Entry, at: Position) -> Observe:
        values = dict(entry.values)
        ((channel, conditions),) = values.pop("observe").items()
        self._conditions(conditions, (), at.number)
        name = values.pop("id", f"observe {at.number}")
        return Observe(at.number, at.phase, at.mark, name, channel, conditions, **values)

    def _wait(self, entry: Entry, at: Position) -> Wait:
        return Wait(at.number, at.phase, at.mark, entry.values["wait"])

    def _quiet(self, entry: Entry, at: Position) -> Quiet:
        read = entry.values["quiet"]
        where = read.get("where", ())
        self._conditions(where, read["message"], at.number)
        return Quiet(at.number, at.phase, at.mark, read["message"], where, read["for"])

    def _connection(self, entry: Entry, at: Position) -> Connection:
        read = entry.values["connection"]
        verb, ns = (read, 0) if isinstance(read, str) else ("refuse", read["refuse"]["for"])
        return Connection(at.number, at.phase, at.mark, verb, ns)

    def _release(self, entry: Entry, at: Position) -> Release:
        name, mark = entry.values["release"], entry.marks["release"]
        found = self.names.received(name, mark, before=at.number)
        if found and not found.sends and name not in self.held:
            self._wrong(mark, f"the step '{name}' holds nothing; write `hold_until: release` there")
        return Release(at.number, at.phase, at.mark, name)

    # ---- beside the steps ------------------------------------------------------------------

    def never(self, entries: tuple[Entry | None, ...]) -> tuple[Never, ...]:
        """The records of ``never``."""
        out: list[Never] = []
        seen: set[str] = set()
        for number, entry in enumerate(entries, 1):
            if entry is None:
                continue
            name = entry.get("id", f"never {number}")
            if name in seen:
                self._wrong(entry.marks["id"], f"two of never are called '{name}'")
            seen.add(name)
            where, classes = entry.get("where", ()), entry.values["message"]
            self._conditions(where, classes, 0)
            self._start(entry.values["from"], entry.marks["from"], 0)
            until = entry.get("until")
            if until:
                self._until(until, entry.marks["until"])
            out.append(
                Never(name, classes, where, entry.values["from"], until, entry.get("for"),
                      entry.get("note", ""), entry.mark, entry.get("decided_by", ""))
            )  # fmt: skip
        return tuple(out)

    def verify(self, entries: tuple[Entry | None, ...]) -> tuple[Verify, ...]:
        """The records of ``verify``."""
        return tuple(self._verify(entry) for entry in entries if entry is not None)

    def _verify(self, entry: Entry) -> Verify:
        what = entry.verb
        beside = {"note": entry.get("note", ""), "decided_by": entry.get("decided_by", "")}
        read = entry.values[what]
        if what == "message":
            where = entry.get("where", ())
            self._conditions(where, read, 0)
            count = self._count(entry)
            return Verify(what, entry.mark, read, where, count, **beside)
        if what == "ledger":
            self.names.received(read["step"], entry.marks["ledger"])
            return Verify(what, entry.mark, step=read["step"], status=read["is"], **beside)
        names = () if isinstance(read, str) else read
        return Verify(what, entry.mark, names=names, **beside)

    def _count(self, entry: Entry) -> tuple[int, int | None]:
        read = entry.get("count", {"min": 1})
        if isinstance(read, int):
            return read, read
        least, most = read.get("min", 0), read.get("max")
        if most is not None and most < least:
            self._wrong(entry.marks["count"], f"no number is at least {least} and at most {most}")
        return least, most

    # ---- names -----------------------------------------------------------------------------

    def _conditions(
        self, conditions: tuple[Condition, ...], classes: tuple[str, ...], number: int
    ) -> None:
        for condition in conditions:
            if condition.name in CHECKS:
                self.names.received(condition.operand, condition.mark, before=number)
            else:
                self.names.value(condition.name, classes, condition.mark)

    def _start(self, bound: Bound, mark: Mark, number: int) -> None:
        if bound == Bound("", "end"):
            self._wrong(mark, "nothing comes after 'end'")
        self.names.bound(bound, mark, before=number)

    def _until(self, bound: Bound, mark: Mark) -> None:
        if bound == Bound("", "start"):
            self._wrong(mark, "nothing comes before 'start'")
        self.names.bound(bound, mark)

    def _wrong(self, mark: Mark, text: str) -> None:
        self.names.problems.append(Problem(mark, text))


Maker = Callable[[Builder, Entry, Position], Any]
MAKERS: dict[str, Maker] = {
    "stimulus": Builder._ask,
    "receive": Builder._receive,
    "send": Builder._send,
    "any_order": Builder._any_order,
    "choice": Builder._choice,
    "repeat": Builder._repeat,
    "observe": Builder._observe,
    "wait": Builder._wait,
    "quiet": Builder._quiet,
    "merchant": Builder._world,
    "terminal": Builder._world,
    "card": Builder._world,
    "host": Builder._world,
    "connection": Builder._connection,
    "release": Builder._release,
}
