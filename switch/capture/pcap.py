"""Network captures: pcap and pcapng, through dpkt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switch.capture.stream import Opened, Piece
from switch.capture.tcp import Connection
from switch.clock import NS_PER_SECOND
from switch.errors import BadUsage

MAGIC = (
    b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d",
    b"\x0a\x0d\x0d\x0a",
)  # fmt: skip
End = tuple[bytes, int]  # address and port


def read(path: Path) -> Iterator[Piece]:
    """What the capture holds, connection by connection, in the order of its packets.

    Raises:
        BadUsage: dpkt is not installed, or the file is no capture.
    """
    try:
        import dpkt
    except ImportError:
        text = "captures need dpkt: pip install 'payment-switch-simulator[pcap]'"
        raise BadUsage(text) from None
    first: int | None = None
    flows: dict[frozenset[End], Flow] = {}
    with path.open("rb") as file:
        try:
            reader = dpkt.pcap.UniversalReader(file)
            for seconds, packet in reader:
                found = _segment(dpkt, reader.datalink(), packet)
                if found:
                    at = round(seconds * NS_PER_SECOND)
                    first = at if first is None else first
                    yield from _take(dpkt, flows, at - first, found)
        except (ValueError, dpkt.UnpackError) as error:
            raise BadUsage(f"{path}: no capture that can be read: {error}") from None
    for flow in flows.values():
        yield from flow.connection.give_up()


@dataclass(frozen=True, slots=True)
class Flow:
    """A connection between two ends; its side 0 is the one that opened it, or spoke first."""

    opener: End
    connection: Connection


@dataclass(frozen=True, slots=True)
class Segment:
    """A TCP segment and its ends."""

    sender: End
    receiver: End
    tcp: Any


def _segment(dpkt: Any, link: int, packet: bytes) -> Segment | None:
    """The TCP segment of a packet; None for anything else."""
    layers = {
        dpkt.pcap.DLT_EN10MB: dpkt.ethernet.Ethernet,
        dpkt.pcap.DLT_LINUX_SLL: dpkt.sll.SLL,
        dpkt.pcap.DLT_LINUX_SLL2: dpkt.sll2.SLL2,
        dpkt.pcap.DLT_NULL: dpkt.loopback.Loopback,
    }
    try:
        if link in layers:
            network = layers[link](packet).data
        else:
            network = (dpkt.ip6.IP6 if packet[0] >> 4 == 6 else dpkt.ip.IP)(packet)
    except (dpkt.UnpackError, IndexError):
        return None
    tcp = getattr(network, "data", None)
    if not isinstance(tcp, dpkt.tcp.TCP):
        return None
    return Segment((network.src, tcp.sport), (network.dst, tcp.dport), tcp)


def _take(
    dpkt: Any, flows: dict[frozenset[End], Flow], now: int, found: Segment
) -> Iterator[Piece]:
    """What one segment brings."""
    ends, tcp = frozenset((found.sender, found.receiver)), found.tcp
    begins = tcp.flags & (dpkt.tcp.TH_SYN | dpkt.tcp.TH_ACK) == dpkt.tcp.TH_SYN
    flow = flows.get(ends)
    if flow is None or (begins and flow.connection.ended):
        number = max((one.connection.number for one in flows.values()), default=0) + 1
        flow = flows[ends] = Flow(found.sender, Connection(number))
        yield Opened(now, number)
    side = 0 if found.sender == flow.opener else 1
    if tcp.flags & dpkt.tcp.TH_SYN:
        flow.connection.begin(side, tcp.seq)
    elif tcp.data:
        yield from flow.connection.take(side, tcp.seq, bytes(tcp.data), now)
    if tcp.flags & (dpkt.tcp.TH_FIN | dpkt.tcp.TH_RST):
        yield from flow.connection.end(side, now)
