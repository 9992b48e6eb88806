"""Driving the procedures: one at a time, one event at a time.

Everything that comes from outside is put in a queue and taken in order, so that a call that
arrives while a procedure runs (a driver that asks for the next stimulus inside ``done``)
cannot get in its way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from switch.chance import Chance
from switch.clock import Clock, Timer
from switch.errors import FrameError
from switch.scenario.model import Stimulus
from switch.terminal.card_reader import CHIP, ENTRIES
from switch.terminal.desk import Desk
from switch.terminal.exchange import stray
from switch.terminal.line import (
    Arrived,
    Broken,
    Cancelled,
    Connected,
    Event,
    Failed,
    Lost,
    Steps,
    TimedOut,
    Wait,
)
from switch.terminal.port import Port, Result
from switch.terminal.procedures import PROCEDURES, perform, recover
from switch.terminal.record import Record
from switch.terminal.settings import Settings

AT_ONCE = frozenset({"power_off", "power_on", "cancel", "print_fails", "card_refuses"})


class Terminal:
    """A terminal without a socket: ask it, feed it, and it calls its port."""

    def __init__(
        self, settings: Settings, record: Record, clock: Clock, chance: Chance, port: Port
    ) -> None:
        self.settings = settings
        self._record = record
        self._clock = clock
        self._chance = chance
        self._port = port
        self._desk: Desk | None = self._new_desk()
        self._asked: deque[Stimulus] = deque()
        self._current: Stimulus | None = None
        self._steps: Steps[Result] | None = None
        self._wait: Wait | None = None
        self._timer: Timer | None = None
        self._inbox: deque[Callable[[], None]] = deque()
        self._taking = False

    @property
    def idle(self) -> bool:
        """Powered on, nothing running and nothing asked."""
        return self._desk is not None and self._current is None and not self._asked

    @property
    def record(self) -> Record:
        """The permanent memory."""
        return self._record

    # ---- what comes from outside -------------------------------------------------------

    def ask(self, stimulus: Stimulus) -> bool:
        """Start something; taken when idle, or at once if it is power, cancel, printer or card.

        Returns:
            False if this terminal cannot do it at all: an unknown stimulus, card or way to read
            it, or it is switched off (on, for ``power_on``).
        """
        off = self._desk is None
        if off != (stimulus.do == "power_on"):
            return False
        if stimulus.do in AT_ONCE:
            self._put(lambda: self._at_once(stimulus))
            return True
        if stimulus.do not in PROCEDURES or not self._can_read(stimulus):
            return False
        self._asked.append(stimulus)
        self._put(self._start)
        return True

    def _can_read(self, stimulus: Stimulus) -> bool:
        settings = self.settings
        card = settings.cards.get(stimulus.card or settings.default_card)
        entry = stimulus.entry or settings.entry
        return card is not None and entry in ENTRIES and (bool(card.icc_key) or entry not in CHIP)

    def connected(self) -> None:
        """The connection that was asked for is open."""
        self._put(self._opened)

    def connect_failed(self, why: str) -> None:
        """The connection that was asked for could not be opened."""
        self._put(lambda: self._failed(why))

    def received(self, data: bytes) -> None:
        """Bytes of the stream, cut anywhere."""
        self._put(lambda: self._arrived(data))

    def lost(self, by: str) -> None:
        """The host ended the connection, or its half of it."""
        self._put(lambda: self._ended(by))

    # ---- one thing after the other -----------------------------------------------------

    def _put(self, what: Callable[[], None]) -> None:
        self._inbox.append(what)
        if self._taking:
            return
        self._taking = True
        try:
            while self._inbox:
                self._inbox.popleft()()
        finally:
            self._taking = False

    def _opened(self) -> None:
        if self._desk and self._desk.line.state == "connecting":
            self._desk.line.opened()
            self._give(Connected())

    def _failed(self, why: str) -> None:
        if self._desk and self._desk.line.state == "connecting":
            self._desk.line.close()
            self._give(Failed(why))

    def _arrived(self, data: bytes) -> None:
        desk = self._desk
        if desk is None or desk.line.state != "open":
            return
        framer = desk.line.framer
        try:
            for frame in framer.receive(data):
                if not self._give(Arrived(frame)):
                    stray(desk, frame)
                if desk.line.framer is not framer or desk.line.state != "open":
                    return  # the procedure hung up: what is left came too late
        except FrameError as error:
            if not self._give(Broken(str(error))):
                desk.line.close()

    def _ended(self, by: str) -> None:
        desk = self._desk
        if desk is None or desk.line.state == "closed":
            return
        if desk.line.state == "connecting":
            self._failed(by)
            return
        inside = desk.line.framer.pending > 0
        desk.line.close()
        self._give(Lost(by, inside))

    # ---- procedures --------------------------------------------------------------------

    def _start(self) -> None:
        if self._desk is None or self._current is not None or not self._asked:
            return
        if not self.settings.habits.starts_transactions:
            return
        self._current = self._asked.popleft()
        self._steps = perform(self._desk, self._current)
        self._resume(None)

    def _give(self, event: Event) -> bool:
        """Hand an event to the procedure that waits for it; False if none does."""
        if self._wait is None or not self._wait.takes(event):
            return False
        self._stop_waiting()
        self._resume(event)
        return True

    def _resume(self, event: Event | None) -> None:
        assert self._steps is not None
        try:
            # None starts a generator; afterwards an event always comes along
            wait = next(self._steps) if event is None else self._steps.send(event)
        except StopIteration as end:
            self._finish(end.value)
            return
        self._wait = wait
        # last: a reply that arrives at the very end of the timer is in time
        ring = partial(self._put, partial(self._ring, wait))
        self._timer = self._clock.call_at(wait.until, ring, last=True)

    def _ring(self, wait: Wait) -> None:
        if self._wait is wait:
            self._give(TimedOut())

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._wait = None

    def _finish(self, result: Result) -> None:
        self._current = self._steps = None
        if self._desk and not self.settings.keeps_connection:
            self._desk.line.close()
        self._port.done(result)
        self._put(self._start)

    # ---- power, cancel, printer --------------------------------------------------------

    def _at_once(self, stimulus: Stimulus) -> None:
        match stimulus.do:
            case "cancel":
                hit = self._give(Cancelled())
                outcome = "done" if hit else "refused_locally"
                self._port.done(Result("cancel", outcome))
            case "print_fails" if self._desk:
                self._desk.print_fails = True
                self._port.done(Result("print_fails", "done"))
            case "card_refuses" if self._desk:
                self._desk.card_refuses = True
                self._port.done(Result("card_refuses", "done"))
            case "power_off":
                self._power_off()
            case "power_on":
                self._desk = self._new_desk()
                self._current = stimulus
                self._steps = recover(self._desk, stimulus)
                self._resume(None)

    def _power_off(self) -> None:
        """Everything volatile is gone: connection, timers, what was asked. The record stays."""
        desk, interrupted = self._desk, self._current
        if desk is None:
            return
        self._stop_waiting()
        if self._steps:
            self._steps.close()
        self._desk = self._current = self._steps = None
        self._asked.clear()
        desk.line.close()
        self._forget()
        if interrupted:
            self._port.done(Result(interrupted.do, "unknown", text="power was cut"))
        self._port.done(Result("power_off", "done"))

    def _forget(self) -> None:
        """The record stays as it is; only defects lose something of it."""
        habits = self.settings.habits
        if not habits.keeps_reversal_at_power_off:
            self._record.pending = None
        if not habits.keeps_settling_at_power_off:
            self._record.settling = None
        if not habits.keeps_script_at_power_off:
            self._record.script = None
        if not habits.keeps_queue_at_power_off:
            self._record.queue = []
        if not habits.keeps_log_at_power_off:
            self._record.log = []
        if not habits.keeps_stan_at_power_off:
            self._record.stan = max(0, self._record.stan - 1)
        if not habits.keeps_required_at_power_off:
            self._record.required = []
        self._port.save(self._record)

    def _new_desk(self) -> Desk:
        return Desk(self.settings, self._record, self._clock, self._chance, self._port)
