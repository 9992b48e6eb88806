"""One connection against a hand-written transport: no sockets, no time but what a test passes."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import Any

import pytest

from switch.clock import NS_PER_SECOND
from switch.faults import FAULTS
from switch.net.connection import LINGER_ZERO, HostConnection
from switch.records import Delivery, Exchange, Order, Pause, Write
from switch.scenario.model import Reply
from tests.host.conversation import TID, Conversation

SECOND = NS_PER_SECOND


class Wire(asyncio.Transport):
    """What asyncio would hand over: it notes what was done, and refuses what asyncio refuses."""

    def __init__(
        self, peer: tuple[str, int] | None = ("192.0.2.7", 40001), sock: Any = None
    ) -> None:
        super().__init__({"peername": peer, "socket": sock})
        self.done: list[Any] = []
        self.eof = False

    def write(self, data: Any) -> None:
        if self.eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        self.done.append(bytes(data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.eof = True
        self.done.append("eof")

    def close(self) -> None:
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")


class Deaf(Wire):
    """A transport that cannot end one direction only, as under TLS."""

    def can_write_eof(self) -> bool:
        return False


class Socket:
    """The socket beneath, as far as a reset needs it."""

    def __init__(self) -> None:
        self.set: list[tuple[int, int, bytes]] = []

    def setsockopt(self, level: int, option: int, value: bytes) -> None:
        self.set.append((level, option, value))


class Clock:
    """Time that passes when a test says so."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.due: list[tuple[int, Callable[[], None]]] = []

    def now(self) -> int:
        return self.talk.clock.instant

    def local(self) -> Any:
        return self.talk.clock.shown

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False) -> Any:
        self.due.append((when, callback))

    def pass_time(self, ns: int) -> None:
        """Run what falls due within ``ns``, in order."""
        end = self.now() + ns
        while due := sorted((w, i) for i, (w, _) in enumerate(self.due) if w <= end):
            when, place = due[0]
            self.talk.clock.instant = when
            self.due.pop(place)[1]()
        self.talk.clock.instant = end


class Bench:
    """A connection of a host, ready to use."""

    def __init__(self, wire: Wire | None = None, replies: dict[str, Reply] | None = None) -> None:
        self.talk = Conversation(replies)
        self.clock = Clock(self.talk)
        self.seen: list[tuple[Exchange, int]] = []
        self.gone: list[HostConnection] = []
        self.line = HostConnection(7, self.talk.host, self.clock, self, self.gone.append)
        self.wire = wire or Wire()
        self.line.connection_made(self.wire)

    def exchanged(self, exchange: Exchange, conn: int) -> None:
        self.seen.append((exchange, conn))

    def request(self, kind: str, **given: str) -> bytes:
        """The frame of a request as it travels."""
        side = self.talk.side(TID)
        message = self.talk.request(kind, given, side)
        body = self.talk.sealed(message, given, side)
        inner = bytes.fromhex("6000030000" + "603100310000") + body
        return struct.pack(">H", len(inner)) + inner

    def delivery(self, *pieces: Any, faults: tuple[str, ...] = ()) -> Delivery:
        return Delivery(1, 7, 0, pieces, TID, {"exchange": 1, "whole": True}, faults)

    def kinds(self, *but: str) -> list[str]:
        return [event.kind for event in self.talk.log.events if event.kind not in but]

    def events(self, kind: str) -> list[Any]:
        return self.talk.events(kind)


@pytest.fixture
def bench() -> Bench:
    return Bench()


ECHO: dict[str, str] = {}
A, B, C = Write(b"aa"), Write(b"bbb"), Write(b"c")


# ---- bytes in ------------------------------------------------------------------------------


def test_a_request_is_answered_on_its_connection(bench: Bench) -> None:
    bench.line.data_received(bench.request("echo"))
    (answer,) = bench.wire.done
    assert answer[2:13].hex() == "6000000003" + "603100310000"
    assert bench.kinds() == ["connection_opened", "received", "decided", "sent"]
    assert {event.conn for event in bench.talk.log.events} == {7}
    assert bench.line.terminal == TID
    ((exchange, conn),) = bench.seen
    assert (exchange.code, conn) == ("00", 7)


def test_a_request_may_arrive_in_any_two_pieces() -> None:
    whole = Bench()
    frame = whole.request("echo")
    whole.line.data_received(frame)
    for cut in range(1, len(frame)):
        bench = Bench()
        bench.line.data_received(frame[:cut])
        assert bench.wire.done == [], cut
        bench.line.data_received(frame[cut:])
        assert bench.wire.done == whole.wire.done, cut


def test_a_request_may_arrive_byte_by_byte(bench: Bench) -> None:
    frame = bench.request("echo")
    for place in range(len(frame)):
        assert bench.wire.done == []
        bench.line.data_received(frame[place : place + 1])
    assert len(bench.wire.done) == 1


