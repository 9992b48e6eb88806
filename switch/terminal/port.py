"""What the outside does for the terminal, and what the terminal tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from switch.terminal.record import Record


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one stimulus.

    Attributes:
        do: the stimulus.
        outcome: ``approved``, ``declined``, ``unknown`` (no usable reply, not reversed yet),
            ``reversed`` (no usable reply, the reversal was acknowledged), ``not_sent``,
            ``refused_locally`` or ``done`` (where nothing is approved: ``power_on``).
        code: DE 39, if a reply was taken.
        text: one sentence, without secrets.
        stan: DE 11 of the request; empty if none was made.
        amount: minor units, as approved.
        balance: minor units, of a balance inquiry.
    """

    do: str
    outcome: str
    code: str = ""
    text: str = ""
    stan: str = ""
    amount: int | None = None
    balance: int | None = field(default=None, repr=False)


class Port(Protocol):
    """The outside of a terminal: its line, its screen, its permanent memory.

    None of these calls the terminal back before it returns, except that ``done`` may ``ask``.
    """

    def connect(self) -> None:
        """Open a connection; later ``Terminal.connected`` or ``connect_failed``."""

    def send(self, data: bytes) -> None:
        """Put bytes on the connection."""

    def close(self) -> None:
        """End the connection, or the attempt to open one; harmless if it has ended."""

    def show(self, channel: str, text: str) -> None:
        """Show a text on ``display``, ``slip`` or ``log``; it never holds secrets."""

    def save(self, record: Record) -> None:
        """Write the permanent memory, before this returns."""

    def done(self, result: Result) -> None:
        """One stimulus has finished."""
