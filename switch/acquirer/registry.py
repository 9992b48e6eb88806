"""The registry of merchants and terminals, and what a node that lags behind knows of it.

A change goes into the registry at once. A node with a sync lag sees the registry as it was
that long ago, but never older than at its last sync: so it refuses a merchant that was
reinstated, or serves one that was suspended a minute ago (protocol 8, rows 3, 11 and 51).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from switch.acquirer.parties import Merchant, Terminal

LAGGING = ("merchants", "terminals", "sales")

Moment = tuple[int, int]  # nanoseconds, and the number of the change within the run
START: Moment = (-1, 0)
Party = TypeVar("Party", Merchant, Terminal)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a node is behind.

    Attributes:
        ns: nanoseconds that a change takes to reach it.
        since: its last sync; what was known then it knows.
        of: what lags, of :data:`LAGGING`.
    """

    ns: int = 0
    since: Moment = START
    of: tuple[str, ...] = LAGGING

    def view(self, what: str, now: int) -> Moment:
        """Up to which moment the node knows ``what``."""
        if what not in self.of:
            return _end_of(now)
        return max(self.since, _end_of(now - self.ns))


def booked(instant: int) -> Moment:
    """The moment of a booking: after whatever was changed at its instant."""
    return (instant, 1 << 61)


def _end_of(instant: int) -> Moment:
    return (instant, 1 << 62)


@dataclass(slots=True)
class History(Generic[Party]):
    """One record through time: how it began, and its changes in order."""

    first: Party
    changes: list[tuple[Moment, dict[str, Any]]] = field(default_factory=list)

    def at(self, moment: Moment) -> Party:
        """The record as it was, or will be, at a moment."""
        merged: dict[str, Any] = {}
        for when, change in self.changes:
            if when <= moment:
                merged |= change
        return replace(self.first, **merged) if merged else self.first

    def change(self, when: Moment, changes: Mapping[str, Any], lasts: int) -> None:
        """Change it from ``when`` on; for ``lasts`` nanoseconds, or for good if that is 0.

        What is changed again before such a time is over stays as it was changed again.
        """
        usual = self.at(_end_of(1 << 62))
        for later, change in self.changes:
            if later > when:
                for name in changes.keys() & change.keys():
                    del change[name]
        self.changes.append((when, dict(changes)))
        if lasts:
            back = {name: getattr(usual, name) for name in changes}
            self.changes.append(((when[0] + lasts, when[1]), back))
        self.changes.sort(key=lambda one: one[0])

    def forget(self, before: Moment) -> None:
        """Nobody looks further back than ``before``: what was changed until then is the start."""
        self.first = self.at(before)
        self.changes = [one for one in self.changes if one[0] > before]


class Registry:
    """All merchants and terminals, and how far this node lags behind.

    Args:
        merchants, terminals: as the book has them.
    """

    def __init__(
        self, merchants: Mapping[str, Merchant], terminals: Mapping[str, Terminal]
    ) -> None:
        self.lag = Lag()
        self._turn = 0
        self._merchants = {mid: History(merchant) for mid, merchant in merchants.items()}
        self._terminals = {tid: History(terminal) for tid, terminal in terminals.items()}

    def merchant(self, mid: str, now: int) -> Merchant | None:
        """What this node knows of a merchant."""
        found = self._merchants.get(mid)
        return found.at(self.lag.view("merchants", now)) if found else None

    def true_merchant(self, mid: str, now: int) -> Merchant | None:
        """What the registry itself says of a merchant."""
        found = self._merchants.get(mid)
        return found.at(_end_of(now)) if found else None

    def terminal(self, tid: str, now: int) -> Terminal | None:
        """What this node knows of a terminal; None for a stranger."""
        found = self._terminals.get(tid)
        return found.at(self.lag.view("terminals", now)) if found else None

    def true_terminal(self, tid: str, now: int) -> Terminal | None:
        """What the registry itself says of a terminal."""
        found = self._terminals.get(tid)
        return found.at(_end_of(now)) if found else None

    def add(self, merchant: Merchant) -> None:
        """Enter a merchant that the book does not have; a known one stays what it is."""
        self._merchants.setdefault(merchant.id, History(merchant))

    def change(
        self, what: str, id_: str, now: int, changes: Mapping[str, Any], lasts: int = 0
    ) -> None:
        """Change a merchant or a terminal.

        Args:
            what: ``merchant`` or ``terminal``.
            id_: MID or TID.
            now, lasts: nanoseconds; ``lasts`` 0 means for good.
            changes: attribute -> new value.

        Raises:
            KeyError: no such merchant or terminal.
        """
        self._turn += 1
        when, known = (now, self._turn), self.lag.view(f"{what}s", now)
        history: History[Any] = self._merchants[id_] if what == "merchant" else self._terminals[id_]
        history.forget(min(known, when))
        history.change(when, changes, lasts)

    def falls_behind(self, ns: int, of: tuple[str, ...], now: int) -> None:
        """Sync now, and from now on lag ``ns`` nanoseconds behind in ``of``."""
        self._turn += 1
        self.lag = Lag(ns, (now, self._turn), of)
