"""One approved cup-pos sale response, and a stand-in for the path that it takes to the wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from switch.chance import Chance
from switch.dialect import Dialect, load
from switch.faults import (
    Fault,
    FieldFault,
    FrameFault,
    MacFault,
    MessageFault,
    TimingFault,
    TransportFault,
    order,
)
from switch.message import Message, Parts
from switch.records import Piece, Write
from switch.security.mac import mac
from switch.wire import Frame

# Vector V076 (synthetic): PAN, keys and names belong to nobody.
SALE_RESPONSE = {
    2: "6212142000000000012",
    3: "000000",
    4: "000000000100",
    11: "000002",
    12: "103105",
    13: "0723",
    14: "3012",
    15: "0723",
    25: "00",
    32: "00010000",
    37: "103105000002",
    38: "A00001",
    39: "00",
    41: "12345678",
    42: "898310012345678",
    44: "03080000   48520000   ",
    49: "156",
    60: "22000001000",
    63: "CUP",
}
MAK = bytes.fromhex("5BB5C72CD00B7338")
OLDER_MAK = bytes.fromhex("0123456789ABCDEF")
REQUEST_FRAME = Frame("6000030000", "603100310000", b"")


@dataclass(frozen=True)
class Path:
    """Steps 6 to 10 of the spine for one response, without the spine."""

    dialect: Dialect
    response: Message

    def parts(self, response: Message | None = None) -> Parts:
        return self.dialect.encode(response or self.response, sealed=True)

    def seal(self, body: bytes, key: bytes = MAK) -> bytes:
        covered = body[: -self.dialect.mac_bytes]
        return covered + mac(self.dialect.mac_algorithm, key, covered)

    def sealed(self) -> bytes:
        return self.seal(self.parts().join())

    def wire(self, sealed: bytes | None = None) -> bytes:
        framing = self.dialect.framing
        return framing.wrap(framing.answer(REQUEST_FRAME, sealed or self.sealed()))

    def pieces(self, faults: Sequence[Fault], earlier: bytes | None = None) -> tuple[Piece, ...]:
        """What leaves after all ``faults``."""
        response, kind = self.response, "sale"
        planned = order(faults)
        for fault in planned:
            if isinstance(fault, MessageFault):
                response = fault.apply(response, self.dialect)
        parts = self.parts(response)
        for fault in planned:
            if isinstance(fault, FieldFault):
                parts = fault.apply(parts, self.dialect, kind)
        body = self.seal(parts.join())
        for fault in planned:
            if isinstance(fault, MacFault):
                body = fault.apply(body, self.dialect, lambda b: self.seal(b, OLDER_MAK))
        pieces: tuple[Piece, ...] = (Write(self.wire(body)),)
        for fault in planned:
            if isinstance(fault, FrameFault):
                pieces = fault.apply(self.wire(body), self.dialect.framing)
        for fault in planned:
            if isinstance(fault, TransportFault):
                pieces = fault.apply(pieces)
            if isinstance(fault, TimingFault):
                pieces = fault.apply(pieces, Chance("8583"), earlier)
        return pieces


@pytest.fixture(scope="session")
def dialect() -> Dialect:
    return load("cup-pos")


@pytest.fixture(scope="session")
def response(dialect: Dialect) -> Message:
    return dialect.classified(Message("0210", SALE_RESPONSE), "sale")


@pytest.fixture(scope="session")
def path(dialect: Dialect, response: Message) -> Path:
    return Path(dialect, response)


PathOf = Callable[[dict[int, str]], Path]


@pytest.fixture(scope="session")
def path_of(dialect: Dialect) -> PathOf:
    """A path for a response with other values."""

    def make(fields: dict[int, str]) -> Path:
        return Path(dialect, dialect.classified(Message("0210", fields), "sale"))

    return make
