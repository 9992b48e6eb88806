"""Which envelope stands around a message that somebody pasted.

A capture may start with the length prefix, with the TPDU, with the header or with the MTI.
All ways are tried; the one whose parts look right and whose length prefix equals the bytes
that follow is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from switch.wire.framing import TPDU_BYTES, Frame, Framing
from switch.wire.lengths import LENGTHS

# Version 1987, 1993, 2003 or private; class 1 to 8; function; origin 0 to 5 (protocol 2.13).
PLAIN_MTI = re.compile(r"[0129][1-8][0-9][0-5]")
LRI = b"LRI\0"  # protocol 1.3: caller and called number, put in by some access concentrators
LRI_BYTES = 33


@dataclass(frozen=True, slots=True)
class Look:
    """What a dialect's envelope looks like.

    Attributes:
        framing: how it is framed.
        tpdu, header: the digits they begin with.
        mtis: known ones; they decide where two ways look right.
        mti_bytes: 2 (BCD) or 4 (ASCII).
    """

    framing: Framing
    tpdu: str = "60"
    header: str = "6"
    mtis: frozenset[str] = frozenset()
    mti_bytes: int = 2


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands before the MTI.

    Attributes:
        prefix: bytes of the length prefix; 0 if there is none.
        announced: the number of bytes it says; None if there is none.
        tpdu, header: digits; empty where absent.
        between: an LRI block between TPDU and header; empty where absent.
        start: byte at which the MTI stands, at most the number of bytes there are.
        follow: bytes after the length prefix.
    """

    prefix: int
    announced: int | None
    tpdu: str
    header: str
    between: bytes
    start: int
    follow: int

    @property
    def fits(self) -> bool:
        """There is no length prefix, or it equals the bytes that follow."""
        return self.announced is None or self.announced == self.follow

    @property
    def problem(self) -> str:
        """What is wrong with the length prefix; empty if nothing.

        >>> guess(bytes.fromhex("00AA" + "6000030000" + "603100311003" + "0200"), Look(
        ...     Framing())).problem
        'length prefix 170, 13 bytes follow'
        """
        if self.fits:
            return ""
        unit = "byte follows" if self.follow == 1 else "bytes follow"
        return f"length prefix {self.announced}, {self.follow} {unit}"

    def frame(self, raw: bytes) -> Frame:
        """The frame, without its length prefix and what stands between TPDU and header."""
        return Frame(self.tpdu, self.header, raw[self.start :])


def guess(raw: bytes, look: Look) -> Envelope:
    """The envelope of a message, whole or in part.

    Args:
        raw: what was pasted.
        look: what the dialect's envelope looks like.

    Returns:
        The first there is of: TPDU, header and MTI plain, as far as they are there; TPDU and
        header plain, the MTI not; a right length prefix alone; else none, so that the MTI is
        the first byte. A wrong length prefix counts only before a whole envelope.

    >>> body = bytes.fromhex("08000020000000C00012")
    >>> guess(bytes.fromhex("6000030000603100310000") + body, Look(Framing())).start
    11
    >>> guess(body, Look(Framing())).start
    0
    """
    ranks = (
        list(_plain(raw, look)),
        [one for one in _prescribed(raw, look) if _tpdu_and_header(one, look)],
        [one for one in _prescribed(raw, look) if one.prefix and one.fits],
    )
    for rank in ranks:
        if rank:
            return min(rank, key=lambda one: _rank(one, raw, look))
    return Envelope(0, None, "", "", b"", 0, len(raw))


def _plain(raw: bytes, look: Look) -> Iterator[Envelope]:
    """Envelopes whose TPDU, header and MTI look right; those with more parts first."""
    framing = look.framing
    sizes = product(
        (LENGTHS[framing.length].size, 0),
        (TPDU_BYTES, 0) if framing.tpdu != "none" else (0,),
        (framing.header, 0) if framing.header else (0,),
    )
    for prefix, tpdu, header in sizes:
        between = LRI_BYTES if tpdu and raw[prefix + tpdu :].startswith(LRI) else 0
        found = _cut(raw, look, (prefix, tpdu, between, header))
        if not found or not _looks_right(found, raw, look, (tpdu, header)):
            continue
        if found.fits or tpdu + header == framing.envelope:
            yield found


def _rank(found: Envelope, raw: bytes, look: Look) -> tuple[bool, int, bool, bool]:
    """Least for the best founded: right prefix, more parts, a known MTI, no wrong prefix."""
    parts = bool(found.tpdu) + bool(found.header)
    known = _mti(found, raw, look) in look.mtis
    return found.announced != found.follow, -parts, not known, not found.fits


def _mti(found: Envelope, raw: bytes, look: Look) -> str:
    """The digits where the MTI stands; fewer than four where the bytes end."""
    mti = raw[found.start : found.start + look.mti_bytes]
    return mti.hex() if look.mti_bytes == 2 else mti.decode("latin-1")


def _prescribed(raw: bytes, look: Look) -> Iterator[Envelope]:
    """The envelope that the dialect prescribes, with and without its length prefix."""
    tpdu = TPDU_BYTES if look.framing.tpdu != "none" else 0
    for prefix in (LENGTHS[look.framing.length].size, 0):
        found = _cut(raw, look, (prefix, tpdu, 0, look.framing.header))
        if found:
            yield found


def _tpdu_and_header(found: Envelope, look: Look) -> bool:
    """Both are there and plain."""
    whole = len(found.tpdu + found.header) == 2 * look.framing.envelope
    return (
        whole
        and bool(found.tpdu)
        and found.tpdu.startswith(look.tpdu)
        and found.header.startswith(look.header)
    )


def _cut(raw: bytes, look: Look, sizes: tuple[int, int, int, int]) -> Envelope | None:
    """The envelope with parts of these sizes; None if its prefix is no number."""
    prefix, tpdu, between, header = sizes
    announced = LENGTHS[look.framing.length].read(raw[:prefix]) if prefix else None
    if prefix and (len(raw) < prefix or announced is None):
        return None
    pieces, place = [], prefix
    for size in (tpdu, between, header):
        pieces.append(raw[place : place + size])
        place += size
    return Envelope(
        prefix=prefix,
        announced=announced,
        tpdu=pieces[0].hex().upper(),
        header=pieces[2].hex().upper(),
        between=pieces[1],
        start=min(place, len(raw)),
        follow=len(raw) - prefix,
    )


def _looks_right(found: Envelope, raw: bytes, look: Look, sizes: tuple[int, int]) -> bool:
    tpdu, header = sizes
    mti = _mti(found, raw, look)
    if len(mti) < 4:  # cut off inside the envelope: what is there must do
        return len(found.tpdu) == 2 * TPDU_BYTES and found.tpdu.startswith(look.tpdu)
    return (
        PLAIN_MTI.fullmatch(mti) is not None
        and (not tpdu or found.tpdu.startswith(look.tpdu))
        and (not header or found.header.startswith(look.header))
    )
