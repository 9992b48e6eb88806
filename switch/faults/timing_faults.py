"""Faults of when and how often a response leaves."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar

from switch.chance import Chance
from switch.clock import in_seconds
from switch.faults.fault import Fault, FaultSkipped, Nanoseconds, fault
from switch.faults.pieces import ends, leaving
from switch.records import Pause, Piece, Write
from switch.shapes import Number, Switch


@dataclass(frozen=True, slots=True)
class TimingFault(Fault):
    """Base: the pieces of a response leave later, again, or after older ones."""

    moment: ClassVar[str] = "timing"

    @abstractmethod
    def apply(
        self, pieces: tuple[Piece, ...], chance: Chance, earlier: bytes | None
    ) -> tuple[Piece, ...]:
        """What leaves instead.

        Args:
            pieces: the response after the transport fault.
            chance: a stream of this step.
            earlier: wire bytes of the response before to this terminal; None if there was none.

        Raises:
            FaultSkipped: it has nothing to work with.
        """


@fault
@dataclass(frozen=True, slots=True)
class Delay(TimingFault):
    """The response leaves later.

    Keys:
        by: how much.
    """

    kind: ClassVar[str] = "delay"
    by: Nanoseconds

    def apply(
        self, pieces: tuple[Piece, ...], chance: Chance, earlier: bytes | None
    ) -> tuple[Piece, ...]:
        return (Pause(self.by), *pieces)

    def options(self) -> str:
        return f"by {in_seconds(self.by)}"


@fault
@dataclass(frozen=True, slots=True)
class Jitter(TimingFault):
    """The response leaves later by a time that chance decides.

    Keys:
        upto: the longest it can be; every nanosecond up to it is as likely.
    """

    kind: ClassVar[str] = "jitter"
    upto: Nanoseconds

    def apply(
        self, pieces: tuple[Piece, ...], chance: Chance, earlier: bytes | None
    ) -> tuple[Piece, ...]:
        return (Pause(chance.below("jitter", self.upto + 1)), *pieces)

    def options(self) -> str:
        return f"up to {in_seconds(self.upto)}"


@fault
@dataclass(frozen=True, slots=True)
class Duplicate(TimingFault):
    """The same bytes leave again, each time in one write.

    Keys:
        count: how many more times; 1 if absent.
        after: time before each copy; 0s if absent.
    """

    kind: ClassVar[str] = "duplicate"
    count: Annotated[int, Number(1, 100)] = 1
    after: Nanoseconds = 0

    def apply(
        self, pieces: tuple[Piece, ...], chance: Chance, earlier: bytes | None
    ) -> tuple[Piece, ...]:
        wire = leaving(pieces)
        if not wire or ends(pieces):
            raise FaultSkipped("the connection ends, or nothing leaves, before a copy could")
        return (*pieces, *(Pause(self.after), Write(wire)) * self.count)

    def options(self) -> str:
        return f"{self.count} times, {in_seconds(self.after)} after"


@fault
@dataclass(frozen=True, slots=True)
class StaleReplay(TimingFault):
    """An earlier response to this terminal leaves before the right one; skipped if none did.

    Keys:
        instead: true: the right response does not leave at all; false if absent.
    """

    kind: ClassVar[str] = "stale_replay"
    instead: Annotated[bool, Switch()] = False

    def apply(
        self, pieces: tuple[Piece, ...], chance: Chance, earlier: bytes | None
    ) -> tuple[Piece, ...]:
        if earlier is None:
            raise FaultSkipped("this terminal has had no response before")
        return (Write(earlier),) if self.instead else (Write(earlier), *pieces)

    def options(self) -> str:
        return "instead of the response" if self.instead else "before the response"
