"""A conversation in bytes, as a capture would hold it: a terminal that knows only the protocol,
and our host. Its last act is a mistake: it reverses a decline."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass
from functools import cache
from typing import Any

import dpkt

from switch.acquirer.book import load as load_book
from switch.chance import Chance
from switch.dialect import load
from switch.host import Host
from switch.masking import Tokens
from switch.net.connection import HostConnection
from switch.records import EventLog
from switch.scenario.plan import NoDirector
from tests.host.conversation import FixedClock
from tests.net.protocol_client import MID, TID, TMK, ProtocolTerminal

DIALECT, BOOK = load("cup-pos"), load_book()


@dataclass(frozen=True)
class Taped:
    """Bytes of one side; ``side`` 0 is the terminal."""

    side: int
    content: bytes


class Line(asyncio.Transport):
    """Both ends of a connection in one: what is written is taped, and can be read."""

    def __init__(self, tape: list[Taped]) -> None:
        super().__init__()
        self.tape = tape
        self.answers = b""
        clock = FixedClock()
        host = Host(
            DIALECT, BOOK, clock, Chance("taped"), Tokens(b"taped"), NoDirector(),
            EventLog(clock.now),
        )  # fmt: skip
        silent: Any = type("Silent", (), {"exchanged": lambda *_: None})()
        self.connection = HostConnection(1, host, clock, silent, lambda gone: None)
        self.connection.connection_made(self)

    def write(self, data: Any) -> None:
        self.tape.append(Taped(1, bytes(data)))
        self.answers += bytes(data)

    def sendall(self, data: bytes) -> None:
        self.tape.append(Taped(0, data))
        self.connection.data_received(data)

    def recv(self, count: int) -> bytes:
        taken, self.answers = self.answers[:count], self.answers[count:]
        return taken


class TapedTerminal(ProtocolTerminal):
    """The terminal of the tests for ``serve``, on a tape instead of a socket."""

    def __init__(self, tape: list[Taped]) -> None:
        self.socket = Line(tape)  # type: ignore[assignment]
        self.tid, self.mid, self.tmk = TID, MID, TMK
        self.pik = self.mak = self.header = b""
        self.batch, self.stan = "000001", 0


@cache
def tape() -> tuple[Taped, ...]:
    """Sign-on, sale, echo, a sale that is declined, and its reversal with reason 06."""
    out: list[Taped] = []
    terminal = TapedTerminal(out)
    terminal.sign_on()
    terminal.sale(10000)
    terminal.echo()
    asked, answer = terminal.sale(10**9)
    assert answer[39] == "51"
    terminal.reversal(asked, "06")
    return tuple(out)


# ---- as files --------------------------------------------------------------------------------


def segment(side: int, sequence: int, content: bytes, flags: int = dpkt.tcp.TH_ACK) -> bytes:
    """An Ethernet packet from the terminal (side 0) or the host."""
    ports = (40000, 8583)[:: -1 if side else 1]
    addresses = (b"\x0a\x00\x00\x02", b"\x0a\x00\x00\x01")[:: -1 if side else 1]
    tcp = dpkt.tcp.TCP(sport=ports[0], dport=ports[1], seq=sequence, flags=flags, data=content)
    ip = dpkt.ip.IP(src=addresses[0], dst=addresses[1], p=6, data=tcp)
    ip.len = len(ip)
    return bytes(dpkt.ethernet.Ethernet(data=ip))


def packets(said: tuple[Taped, ...], size: int = 1460) -> list[bytes]:
    """The conversation as packets, with SYN and FIN; ``size``: bytes of a segment at most."""
    syn, fin = dpkt.tcp.TH_SYN, dpkt.tcp.TH_FIN | dpkt.tcp.TH_ACK
    places = [0xFFFFFFF0, 5000]  # sequence numbers wrap
    out = [segment(0, places[0], b"", syn), segment(1, places[1], b"", syn | dpkt.tcp.TH_ACK)]
    places = [(place + 1) % 2**32 for place in places]
    for one in said:
        for start in range(0, len(one.content), size):
            part = one.content[start : start + size]
            out.append(segment(one.side, places[one.side], part))
            places[one.side] = (places[one.side] + len(part)) % 2**32
    return [*out, segment(0, places[0], b"", fin)]


def frames(said: tuple[Taped, ...]) -> list[bytes]:
    """Each message without its length prefix."""
    for one in said:
        assert struct.unpack(">H", one.content[:2])[0] == len(one.content) - 2
    return [one.content[2:] for one in said]
