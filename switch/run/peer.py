"""The model terminal against a host of any make: real time, one TCP line, one action at a time.

It joins the terminal to its line and to the file that keeps its memory.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from switch.chance import Chance
from switch.clock import in_seconds
from switch.errors import BadUsage
from switch.net.clock import LoopClock
from switch.net.link import TcpLine
from switch.run.state_file import StateFile
from switch.scenario.model import Stimulus
from switch.terminal import Record, Result, Settings, Terminal
from switch.terminal.record import Pending

GOODBYE = 1.0  # seconds
APPROVED, DECLINED, NO_ANSWER = 0, 1, 3  # exit codes


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


class Line(TcpLine):
    """A line that can wait until its connections have really ended: TLS says goodbye first."""

    def __init__(self, peer: Peer, setup: Setup) -> None:
        super().__init__(asyncio.get_running_loop(), setup.address, peer, setup.tls)
        self._open_ones: set[asyncio.BaseTransport | None] = set()
        self._none_open = asyncio.Event()
        self._none_open.set()

    def opened(self) -> None:
        """The connection is there."""
        self._open_ones.add(self._transport)
        self._none_open.clear()

    def ended(self, transport: asyncio.BaseTransport | None, exc: Exception | None) -> None:
        """A connection has ended, whoever ended it."""
        self._open_ones.discard(transport)
        if not self._open_ones:
            self._none_open.set()
        super().ended(transport, exc)

    async def gone(self) -> None:
        """Wait for the end of every connection, but not for long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none_open.wait(), GOODBYE)


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
        self._line = Line(self, setup)
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

    async def leave(self) -> None:
        """End the connection and wait for its end."""
        self.close()
        await self._line.gone()

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
        self._line.opened()
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
