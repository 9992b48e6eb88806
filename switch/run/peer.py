"""The model terminal against a host of any make: real time, one TCP line, one action at a time.

:class:`Peer` joins the terminal to the line and to the file that keeps its memory,
:class:`Session` asks it one thing after the other and prints what comes of it.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from switch.chance import Chance
from switch.clock import in_seconds
from switch.errors import BadUsage
from switch.net.clock import LoopClock
from switch.net.link import TcpLine
from switch.report.lines import money
from switch.run.state_file import StateFile
from switch.scenario.model import Stimulus
from switch.terminal import Record, Result, Settings, Terminal
from switch.terminal.record import Pending
from switch.terminal.screen import UNKNOWN

APPROVED, DECLINED, NO_ANSWER = 0, 1, 3  # exit codes
OUTCOMES = {
    "approved": "approved",
    "declined": "declined",
    "reversed": "reversed",
    "unknown": "unknown",
    "not_sent": "not sent",
    "refused_locally": "not started",
}
SAID = ("APPROVED", "DECLINED", "BALANCE", "NOT STARTED")  # what the line of the action says, too
FAULT_SLIP = "FAULT"  # how the slip for a reversal that failed begins


@dataclass(frozen=True, slots=True)
class Setup:
    """What a session works with.

    Attributes:
        settings: which terminal it is.
        record: its memory; changed while it works.
        state: where the memory is kept; None forgets it.
        address, tls: of the host.
    """

    settings: Settings
    record: Record
    state: StateFile | None
    address: tuple[str, int]
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """One action that is over.

    Attributes:
        result: what the terminal says of it.
        unreached: why no connection could be opened; empty if none was missing.
        silent: something was sent, and not a byte came back.
    """

    result: Result
    unreached: str = ""
    silent: bool = False

    @property
    def code(self) -> int:
        """The exit code of this action; a command ends with the highest of all."""
        outcome = self.result.outcome
        if outcome in {"approved", "done"}:
            return APPROVED
        if outcome in {"declined", "reversed"}:
            return DECLINED
        no_answer = outcome in {"unknown", "not_sent"} or self.unreached or self.silent
        return NO_ANSWER if no_answer else DECLINED


class Peer:
    """A model terminal on a TCP line: port of the terminal, and far end of the line.

    Args:
        setup: terminal, memory, host.
        shown: is told what the terminal shows: channel and text.
        reversing: is told of a 0400 that is about to leave; ``attempts`` counts it.
    """

    def __init__(
        self,
        setup: Setup,
        shown: Callable[[str, str], None],
        reversing: Callable[[Pending], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._failed)
        self._setup = setup
        self._shown = shown
        self._reversing = reversing
        self._line = TcpLine(self._loop, setup.address, self, setup.tls)
        self._ended: asyncio.Future[Result] = self._loop.create_future()
        self._attempts = setup.record.pending.attempts if setup.record.pending else 0
        self._connecting = self._spoke = self._heard = False
        self._unreached = ""
        clock, chance = LoopClock(self._loop), Chance(secrets.token_hex(16))
        self._terminal = Terminal(setup.settings, setup.record, clock, chance, self)

    async def ask(self, stimulus: Stimulus) -> Ended:
        """Do one thing and wait until it is over, with the reversals that it brings.

        Raises:
            SwitchError: the memory cannot be written, a value fits no message.
        """
        self._ended = self._loop.create_future()
        self._unreached = ""
        self._spoke = self._heard = False
        if not self._terminal.ask(stimulus):
            raise BadUsage(f"this terminal cannot {stimulus.do}")
        result = await self._ended
        return Ended(result, self._unreached, self._spoke and not self._heard)

    # ---- the terminal's port -----------------------------------------------------------

    def connect(self) -> None:
        self._connecting = True
        self._line.connect()

    def send(self, data: bytes) -> None:
        self._spoke = True
        self._line.send(data)

    def close(self) -> None:
        """End the connection, or the attempt to open one."""
        if self._connecting:
            limit = in_seconds(self._setup.settings.connect_timeout)
            self._unreached = f"nobody answered within {limit}"
        self._connecting = False
        self._line.close()

    def show(self, channel: str, text: str) -> None:
        if not self._unreached:  # then that is the whole story
            self._shown(channel, text)

    def save(self, record: Record) -> None:
        if self._setup.state:
            self._setup.state.save(record)
        attempts = record.pending.attempts if record.pending else 0
        if record.pending and attempts > self._attempts:
            self._reversing(record.pending)
        self._attempts = attempts

    def done(self, result: Result) -> None:
        if not self._ended.done():
            self._ended.set_result(result)

    # ---- the line's far end ------------------------------------------------------------

    def connected(self) -> None:
        self._connecting = False
        self._unreached = ""
        self._terminal.connected()

    def connect_failed(self, why: str) -> None:
        self._connecting = False
        self._unreached = why
        self._terminal.connect_failed(why)

    def received(self, data: bytes) -> None:
        self._heard = True
        self._terminal.received(data)

    def lost(self, by: str) -> None:
        self._terminal.lost(by)

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What was raised where nobody waits for it ends the action."""
        error = context.get("exception")
        if error is None or self._ended.done():
            loop.default_exception_handler(context)
        else:
            self._ended.set_exception(error)


