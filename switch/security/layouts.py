"""DE 62 of the sign-on response: working keys under the TMK, each with its check value.

A layout is one entry in :data:`LAYOUTS`. Which one a terminal speaks is said by DE 60.3
(protocol.md section 4.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from switch.errors import KeyProblem
from switch.security.keys import FILLER, KCV_LENGTH, WorkingKeys, kcv, unwrap, wrap


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one key; lengths in bytes.

    Attributes:
        name: PIK, MAK or TDK.
        key: of the wrapped key.
        kcv: of the check value that follows it.
        tail: of the filler after the check value.
    """

    name: str
    key: int
    kcv: int = KCV_LENGTH
    tail: int = 0

    @property
    def length(self) -> int:
        """Bytes of the whole slot."""
        return self.key + self.kcv + self.tail

    @property
    def may_be_single(self) -> bool:
        """Whether 8 bytes and 8 zero bytes may stand here: a MAK is often single beside 3DES."""
        return self.name == "MAK" and self.key == 16


@dataclass(frozen=True, slots=True)
class Layout:
    """One form of DE 62.

    Attributes:
        says: one line for the reference table.
        slots: in wire order.
        single_des: wrapped by single DES, under the left half of a longer TMK.
    """

    says: str
    slots: tuple[Slot, ...]
    single_des: bool = False

    @property
    def length(self) -> int:
        """Bytes of the whole DE 62."""
        return sum(slot.length for slot in self.slots)

    def wrapping_key(self, tmk: bytes) -> bytes:
        """The part of the TMK that wraps."""
        return tmk[:8] if self.single_des else tmk


@dataclass(frozen=True, slots=True)
class Delivered:
    """One key out of a DE 62, whether its check value fits or not.

    Attributes:
        name: PIK, MAK or TDK.
        key: in clear.
        computed: check value of ``key``.
        sent: check value that came with it.
    """

    name: str
    key: bytes = field(repr=False)
    computed: bytes
    sent: bytes

    @property
    def matches(self) -> bool:
        """Whether the key may be used."""
        return self.computed == self.sent


# One length, one default: of two layouts of the same length the first here is the usual one.
LAYOUTS: dict[str, Layout] = {
    "single": Layout(
        "60.3 = 001: PIK 8, MAK 8, single DES", (Slot("PIK", 8), Slot("MAK", 8)), single_des=True
    ),
    "double": Layout(
        "60.3 = 003: PIK 16, MAK 16 or 8 and 8 zero bytes", (Slot("PIK", 16), Slot("MAK", 16))
    ),
    "double+track": Layout(
        "60.3 = 004: double, then TDK 16", (Slot("PIK", 16), Slot("MAK", 16), Slot("TDK", 16))
    ),
    "double+track-kcv3": Layout(
        "60.3 = 005 or 011: PIK, MAK, TDK 16, check values of 3 bytes",
        (Slot("PIK", 16, 3), Slot("MAK", 16, 3), Slot("TDK", 16, 3)),
    ),
    "double-kcv-inside": Layout(
        "provincial: double, MAK 8 with its check value before the 8 zero bytes",
        (Slot("PIK", 16), Slot("MAK", 8, tail=8)),
    ),
}


def layout_of(length: int) -> str:
    """The name of the usual layout of a DE 62 of so many bytes.

    Raises:
        KeyProblem: no layout has this length.

    >>> layout_of(40)
    'double'
    """
    for name, layout in LAYOUTS.items():
        if layout.length == length:
            return name
    known = ", ".join(str(each) for each in sorted({known.length for known in LAYOUTS.values()}))
    raise KeyProblem(f"DE 62 (keys): {length} bytes, known layouts have {known}")


