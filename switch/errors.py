"""The exception tree.

A class exists if somebody catches it, or if it is its own reason for a refusal.

    SwitchError
    ├── BadFile          a scenario, dialect, book, profile or rules file that cannot be used
    ├── BadUsage         a combination of options that makes no sense
    ├── MessageError     bytes that are no message of this dialect, or values that make none
    ├── FrameError       a length that is impossible: the connection cannot go on
    ├── KeyProblem       a key of the wrong length, a check value that does not match
    ├── PinProblem       a PIN block that does not decrypt to a PIN
    ├── Refusal          the host's "no": an answer, not a failure
    └── FaultSkipped     a planned fault that cannot take effect (``switch.faults``)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switch.reading import Problem


class SwitchError(Exception):
    """Base of everything this package raises on purpose."""


class BadFile(SwitchError):
    """A file that cannot be used; carries every problem found in it, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BadUsage(SwitchError):
    """Options or arguments that contradict each other; the text says which."""


class MessageError(SwitchError):
    """Bytes that are no message, or values that make none.

    Attributes:
        element: number of the data element at fault; None for the MTI, the bitmap and
            trailing bytes.
        offset: byte at which the element (its length prefix) starts, counted from the first
            byte the caller gave; None while encoding.
        text: the sentence without "at byte N".
        mti: what could be read of the MTI.
        bitmap: what could be read of the bitmap, hex.
        fields: the elements decoded before the one at fault.
    """

    def __init__(
        self,
        text: str,
        *,
        element: int | None = None,
        offset: int | None = None,
        mti: str = "",
        bitmap: str = "",
        fields: Mapping[int, str] | None = None,
    ) -> None:
        self.element = element
        self.offset = offset
        self.text = text
        self.mti = mti
        self.bitmap = bitmap
        self.fields = dict(fields or {})
        super().__init__(text if offset is None else f"{text}, at byte {offset}")

    def moved(self, by: int) -> MessageError:
        """The same error with its offset counted from ``by`` bytes earlier."""
        offset = None if self.offset is None else self.offset + by
        return MessageError(
            self.text,
            element=self.element,
            offset=offset,
            mti=self.mti,
            bitmap=self.bitmap,
            fields=self.fields,
        )


class FrameError(SwitchError):
    """A length prefix that no frame of this dialect can have; the connection is closed."""


class KeyProblem(SwitchError):
    """A key of the wrong length or form, or a key check value that does not match."""


class PinProblem(SwitchError):
    """A PIN block that does not decrypt to a PIN."""


class Refusal(SwitchError):
    """The host's "no" to one request; the dialect maps ``reason`` to a DE 39.

    Attributes:
        reason: an outcome name of the dialect, such as ``invalid_merchant``.
        because: one sentence for the person who reads the log.
    """

    def __init__(self, reason: str, because: str) -> None:
        self.reason = reason
        self.because = because
        super().__init__(f"{reason}: {because}")
