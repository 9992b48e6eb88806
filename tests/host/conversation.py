"""Conversations with a Host, written as transcripts.

::

    >> sale stan=000002 amount=10000 card=default      the terminal sends
    << 00 stan=000002 mac=valid approval=present       the host answers with exactly this
    << nothing                                         the host says nothing
    .. merchant 898310012345678 suspended for=5m       somebody changes the world
    .. wait 5m                                         time passes
    >> settlement stan=000003 local=10000/1/0/0        debit amount and count, credit likewise
    << -- de.48.5=1                                    a response without DE 39
    .. balance default 99990000                        what the books say now
    .. held default 10000                              and what pre-authorizations hold of it

Messages are built by ``Dialect.build`` and sealed with ``security.mac`` under the keys of the
last sign-on response. What a line does not say is left open; every response must be named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from switch.acquirer import Book, Entry
from switch.acquirer.book import load as load_book
from switch.acquirer.keys import DURATIONS
from switch.chance import Chance
from switch.clock import VIRTUAL_EPOCH, duration
from switch.dialect import Dialect, load
from switch.faults import leaving
from switch.host import Host
from switch.masking import Tokens
from switch.message import Message
from switch.message.tlv import write_tags
from switch.records import Delivery, Event, EventLog, Exchange
from switch.scenario.model import Reply
from switch.scenario.plan import Plan, Streams
from switch.security.chip import cryptogram
from switch.security.emv import icc_master_key
from switch.security.keys import WorkingKeys
from switch.security.layouts import unpack_working_keys
from switch.security.mac import mac, verify
from switch.security.pin import encrypt_block
from switch.totals import GROUPS, Totals
from switch.wire import Frame, Framer

DIALECT = load("cup-pos")
BOOK = load_book()
TID, MID = "12345678", "898310012345678"
RESPONSE_NAMES = {
    "stan": "11", "amount": "4", "approval": "38", "rrn": "37", "tid": "41", "mid": "42",
    "pan": "2", "time": "12", "date": "13", "settles": "15", "control": "60", "balance": "54",
    "organisation": "44", "acquirer": "32", "keys": "62", "remarks": "63",
}  # fmt: skip
# What an option of a request means to Dialect.build.
REQUEST_NAMES = {"tid": "terminal_id", "mid": "merchant_id", "reason": "39"}
# Classes that refer to an older transaction by what stands on its slip.
REFERRING = frozenset(
    {
        "void",
        "preauth_increment",
        "preauth_void",
        "completion",
        "completion_advice",
        "completion_void",
        "refund",
    }
)
OPTIONS = {
    "local", "foreign", "details", "card", "pin", "mac", "keys", "without", "original", "tpdu",
    "header", "conn", "again", "chip",
}  # fmt: skip
# What a chip says beside amount, number and cryptogram.
CHIP = {
    "9F27": "80", "9F10": "07010103A0000001", "9F36": "0157", "95": "0000040000", "9A": "260723",
    "9C": "00", "5F2A": "0156", "82": "7C00", "9F1A": "0156", "9F03": "000000000000",
    "9F33": "E0F8C8", "9F1E": "3132333435363738",
}  # fmt: skip


class FixedClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.instant = 0
        self.shown = VIRTUAL_EPOCH

    def now(self) -> int:
        return self.instant

    def local(self) -> datetime:
        return self.shown

    def call_at(self, when: int, callback: Any, *, last: bool = False) -> Any:
        raise AssertionError("the host sets no timers")


class Replies:
    """A director that plans a reply for a STAN, once."""

    def __init__(self, planned: Mapping[str, Reply]) -> None:
        self.planned = dict(planned)

    def plan(self, received: Event, draws: Streams) -> Plan:
        stan = received["values"].get("stan", "")
        reply = self.planned.pop(stan, None)
        return Plan() if reply is None else Plan(f"plan of {stan}", reply)


@dataclass
class Side:
    """A terminal as the transcript's author imagines it."""

    tid: str
    mid: str = MID
    batch: str = "000001"
    keys: WorkingKeys | None = None
    older: WorkingKeys | None = None
    sent: dict[str, Message] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Message] = field(default_factory=dict)