class Session:
    """Asks the terminal one thing after the other, and prints what comes of it.

    Args:
        setup: terminal, memory, host.
        out, err: where lines go, and the sentence that there is no connection.
    """

    def __init__(self, setup: Setup, out: TextIO, err: TextIO) -> None:
        self._setup = setup
        self._settings = setup.settings
        self._out = out
        self._err = err
        self._do = ""

    async def run(self, actions: Sequence[tuple[str, Stimulus]]) -> int:
        """Do the actions until one finds no connection.

        Args:
            actions: each as it was typed, and what it asks.

        Returns:
            The exit code.
        """
        pending = self._setup.record.pending
        if pending:
            self._say(f"STAN {pending.stan} is still to be reversed")
        peer = Peer(self._setup, self._shown, self._reversing)
        code = APPROVED
        try:
            for word, stimulus in actions:
                self._do = stimulus.do
                ended = await peer.ask(stimulus)
                self._say(self._line(word, stimulus, ended.result))
                code = max(code, ended.code)
                if ended.unreached:
                    self._no_connection(ended.unreached)
                    break
        finally:
            peer.close()
            self._left_over()
        return code

    def _shown(self, channel: str, text: str) -> None:
        """What the terminal shows, unless the line of the action says it."""
        said = text.startswith(SAID) or text in UNKNOWN.values()
        said |= self._do == "sign_on" and text == "SIGNED ON"
        if not said and (channel != "slip" or text.startswith(FAULT_SLIP)):
            self._say(f"  {text}")

    def _reversing(self, pending: Pending) -> None:
        settings, habits = self._settings, self._settings.habits
        most = habits.reversal_attempts or settings.reversal_attempts
        reason = habits.constant_reason or pending.reason
        self._say(
            f"  reversal of STAN {pending.stan}, attempt {pending.attempts} of {most}, "
            f"reason {settings.dialect.reversal_reasons[reason]} ({reason})"
        )

    def _line(self, word: str, asked: Stimulus, result: Result) -> str:
        columns = [f"{word:<14}", f"{OUTCOMES[result.outcome]:<11}", self._words(result)]
        if result.stan:
            columns.append(f"STAN {result.stan}")
        if result.amount not in {None, asked.amount}:
            columns.append(f"amount {money(result.amount)}")
        if result.balance is not None:
            columns.append(f"balance {money(result.balance)}")
        return "  ".join(columns)

    def _words(self, result: Result) -> str:
        """DE 39 and what it says, or why there is none."""
        if result.outcome == "approved":
            words = self._settings.dialect.in_words(result.code) if result.code else "no code"
            return f"{result.code} {words}".strip()
        if result.outcome == "declined":
            text = result.text.removeprefix("DECLINED ").removeprefix(result.code).strip()
            return f"{result.code} {text}"
        return result.text.lower()

    def _no_connection(self, why: str) -> None:
        name, port = self._setup.address
        print(f"switch terminal: no connection to {name}:{port}: {why}", file=self._err)

    def _left_over(self) -> None:
        """A reversal that is still due, at the end or when Ctrl-C came."""
        pending, state = self._setup.record.pending, self._setup.state
        if pending and state:
            self._say(
                f"STAN {pending.stan} is not reversed yet: {state.path} keeps it, and the next "
                "transaction sends its reversal first"
            )
        elif pending:
            self._say(f"STAN {pending.stan} is not reversed, and without --state it is forgotten")

    def _say(self, text: str) -> None:
        print(text, file=self._out, flush=True)
