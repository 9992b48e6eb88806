"""A bench for the model terminal: a virtual clock, a wire with latency, a scripted host.

The host is built from dialect and security only; what it answers is a queue of :class:`Say`
per message class, an approval when the queue is empty. Every conversation is a transcript::

    >> 0200 sale 000002
    << 0210 00 000002
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from switch import elements as de
from switch.chance import Chance
from switch.clock import NS_PER_SECOND, calendar
from switch.dialect import Answer, load
from switch.errors import SwitchError
from switch.message import Message
from switch.message.tlv import read_tags, write_tags
from switch.scenario.model import Stimulus
from switch.security import WorkingKeys, pack_working_keys
from switch.security.chip import issuer_authentication
from switch.security.mac import mac, verify
from switch.terminal import DEFECTS, Card, Habits, Record, Result, Settings, Terminal
from switch.wire import Frame, Framer

LATENCY = 5_000_000
TMK = bytes.fromhex("CA5D92598DCA48CE8A4C76361A9269E9")
PIK = bytes.fromhex("807A23AD32B36D457AE91FDF927570EA")
MAK = bytes.fromhex("5BB5C72CD00B7338")
ICC_KEY = bytes.fromhex("014D996FCC8F49157DC8B49E3BCDFD99")
CARDS = {
    "pin": Card("pin", "6212142000000000012", "3012", "123456", code="6288471093562810417"),
    "plain": Card("plain", "4012345678909", "2911"),
    "chip": Card("chip", "6212142000000000103", "3012", sequence="001", icc_key=ICC_KEY),
}
DIALECT = load("cup-pos")


class VirtualClock:
    """Time that passes only when somebody says so."""

    def __init__(self) -> None:
        self.time = 0
        self._heap: list[tuple[int, bool, int, Callable[[], None]]] = []
        self._count = 0
        self._cancelled: set[int] = set()

    def now(self) -> int:
        return self.time

    def local(self) -> datetime:
        return calendar(self.time)

    def call_at(self, when: int, callback: Callable[[], None], *, last: bool = False) -> Any:
        self._count += 1
        heapq.heappush(self._heap, (max(when, self.time), last, self._count, callback))
        return _Timer(self._cancelled, self._count)

    def run(self, until: int) -> None:
        while self._heap and self._heap[0][0] <= until:
            self.time, _, number, callback = heapq.heappop(self._heap)
            if number not in self._cancelled:
                callback()
        self.time = until


@dataclass
class _Timer:
    cancelled: set[int]
    number: int

    def cancel(self) -> None:
        self.cancelled.add(self.number)


@dataclass(frozen=True)
class Say:
    """What the host says to one message; the default is a plain approval."""

    code: str = "00"
    set: dict[int, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    omit: tuple[int, ...] = ()
    mti: str = ""
    mac: str = "valid"
    requirement: str = ""
    header: str = ""
    after: float = 0
    times: int = 1
    raw: bytes | None = None
    cut: int | None = None
    close: bool = False
    flags: str = "11"


SILENCE = Say(times=0)
CLOSE = Say(times=0, close=True)


class Bench:
    """One terminal, one host, one wire between them."""

    def __init__(
        self, style: str = "eager", defect: str = "", record: Record | None = None, **settings: Any
    ) -> None:
        self.clock = VirtualClock()
        self.settings = Settings(**{
            "tid": "12345678", "mid": "898310012345678", "tmk": TMK, "dialect": DIALECT,
            "cards": CARDS, "default_card": "pin", "style": style,
            "habits": DEFECTS[defect].habits if defect else Habits(), **settings,
        })  # fmt: skip
        self.lines: list[tuple[int, str]] = []
        self.shown: list[tuple[str, str]] = []
        self.saved: list[str] = []
        self.results: list[Result] = []
        self.requests: list[Message] = []
        self.frames: list[bytes] = []
        self.plan: dict[str, list[Say]] = {}
        self.refuse = 0
        self.keys = WorkingKeys(PIK, MAK)
        self.next_keys: list[WorkingKeys] = []
        self.bite = 0
        self.batch = "000001"
        self.connection = 0
        self.framer = Framer(DIALECT.framing)
        self.then: Callable[[Result], None] = lambda result: None
        self.terminal = Terminal(
            self.settings, record or Record(), self.clock, Chance("bench"), self
        )

    # ---- the terminal's port -----------------------------------------------------------

    def connect(self) -> None:
        self.connection += 1
        number = self.connection
        if self.refuse:
            self.refuse -= 1
            self._line("-- refused")
            self._later(LATENCY, number, lambda: self.terminal.connect_failed("refused"))
            return
        self.framer = Framer(DIALECT.framing)
        self._later(LATENCY, number, self.terminal.connected)

    def send(self, data: bytes) -> None:
        self.frames.append(data)
        number = self.connection
        self._later(LATENCY, number, lambda: self._host_takes(data, number))

    def close(self) -> None:
        self.connection += 1

    def show(self, channel: str, text: str) -> None:
        self.shown.append((channel, text))

    def save(self, record: Record) -> None:
        self.saved.append(record.to_json())

    def done(self, result: Result) -> None:
        self.results.append(result)
        self.then(result)

    # ---- the host ----------------------------------------------------------------------

    def on(self, kind: str, *says: Say) -> Bench:
        self.plan.setdefault(kind, []).extend(says)
        return self

    def _host_takes(self, data: bytes, number: int) -> None:
        for frame in self.framer.receive(data):
            self._answer(frame, number)

    def _answer(self, frame: Frame, number: int) -> None:
        request = DIALECT.decode(frame.body)
        self.requests.append(request)
        self._line(f">> {self._shown(request)}{self._mac_of(request, frame.body)}")
        queue = self.plan.get(request.kind, [])
        say = queue.pop(0) if queue else Say()
        wire = self._response(request, frame, say)
        for turn in range(say.times):
            self._later(
                LATENCY + int(say.after * NS_PER_SECOND) + turn, number,
                lambda: self.host_sends(wire if say.cut is None else wire[: say.cut]),
            )  # fmt: skip
        if say.close or say.cut is not None:
            self._later(LATENCY + 2, number, lambda: self.terminal.lost("host"))

    def host_sends(self, wire: bytes) -> None:
        self._line(f"<< {self._read(wire)}")
        step = self.bite or len(wire) or 1
        for start in range(0, len(wire), step):
            self.terminal.received(wire[start : start + step])

    def _response(self, request: Message, frame: Frame, say: Say) -> bytes:
        if say.raw is not None:
            return say.raw
        response = self._message(request, say)
        wanted = DIALECT.classes[response.kind].mac if response.kind in DIALECT.classes else False
        sealed = wanted and say.mac != "absent"
        body = DIALECT.encode(response, sealed=sealed).join()
        if sealed:
            tag = mac(DIALECT.mac_algorithm, self.keys.mak, body[:-8])
            body = body[:-8] + (tag if say.mac == "valid" else b"00000000")
        if request.kind == "sign_on" and self.next_keys:
            self.keys = self.next_keys.pop(0)
        answered = DIALECT.framing.answer(frame, body)
        header = say.header or DIALECT.header(frame.header, say.requirement)
        return DIALECT.framing.wrap(Frame(answered.tpdu, header, answered.body))

    def _message(self, request: Message, say: Say) -> Message:
        fields = {
            de.LOCAL_TIME: "103105", de.LOCAL_DATE: "0723", de.RRN: "103105000002",
            de.CONTROL: request[de.CONTROL][:11], de.PAN: request.pan or "",
        }  # fmt: skip
        if DIALECT.approves(say.code):
            fields[de.APPROVAL_CODE] = "A00001"
        if request.kind == "settlement":
            digits = request[de.PRIVATE_DIGITS]
            fields[de.PRIVATE_DIGITS] = f"{digits[:30]}{say.flags[0]}{digits[31:61]}{say.flags[1]}"
        if de.IC_DATA in request and request.kind != "script_result":
            tags = read_tags(request[de.IC_DATA])
            right = issuer_authentication(ICC_KEY, tags, say.code) if "9F26" in tags else ""
            fields[de.IC_DATA] = write_tags({"91": right, **say.tags})
        if request.kind == "balance":
            fields[de.BALANCE] = "1001156C000000123456"
        if request.kind == "sign_on":
            keys = self.next_keys[0] if self.next_keys else self.keys
            code = request.part("60.3")
            fields[de.CONTROL] = f"00{self.batch}{code}"
            packed = pack_working_keys(keys, TMK, DIALECT.key_layouts[code])
            fields[de.KEYS] = packed.hex().upper()
        answer = Answer(say.code, {n: value for n, value in fields.items() if value})
        response = DIALECT.respond(request, answer)
        response = response.with_fields(say.set).without(*say.omit)
        return Message(say.mti or response.mti, response.fields, response.kind)

    # ---- driving and reading -----------------------------------------------------------

    def ask(self, do: str, **more: Any) -> bool:
        return self.terminal.ask(Stimulus(do, **more))

    def run(self, seconds: float = 1) -> Bench:
        self.clock.run(self.clock.time + int(seconds * NS_PER_SECOND))
        return self

    def signed_on(self) -> Bench:
        """A terminal that has signed on, with an empty transcript."""
        self.ask("sign_on")
        self.run()
        self.lines.clear()
        return self

    def sells(self, seconds: float = 1, **more: Any) -> Bench:
        self.ask("sale", **more)
        return self.run(seconds)

    @property
    def transcript(self) -> str:
        return "\n".join(line for _, line in self.lines)

    def at(self, line: str) -> list[float]:
        """Seconds at which lines that begin so were written."""
        return [at / NS_PER_SECOND for at, text in self.lines if text.startswith(line)]

    def of(self, kind: str) -> list[Message]:
        return [request for request in self.requests if request.kind == kind]

    @property
    def slips(self) -> list[str]:
        return [text for channel, text in self.shown if channel == "slip"]

    def restarted(self) -> Bench:
        """The same terminal after its memory was read back from text."""
        record = Record.from_json(self.saved[-1])
        return Bench(self.settings.style, record=record)

    def _later(self, ns: int, number: int, what: Callable[[], None]) -> None:
        def if_still_there() -> None:
            if self.connection == number:
                what()

        self.clock.call_at(self.clock.time + ns, if_still_there)

    def _line(self, text: str) -> None:
        self.lines.append((self.clock.time, text))

    @staticmethod
    def _shown(message: Message) -> str:
        reason = f" {message[de.RESPONSE_CODE]}" if de.RESPONSE_CODE in message else ""
        return f"{message.mti} {message.kind}{reason} {message.get(de.STAN)}".rstrip()

    def _mac_of(self, request: Message, body: bytes) -> str:
        kind = DIALECT.classes.get(request.kind)
        if kind is None or not kind.mac:
            return ""
        if de.MAC not in request:
            return " without MAC"
        right = verify(DIALECT.mac_algorithm, self.keys.mak, body[:-8], body[-8:])
        return "" if right else " wrong MAC"

    @staticmethod
    def _read(wire: bytes) -> str:
        try:
            frame = next(iter(Framer(DIALECT.framing).receive(wire)), None)
            message = DIALECT.decode(frame.body) if frame else None
        except SwitchError:
            message = None
        if message is None:
            return f"{len(wire)} bytes"
        code = message.get(de.RESPONSE_CODE, "--")
        return f"{message.mti} {code} {message.get(de.STAN)}".rstrip()


def conversation(text: str) -> str:
    """A transcript as a test writes it: indented lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