def changed(pairs: Sequence[str]) -> dict[str, Any]:
    """What ``status=suspended for=5m of=sale,void`` changes; a bare word is a status."""
    out: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            name, value = "status", name
        out[name] = value
        if value.isdigit():
            out[name] = int(value)
        elif name in DURATIONS:
            out[name] = duration(value)
        elif name in {"of", "stale", "requires", "permits", "entry"}:
            out[name] = tuple(value.split(","))
    return out


class Conversation:
    """A host, and whoever talks to it.

    Args:
        replies: STAN -> the reply that a scenario plans for it.
        book: the demo book without one.
        mac_policy: as ``serve --mac``.
        before: the conversation of the case before.
    """

    def __init__(
        self,
        replies: Mapping[str, Reply] | None = None,
        *,
        book: Book = BOOK,
        dialect: Dialect = DIALECT,
        mac_policy: str = "check",
        before: Conversation | None = None,
    ) -> None:
        self.clock = FixedClock()
        self.log = EventLog(self.clock.now)
        self.host = Host(
            dialect,
            book,
            self.clock,
            before.host._chance if before else Chance("8583/host"),
            Tokens(b"a key of the tests"),
            Replies(replies or {}),
            self.log,
            mac_policy,
            before.host if before else None,
        )
        self.dialect = self.host.dialect
        self.book = book
        self.sides: dict[str, Side] = before.sides if before else {}
        self.waiting: list[tuple[str, Delivery]] = []
        self.said: list[Exchange] = []
        self.wires: list[bytes] = []

    def play(self, transcript: str) -> None:
        """Go through the lines; every response must be expected by one."""
        for number, line in enumerate(transcript.strip().splitlines(), 1):
            text = line.split("#")[0].strip()
            if not text:
                continue
            sign, *words = text.split()
            try:
                {">>": self.sends, "<<": self.answers, "..": self.happens}[sign](words)
            except AssertionError as error:
                raise AssertionError(f"line {number}: {text}\n  {error}") from None
        assert not self.waiting, f"the host also said {len(self.waiting)} responses at the end"

    # ---- >> ----------------------------------------------------------------------------

    def sends(self, words: list[str]) -> None:
        """One request; ``again`` sends the very bytes of an earlier STAN."""
        kind, given = words[0], dict(word.split("=", 1) for word in words[1:])
        side = self.side(given.get("tid", TID), given.get("mid"))
        if "again" in given:
            body = side.bodies[given["again"]]
        else:
            message = self.request(kind, given, side)
            body = self.sealed(message, given, side)
            if kind != "reversal":  # which keeps the STAN of its original
                side.sent[message.get(11)] = message
                side.bodies[message.get(11)] = body
        self.sends_body(body, side.tid, given)

    def sends_body(
        self, body: bytes, tid: str = TID, given: Mapping[str, str] | None = None
    ) -> None:
        """The bytes of one message in a good frame."""
        given = given or {}
        dialect = self.dialect
        frame = Frame(
            given.get("tpdu", dialect.tpdu_default), given.get("header", dialect.header_default),
            body,
        )  # fmt: skip
        assert not self.waiting, "the host's last response is not in the transcript"
        exchange = self.host.exchange(frame, int(given.get("conn", 1)), self.clock.now())
        self.said.append(exchange)
        self.waiting += [(tid, delivery) for delivery in exchange.deliveries]

    def side(self, tid: str, mid: str | None = None) -> Side:
        """The terminal with this TID."""
        entry = self.book.terminals.get(tid)
        own = entry.merchant if entry else MID
        return self.sides.setdefault(tid, Side(tid, mid or own))

    def request(self, kind: str, given: Mapping[str, str], side: Side) -> Message:
        """The message of a transcript line."""
        values = {"terminal_id": side.tid, "merchant_id": side.mid, "batch": side.batch}
        if kind == "sign_on":
            values |= {"network_code": "003", "62": b"Sequence No163100SN0000000001".hex()}
        elif kind in {"sign_off", "echo"}:
            values["network_code"] = {"sign_off": "002", "echo": "301"}[kind]
        elif kind in self.dialect.classes and self.dialect.classes[kind].group == "management":
            pass  # what it holds besides stands in the line
        elif kind == "reversal":
            values = self.of_original(given, side)
        elif self.dialect.classes[kind].group == "batch":
            values |= self.of_batch(kind, given)
        else:
            values |= {"network_code": "000", "60.4": "6", "60.5": "0", "currency": "156"}
            values |= {"entry_mode": "021"}
            if kind in REFERRING:
                values |= self.of_slip(kind, given, side)
            if kind in self.dialect.classes and self.dialect.classes[kind].card:
                values |= self.card(given, side, stripe=kind not in REFERRING)
        for name, value in given.items():
            if name in OPTIONS:
                continue
            value = f"{int(value):012d}" if name == "amount" else value
            values[REQUEST_NAMES.get(name, name.removeprefix("de."))] = value
        if "chip" in given:
            values |= self.chip(given, values.get("amount", "0" * 12))
        message = self.dialect.build(kind, values)
        return message.without(*(int(n) for n in given.get("without", "").split(",") if n))

    def of_batch(self, kind: str, given: Mapping[str, str]) -> dict[str, str]:
        """Totals, or details such as ``00:000002:default:10000``, separated by commas."""
        if kind == "settlement":
            values = {"currency": "156", "63": "01 ", "foreign.flag": "0"}
            for group in GROUPS:
                totals = Totals(*map(int, given.get(group, "0/0/0/0").split("/")))
                values |= totals.values(group)
            return values
        if kind != "batch_upload":
            return {}
        details = [detail.split(":") for detail in given["details"].split(",")]
        digits = "".join(
            f"{card_class}{stan}{self.book.card(card).pan:0>20}{int(amount):012d}"
            for card_class, stan, card, amount in details
        )
        return {"48": f"{len(details):02d}{digits}"}

    def card(self, given: Mapping[str, str], side: Side, *, stripe: bool) -> dict[str, str]:
        """Track and PIN of a card of the book, or of a PAN that is in none."""
        name = given.get("card", "default")
        known = self.book.cards.get(name)
        pan, expiry = (known.pan, known.expiry) if known else (name, "3012")
        values = {"35": f"{pan}D{expiry}20112345678"[:37]} if stripe else {"2": pan}
        pin = given.get("pin", known.pin if known and stripe else "")
        if pin and pin != "none" and side.keys is not None:
            block = encrypt_block(side.keys.pik, pin, pan).hex().upper()
            values |= {"26": "12", "52": block, "53": "2600000000000000"}
        return values

    def chip(self, given: Mapping[str, str], amount: str) -> dict[str, str]:
        """What a chip adds: ``chip=right``, or the tags that are not what they should be."""
        card = self.book.card(given.get("card", "default"))
        tags = CHIP | {"9F02": amount, "9F37": given.get("stan", "").zfill(8)}
        imk, sequence = self.book.issuer_key or "00" * 16, card.sequence or "001"
        key = icc_master_key(bytes.fromhex(imk), card.pan, sequence[-2:])
        tags = {"9F26": cryptogram(key, tags), **tags}
        changes = dict(pair.split(":") for pair in given["chip"].split(",") if ":" in pair)
        tags = {tag: changes.get(tag, value) for tag, value in tags.items()}
        known = {"2": card.pan, "14": card.expiry, "23": sequence, "entry_mode": "051"}
        return known | {"55": write_tags({tag: value for tag, value in tags.items() if value})}

    def of_slip(self, kind: str, given: Mapping[str, str], side: Side) -> dict[str, str]:
        """What a void, completion, increment or refund takes from the slip of its original."""
        stan = given.get("original", "")
        older, answer = side.sent.get(stan), side.answers.get(stan)
        values = {"61.1": side.batch, "61.2": stan, "61.3": f"{self.clock.local():%m%d}"}
        if kind == "refund":
            values |= {"63": "000"}
        if older is not None:
            values |= {"amount": older[4]}
        if answer is not None and kind not in {"preauth_increment", "preauth_void", "completion"}:
            values |= {"rrn": answer.get(37)}
        if answer is not None and kind != "refund":
            values |= {"approval_code": answer.get(38)}
        return values

    def of_original(self, given: Mapping[str, str], side: Side) -> dict[str, str]:
        """What a reversal takes from its original (R4)."""
        original = side.sent.get(given["original"])
        assert original is not None, "no such original was sent"
        copied = self.dialect.classes["reversal"].copies
        values = {str(number): original[number] for number in copied if number in original}
        if "batch" in given:
            values["60"] = values["60"][:2] + given["batch"] + values["60"][8:]
        return values | {"39": "98"}

    def sealed(self, message: Message, given: Mapping[str, str], side: Side) -> bytes:
        """The bytes, with a MAC where the class carries one."""
        dialect, how = self.dialect, given.get("mac", "valid")
        kind = dialect.class_of(message)
        if not kind.mac or how == "absent":
            return dialect.encode(message).join()
        body = dialect.encode(message, sealed=True).join()[: -dialect.mac_bytes]
        keys = side.older if given.get("keys") == "older" else side.keys
        code = mac(dialect.mac_algorithm, keys.mak, body) if keys else b"00000000"
        return body + (b"F" * 8 if how == "wrong" else code)

    # ---- << ----------------------------------------------------------------------------

    def answers(self, words: list[str]) -> None:
        """One response, compared with what the line says of it."""
        if words == ["nothing"]:
            assert not self.waiting, "the host answered"
            return
        assert self.waiting, "the host said nothing"
        tid, delivery = self.waiting.pop(0)
        self.host.delivered(delivery)
        self.wires.append(leaving(delivery.pieces))
        response, verdicts = self.read(tid, self.wires[-1])
        code, *pairs = words
        assert response.get(39, "--") == code, f"DE 39 {response.get(39)!r}; {self.said[-1].notes}"
        side = self.side(tid)
        for pair in pairs:
            name, wanted = pair.split("=", 1)
            got = verdicts.get(name)
            if got is None:
                got = self.value(response, name)
                if wanted.startswith(("of:", "not:")):
                    how, stan = wanted.split(":")
                    same = got == self.value(side.answers[stan], name)
                    assert same == (how == "of"), f"{name} is {got!r}"
                    continue
                if name == "amount" and wanted.isdigit():
                    got, wanted = str(int(got)), str(int(wanted))
                if wanted in {"present", "absent"}:
                    got = "present" if got else "absent"
            assert got == wanted, f"{name} is {got!r}"
        if response.mti != "0410":
            side.answers[response.get(11)] = response
        self.take_keys(side, response)

    def read(self, tid: str, wire: bytes) -> tuple[Message, dict[str, str]]:
        """The response in these bytes; what the terminal's keys say of its MAC."""
        (frame,) = Framer(self.dialect.framing).receive(wire)
        dialect, side = self.dialect, self.side(tid)
        bare = dialect.decode(frame.body)
        asked = side.sent.get(bare.get(11))
        kind = asked.kind if asked and bare.get(11) and bare.mti != "0410" else ""
        response = dialect.decode(frame.body, kind) if kind else bare
        covered, received = frame.body[:-8], frame.body[-8:]
        verdicts = {"tpdu": frame.tpdu, "header": frame.header, "requires": frame.header[5:6]}
        verdicts["mti"] = response.mti
        verdicts["mac"] = "absent"
        if 64 in response:
            held = {"valid": side.keys, "older": side.older}
            verdicts["mac"] = next(
                (name for name, keys in held.items()
                 if keys and verify(dialect.mac_algorithm, keys.mak, covered, received)), "wrong",
            )  # fmt: skip
        return response, verdicts

    @staticmethod
    def value(response: Message, name: str) -> str:
        """An element or part of a response by its name in transcripts."""
        place = RESPONSE_NAMES.get(name, name.removeprefix("de."))
        return response.part(place) if "." in place else response.get(int(place))

    def take_keys(self, side: Side, response: Message) -> None:
        """What a terminal does with an approved sign-on."""
        code = response.part("60.3")
        if response.mti != "0810" or 62 not in response or code not in self.dialect.key_layouts:
            return
        entry = self.book.terminals.get(side.tid)
        tmk = bytes.fromhex(entry.tmk if entry else self.book.unknown_tmk)
        layout = self.dialect.key_layouts[code]
        side.older = side.keys or side.older
        side.keys = unpack_working_keys(bytes.fromhex(response[62]), tmk, layout)
        side.batch = response.part("60.2")

    # ---- .. ----------------------------------------------------------------------------

    def happens(self, words: list[str]) -> None:
        """Something beside the messages: the world changes, time passes, the books are read."""
        verb, *rest = words
        getattr(self, f"_{verb}")(*rest)

    def _merchant(self, mid: str, *changes: str) -> None:
        self.host.change("1", "merchant", mid, changed(changes))

    def _terminal(self, tid: str, *changes: str) -> None:
        self.host.change("1", "terminal", tid, changed(changes))

    def _host(self, *changes: str) -> None:
        self.host.change("1", "host", "", changed(changes))

    def _wait(self, text: str) -> None:
        ns = duration(text)
        self.clock.instant += ns
        self.clock.shown += timedelta(microseconds=ns // 1000)

    def _card(self, name: str, *changes: str) -> None:
        self.host.change("1", "card", name, dict(change.split("=") for change in changes))

    def _batch(self, wanted: str, tid: str = TID) -> None:
        got = self.host.terminals.of(tid, "").batch
        assert got == wanted, f"batch {got}"

    def _clock(self, shown: str) -> None:
        hour, minute = shown.split(":")
        self.clock.shown = self.clock.shown.replace(hour=int(hour), minute=int(minute))

    def _release(self, exchange: str) -> None:
        self.waiting += [(d.terminal, d) for d in self.host.release(int(exchange))]

    def _balance(self, name: str, wanted: str) -> None:
        got = self.host.world.cards[self.book.card(name).pan].balance
        assert got == int(wanted), f"balance {got}"

    def _held(self, name: str, wanted: str) -> None:
        got = self.host.world.held.get(self.book.card(name).pan, 0)
        assert got == int(wanted), f"held {got}"

    def _ledger(self, stan: str, status: str, tid: str = TID) -> None:
        got = [entry.status for entry in self.entries(stan, tid)]
        assert got == [] if status == "nothing" else got == [status], f"ledger {got}"

    def entries(self, stan: str, tid: str = TID) -> list[Entry]:
        """What is booked under this STAN."""
        return [e for e in self.host.world.ledger.entries if e.key[0] == tid and e.key[3] == stan]

    # ---- the log -----------------------------------------------------------------------

    def events(self, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.log.events if event.kind in kinds]

    def decided(self) -> list[tuple[str, str]]:
        """(outcome, why) of every decision."""
        return [(event["outcome"], event["because"]) for event in self.events("decided")]


def signed_on(replies: Mapping[str, Reply] | None = None, **more: Any) -> Conversation:
    """A conversation after the sign-on of terminal 12345678."""
    conversation = Conversation(replies, **more)
    conversation.play(SIGN_ON)
    return conversation


SIGN_ON = """
    >> sign_on stan=000001
    << 00 stan=000001 mac=absent keys=present mti=0810
"""
