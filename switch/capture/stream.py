"""What a recording is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNKNOWN = 0  # connections count from 1
Side = Literal["terminal", "host"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes on a connection.

    Attributes:
        at: nanoseconds since the recording began.
        conn: number of the connection; :data:`UNKNOWN` where the recording does not tell.
        side: 0 for what the opener of the connection says, 1 for what it is told.
        content: the bytes, in order and without gap.
    """

    at: int
    conn: int
    side: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection began."""

    at: int
    conn: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A connection ended; ``by`` is the side that ended it."""

    at: int
    conn: int
    by: Side


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of a connection are missing in the recording: nobody can say what was heard."""

    at: int
    conn: int


Piece = Chunk | Opened | Closed | Gap
