"""What ``switch terminal`` asks of its terminal, one action after the other, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from switch.report.lines import money
from switch.run.peer import APPROVED, Peer, Setup
from switch.scenario.model import Stimulus
from switch.terminal import Result
from switch.terminal.offline import STORED
from switch.terminal.record import Pending
from switch.terminal.screen import UNKNOWN

OUTCOMES = {
    "approved": "approved",
    "done": "done",
    "declined": "declined",
    "reversed": "reversed",
    "unknown": "unknown",
    "not_sent": "not sent",
    "refused_locally": "not started",
}
SAID = ("APPROVED", "DECLINED", "BALANCE", "NOT STARTED")  # what the line of the action says, too
# How the slips begin that say more than the line of an action.
SLIPS = ("FAULT", "SETTLED", "UPLOAD REFUSED")


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
            self._left_over()
            await peer.leave()
        return code

    def _shown(self, channel: str, text: str) -> None:
        """What the terminal shows, unless the line of the action says it."""
        said = text.startswith(SAID) or text in UNKNOWN.values()
        said |= (self._do, text) in {("sign_on", "SIGNED ON"), ("settle", "SETTLED")}
        if not said and (channel != "slip" or text.startswith(SLIPS)):
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
            if not result.code:
                return "stored, not sent yet" if result.text == STORED else "no code"
            return f"{result.code} {self._settings.dialect.in_words(result.code)}"
        if result.outcome == "declined":
            text = result.text.removeprefix("DECLINED ").removeprefix(result.code).strip()
            return f"{result.code} {text}"
        return result.text.lower()

    def _no_connection(self, why: str) -> None:
        name, port = self._setup.address
        print(f"switch terminal: no connection to {name}:{port}: {why}", file=self._err)

    def _left_over(self) -> None:
        """What is still to be sent, at the end or when Ctrl-C came."""
        record, state = self._setup.record, self._setup.state
        kept = f"{state.path} keeps it" if state else "without --state it is forgotten"
        if record.queue:
            count = len(record.queue)
            self._say(f"{count} stored message{'s' * (count > 1)} not uploaded yet: {kept}")
        if record.settling:
            self._say(f"batch {record.batch:06d} is not closed yet: {kept}")
        self._reversal_left_over()

    def _reversal_left_over(self) -> None:
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
