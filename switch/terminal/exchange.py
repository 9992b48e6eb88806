"""One request and what came of it: connect, send, wait, judge."""

from __future__ import annotations

from switch import elements as de
from switch.dialect.tables import NO_REQUIREMENT
from switch.errors import MessageError
from switch.message import Message
from switch.terminal import messages, replies
from switch.terminal.chip import conclude
from switch.terminal.declines import among
from switch.terminal.desk import Desk
from switch.terminal.line import (
    Arrived,
    Broken,
    Cancelled,
    Connected,
    Event,
    Lost,
    Steps,
    TimedOut,
    Wait,
)
from switch.terminal.parameters import response_timeout
from switch.terminal.record import Approved
from switch.terminal.replies import Heard
from switch.totals import LOCAL, group_of
from switch.wire import Frame

SIGN_ON = "sign_on"


def connect(desk: Desk, *, cancellable: bool = False) -> Steps[bool]:
    """Have a connection that is not in the middle of a frame; False if there is none."""
    if desk.line.clean:
        return True
    desk.line.connect()
    until = desk.clock.now() + desk.settings.connect_timeout
    event = yield Wait("connection", until, cancellable)
    if isinstance(event, Connected):
        return True
    desk.line.close()
    return False


def exchange(desk: Desk, request: Message, *, cancellable: bool = False) -> Steps[Heard]:
    """Send one request and judge what comes; obeys what a valid reply asks for."""
    if not (yield from connect(desk, cancellable=cancellable)):
        return Heard("not_sent", why="no connection")
    desk.line.send(messages.to_frame(desk, request))
    heard = yield from _listen(desk, request, cancellable=cancellable)
    desk.ended(request)
    _obey(desk, request, heard)
    heard = conclude(desk, request, heard)
    if heard.why:
        desk.show("log", f"{request.kind}: {heard.verdict}, {heard.why}")
    return heard


def pause(desk: Desk, ns: int) -> Steps[None]:
    """Let time pass."""
    yield Wait("time", desk.clock.now() + ns)


def _listen(desk: Desk, request: Message, *, cancellable: bool) -> Steps[Heard]:
    """Wait for the reply; the wait is bounded, whatever arrives meanwhile (T1)."""
    patience = desk.habits.patience if desk.dialect.classes[request.kind].reversible else 100
    until = desk.clock.now() + response_timeout(desk) * patience // 100
    hopes = True
    keeps_listening = desk.settings.option("after_mismatch") == "keep_listening"  # X13
    while True:
        event = yield Wait("reply", until, cancellable)
        if hopes and isinstance(event, TimedOut) and desk.line.framer.pending:
            until += response_timeout(desk) * desk.habits.patience_for_the_rest // 100
            hopes = False
            if until > desk.clock.now():
                continue
        heard = _judged(desk, request, event)
        if heard.verdict == "late":
            late(desk, heard)
        elif heard.verdict != "mismatch" or not keeps_listening:
            return heard


def _judged(desk: Desk, request: Message, event: Event) -> Heard:
    line = desk.line
    match event:
        case Arrived(frame):
            heard = replies.read(desk, request, frame)
            if heard.verdict == "unusable":
                line.close()  # where the next frame begins is anybody's guess
            return heard
        case Broken(why):
            line.close()
            return Heard("unusable", why=why)
        case Lost(by, partial):
            return Heard("partial" if partial else "lost", why=f"connection ended by {by}")
        case Cancelled():
            return Heard("cancelled", why="cancelled by the operator")
        case TimedOut() if line.framer.pending:
            line.close()  # what is left of this frame would spoil the next one
            return Heard("partial", why="no complete reply in time")
        case TimedOut():
            return Heard("silence", why="no reply in time")
    raise AssertionError(f"{event} does not end the wait for a reply")


def _obey(desk: Desk, request: Message, heard: Heard) -> None:
    """Drop the signed-on flag where the reply asks for it: S5, D8, R19, H1."""
    habits, record = desk.habits, desk.record
    again = heard.verdict == "bad_mac" and habits.signs_on_after_bad_mac
    wanted = required(desk, heard)
    if heard.verdict == "valid" and request.kind != SIGN_ON:
        again = not heard.approves and among(desk, heard.code, habits.sign_on_after)  # D8
        again |= wanted == SIGN_ON  # H1
    if wanted not in {"", SIGN_ON, desk.serving, *record.required}:
        record.required.append(wanted)  # H2: kept until it is done
    if again:
        record.signed_on = False
    desk.save()


def required(desk: Desk, heard: Heard) -> str:
    """What a valid reply asks for in its header (H1); H3: what is unknown asks for nothing."""
    place = desk.dialect.requirement_digit - 1
    digit = heard.header[place : place + 1] if place >= 0 else ""
    if heard.verdict != "valid" or digit in {"", NO_REQUIREMENT}:
        return ""
    if not heard.approves and not desk.habits.obeys_declines:
        return ""
    wanted = desk.dialect.processing_requirements.get(digit, desk.habits.unknown_requirement)
    return wanted if wanted in desk.habits.obeys else ""


def stray(desk: Desk, frame: Frame) -> None:
    """A frame that nobody waits for: a late reply, or nothing at all (T6)."""
    try:
        response = desk.dialect.decode(frame.body)
    except MessageError:
        desk.show("log", "bytes that nobody waits for and that are no message: ignored")
        return
    approves = desk.dialect.approves(response.get(de.RESPONSE_CODE))
    heard = Heard("late", response, frame.header, approves=approves)
    if desk.habits.believes_unasked and approves and response.kind == "sale":
        _keep(desk, heard, desk.settings.default_card)
    else:
        late(desk, heard)


def late(desk: Desk, heard: Heard) -> None:
    """T6: a reply to an exchange that is over changes nothing."""
    desk.show("log", "a late reply: ignored")
    pending = desk.record.pending
    if not desk.habits.accepts_late or not pending or not heard.approves:
        return
    if heard.value(de.STAN) == pending.stan:
        desk.record.pending = None
        _keep(desk, heard, pending.card)


def _keep(desk: Desk, heard: Heard, card: str) -> None:
    """Take a reply for the approval of a sale: only a terminal with a defect does so late."""
    desk.record.log.append(approved(desk, heard, card, int(heard.value(de.AMOUNT) or 0)))
    desk.save()
    desk.show("slip", f"APPROVED STAN {heard.value(de.STAN)}")


def group_in(desk: Desk, heard: Heard) -> str:
    """The currency group of the card, by the organisation that the reply names (2.12)."""
    group = group_of(heard.response.part("63.1")) if heard.response else LOCAL
    return group if group == LOCAL or desk.habits.knows_foreign_cards else LOCAL


def approved(desk: Desk, heard: Heard, card: str, amount: int, kind: str = "sale") -> Approved:
    """The log entry of an approved transaction of class ``kind``; ``amount`` in minor units."""
    return Approved(
        stan=heard.value(de.STAN),
        batch=desk.record.batch,
        amount=amount,
        card=card,
        rrn=heard.value(de.RRN),
        approval_code=heard.value(de.APPROVAL_CODE),
        date=heard.value(de.LOCAL_DATE) or desk.clock.local().strftime("%m%d"),
        kind=kind,
        group=group_in(desk, heard),
        entry_mode=heard.entry_mode,
        chip=heard.chip,
    )
