"""One case from its first event to its verdict.

The runner decides nothing: the host answers, the director orders, and this carries the orders
out and keeps the machine's deadlines. It is the same in memory, over TCP, virtual and real.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from switch import __version__, masking
from switch.acquirer import Book
from switch.chance import Chance
from switch.clock import Clock, Timer
from switch.dialect import Dialect
from switch.host import Host
from switch.host.telling import tell_change
from switch.masking import Tokens
from switch.records import EVENT_FORMAT, Event, EventLog, Exchange
from switch.run.fleet import Rendezvous, own_card
from switch.run.stage import Network
from switch.scenario.director import ScenarioDirector
from switch.scenario.model import Case, Stimulus
from switch.scenario.orders import (
    AskTerminal,
    ChangeWorld,
    Command,
    EndCase,
    LookAt,
    OrderConnection,
    ReleaseReply,
    SendMessage,
)
from switch.scenario.secrets import tokenised
from switch.scenario.verdict import Verdict, verdict


class Driver(Protocol):
    """How a stimulus reaches the terminal."""

    def ask(self, step: str, stimulus: Stimulus) -> None:
        """Start something at the terminal."""

    def observe(self, step: str, channel: str, prompt: str) -> None:
        """Look at ``display`` or ``receipt`` and say it: :meth:`CaseRun.observed`."""


@dataclass(frozen=True, slots=True)
class Cast:
    """What a case is run with.

    Attributes:
        book, dialect: of the host.
        seed: of this case, from the run's seed and the case id.
        texts: what goes into the first record: book digest, profile, scenario, fragments.
        clock_name, over: for the first record.
        slack: how far bounds are widened, nanoseconds; 0 on a virtual clock.
    """

    book: Book
    dialect: Dialect
    seed: str
    texts: dict[str, Any]
    clock_name: str = "virtual"
    over: str = "memory"
    slack: int = 0


class CaseRun:
    """One case with its own host, link and seed.

    Args:
        case, cast: what is played, and with what.
        clock, tokens: time and secrecy.
        before: the host of the case before, with an outside terminal.
        beside: the first case of a fleet: both hosts are lines of one acquirer.
    """

    def __init__(
        self,
        case: Case,
        cast: Cast,
        clock: Clock,
        tokens: Tokens,
        before: Host | None = None,
        beside: CaseRun | None = None,
    ) -> None:
        self.case = case
        self.cast = cast
        self.clock = clock
        self.log = EventLog(clock.now)
        self.director = ScenarioDirector(tokenised(case, tokens), cast.dialect, cast.slack)
        self.chance = Chance(cast.seed)
        self.host: Host = Host(
            cast.dialect,
            cast.book,
            clock,
            self.chance.child("host"),
            tokens,
            self.director,
            self.log,
            before=before,
            beside=beside.host if beside else None,
        )
        self.meeting: Rendezvous = beside.meeting if beside else Rendezvous()
        self.meeting.join(case.profile.id)
        self.verdict: Verdict | None = None
        self.ended: Callable[[], None] = lambda: None
        self.told: Callable[[Exchange], None] = lambda exchange: None
        self._network: Network | None = None
        self._driver: Driver | None = None
        self._timer: Timer | None = None
        self._wanted: tuple[int, bool] | None = None
        self._pumping = False
        self._found = 0
        self.log.listeners.append(self._observe)

    def start(self, network: Network, driver: Driver) -> None:
        """Write the first record and begin the script."""
        self._network, self._driver = network, driver
        body = {
            "format": EVENT_FORMAT,
            "version": __version__,
            "case": self.case.id,
            "seed": self.cast.seed,
            "clock": self.cast.clock_name,
            "over": self.cast.over,
            "dialect": self.cast.dialect.source,
            **self.cast.texts,
        }
        self.log.write("run_started", body)

    def abort(self, reason: str) -> None:
        """End the case early, with what is known so far."""
        if self.verdict is None:
            self._finish(reason)

    # ---- events in, orders out ---------------------------------------------------------

    def exchanged(self, exchange: Exchange, conn: int) -> None:
        """The host is done with one request; whoever reads along is told."""
        self.told(exchange)

    def _observe(self, event: Event) -> None:
        if event.kind in {"finding", "run_ended"} or self.verdict is not None:
            return
        self.director.observe(event)
        news = len(self.director.findings) > self._found
        if not self._pumping and (self.director.commands or news or self._deadline_moved()):
            # After the host is done with this event, at the same instant.
            self._pumping = True
            self.clock.call_at(self.clock.now(), self._pump)

    def _deadline_moved(self) -> bool:
        wish = self.director.wake()
        return (None if wish is None else (wish.at, wish.last)) != self._wanted

    def _pump(self) -> None:
        """Carry out what was ordered, then set the next deadline."""
        while self.director.commands and self.verdict is None:
            self._carry_out(self.director.commands.popleft())
        self._pumping = False
        self._write_findings()
        if self.verdict is None:
            self._arm()

    def _write_findings(self) -> None:
        for finding in self.director.findings[self._found :]:
            body = {
                "severity": finding.severity,
                "step": finding.step,
                "text": finding.happened,
                "rule": finding.kind,
            }
            self.log.write("finding", body, terminal=self.case.profile.id)
        self._found = len(self.director.findings)

    def _arm(self) -> None:
        wish = self.director.wake()
        wanted = None if wish is None else (wish.at, wish.last)
        if wanted == self._wanted:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._wanted, self._timer = wanted, None
        if wish is not None:
            due = wish
            self._timer = self.clock.call_at(
                due.at, lambda: self._deadline(due.at, due.what), last=due.last
            )

    def _deadline(self, at: int, what: str) -> None:
        self._wanted, self._timer = None, None
        body: dict[str, Any] = {"what": what}
        if self.cast.slack:  # a clock that is not ours alone may be late
            body["lag"] = max(0, self.clock.now() - at)
        self.log.write("deadline", body, at=at)
        if not self._pumping:
            self._pump()

    # ---- orders ------------------------------------------------------------------------

    def _carry_out(self, command: Command) -> None:
        assert self._network is not None
        if isinstance(command, AskTerminal):
            self._ask(command)
        elif isinstance(command, LookAt):
            assert self._driver is not None
            self._driver.observe(command.step, command.channel, command.prompt)
        elif isinstance(command, SendMessage):
            self._send(command)
        elif isinstance(command, ChangeWorld):
            self._order_change(command)
        elif isinstance(command, OrderConnection):
            self._order(command)
        elif isinstance(command, ReleaseReply):
            for delivery in self.host.release(command.exchange):
                self._network.deliver(delivery)
        elif isinstance(command, EndCase):
            self._finish("")

    def _send(self, command: SendMessage) -> None:
        assert self._network is not None
        tid = self.case.profile.id
        held = self._network.connection(tid)
        conn = held.number if held else 0
        for delivery in self.host.push(tid, command.kind, command.set, conn, command.step):
            self._network.deliver(delivery)

    def _ask(self, command: AskTerminal) -> None:
        assert self._driver is not None
        stimulus = command.stimulus
        tid = self.case.profile.id
        skipped = stimulus.unless == "signed_on" and self.host.holds_keys(tid)
        body = {
            "step": command.step,
            "do": stimulus.do,
            "provoke": command.provoke,
            "text": stimulus.prompt,
            "skipped": skipped,
        }
        self.log.write("stimulus_asked", body, terminal=tid)
        if not skipped:
            self._driver.ask(command.step, stimulus)

    def _order_change(self, command: ChangeWorld) -> None:
        """Change the world: the host when all others of the fleet have come that far as well."""
        change = partial(self._change, command)
        if command.what == "host":
            self.meeting.come(self.case.profile.id, command.step, change)
        else:
            change(True)

    def _change(self, command: ChangeWorld, first: bool) -> None:
        """Change the world, or tell the log that another case of the fleet has done it."""
        named = command.id
        if command.what == "card":
            named = own_card(self.cast.book, named, self.case.profile.id)
        if first:
            self.host.change(command.step, command.what, named, dict(command.changes))
        else:
            tell_change(self.log, command.step, command.what, named, command.changes)

    # ---- what a driver says ------------------------------------------------------------

    def asked_again(self, step: str, do: str) -> None:
        """The terminal was busy; now it has taken the stimulus."""
        body = {"step": step, "do": do, "provoke": False, "text": "", "skipped": False}
        self._write("stimulus_asked", body)

    def answered(self, step: str, answer: str) -> None:
        """What became of a stimulus: ``done``, ``refused`` and why."""
        self._write("stimulus_answered", {"step": step, "answer": answer})

    def observed(self, step: str, channel: str, text: str, answer: str = "") -> None:
        """What there was to see; ``answer`` is yes or no of a person, or ``unanswered``."""
        body = {"channel": channel, "text": masking.text(text), "step": step, "answer": answer}
        self._write("observed", body)

    def _write(self, kind: str, body: dict[str, Any]) -> None:
        if self.verdict is None:
            self.log.write(kind, body, terminal=self.case.profile.id)

    def _order(self, command: OrderConnection) -> None:
        assert self._network is not None
        found = self._network.order(command.verb, command.ns, self.case.profile.id)
        verb = command.verb if found else f"{command.verb} (no connection to act on)"
        self.log.write("connection_ordered", {"step": command.step, "verb": verb})

    def _finish(self, broken: str) -> None:
        self._write_findings()
        self.verdict = verdict(self.director.state, self.cast.seed, broken)
        body = {"verdict": self.verdict.status, "reason": broken or self.verdict.reason}
        self.log.write("run_ended", body)
        self.log.close()
        self.meeting.leave(self.case.profile.id)
        if self._timer is not None:
            self._timer.cancel()
        self.ended()
