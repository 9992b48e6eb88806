"""The ``model`` driver: our own terminal, in process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from switch.acquirer import Book, Issuer
from switch.chance import Chance
from switch.clock import NS_PER_SECOND, Clock
from switch.dialect import Dialect
from switch.records import EventLog
from switch.run.fleet import own_card
from switch.run.stage import Line, Network
from switch.scenario.model import Profile, Stimulus
from switch.scenario.options import EITHER
from switch.terminal.defects import DEFECTS
from switch.terminal.habits import Habits
from switch.terminal.port import Result
from switch.terminal.record import Record
from switch.terminal.settings import Card, Settings
from switch.terminal.terminal import Terminal

CHANNELS = {"slip": "receipt"}  # what the model calls it -> what scenarios do
GLANCE = NS_PER_SECOND  # how long the driver of the model looks


def cards_of(book: Book, tid: str = "") -> dict[str, Card]:
    """The cards of a book as a terminal sees them; those of its own, in a fleet."""
    issuer = Issuer(bytes.fromhex(book.issuer_key))
    own = {name: book.cards[own_card(book, name, tid)] for name in book.cards}
    return {
        name: Card(name, c.pan, c.expiry, c.pin, c.sequence, issuer.card_key(c), code=c.code)
        for name, c in own.items()
    }


def habits_of(defect: str) -> Habits:
    """The behaviour of the terminal with this defect; of the correct one for an empty name."""
    return DEFECTS[defect].habits if defect else Habits()


def settings_of(
    book: Book, dialect: Dialect, profile: Profile, style: str, defect: str = ""
) -> Settings:
    """The model terminal that a profile describes.

    Args:
        book: whose first terminal it is unless the profile names another.
        dialect: what it speaks.
        profile: timer, attempts and habits that vendors differ in.
        style: ``eager`` or ``lazy``.
        defect: name of a defect, or empty for the correct terminal.
    """
    entry = book.terminals[profile.id]
    options = {name: value for name, value in profile.options.items() if value != EITHER}
    return Settings(
        tid=entry.id,
        mid=entry.merchant,
        tmk=bytes.fromhex(entry.tmk),
        dialect=dialect,
        cards=cards_of(book, entry.id),
        default_card=book.card().name,
        style=style,  # type: ignore[arg-type]
        habits=habits_of(defect),
        response_timeout=profile.timeout,
        reversal_attempts=profile.reversal_attempts,
        keeps_connection=profile.keeps_connection,
        entry=profile.entry,  # type: ignore[arg-type]
        options=options,
    )


@dataclass(slots=True)
class ModelPort:
    """The outside of the model terminal: a line, a screen, a memory."""

    log: EventLog
    tid: str
    answered: Callable[[Result], None]
    line: Line | None = None
    seen: dict[str, str] = field(default_factory=dict)

    def connect(self) -> None:
        assert self.line is not None
        self.line.connect()

    def send(self, data: bytes) -> None:
        assert self.line is not None
        self.line.send(data)

    def close(self) -> None:
        assert self.line is not None
        self.line.close()

    def show(self, channel: str, text: str) -> None:
        self.seen[CHANNELS.get(channel, channel)] = text
        self.log.write("observed", {"channel": channel, "text": text}, terminal=self.tid)

    def save(self, record: Record) -> None:
        """The record object is the permanent memory: it outlives a power cut of the model."""

    def done(self, result: Result) -> None:
        self.answered(result)


class ModelDriver:
    """Gives stimuli to the model terminal."""

    human = False

    def __init__(
        self, settings: Settings, clock: Clock, chance: Chance, log: EventLog, network: Network
    ) -> None:
        self._log = log
        self._clock = clock
        self._port = ModelPort(log, settings.tid, self._answered)
        self.terminal = Terminal(settings, Record(), clock, chance, self._port)
        self._port.line = network.line(self.terminal)

    def ask(self, step: str, stimulus: Stimulus) -> None:
        """Start something; it is taken when the terminal is idle."""
        self._port.seen.pop("receipt", None)
        if not self.terminal.ask(stimulus):
            answer = f"refused: this terminal cannot {stimulus.do} now"
            self._log.write(
                "stimulus_answered", {"step": step, "answer": answer}, terminal=self._port.tid
            )

    def observe(self, step: str, channel: str, prompt: str) -> None:
        """Look a moment later, when what was sent has had its effect."""
        self._clock.call_at(self._clock.now() + GLANCE, lambda: self._look(step, channel))

    def _look(self, step: str, channel: str) -> None:
        body = {"channel": channel, "text": self._port.seen.get(channel, ""), "step": step}
        self._log.write("observed", body, terminal=self._port.tid)

    def hang_up(self) -> None:
        """The case is over: drop the line."""
        if self._port.line is not None:
            self._port.line.close()

    def _answered(self, result: Result) -> None:
        answer = f"{result.do}: {result.outcome} {result.code}".rstrip()
        self._log.write(
            "stimulus_answered", {"step": "", "answer": answer}, terminal=self._port.tid
        )
