"""The ``prompt`` driver: a person at the keyboard operates the terminal.

It says what to do, counts down while something is awaited, and takes keys: Enter alone says it
again, ``r`` runs the case again, ``s`` skips it, ``q`` ends the run with what is known so far.
Asked what the display or receipt shows, the person answers ``y``, ``n``, types what is there,
or ``?`` for nobody knows.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TextIO

from switch.clock import NS_PER_SECOND, Clock
from switch.records import Exchange
from switch.report.lines import exchange_line, money, note_lines
from switch.run.case import CaseRun
from switch.scenario.model import Stimulus
from switch.scenario.observing import NOBODY

HELP = (
    "keys, then Enter:  Enter alone says it again   r runs this case again   "
    "s skips it   q ends the run"
)
ENDINGS = {
    "r": "run again by the operator",
    "s": "skipped by the operator",
    "q": "ended by the operator",
}
ANSWERS = {"y": "yes", "n": "no", "?": NOBODY}
WORDS = {
    "sale": "Start a sale",
    "qr_sale": "Start a sale and scan the payer's code",
    "void": "Void the last sale",
    "refund": "Refund the last sale or completion",
    "preauth": "Start a pre-authorization",
    "preauth_increment": "Add to the last pre-authorization",
    "preauth_void": "Void the last pre-authorization",
    "completion": "Complete the last pre-authorization",
    "completion_void": "Void the last completion",
    "balance": "Ask for the balance",
    "sign_on": "Sign on",
    "sign_off": "Sign off",
    "echo": "Send an echo test",
    "cancel": "Press cancel",
    "power_off": "Switch the terminal off, without warning",
    "power_on": "Switch the terminal on",
    "print_fails": "Make the printer fail: open its lid",
    "next_transaction": "Start another sale, any amount",
}


class PromptDriver:
    """Prints instructions and a countdown; reads keys from standard input."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._played: CaseRun | None = None
        self._clock: Clock | None = None
        self._said = ""
        self._ticker: asyncio.TimerHandle | None = None
        self._asked: tuple[str, str] | None = None
        self.stopped = False
        self.again = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        """Listen to the keyboard; returns what stops that."""
        stream = sys.stdin
        try:
            loop.add_reader(stream.fileno(), self._key, stream)
        except (OSError, ValueError, NotImplementedError):  # no keyboard here
            return lambda: None

        def detach() -> None:
            loop.remove_reader(stream.fileno())

        return detach

    def begin(self, played: CaseRun, clock: Clock, number: int, count: int) -> None:
        """A new case: say what it is about."""
        self._played, self._clock, self._said, self._asked = played, clock, "", None
        played.told = self.exchanged
        case = played.case
        if number == 1:
            self._print(HELP)
        self._print(f"\n── {number}/{count}  {case.id}  ─  {case.title}")
        self._tick()

    def ask(self, step: str, stimulus: Stimulus) -> None:
        """Tell the person what to do."""
        words = stimulus.prompt or WORDS.get(stimulus.do, stimulus.do)
        if stimulus.amount is not None and money(stimulus.amount) not in words:
            words += f" of {money(stimulus.amount)}"
        if stimulus.card:
            words += f", card: {stimulus.card}"
        self._said = words
        self._print(f"\n   >>>  {words}   (when the terminal is idle)")

    def observe(self, step: str, channel: str, prompt: str) -> None:
        """Ask the person what there is to see."""
        self._asked = (step, channel)
        self._said = f"{prompt}: y, n, what it shows, or ? if you cannot tell"
        self._print(f"\n   ???  {self._said}")

    def exchanged(self, exchange: Exchange) -> None:
        """A message came and was answered, or not."""
        if self._played is not None and self._clock is not None:
            line = exchange_line(exchange, self._played.cast.dialect, self._clock.local())
            self._print("\n".join([line, *note_lines(exchange)]))

    def finish(self) -> None:
        """The case is over."""
        if self._ticker:
            self._ticker.cancel()
        self._clear()

    # ---- keys and countdown ------------------------------------------------------------

    def _key(self, stream: TextIO) -> None:
        line = stream.readline()
        key, played = line.strip(), self._played
        if not line:  # the keyboard is gone
            asyncio.get_running_loop().remove_reader(stream.fileno())
        elif played is None or played.verdict is not None:
            return
        elif key.lower() in ENDINGS:
            self.again, self.stopped = key.lower() == "r", key.lower() == "q"
            played.abort(ENDINGS[key.lower()])
        elif key and self._asked:
            (step, channel), self._asked = self._asked, None
            answer = ANSWERS.get(key.lower(), "")
            played.observed(step, channel, "" if answer else key, answer)
        else:
            self._print(f"   >>>  {self._said or 'nothing to do: wait'}")

    def _tick(self) -> None:
        played, clock = self._played, self._clock
        if played is None or clock is None or played.verdict is not None:
            return
        wish = played.director.wake()
        if wish is not None and self._out.isatty():
            left = max(0, (wish.at - clock.now()) // NS_PER_SECOND)
            what = wish.what.replace("within of", "waiting for step")
            what = what.replace("end of", "watching")
            self._out.write(f"\r   {left:4d}s  {what:<48}")
            self._out.flush()
        self._ticker = asyncio.get_running_loop().call_later(1, self._tick)

    def _clear(self) -> None:
        if self._out.isatty():
            self._out.write("\r" + " " * 60 + "\r")

    def _print(self, text: str) -> None:
        self._clear()
        print(text, file=self._out, flush=True)
