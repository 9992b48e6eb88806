"""What a log tells of one terminal: its messages, and what became of each.

A :class:`Turn` is concluded when the next message of the same terminal arrives: from then on
what the terminal heard is known, as far as the wire can tell. Rules read the story; they never
change it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from switch.dialect import Dialect
from switch.judge.lint.answers import flaws
from switch.judge.lint.due import Due, batch_now, sign_on_due, wish
from switch.judge.lint.turn import Heard, Limits, Turn
from switch.judge.lint.uploading import Settlement, after
from switch.records import Event

KEPT = 2000  # messages of a terminal that later ones may refer to; a batch holds 500 (P1)
# A repeated or replayed frame, or bytes in odd pieces: what the terminal made of it is open.
ODD = ("frame ", "timing duplicate", "timing stale_replay")
CONTENT = ("message ", "field ")


class Story:
    """All turns of one terminal.

    Attributes:
        turns: STAN -> the last message that has it for its own, oldest first.
        last: the message before the present one.
        owed: what has to be reversed, until it is or a new reversible message has come.
        sign_on_due: why a sign-on has to come first; None if it has not.
        keys_reached: the last sign-on brought its keys to the terminal.
        failed_sign_ons: those in a row that brought none, and nothing in between.
        wish: what was answered with a call for a download that has not begun.
        settling: the batch that was compared and is not closed.
        whole_batch: this log has the present batch from its beginning.
        script: what was answered with an issuer script whose result is not reported yet.
        unanswered: STAN -> a stored upload that nobody has answered.
        last_drawn: the last message with an unpredictable number.
        batch: number in force, empty if unknown. settled: by a settlement in this log.
        last_stan: of the last message that took a new one.
        wrong_pins: answers in a row that called the PIN of one card wrong.
    """

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.dialect = dialect
        self.limits = limits
        self.turns: OrderedDict[str, Turn] = OrderedDict()
        self.last: Turn | None = None
        self.owed: Turn | None = None
        self.sign_on_due: Due | None = None
        self.keys_reached = False
        self.failed_sign_ons: list[Turn] = []
        self.wish: Turn | None = None
        self.settling: Settlement | None = None
        self.whole_batch = False
        self.script: Turn | None = None
        self.unanswered: dict[str, Turn] = {}
        self.last_drawn: Turn | None = None
        self.batch = ""
        self.settled = False
        self.last_stan = ""
        self.wrong_pins = 0
        self._asked = -1
        self._pin_of = ""
        self._open: list[Turn] = []

    def approved(self, turn: Turn) -> bool:
        """A sound approval was heard."""
        return turn.sound and self.dialect.approves(turn.code)

    def declined(self, turn: Turn) -> bool:
        """A sound answer was heard, and it says no."""
        return turn.sound and bool(turn.code) and not self.dialect.approves(turn.code)

    def said(self, turn: Turn) -> str:
        """The response code in words, such as ``51 insufficient funds``."""
        return f"{turn.code} {self.dialect.in_words(turn.code)}"

    def asked_since(self, turn: Turn) -> bool:
        """Somebody is known to have asked for something after this message."""
        return self._asked > turn.event.seq

    # ---- the fold ----------------------------------------------------------------------

    def conclude(self, now: int) -> None:
        """The next message is here: what the earlier ones heard is known now."""
        for turn in self._open:
            turn.heard = self._heard(turn, now)
            if turn.heard == "answer":
                turn.flaws = flaws(turn.event, turn.response, turn.kind, self.dialect)
                if not turn.flaws and any(f.startswith(CONTENT) for f in turn.faults):
                    turn.heard = "unsure"  # spoilt where no rule compares: both are right
            self._remember(turn)
        self._open.clear()

    def turn(self, event: Event) -> Turn:
        """The present message, with the one that it names."""
        turn = Turn(event, self.dialect.classes.get(event["class"]))
        if turn.kind and (named := turn.value("original.stan")):
            turn.original = self.turns.get(named)
        earlier = self.turns.get(turn.value("stan"))
        if earlier and turn.group != "reversal" and earlier.value("batch") == turn.value("batch"):
            turn.earlier, turn.again = earlier, self._content(turn) == self._content(earlier)
            turn.sending = earlier.sending + 1 if turn.again else 1
        return turn

    def _content(self, turn: Turn) -> dict[str, Any]:
        """Everything but the MAC, which changes with the key."""
        fields = turn.event["fields"] or {}
        kept = {n: value for n, value in fields.items() if n != str(self.dialect.mac_element)}
        return kept | {"class": turn.name, "mti": turn.event["mti"]}

    def add(self, turn: Turn) -> None:
        """The present message becomes part of the story."""
        self._open.append(turn)
        self.last = turn
        self.owed = None if turn.reversible else self.owed  # from here on it is reported
        if turn.kind and turn.kind.mac and turn.kind.new_business:
            self.sign_on_due = None  # this too
        if turn.name == "script_result" or (self.script and turn.original is self.script):
            self.script = None
        if turn.name == "script_result" and turn.original:
            turn.original.reports.append(turn)
        self.last_drawn = turn if turn.value("unpredictable_number") else self.last_drawn
        if turn.group == "reversal":
            if turn.original:
                turn.original.reversals.append(turn)
        elif stan := turn.value("stan"):
            if turn.counts and stan.isdigit():
                self.last_stan = stan
            self.turns[stan] = turn
            self.turns.move_to_end(stan)
            if len(self.turns) > KEPT:
                self.turns.popitem(last=False)

    def ended(self, conn: int | None, by: str) -> None:
        """A connection ended: whatever waited on it waits in vain."""
        for turn in self._open:
            if turn.event.conn == conn and not turn.responses:
                turn.ended_by = turn.ended_by or by

    def stimulated(self, seq: int) -> None:
        """Something was asked of the terminal."""
        self._asked = seq

    def power_may_be_cut(self) -> None:
        """What happened since may be what a power cut left behind."""
        for turn in self.turns.values():
            turn.cut = True
        if self.last:
            self.last.cut = True

    def _heard(self, turn: Turn, now: int) -> Heard:
        response = turn.response
        if turn.leaving and now - turn.at <= self.limits.most:
            return "unsure"
        if response is None:
            if turn.responses or (not turn.undelivered and self._bytes_left(turn)):
                return "broken"
            return "nothing"
        if any(fault.startswith(ODD) for fault in turn.faults):
            return "unsure"
        waited = response.at - turn.at
        if waited > self.limits.most:
            return "late"
        return "answer" if waited <= self.limits.least else "unsure"

    @staticmethod
    def _bytes_left(turn: Turn) -> bool:
        return any(not fault.startswith("reply") for fault in turn.faults)

    def _remember(self, turn: Turn) -> None:
        """What follows from the outcome of a turn."""
        original = turn.original
        if turn.group == "reversal":
            if turn.sound and turn.code in self.dialect.reversal_done and original:
                original.reversed = True
                if original.original and original.original.voided is original:
                    original.original.voided = None  # U2: the sale is valid again
                self.owed = None if self.owed is original else self.owed
        elif original and turn.name == "void" and self.approved(turn):
            original.voided = turn
        if self.owes(turn):
            self.owed = turn
        self.sign_on_due = sign_on_due(turn, self.sign_on_due, self.dialect)
        self.wish = wish(turn, self.wish, self.dialect)
        batch = batch_now(turn, self.batch, self.dialect)
        self.settled = self.settled if batch == self.batch else turn.name == "batch_end"
        self.batch = batch
        closed = self.settling is not None and turn.name == "batch_end" and turn.sound
        self.whole_batch = self.whole_batch or closed
        self.settling = after(turn, self.settling, self.dialect)
        self._remember_script(turn)
        self._remember_upload(turn)
        self._remember_tries(turn)

    def _remember_upload(self, turn: Turn) -> None:
        """What was stored waits until somebody answers."""
        if not (turn.kind and turn.kind.stored) or turn.name == "script_result":
            return
        stan = turn.value("stan")
        if turn.heard in {"nothing", "late", "broken"} or any(flaw.sure for flaw in turn.flaws):
            self.unanswered[stan] = turn
        else:
            self.unanswered.pop(stan, None)

    def _remember_script(self, turn: Turn) -> None:
        """An approval may bring a script for the card; its reversal ends the matter."""
        brought = turn.told("script_before") or turn.told("script_after")
        if brought and self.approved(turn):
            self.script = turn

    def _remember_tries(self, turn: Turn) -> None:
        """Sign-ons and PINs that failed in a row."""
        if turn.name == "sign_on":
            self.keys_reached = self.approved(turn)
            self.failed_sign_ons = [] if self.keys_reached else [*self.failed_sign_ons, turn]
        else:
            self.failed_sign_ons = []
        if turn.sound and self.dialect.outcome(turn.code) == "wrong_pin":
            same = self.wrong_pins and self._pin_of == turn.value("pan")
            self.wrong_pins, self._pin_of = self.wrong_pins + 1 if same else 1, turn.value("pan")
        else:
            self.wrong_pins = 0

    def owes(self, turn: Turn) -> bool:
        """The outcome is unknown to the terminal, or it had to reject the answer."""
        if not turn.reversible or turn.reversed:
            return False
        return turn.heard in {"nothing", "late", "broken"} or bool(turn.flaws)
