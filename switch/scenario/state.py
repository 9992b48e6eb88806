"""What the step machine knows between two events.

:func:`switch.scenario.machine.advance` copies a state before it changes it, so that an old
state stays what it was. Everything in it is a frozen record or a shallow collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from switch.dialect import Dialect
from switch.judge.matching import Outcome, Seen
from switch.reading import Mark
from switch.records import Event
from switch.scenario.model import (
    AnyOrder,
    AnyStep,
    Ask,
    Bound,
    Case,
    Choice,
    Never,
    Observe,
    Quiet,
    Receive,
    Send,
)
from switch.scenario.orders import Command

SEVERITIES = ("skipped", "pass", "inconclusive", "fail", "error")


# ---- what was found -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A message of an open step's class that did not satisfy its ``where``."""

    message: Seen
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the judge found.

    Attributes:
        severity: ``warning``, ``inconclusive``, ``fail`` or ``error``.
        kind: ``missed``, ``check``, ``early``, ``nudged``, ``unexpected``, ``never``, ``quiet``,
            ``answered``, ``always``, ``verify``, ``plan`` or ``script``.
        step: id of the step, window or check.
        at, seq: when, and the event it stands on.
        expected, happened: in words.
        near: messages that arrived and did not match; of a ``check``, the message with all
            that was asked of it.
        others: messages of other classes that arrived while a missed step waited.
        note: what the scenario says about it.
        kinds: message classes it is about.
        about: the message it is about, if it is about one.
        mark: where the scenario says it.
    """

    severity: str
    kind: str
    step: str
    at: int
    seq: int
    happened: str
    expected: str = ""
    near: tuple[NearMiss, ...] = ()
    others: tuple[Seen, ...] = ()
    note: str = ""
    kinds: tuple[str, ...] = ()
    about: Seen | None = None
    mark: Mark | None = field(default=None, compare=False)


# ---- parts of a state -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A receive step that awaits its message.

    Attributes:
        step: what is awaited.
        opened: nanoseconds; when the script reached it.
        start: what ``within`` counts from; None until the bound's event has come.
        asked: the stimulus right before it, so that a person's slowness is added; None if none.
        among: the ``any_order`` or ``choice`` it is part of.
        then: the rest of its branch of a ``choice``.
        instead: what the other branches of the ``choice`` waited for in vain.
        renewed: when its ``provoke`` was given; None before.
        pending: its ``provoke`` was ordered and not asked yet.
        got: messages received, of ``step.count``.
        near: near misses so far.
        others: messages of other classes that arrived meanwhile.
    """

    step: Receive
    opened: int
    start: int | None
    asked: Ask | None = None
    among: AnyOrder | Choice | None = None
    then: tuple[AnyStep, ...] = ()
    instead: tuple[str, ...] = ()
    renewed: int | None = None
    pending: bool = False
    got: int = 0
    near: tuple[NearMiss, ...] = ()
    others: tuple[Seen, ...] = ()

    def due(self, human: int, timeout: int, slack: int) -> int | None:
        """When its ``within`` ends; None while nothing counts."""
        within = self.step.within if self.step.within is not None else timeout
        if self.pending:
            return None
        if self.renewed is not None:
            return self.renewed + within + human + slack
        if self.start is None:
            return None
        return self.start + within + (human if self.asked else 0) + slack


@dataclass(frozen=True, slots=True)
class Window:
    """A ``never`` or ``quiet`` over the log.

    Attributes:
        opened: nanoseconds, or None before its bound.
        ends: nanoseconds for a ``for`` window, once it is open.
        closed: nanoseconds at which it was watched to its end; None while open.
        cut: it was still open when the script ended early.
        violated: number of messages that broke it.
        other: a message that is neither of its classes nor background came inside it.
    """

    never: Never
    quiet: bool = False
    opened: int | None = None
    ends: int | None = None
    closed: int | None = None
    cut: bool = False
    violated: int = 0
    other: bool = False

    @property
    def open(self) -> bool:
        """Messages inside count now."""
        return self.opened is not None and self.closed is None and not self.cut

    def seconds(self, now: int) -> int:
        """How long it has been watched, nanoseconds."""
        if self.opened is None:
            return 0
        return (self.closed if self.closed is not None else now) - self.opened


