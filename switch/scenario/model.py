"""A scenario as records: what the loader makes and the step machine runs.

A :class:`Case` is one combination of a file's matrix with every ``${name}`` resolved except
``${step.field}``, which stays a :class:`~switch.shapes.Reference` until the step has received
its message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from switch.reading import Mark


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a ``where`` or ``check``.

    Attributes:
        name: a value name (``stan``, ``original.stan``), ``de.22``, a fact (``mac``), or a check
            such as ``echoes_original``.
        operator: a name in ``judge.operators``.
        operand: text, Reference, tuple of those (``in``, ``between``), or True.
        mark: where it is written.
        decided_by: profile key that must be known for a breach to be more than a warning.
    """

    name: str
    operator: str
    operand: Any
    mark: Mark = field(compare=False)
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the host is told to answer (scenario-format 4).

    Attributes:
        none: decided and booked, never said.
        unheard: neither decided nor booked nor said.
        outcome, code: replaces the acquirer's decision before it books; empty keeps its own.
        set: value name or element -> text or Reference.
        omit: elements left out.
        faults: fault objects of ``switch.faults`` in order of their moments.
        after: delay in nanoseconds.
        hold_until: ``release``, a bound (Bound), or None.
        times, every, first: which of the messages get it; 0 means no limit.
        chance: the share of those that get it, 0 to 1; None for all, without a draw.
    """

    none: bool = False
    unheard: bool = False
    outcome: str = ""
    code: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)
    omit: tuple[str, ...] = ()
    faults: tuple[Any, ...] = ()
    after: int = 0
    hold_until: Bound | str | None = None
    times: int = 0
    every: int = 0
    first: int = 0
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """An instant named by an event: ``sale.received``, ``start``, ``end``."""

    step: str
    event: str

    def __str__(self) -> str:
        return f"{self.step}.{self.event}" if self.step else self.event


@dataclass(frozen=True, slots=True)
class Stimulus:
    """Start something at the terminal.

    Attributes:
        do: a name in ``scenario.words.STIMULI``.
        amount: minor units, or None.
        card: name of a card of the book; empty for the default.
        entry: how the card is read; empty as the terminal usually does.
        table: of a download, a name in ``scenario.words.TABLES``; empty for what is asked for.
        prompt: the words for a person.
        unless: ``signed_on`` or empty.
    """

    do: str
    amount: int | None = None
    card: str = ""
    entry: str = ""
    table: str = ""
    prompt: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Base of all steps; ``number`` counts within the case, ``phase`` is setup, steps, teardown."""

    number: int
    phase: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Ask(Step):
    """``stimulus``."""

    stimulus: Stimulus


@dataclass(frozen=True, slots=True)
class Receive(Step):
    """``receive``; durations in nanoseconds, ``within`` None means the default bound."""

    id: str
    classes: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    check: tuple[Condition, ...] = ()
    capture: str = ""
    start: Bound | None = None
    not_before: int | None = None
    within: int | None = None
    provoke: Stimulus | None = None
    optional: bool = False
    count: int = 1
    reply: Reply | None = None
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Send(Step):
    """``send``: a message of the host that answers nothing.

    Attributes:
        id: the name of the step and of its message.
        kind: message class.
        set: value name or element -> text or Reference.
    """

    id: str
    kind: str
    set: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World(Step):
    """``merchant``, ``terminal``, ``card`` or ``host``: change the acquirer's world."""

    what: str
    id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """``wait``: pass time."""

    ns: int


@dataclass(frozen=True, slots=True)
class Quiet(Step):
    """``quiet``: pass time in which a message must not come."""

    classes: tuple[str, ...]
    where: tuple[Condition, ...]
    ns: int


@dataclass(frozen=True, slots=True)
class Connection(Step):
    """``connection``: close, reset, half_close, stall, resume, refuse_next, refuse,
    accept_then_close; ``ns`` for how long."""

    verb: str
    ns: int = 0


@dataclass(frozen=True, slots=True)
class Release(Step):
    """``release``: let a held reply go."""

    id: str


@dataclass(frozen=True, slots=True)
class Observe(Step):
    """``observe``: what the terminal shows (``display``) or has printed (``receipt``)."""

    id: str
    channel: str
    conditions: tuple[Condition, ...]
    prompt: str = ""
    within: int | None = None


@dataclass(frozen=True, slots=True)
class AnyOrder(Step):
    """``any_order``: these messages, whichever comes first."""

    steps: tuple[Receive, ...]


@dataclass(frozen=True, slots=True)
class Choice(Step):
    """``choice``: the first message decides which branch is gone; each begins with a receive."""

    branches: tuple[tuple[AnyStep, ...], ...]


