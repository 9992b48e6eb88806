"""Faults of the MAC of a sealed response."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from switch.dialect import Dialect
from switch.faults.bitmap import has_bit, split_body, with_bit
from switch.faults.fault import Fault, FaultSkipped, fault

Seal = Callable[[bytes], bytes]
HEX = b"0123456789ABCDEF"


@dataclass(frozen=True, slots=True)
class MacFault(Fault):
    """Base: the sealed body leaves with another MAC, or with none."""

    moment: ClassVar[str] = "mac"

    def apply(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        """The spoiled body.

        Args:
            sealed: from the MTI on; the MAC is its last ``dialect.mac_bytes`` bytes.
            dialect: where the MAC stands.
            stale_seal: sealed body -> the same body with a MAC under the key before the one
                in force; None if the terminal never had one.

        Raises:
            FaultSkipped: the response carries no MAC, or there is no older key.
        """
        _, bitmap, elements = split_body(sealed, dialect.coding)
        size = dialect.mac_bytes
        if not has_bit(bitmap, dialect.coding, dialect.mac_element) or len(elements) < size:
            raise FaultSkipped("this response carries no MAC")
        return self.spoil(sealed, dialect, stale_seal)

    @abstractmethod
    def spoil(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        """The same for a body that does carry a MAC."""


@fault
@dataclass(frozen=True, slots=True)
class Valid(MacFault):
    """The MAC is right: the control case of a matrix over the others."""

    kind: ClassVar[str] = "valid"

    def spoil(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        return sealed


@fault
@dataclass(frozen=True, slots=True)
class Wrong(MacFault):
    """The MAC is wrong in its last character and still looks like one.

    Where the MAC is written as hex it stays upper-case hex; otherwise its last bit is flipped.
    """

    kind: ClassVar[str] = "wrong"

    def spoil(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        last = sealed[-1]
        written = all(byte in HEX for byte in sealed[-dialect.mac_bytes :])
        return sealed[:-1] + bytes([HEX[HEX.index(last) ^ 1] if written else last ^ 1])


@fault
@dataclass(frozen=True, slots=True)
class Absent(MacFault):
    """The MAC is left out, and its bit with it."""

    kind: ClassVar[str] = "absent"

    def spoil(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        mti, bitmap, elements = split_body(sealed, dialect.coding)
        cleared = with_bit(bitmap, dialect.coding, dialect.mac_element, on=False)
        return mti + cleared + elements[: -dialect.mac_bytes]


@fault
@dataclass(frozen=True, slots=True)
class Zero(MacFault):
    """The MAC is all zero bytes."""

    kind: ClassVar[str] = "zero"

    def spoil(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        return sealed[: -dialect.mac_bytes] + bytes(dialect.mac_bytes)


@fault
@dataclass(frozen=True, slots=True)
class StaleKey(MacFault):
    """The MAC is made with the key of the sign-on before (rule S7); skipped if there was none."""

    kind: ClassVar[str] = "stale_key"

    def spoil(self, sealed: bytes, dialect: Dialect, stale_seal: Seal | None) -> bytes:
        if stale_seal is None:
            raise FaultSkipped("the terminal had no MAC key before this one")
        return stale_seal(sealed)
