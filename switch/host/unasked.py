"""Messages that answer nothing: what a ``send`` step makes the host say (scenario-format 3)."""

from __future__ import annotations

from switch import elements as de
from switch.dialect import Answer, Dialect
from switch.host.desk import Desk
from switch.host.terminals import HostTerminal
from switch.message import Message
from switch.wire import Frame

FIRST_STAN = "000001"


def as_if_asked(kind: str, terminal: HostTerminal, dialect: Dialect) -> Message:
    """The request that would have asked: with the last STAN the host has heard."""
    record = terminal.record
    values = {
        "terminal_id": record.tid,
        "merchant_id": record.mid,
        "stan": record.last_stan or FIRST_STAN,
        "batch": terminal.batch,
        "currency": dialect.currency,
    }
    return dialect.build(kind, values)


def unasked(desk: Desk) -> Message:
    """The request itself where the host may make it, else an approval of it."""
    kind = desk.dialect.class_of(desk.request)
    if kind.from_host:
        return desk.request
    fields = desk.host_fields() | {de.APPROVAL_CODE: desk.numbers.approval()}
    return desk.dialect.respond(desk.request, Answer("approved", fields))


def envelope(dialect: Dialect) -> Frame:
    """The frame of a terminal that would have asked: its addresses are turned round."""
    return Frame(dialect.tpdu_default, dialect.header_default, b"")