@dataclass(frozen=True, slots=True)
class Repeat(Step):
    """``repeat``: the same steps so many times."""

    times: int
    steps: tuple[AnyStep, ...]


AnyStep = (
    AnyOrder
    | Choice
    | Repeat
    | Observe
    | Ask
    | Receive
    | Send
    | World
    | Wait
    | Quiet
    | Connection
    | Release
)


@dataclass(frozen=True, slots=True)
class Never:
    """A message that must not come inside a window.

    ``until`` is a bound, ``ns`` a length; one of them is set. ``decided_by`` is the profile key
    that must be known for a breach to be more than a warning.
    """

    id: str
    classes: tuple[str, ...]
    where: tuple[Condition, ...]
    start: Bound
    until: Bound | None
    ns: int | None
    note: str
    mark: Mark = field(compare=False)
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Verify:
    """One line of ``verify``.

    ``what`` is ``message``, ``ledger``, ``batch`` or ``invariants``; the others as they apply:
    ``count`` (least, most), ``step`` and ``status`` of ``ledger``, ``names`` of ``invariants``
    (none means all of them), ``decided_by`` as of a :class:`Never`.
    """

    what: str
    mark: Mark = field(compare=False)
    classes: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    count: tuple[int, int | None] = (1, None)
    step: str = ""
    status: str = ""
    note: str = ""
    names: tuple[str, ...] = ()
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The terminal under test (scenario-format 6); durations in nanoseconds.

    ``options`` holds what is known of where vendors differ (``scenario.options``), ``given`` the
    keys that are known: where vendors differ, an unset key only warns.
    """

    id: str = ""
    merchant_id: str = ""
    timeout: int = 60_000_000_000
    reverses: str = "either"
    reversal_attempts: int = 3
    pin_tries: int = 3
    entry: str = "stripe"
    can: tuple[str, ...] = (
        "sale",
        "void",
        "balance",
        "offline_sale",
        "settlement",
        "sign_on",
        "sign_off",
        "echo",
        "download",
    )
    keeps_connection: bool = True
    human: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def knows(self, key: str) -> bool:
        """Whether the file says how this terminal is, where vendors differ."""
        has = self.options[key] if key in self.options else getattr(self, key, "either")
        return key in self.given and has != "either"


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens to a message that no step takes."""

    unexpected: str = "fail"
    background: tuple[str, ...] = ("management",)


@dataclass(frozen=True, slots=True)
class Case:
    """One runnable combination.

    Attributes:
        scenario: name of the scenario.
        path: as the user gave it, for messages.
        case: ``loss=closed``, or empty without a matrix.
        stands: why the scenario is kept although it may kill no defect that others of its folder
            leave alive; empty where it has to.
        among: how many terminals play it at once; 0: one, and alone.
        skip: why it cannot run here (a sentence naming what is missing); empty if it can.
        script: setup, steps and teardown in order, fragments expanded.
        source, fragments: the text of the file, and name -> text of the fragments it uses, so
            that a log can be judged alone (``loader.load_text``).
    """

    scenario: str
    path: str
    case: str
    title: str
    title_zh: str
    tags: tuple[str, ...]
    refs: tuple[str, ...]
    dialect: str
    clock: str
    policy: Policy
    profile: Profile
    script: tuple[AnyStep, ...]
    never: tuple[Never, ...]
    always: tuple[str, ...]
    verify: tuple[Verify, ...]
    linger: int = 5_000_000_000
    stands: str = ""
    among: int = 0
    skip: str = ""
    mark: Mark | None = field(default=None, compare=False)
    source: str = field(default="", repr=False, compare=False)
    fragments: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """``timeout-reversal[loss=closed]``, or the bare name; in a fleet ``...@12345678``."""
        return f"{self.plot}@{self.profile.id}" if self.among else self.plot

    @property
    def plot(self) -> str:
        """The id without the terminal: what all terminals of a fleet play."""
        return f"{self.scenario}[{self.case}]" if self.case else self.scenario

    def step(self, name: str) -> Receive | None:
        """The receive step with this id or capture name."""
        for step in every(self.script):
            if isinstance(step, Receive) and name in {step.id, step.capture}:
                return step
        return None


def every(steps: Iterable[AnyStep]) -> Iterator[AnyStep]:
    """Each step and those inside it, in the order of the file."""
    for step in steps:
        yield step
        yield from every(inside(step))


def inside(step: AnyStep) -> tuple[AnyStep, ...]:
    """The steps directly inside one that is made of steps."""
    if isinstance(step, Choice):
        return tuple(one for branch in step.branches for one in branch)
    return step.steps if isinstance(step, AnyOrder | Repeat) else ()