def test_several_requests_in_one_read_are_answered_in_order(bench: Bench) -> None:
    frames = [
        bench.request("status_upload", stan=f"{n:06d}", network_code="362") for n in (1, 2, 3)
    ]
    bench.line.data_received(b"".join(frames) + frames[0][:9])
    stans = [event["fields"]["11"] for event in bench.events("sent")]
    assert stans == ["000001", "000002", "000003"]
    bench.line.data_received(frames[0][9:])
    assert len(bench.wire.done) == 4


@pytest.mark.parametrize("size", ["0000", "0014", "1001", "FFFF"])
def test_an_impossible_length_closes_the_connection(bench: Bench, size: str) -> None:
    bench.line.data_received(bytes.fromhex(size))
    assert bench.wire.done == ["close"]
    assert not bench.line.is_open
    (told,) = bench.events("unreadable")
    assert told["text"].endswith("21 to 4096 bytes are possible: connection closed")
    assert bench.seen[0][0].notes[0].endswith("connection closed")
    assert bench.events("connection_closed")[0]["by"] == "host"


def test_requests_before_an_impossible_length_are_answered(bench: Bench) -> None:
    bench.line.data_received(bench.request("echo") + b"\x00\x00")
    assert [type(done) for done in bench.wire.done] == [bytes, str]


def test_nothing_after_a_close_is_answered() -> None:
    close = FAULTS["transport"]["close"]()
    bench = Bench(replies={"000001": Reply(faults=(close,))})
    two = bench.request("status_upload", stan="000001", network_code="362")
    two += bench.request("status_upload", stan="000002", network_code="362")
    bench.line.data_received(two)
    assert bench.wire.done == ["close"]
    assert len(bench.events("received")) == 1


def test_the_peer_is_told_without_its_port(bench: Bench) -> None:
    assert bench.events("connection_opened")[0]["peer"] == "192.0.2.7"
    assert Bench(Wire(peer=None)).events("connection_opened")[0]["peer"] == "memory"


# ---- pieces out ----------------------------------------------------------------------------


def test_pieces_leave_in_order_with_their_pauses(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(A, Pause(SECOND), B, Pause(2 * SECOND), C, faults=("slow",)))
    assert bench.wire.done == [b"aa"]
    bench.clock.pass_time(SECOND - 1)
    assert bench.wire.done == [b"aa"]
    bench.clock.pass_time(1)
    assert bench.wire.done == [b"aa", b"bbb"]
    assert bench.kinds("connection_opened") == [], "not sent until the last byte has left"
    bench.clock.pass_time(2 * SECOND)
    assert bench.wire.done == [b"aa", b"bbb", b"c"]
    assert bench.kinds("connection_opened") == ["sent", "fault_applied"]
    assert bench.events("sent")[0].at == 3 * SECOND


def test_another_response_may_leave_during_a_pause(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(Pause(SECOND), A))
    bench.line.deliver(bench.delivery(B))
    assert bench.wire.done == [b"bbb"]
    bench.clock.pass_time(SECOND)
    assert bench.wire.done == [b"bbb", b"aa"]


def test_a_close_in_a_delivery_is_ours_and_it_still_counts_as_sent(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(A, Order("close"), faults=("transport close after 2 bytes",)))
    assert bench.wire.done == [b"aa", "close"]
    assert bench.kinds("connection_opened") == ["connection_closed", "sent", "fault_applied"]
    bench.line.connection_lost(None)
    assert len(bench.events("connection_closed")) == 1, "told once"
    assert bench.gone == [bench.line]


def test_a_reset_discards_what_is_unsent() -> None:
    socket = Socket()
    bench = Bench(Wire(sock=socket))
    bench.line.deliver(bench.delivery(A, Order("reset")))
    assert bench.wire.done == [b"aa", "abort"]
    assert [value for _, _, value in socket.set] == [LINGER_ZERO]
    assert not bench.line.is_open


def test_a_reset_without_a_socket_beneath_is_an_abort(bench: Bench) -> None:
    bench.line.order(Order("reset"))
    assert bench.wire.done == ["abort"]


def test_a_half_close_ends_our_direction_and_goes_on_reading(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(A, Order("half_close")))
    assert bench.wire.done == [b"aa", "eof"]
    assert bench.line.is_open
    bench.line.data_received(bench.request("echo"))
    assert bench.wire.done == [b"aa", "eof"], "nothing can be written any more"
    (told,) = bench.events("undelivered")
    assert told["why"] == "the host had ended its side of the connection"
    assert bench.events("decided"), "the request was read and decided"


def test_where_one_direction_cannot_end_alone_both_do() -> None:
    bench = Bench(Deaf())
    bench.line.order(Order("half_close"))
    assert bench.wire.done == ["close"]


# ---- stall and resume ----------------------------------------------------------------------