def pack_working_keys(keys: WorkingKeys, tmk: bytes, layout: str) -> bytes:
    """DE 62 that delivers ``keys``.

    Layout ``single`` wraps by single DES. Under a TMK of 16 bytes its left half is taken: the
    document asks for single DES with 001 and nothing else of such a key can do it.

    Args:
        keys: in clear.
        tmk: 8, 16 or 24 bytes.
        layout: a name in :data:`LAYOUTS`.

    Returns:
        As many bytes as the layout has.

    Raises:
        KeyProblem: a key that has no room in the layout, or is missing.

    Source: protocol.md sections 4.1 and 4.2; the vector is V074.

    >>> tmk = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
    >>> pik = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
    >>> keys = WorkingKeys(pik, mak=bytes.fromhex("5BB5C72CD00B7338"))
    >>> pack_working_keys(keys, tmk, "double")[20:].hex().upper()
    'B651F9E9BACE9AE10000000000000000AB7153CA'
    """
    form = LAYOUTS[layout]
    if keys.tdk is not None and "TDK" not in [slot.name for slot in form.slots]:
        raise KeyProblem(f"TDK: layout {layout} has no place for it")
    given = {"PIK": keys.pik, "MAK": keys.mak, "TDK": keys.tdk}
    wrapping = form.wrapping_key(tmk)
    return b"".join(_fill(slot, given[slot.name], wrapping) for slot in form.slots)


def unpack_working_keys(de62: bytes, tmk: bytes, layout: str) -> WorkingKeys:
    """The working keys of a DE 62, every check value compared.

    Args:
        de62: without its length prefix.
        tmk: 8, 16 or 24 bytes.
        layout: a name in :data:`LAYOUTS`.

    Raises:
        KeyProblem: another length than the layout's, or a check value that does not match:
            the keys must not be used (protocol.md section 4.2).

    Source: protocol.md section 4.2; the vector is V074.

    >>> tmk = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
    >>> pik = "6701EAD6A9AD51E51AA406E2C27FCFA9" "8D0A74B8"
    >>> mak = "B651F9E9BACE9AE1" "0000000000000000" "AB7153CA"
    >>> unpack_working_keys(bytes.fromhex(pik + mak), tmk, "double")
    WorkingKeys(pik=KCV 8D0A74B8, mak=KCV AB7153CA, tdk=None)
    """
    delivered = open_each(de62, tmk, layout)
    for one in delivered:
        if not one.matches:
            computed, sent = one.computed.hex().upper(), one.sent.hex().upper()
            raise KeyProblem(f"{one.name}: KCV {computed} computed, {sent} sent")
    keys = {one.name: one.key for one in delivered}
    return WorkingKeys(keys["PIK"], keys["MAK"], keys.get("TDK"))


def open_each(de62: bytes, tmk: bytes, layout: str) -> tuple[Delivered, ...]:
    """Every key of a DE 62 with both check values, for showing; nothing is compared.

    Args:
        de62: without its length prefix.
        tmk: 8, 16 or 24 bytes.
        layout: a name in :data:`LAYOUTS`.

    Raises:
        KeyProblem: another length than the layout's, or a TMK of an impossible one.

    Source: protocol.md section 4.2; the vector is V074.

    >>> tmk = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
    >>> wrong = bytes.fromhex("6701EAD6A9AD51E51AA406E2C27FCFA9" + "0" * 48)
    >>> open_each(wrong, tmk, "double")[0].matches
    False
    """
    form = LAYOUTS[layout]
    if len(de62) != form.length:
        raise KeyProblem(
            f"DE 62 (keys): {len(de62)} bytes, {form.length} expected (layout {layout})"
        )
    return tuple(_each(de62, form.wrapping_key(tmk), form))


def _each(de62: bytes, wrapping: bytes, form: Layout) -> Iterator[Delivered]:
    start = 0
    for slot in form.slots:
        end = start + slot.key
        wrapped, sent = de62[start:end], de62[end : end + slot.kcv]
        if slot.may_be_single and wrapped.endswith(FILLER):
            wrapped = wrapped[: -len(FILLER)]  # the filler is not decrypted (section 4.1)
        key = unwrap(wrapping, wrapped)
        yield Delivered(slot.name, key, kcv(key, slot.kcv), sent)
        start += slot.length


def _fill(slot: Slot, key: bytes | None, wrapping: bytes) -> bytes:
    if key is None:
        raise KeyProblem(f"{slot.name}: missing, the layout delivers one")
    filler = b""
    if slot.may_be_single and len(key) == 8:
        filler = FILLER
    elif len(key) != slot.key:
        raise KeyProblem(f"{slot.name}: {len(key)} bytes, the layout has room for {slot.key}")
    return wrap(wrapping, key) + filler + kcv(key, slot.kcv) + bytes(slot.tail)
