"""TCP put together again: segments in any order, sent twice, or never captured."""

from __future__ import annotations

from collections.abc import Iterator

from switch.capture.stream import Chunk, Closed, Gap, Piece

WRAP = 1 << 32  # sequence numbers
HELD = 1000  # segments that wait for one before them; more means that it was not captured


class Direction:
    """One direction of a connection: what comes next, and what came too early."""

    def __init__(self) -> None:
        self.early: dict[int, bytes] = {}
        self._expected: int | None = None

    def begin(self, sequence: int) -> None:
        """A SYN, which counts as one byte."""
        self._expected = (sequence + 1) % WRAP

    def take(self, sequence: int, content: bytes) -> bytes:
        """The bytes that are in order now: of this segment, and of those that waited for it."""
        if self._expected is None:
            self._expected = sequence
        if len(content) > len(self.early.get(sequence, b"")):
            self.early[sequence] = content
        out = b""
        while (found := self._next(self._expected)) is not None:
            ahead = (found - self._expected) % WRAP
            fresh = self.early.pop(found)[(WRAP - ahead) % WRAP :]
            self._expected = (self._expected + len(fresh)) % WRAP
            out += fresh
        return out

    def _next(self, expected: int) -> int | None:
        """A segment that begins no later than the byte that is expected."""
        return next((n for n in self.early if not 0 < (n - expected) % WRAP < WRAP // 2), None)


class Connection:
    """One connection; what comes after a hole is held until the hole is filled.

    Args:
        number: counts from 1.

    Attributes:
        ended: a side has ended it.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.ended = False
        self._sides = (Direction(), Direction())
        self._held: list[Piece] = []
        self._hole = 0
        self._lost = False

    def begin(self, side: int, sequence: int) -> None:
        """A SYN of one side."""
        self._sides[side].begin(sequence)

    def take(self, side: int, sequence: int, content: bytes, now: int) -> Iterator[Piece]:
        """What a segment with bytes in it makes known."""
        whole_before = self._whole
        ordered = self._sides[side].take(sequence, content)
        if whole_before and not self._whole:
            self._hole = now
        self._held += [Chunk(now, self.number, side, ordered)] if ordered else []
        yield from self._ripe()

    def end(self, side: int, now: int) -> Iterator[Piece]:
        """A FIN or RST; the first one counts."""
        if not self.ended:
            self.ended = True
            self._held.append(Closed(now, self.number, "host" if side else "terminal"))
            yield from self._ripe()

    def give_up(self) -> Iterator[Piece]:
        """The recording is over: a hole that is still there will not be filled."""
        if not self._whole and not self._lost:
            self._lost = True
            yield Gap(self._hole, self.number)

    @property
    def _whole(self) -> bool:
        return not any(direction.early for direction in self._sides)

    def _ripe(self) -> Iterator[Piece]:
        if self._lost:
            self._held.clear()
        elif self._whole:
            yield from self._held
            self._held.clear()
        elif max(len(direction.early) for direction in self._sides) > HELD:
            yield from self.give_up()
