"""How far a settlement is: compared, how much was uploaded, closed (protocol 3.6, 6.9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switch import elements as de
from switch.dialect import Dialect
from switch.totals import BALANCED, GROUPS, NOT_BALANCED, Totals, add_up, group_of

if TYPE_CHECKING:
    from switch.judge.lint.turn import Turn

UPLOADS = frozenset({"batch_upload", "batch_ic", "batch_ic_failed", "batch_notice"})
CHANGING = frozenset({"adjustment", "tip"})  # they change what an earlier one counts


@dataclass(frozen=True, slots=True)
class Settlement:
    """A batch that was compared and is not closed yet.

    Attributes:
        asked: the 0500.
        details: how many records were accepted so far; None if nobody can say.
        last: the last message of the upload, with what it heard.
        sendings: how often that block has come in a row.
    """

    asked: Turn
    details: int | None = 0
    last: Turn | None = None
    sendings: int = 0

    def flag(self, group: str) -> str:
        """What the host said of one currency group."""
        return self.asked.told(f"{group}.flag")

    @property
    def balanced(self) -> bool:
        """Both groups agree."""
        return all(self.flag(group) == BALANCED for group in GROUPS)


def compared(turn: Turn) -> bool:
    """The answer to this 0500 says how to go on; otherwise the settlement has failed (B7)."""
    flags = {turn.told(f"{group}.flag") for group in GROUPS}
    return turn.sound and flags <= {BALANCED, NOT_BALANCED}


def after(turn: Turn, before: Settlement | None, dialect: Dialect) -> Settlement | None:
    """The settlement after this turn."""
    if turn.name == "settlement":
        return Settlement(turn) if compared(turn) else None
    if before is None or turn.name not in UPLOADS | {"batch_end"}:
        return before
    accepted = turn.sound and dialect.approves(turn.code)
    if turn.name == "batch_end" and (accepted or turn.heard == "unsure"):
        return None
    details = before.details
    if turn.heard == "unsure" or turn.flaws:
        details = None
    elif accepted and turn.name != "batch_end" and details is not None:
        details += records(turn)
    again = before.last is not None and block(before.last) == block(turn)
    return Settlement(before.asked, details, turn, before.sendings + 1 if again else 1)


def block(turn: Turn) -> dict[str, object]:
    """What an upload says, under whatever number and key."""
    numbers = {str(de.STAN), str(de.MAC)}
    return {n: value for n, value in (turn.event["fields"] or {}).items() if n not in numbers}


def records(turn: Turn) -> int:
    """How many details a message of the upload holds."""
    count = turn.value("records")
    return int(count) if turn.name == "batch_upload" and count.isdigit() else 1


def counted(turns: Iterable[Turn], batch: str, dialect: Dialect) -> dict[str, Totals] | None:
    """Group -> what the messages of a batch come to (B2 to B4); None if nobody can say."""
    out: list[tuple[str, str, int]] = []
    for turn in turns:
        if turn.kind is None or turn.value("batch") != batch:
            continue
        if turn.name in CHANGING or _open(turn):
            return None
        known = turn.kind.stored and dialect.outcome(turn.code) == "duplicate"  # O2
        approved = turn.sound and (known or dialect.approves(turn.code))
        if approved and turn.kind.books and not turn.reversed:
            amount = int(turn.told("amount") or turn.value("amount") or 0)
            out.append((group_of(_organisation(turn)), turn.kind.books, amount))
    return add_up(out)


def _open(turn: Turn) -> bool:
    """It may count or not: its outcome is not plain, or its reversal not acknowledged."""
    if not (turn.kind and turn.kind.books):
        return False
    return not turn.reversed and (not turn.sound or bool(turn.reversals))


def _organisation(turn: Turn) -> str:
    response = turn.response
    remarks = (response["fields"] or {}).get(str(de.REMARKS), "") if response else ""
    # DE 63.1: three characters (2.12)
    return remarks[:3] if isinstance(remarks, str) else ""
