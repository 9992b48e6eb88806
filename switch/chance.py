"""Chance that repeats: one seeded stream per purpose.

Nothing below the outside world imports ``random``; a :class:`Chance` is handed in. A stream
is SHA-256 in counter mode over its name, so that the same seed, case and purpose give the
same bytes on every machine and Python version, and drawing from one stream never shifts
another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable


class Chance:
    """Deterministic draws, named by what they are for.

    >>> Chance("8583").bytes("pik", 4) == Chance("8583").bytes("pik", 4)
    True
    """

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._drawn: dict[str, int] = {}

    def child(self, name: str) -> Chance:
        """An independent source below this one."""
        return Chance(f"{self.seed}/{name}")

    def bytes(self, purpose: str, count: int) -> bytes:
        """The next ``count`` bytes of the stream ``purpose``."""
        drawn = self._drawn.get(purpose, 0)
        self._drawn[purpose] = drawn + 1
        out = b""
        block = 0
        while len(out) < count:
            name = f"{self.seed}|{purpose}|{drawn}|{block}"
            out += hashlib.sha256(name.encode()).digest()
            block += 1
        return out[:count]

    def below(self, purpose: str, limit: int) -> int:
        """The next integer of the stream in ``0 .. limit - 1``."""
        return int.from_bytes(self.bytes(purpose, 8), "big") % limit

    def fraction(self, purpose: str) -> float:
        """The next number of the stream in ``[0, 1)``."""
        return self.below(purpose, 1 << 53) / (1 << 53)


class Told(Chance):
    """Another source whose draws are told, each with its purpose.

    >>> heard = []
    >>> Told(Chance("8583"), lambda purpose, value: heard.append(purpose)).below("jitter", 10) < 10
    True
    >>> heard
    ['jitter']
    """

    def __init__(self, source: Chance, tell: Callable[[str, float], None]) -> None:
        super().__init__(source.seed)
        self._source = source
        self._tell = tell

    def bytes(self, purpose: str, count: int) -> bytes:
        return self._source.bytes(purpose, count)

    def below(self, purpose: str, limit: int) -> int:
        value = self._source.below(purpose, limit)
        self._tell(purpose, value)
        return value

    def fraction(self, purpose: str) -> float:
        value = self._source.fraction(purpose)
        self._tell(purpose, value)
        return value
