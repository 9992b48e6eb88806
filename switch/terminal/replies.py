"""Judging a reply: frame, MTI, echoed elements, MAC, DE 39, in this order (protocol 6.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from switch import elements as de
from switch import masking
from switch.errors import MessageError
from switch.message import Message
from switch.security.mac import verify
from switch.terminal.declines import among
from switch.terminal.desk import Desk
from switch.wire import Frame

Verdict = Literal[
    "valid",
    "late",  # answers an exchange that is over
    "unusable",  # no message (V1)
    "mismatch",  # an answer to something else (V2 to V5), or without DE 39 (V7)
    "bad_mac",  # V6
    "silence",  # the timer ended, nothing had come (T1)
    "partial",  # the timer or the connection ended inside a frame (T5)
    "lost",  # the host ended the connection (T4)
    "too_late",  # the switch had no answer in time, and this terminal trusts it no more (X11)
    "cancelled",  # the operator did not wait (T10)
    "not_sent",  # no connection (T3)
    "card_refused",  # approved, and the chip says no (R17)
]
ALWAYS_ECHOED = (de.PROCESSING_CODE, de.STAN, de.TERMINAL_ID, de.MERCHANT_ID)  # V3
ECHOED_IF_THERE = (de.CONDITION_CODE, de.CURRENCY)  # V5
PARTIAL = "partial"  # outcome name: approved for less than was asked
TOO_LATE = "reply_too_late"  # outcome name


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one exchange.

    Attributes:
        verdict: a name of :data:`Verdict`.
        response: the reply, when there is one that could be decoded.
        header: of its frame.
        why: one sentence for the log, without secrets.
        approves: DE 39 is in the success set; says nothing unless the verdict is ``valid``.
        entry_mode, chip: DE 22 and DE 55 of a chip card after it heard the answer; else empty.
    """

    verdict: Verdict
    response: Message | None = None
    header: str = ""
    why: str = ""
    approves: bool = False
    entry_mode: str = ""
    chip: str = ""

    @property
    def code(self) -> str:
        """DE 39, or empty."""
        return self.response.get(de.RESPONSE_CODE) if self.response else ""

    @property
    def reason(self) -> str:
        """The reversal reason that this verdict asks for (R3)."""
        if self.verdict in {"mismatch", "unusable", "card_refused"}:
            return "other"
        return "mac_error" if self.verdict == "bad_mac" else "timeout"

    def value(self, element: int) -> str:
        """An element of the reply, or empty."""
        return self.response.get(element) if self.response else ""


def read(desk: Desk, request: Message, frame: Frame) -> Heard:
    """The verdict on one frame that came while the reply to ``request`` was awaited."""
    dialect = desk.dialect
    if not dialect.routed(frame.tpdu, frame.header):
        return Heard("unusable", why=f"TPDU {frame.tpdu}, header {frame.header} are not ours")
    try:
        response = dialect.decode(frame.body, expect=request.kind)
    except MessageError as error:  # V1
        return Heard("unusable", why=masking.text(str(error)))
    code = response.get(de.RESPONSE_CODE)
    approves = _approves(desk, response, code)
    heard = Heard("valid", response, frame.header, approves=approves)
    if _is_late(desk, request, response):
        return replace(heard, verdict="late", why="answers an exchange that is over")
    why = _mismatch(desk, request, heard)
    if why:
        return replace(heard, verdict="mismatch", why=why)
    why = _mac_problem(desk, request, frame.body, heard)
    if why:
        return replace(heard, verdict="bad_mac", why=why)
    awaited = de.RESPONSE_CODE in dialect.classes[request.kind].host
    if awaited and not code and desk.habits.needs_code:  # V7
        return replace(heard, verdict="mismatch", why="DE 39 (response code) is missing")
    if _doubts(desk, request, code):
        return replace(heard, verdict="too_late", why=f"code {code} leaves it open")
    return heard


def _approves(desk: Desk, response: Message, code: str) -> bool:
    """DE 39 is in the success set; nothing else decides (D9, D11, V7)."""
    habits = desk.habits
    remarks = response.get(de.RESPONSE_TEXT) + response.get(de.REMARKS)
    telling = any(word in remarks for word in ("APPROVED", "BLOCKED", "SUSPENDED"))
    if telling and habits.reads_remarks:
        return "APPROVED" in remarks
    if desk.dialect.approves(code) or among(desk, code, habits.approves_also):
        return True
    return not (code or habits.needs_code)


def _doubts(desk: Desk, request: Message, code: str) -> bool:
    """Whether this terminal takes a code for an unknown outcome: 68 in some (X11)."""
    if not desk.dialect.classes[request.kind].reversible or desk.dialect.approves(code):
        return False
    if among(desk, code, desk.habits.doubts):
        return True
    late = code == desk.dialect.code(TOO_LATE)
    return late and desk.settings.option("reply_too_late") == "unknown"


def _is_late(desk: Desk, request: Message, response: Message) -> bool:
    """T6: not this request's reply, but that of an exchange that is over."""
    kind = desk.dialect.classes[request.kind]
    wanted = request.get(de.STAN) if de.STAN in kind.echo else response.get(de.STAN)
    if (response.mti, response.get(de.STAN)) == (kind.response_mti, wanted):
        return False
    over = (response.mti, response.get(de.STAN)) in desk.over
    return over and de.STAN in desk.habits.compares


def _mismatch(desk: Desk, request: Message, heard: Heard) -> str:
    """V2 to V5: the first difference in a sentence; empty if there is none."""
    response = heard.response
    assert response is not None
    kind = desk.dialect.classes[request.kind]
    if response.mti != kind.response_mti and desk.habits.checks_mti:  # V2
        return f"MTI: {response.mti} instead of {kind.response_mti}"
    compared = set(kind.echo) & set(request)
    strict = set(ALWAYS_ECHOED)
    lenient = set(ECHOED_IF_THERE)
    if heard.code != desk.dialect.code(PARTIAL):  # V4: except with 10
        (strict if heard.approves else lenient).add(de.AMOUNT)
    for element in sorted(compared & (strict | lenient)):
        if element in lenient and element not in response:
            continue
        if response.get(element).rstrip() == request[element].rstrip():
            continue
        if response.get(element).isspace() and not desk.habits.compares_blanks:
            continue
        if element in desk.habits.compares:
            return f"{desk.dialect.codec.fields[element]}: differs from the request's"
    if de.RRN in response and not response[de.RRN].strip():  # V5
        return f"{desk.dialect.codec.fields[de.RRN]}: blank"
    return ""


def _mac_problem(desk: Desk, request: Message, body: bytes, heard: Heard) -> str:
    """V6: what is wrong with the MAC; empty if nothing is, or none is asked for."""
    dialect = desk.dialect
    keys = desk.keys()
    assert heard.response is not None
    if not dialect.classes[request.kind].mac:
        return ""
    if not heard.approves and desk.settings.option("mac_on_declines") == "ignored":  # X5
        return ""
    if dialect.mac_element not in heard.response:
        # X5: hosts do not sign every decline; X6: they sign every approval
        wanted = heard.approves and desk.habits.verifies_mac and not desk.habits.accepts_unsigned
        return "an approval without MAC" if wanted else ""
    covered, received = body[: -dialect.mac_bytes], body[-dialect.mac_bytes :]
    right = keys and verify(dialect.mac_algorithm, keys.mak, covered, received)
    if right or not desk.habits.verifies_mac:
        return ""
    return "the MAC is wrong" if keys else "a MAC, and no key to check it"
