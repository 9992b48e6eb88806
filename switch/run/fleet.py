"""Many terminals at once: who they are, and how they share a world.

A fleet is one acquirer with a line for each terminal. Each terminal plays the same case, has a
log and a verdict of its own, its own merchant and its own cards; the host is the same for all:
they wait in one queue and meet the same maintenance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from switch.acquirer import Book
from switch.acquirer.parties import Card, Merchant, Terminal
from switch.chance import Chance
from switch.clock import NS_PER_SECOND
from switch.scenario.model import Profile
from switch.security.keys import odd_parity

LARGEST = 200  # terminals; each takes three sockets over TCP
# Nobody starts at the same instant: so the order of the messages is the same in every run.
APART = NS_PER_SECOND // 1000  # nanoseconds between two terminals
BIN = 6  # digits of a card number that name the issuer


class Rendezvous:
    """Where cases meet that are played at once, before the host they share is changed."""

    def __init__(self) -> None:
        self._playing: set[str] = set()
        self._waiting: dict[str, tuple[str, Callable[[bool], None]]] = {}

    def join(self, tid: str) -> None:
        """The case of one more terminal will be waited for."""
        self._playing.add(tid)

    def leave(self, tid: str) -> None:
        """It has ended."""
        self._playing.discard(tid)
        self._waiting.pop(tid, None)
        self._meet()

    def come(self, tid: str, step: str, change: Callable[[bool], None]) -> None:
        """A case has come to a step that changes the host.

        Args:
            tid: its terminal.
            step: number of the step.
            change: called when all have come to one; true for the first at this step, who
                changes the host, false for the others, who are only told.
        """
        self._waiting[tid] = step, change
        self._meet()

    def _meet(self) -> None:
        if self._waiting.keys() != self._playing:
            return
        waiting, self._waiting = self._waiting, {}
        done: set[str] = set()
        for step, change in waiting.values():
            change(step not in done)
            done.add(step)


def own_card(book: Book, name: str, tid: str) -> str:
    """How the book calls the card that this terminal knows by a name."""
    own = f"{name}@{tid}"
    return own if own in book.cards else name


def mustered(
    book: Book, profile: Profile, count: int, seed: str
) -> tuple[Book, tuple[Profile, ...]]:
    """The book with the terminals of a fleet, and the profile of each.

    The first is that of the profile; the others are made after it, so that what a scenario
    takes for granted of terminal, merchant and active cards holds for all of them.

    Args:
        book: of the run.
        profile: of the first terminal, and of the others but for TID and MID.
        count: of terminals; 0 for the first alone.
        seed: of the run.
    """
    maker = _Maker(book, profile, Chance(f"{seed}/fleet"))
    profiles = (profile, *(maker.another() for _ in range(count - 1)))
    return maker.book, profiles


class _Maker:
    """Makes terminals after the first, each with a merchant and cards, none twice."""

    def __init__(self, book: Book, profile: Profile, chance: Chance) -> None:
        self.book = book
        self._profile = profile
        self._first = book.terminals[profile.id]
        self._owner = book.merchants[self._first.merchant]
        self._active = [card for card in book.cards.values() if card.status == "active"]
        self._chance = chance

    def another(self) -> Profile:
        """The profile of one more terminal, which is in the book from now on."""
        merchant = self._merchant()
        terminal = self._terminal(merchant.id)
        self.book = replace(
            self.book,
            merchants={**self.book.merchants, merchant.id: merchant},
            terminals={**self.book.terminals, terminal.id: terminal},
            cards={**self.book.cards, **{card.name: card for card in self._cards(terminal.id)}},
        )
        return replace(self._profile, id=terminal.id, merchant_id=merchant.id)

    def _merchant(self) -> Merchant:
        serials = iter(lambda: self._chance.below("mid", 10**4), None)
        mids = (f"{self._owner.id[:11]}{serial:04d}" for serial in serials)  # one category
        return replace(self._owner, id=next(m for m in mids if m not in self.book.merchants))

    def _terminal(self, mid: str) -> Terminal:
        numbers = iter(lambda: self._chance.below("tid", 10**8), None)
        tids = (f"{number:08d}" for number in numbers)
        tid = next(tid for tid in tids if tid not in self.book.terminals)
        tmk = odd_parity(self._chance.bytes("tmk", len(self._first.tmk) // 2))
        return replace(self._first, id=tid, merchant=mid, tmk=tmk.hex().upper())

    def _cards(self, tid: str) -> Iterator[Card]:
        """Cards like the active ones of the book, under numbers of the same issuer."""
        taken = {card.pan for card in self.book.cards.values()}
        for card in self._active:
            pan = next(pan for pan in self._pans(card.pan) if pan not in taken)
            taken.add(pan)
            code = card.code and f"{card.code[:2]}{self._drawn('code', len(card.code) - 2)}"
            yield replace(card, name=f"{card.name}@{tid}", pan=pan, code=code)

    def _drawn(self, purpose: str, count: int) -> str:
        """So many digits."""
        return f"{self._chance.below(purpose, 10**count):0{count}d}"

    def _pans(self, like: str) -> Iterator[str]:
        while True:
            digits = like[:BIN] + self._drawn("pan", len(like) - BIN - 1)
            yield digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """What makes a card number of these digits, by ISO/IEC 7812-1.

    >>> check_digit("411111111111111")
    '1'
    """
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)