@dataclass(frozen=True, slots=True)
class Planned:
    """A reply that the script planned, and whether it has met the terminal.

    Attributes:
        step: id.
        what: in words.
        effect: something other than the acquirer's own approval was planned.
        met: it took effect.
        skipped: why it could not.
        hold: the bound that releases it.
        answered: outcome that the acquirer itself must have said.
        mark: of the step.
    """

    step: str
    what: str
    effect: bool
    met: bool = False
    skipped: str = ""
    hold: Bound | None = None
    answered: str = ""
    mark: Mark | None = field(default=None, compare=False)


@dataclass(slots=True)
class State:
    """Everything between two events; see :meth:`fork`."""

    case: Case
    dialect: Dialect
    slack: int = 0
    now: int = 0
    started: bool = False
    rest: tuple[AnyStep, ...] = ()
    phase: str = "setup"
    blocked: str = ""
    just_asked: Ask | None = None
    timer: int | None = None
    looking: Observe | None = None
    sending: tuple[Send, ...] = ()
    ending: int | None = None
    ended: bool = False
    lagged: bool = False
    stopped: bool = False
    met: bool = False
    world_waits: bool = False
    open: tuple[OpenStep, ...] = ()
    closing: dict[int, int] = field(default_factory=dict)
    steps: dict[str, Seen] = field(default_factory=dict)
    bounds: dict[str, int] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    plans: dict[int, Planned] = field(default_factory=dict)
    drawing: dict[int, Receive] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    ledger: dict[int, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    checked: int = 0
    notes: tuple[str, ...] = ()
    log: tuple[Event, ...] = ()
    commands: list[Command] = field(default_factory=list)

    def fork(self) -> State:
        """A copy that may be changed without touching this one."""
        return replace(
            self,
            closing=dict(self.closing),
            steps=dict(self.steps),
            bounds=dict(self.bounds),
            plans=dict(self.plans),
            drawing=dict(self.drawing),
            counters=dict(self.counters),
            ledger=dict(self.ledger),
            commands=[],
        )

    # ---- small questions and notes -----------------------------------------------------

    @property
    def default_within(self) -> int:
        """How long a receive step waits that does not say: the terminal's timer and a margin."""
        return self.case.profile.timeout + 15_000_000_000

    def find(
        self,
        severity: str,
        kind: str,
        step: str,
        happened: str,
        *,
        decided_by: str = "",
        **more: Any,
    ) -> None:
        """Note a finding: at this instant, or at that of an older message (``at``, ``seq``).

        Where vendors differ (``decided_by``) it is only a warning until the profile says how
        this terminal is.
        """
        if decided_by and not self.case.profile.knows(decided_by):
            severity = "warning"
            open_question = f"vendors differ: {decided_by} in the profile would make it a failure"
            more["note"] = "; ".join(filter(None, (more.get("note", ""), open_question)))
        place = {"at": self.now, "seq": self.log[-1].seq if self.log else 0}
        finding = Finding(severity, kind, step, happened=happened, **(place | more))
        self.findings = (*self.findings, finding)

    def blame(self) -> str:
        """``fail``; ``inconclusive`` before anything met the terminal, or when we were late."""
        proven = self.met and self.phase != "setup" and not self.lagged
        return "fail" if proven else "inconclusive"

    def order(self, command: Command) -> None:
        """Tell the runner to do something."""
        self.commands.append(command)


@dataclass(frozen=True, slots=True)
class Wake:
    """When the machine wants a ``deadline`` event; ``last``: after the messages of that time."""

    at: int
    last: bool
    what: str


def window_of_quiet(step: Quiet, now: int) -> Window:
    """A ``quiet`` step as a window that is open at once."""
    never = Never(
        f"quiet {step.number}",
        step.classes,
        step.where,
        Bound("", "start"),
        None,
        step.ns,
        "",
        step.mark,
    )
    return Window(never, quiet=True, opened=now, ends=now + step.ns)