def test_a_stall_ends_by_itself(bench: Bench) -> None:
    words = "transport stall after 2 bytes for 5.0s"
    bench.line.deliver(bench.delivery(A, Order("stall", 5 * SECOND), B, faults=(words,)))
    assert bench.wire.done == [b"aa"]
    assert bench.kinds("connection_opened") == ["fault_applied"], "it met the terminal at once"
    bench.clock.pass_time(5 * SECOND)
    assert bench.wire.done == [b"aa", b"bbb"]
    assert bench.kinds("connection_opened") == ["fault_applied", "sent"]


def test_a_stall_without_an_end_lasts_until_resumed(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(Order("stall"), A))
    bench.line.deliver(bench.delivery(B))
    bench.clock.pass_time(1000 * SECOND)
    assert bench.wire.done == []
    bench.line.order(Order("resume"))
    assert bench.wire.done == [b"aa", b"bbb"], "in the order in which they were stopped"
    assert len(bench.events("sent")) == 2


def test_a_stalled_connection_still_reads_and_decides(bench: Bench) -> None:
    bench.line.order(Order("stall"))
    bench.line.data_received(bench.request("echo"))
    assert bench.wire.done == []
    assert len(bench.events("decided")) == 1
    bench.line.order(Order("resume"))
    assert len(bench.wire.done) == 1


def test_what_was_stalled_when_the_terminal_left_is_undelivered(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(Order("stall"), A))
    bench.line.connection_lost(None)
    (told,) = bench.events("undelivered")
    assert told["why"] == "the connection ended while it was stalled"
    assert bench.events("sent") == []
    bench.line.order(Order("resume"))
    assert bench.wire.done == []


def test_a_close_works_while_stalled(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(Order("stall"), A))
    bench.line.order(Order("close"))
    assert bench.wire.done == ["close"]


# ---- the other side ends it ----------------------------------------------------------------


def test_a_terminal_that_hangs_up_is_told(bench: Bench) -> None:
    bench.line.data_received(bench.request("echo"))
    bench.line.connection_lost(None)
    (told,) = bench.events("connection_closed")
    assert (told["by"], told.terminal) == ("terminal", TID)
    assert not bench.line.is_open
    assert bench.gone == [bench.line]


def test_a_response_to_a_terminal_that_hung_up_is_undelivered(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(Pause(SECOND), A, faults=("timing delay",)))
    bench.line.connection_lost(ConnectionResetError())
    bench.clock.pass_time(SECOND)
    (told,) = bench.events("undelivered")
    assert told["why"] == "the terminal had closed the connection"
    assert bench.events("fault_applied") == []
    assert bench.wire.done == []


def test_the_rest_of_a_slow_response_is_undelivered_when_the_terminal_leaves(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(A, Pause(SECOND), B))
    bench.line.connection_lost(None)
    bench.clock.pass_time(SECOND)
    assert bench.wire.done == [b"aa"]
    assert bench.kinds("connection_opened", "connection_closed") == ["undelivered"]


def test_a_response_after_our_own_close_says_that_it_was_ours(bench: Bench) -> None:
    bench.line.deliver(bench.delivery(Pause(SECOND), A))
    bench.line.order(Order("close"))
    bench.clock.pass_time(SECOND)
    (told,) = bench.events("undelivered")
    assert told["why"] == "the host had closed the connection"


def test_a_delivery_of_nothing_is_undelivered_when_the_terminal_left_before(bench: Bench) -> None:
    bench.line.connection_lost(None)
    bench.line.deliver(bench.delivery())
    assert bench.kinds("connection_opened", "connection_closed") == ["undelivered"]


@pytest.mark.parametrize("verb", ["close", "reset", "half_close", "stall", "resume"])
def test_an_order_after_the_end_does_nothing(bench: Bench, verb: str) -> None:
    bench.line.connection_lost(None)
    bench.line.order(Order(verb))
    assert bench.wire.done == []


def test_the_end_of_the_other_direction_ends_the_connection(bench: Bench) -> None:
    """asyncio closes the transport when this says False, and calls connection_lost."""
    assert bench.line.eof_received() is False


def test_accept_then_close(bench: Bench) -> None:
    line = HostConnection(8, bench.talk.host, bench.clock, bench, bench.gone.append)
    line.closes_at_once = True
    wire = Wire()
    line.connection_made(wire)
    assert wire.done == ["close"]
    assert [event.conn for event in bench.events("connection_closed")] == [8]


def test_a_connection_may_go_on_with_the_host_of_the_next_case(bench: Bench) -> None:
    frame = bench.request("echo")
    bench.line.data_received(frame[:10])
    after = Conversation(before=bench.talk)
    bench.line.serve(after.host, bench.clock, bench)
    bench.line.data_received(frame[10:])
    assert [event.kind for event in after.log.events] == ["received", "decided", "sent"]
    assert len(bench.wire.done) == 1


def test_the_host_may_go_down(bench: Bench) -> None:
    bench.line.close()
    assert bench.wire.done == ["close"]
    assert bench.events("connection_closed")[0]["by"] == "host"
