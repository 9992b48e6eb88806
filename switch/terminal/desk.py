"""Everything that a procedure works with: settings, memory, line, clock, and a few flags."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, replace

from switch import elements as de
from switch import masking
from switch.chance import Chance
from switch.clock import Clock
from switch.dialect import Dialect
from switch.message import Message
from switch.scenario.model import Stimulus
from switch.security import WorkingKeys
from switch.security.layouts import open_each
from switch.terminal.habits import Habits
from switch.terminal.line import Line
from switch.terminal.port import Port
from switch.terminal.record import Pending, Record, ScriptResult
from switch.terminal.settings import Card, Settings

LAST_STAN = 999_999
REMEMBERED = 64  # exchanges that are over; far more than can still be on the way


@dataclass(frozen=True, slots=True)
class Slot:
    """A chip card while its transaction lasts; ``contact``: it can answer a second time."""

    card: Card
    contact: bool


class Desk:
    """One powered-on terminal; a power cut throws it away, the record stays.

    Attributes:
        over: response MTI and STAN of the exchanges that have ended: what comes now is late.
        print_fails: the next slip does not come out of the printer.
        serving: which of the host's requirements it is fulfilling; the host may repeat it then.
        postponed: a pending reversal that was set aside (a defect; see ``reverses_first``).
        postponed_script: a script result that was set aside (``reports_script_first``).
        slot: the chip card that the running transaction reads.
        card_refuses: the card will refuse at its next second GENERATE AC.
        refusals, rests_until: what a decline left behind (defects; see ``declines``).
    """

    def __init__(
        self, settings: Settings, record: Record, clock: Clock, chance: Chance, port: Port
    ) -> None:
        self.settings = settings
        self.record = record
        self.clock = clock
        self.chance = chance
        self.line = Line(port, settings.dialect.framing)
        self.over: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self.print_fails = False
        self.serving = ""
        self.postponed: Pending | None = None
        self.postponed_script: ScriptResult | None = None
        self.slot: Slot | None = None
        self.card_refuses = False
        self.refusals = 0
        self.rests_until = 0  # nanoseconds
        self._port = port
        self._keys: tuple[str, WorkingKeys] | None = None

    @property
    def habits(self) -> Habits:
        """How it behaves."""
        return self.settings.habits

    @property
    def dialect(self) -> Dialect:
        """What it speaks."""
        return self.settings.dialect

    def save(self) -> None:
        """Write the permanent memory."""
        self._port.save(self.record)

    def show(self, channel: str, text: str) -> None:
        """Show a text; whatever looks like a card number in it is masked."""
        self._port.show(channel, masking.text(text))

    def card(self, name: str) -> Card:
        """The card of this name; empty for the default card."""
        return self.settings.cards[name or self.settings.default_card]

    def presented(self, asked: Stimulus) -> Card:
        """The card of a stimulus, and how it is read."""
        return replace(self.card(asked.card), entry=asked.entry or self.settings.entry)

    def names_of(self, numbers: Collection[str]) -> list[str]:
        """The names of those cards that have one of these numbers."""
        return [card.name for card in self.settings.cards.values() if card.pan in numbers]

    def next_stan(self) -> str:
        """The STAN of a new message: N1 one more, 999999 is followed by 1; N2 saved first."""
        self.record.stan = self.record.stan % LAST_STAN + 1
        self.save()
        return f"{self.record.stan:06d}"

    def keys(self) -> WorkingKeys | None:
        """The working keys of the last sign-on; None before the first."""
        held = self.record.keys
        if not held:
            return None
        if self._keys is None or self._keys[0] != held:
            each = open_each(bytes.fromhex(held), self.settings.tmk, self.record.layout)
            found = {one.name: one.key for one in each}
            self._keys = held, WorkingKeys(found["PIK"], found["MAK"], found.get("TDK"))
        return self._keys[1]

    def ended(self, request: Message) -> None:
        """An exchange is over: a reply that comes now is late (T6)."""
        kind = self.dialect.classes[request.kind]
        echoed = request.get(de.STAN) if de.STAN in kind.echo else ""
        self.over.append((kind.response_mti, echoed))
