"""From an answer to what happens on the transport: steps 6 to 10 of the spine.

Every fault of a plan is applied here, each at its moment. A fault that cannot take effect is
reported as skipped with the reason; it never passes in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from switch.chance import Chance
from switch.dialect import Answer, Dialect
from switch.errors import MessageError
from switch.faults import Fault, FaultSkipped, describe, leaving, whole
from switch.host.portrait import Spans, masked_wire, portray
from switch.host.terminals import HostTerminal
from switch.masking import Tokens
from switch.message import Message, Parts
from switch.records import Pause, Piece, Write
from switch.scenario.model import Reply
from switch.wire import Frame

REQUIREMENT = "processing_requirement"
MAC_ERROR = "mac_error"
NO_FAULT = ("mac", "valid")  # the control case: it changes nothing and meets nobody


@dataclass(slots=True)
class Outgoing:
    """A response on its way through the moments of a fault.

    Attributes:
        pieces: what happens on the transport.
        sent: body of the event for when it has left.
        applied: the faults that take effect when it leaves, in words.
        skipped: (fault, why) of those that cannot.
        done: the faults that were applied, themselves.
        wire: the whole frame, for a later replay.
    """

    pieces: tuple[Piece, ...] = ()
    sent: dict[str, Any] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    done: list[Fault] = field(default_factory=list)
    wire: bytes = b""


@dataclass(frozen=True, slots=True)
class Sender:
    """Makes the responses of one terminal into deliveries.

    Attributes:
        earlier: the frame of an earlier response to this terminal, if there was one.
    """

    dialect: Dialect
    terminal: HostTerminal
    tokens: Tokens
    chance: Chance
    earlier: bytes | None = None

    def outgoing(
        self, request: Message, frame: Frame, answer: Answer, reply: Reply, *, sealed: bool
    ) -> Outgoing:
        """The response to ``request``, spoilt as ``reply`` says.

        Args:
            request: the message that is answered.
            frame: its frame, whose addresses and header the response takes over.
            answer: what the host says.
            reply: what the plan changes about it.
            sealed: the response carries a MAC; decided before the flow ran.
        """
        response = self.dialect.respond(request, answer)  # step 6
        return self.leaving(response, frame, reply, answer.requirement, sealed=sealed)

    def leaving(
        self, response: Message, frame: Frame, reply: Reply, requirement: str = "", *, sealed: bool
    ) -> Outgoing:
        """A message of the host, spoilt as ``reply`` says; see :meth:`outgoing`."""
        dialect, kind, out = self.dialect, response.kind, Outgoing()
        response = self._set(response, reply, out)
        response = self._spoil(out, reply, "message", response, lambda f, r: f.apply(r, dialect))
        body = self._encoded(out, reply, response, kind, sealed=sealed)  # step 7
        body = self.terminal.seal(body) if sealed else body  # step 8
        stale = self.terminal.stale_seal()
        body = self._spoil(out, reply, "mac", body, lambda f, b: f.apply(b, dialect, stale))
        envelope = dialect.framing.answer(frame, body)  # step 9
        requirement = str(reply.set.get(REQUIREMENT, "")) or requirement
        header = dialect.header(envelope.header, requirement)
        out.wire = dialect.framing.wrap(replace(envelope, header=header))
        self._pieces(reply, out)  # step 10
        self._describe(out, reply, response, body, sealed=sealed)
        return out

    def _encoded(
        self, out: Outgoing, reply: Reply, response: Message, kind: str, *, sealed: bool
    ) -> bytes:
        """The body; in parts first if a fault wants to edit them."""
        dialect = self.dialect
        if not any(fault.moment == "field" for fault in reply.faults):
            return dialect.body(response, sealed=sealed)
        parts = dialect.encode(response, sealed=sealed)
        spoiled: Parts = self._spoil(
            out, reply, "field", parts, lambda f, p: f.apply(p, dialect, kind)
        )
        return spoiled.join()

    def _set(self, response: Message, reply: Reply, out: Outgoing) -> Message:
        """``set`` and ``omit``: other values under a right MAC."""
        done: list[str] = []
        for name, value in reply.set.items():
            try:
                if name != REQUIREMENT:
                    changed = self.dialect.with_value(response, name, str(value))
                    self.dialect.encode(changed)
                    response = changed
                done.append(f"set {name}")
            except (MessageError, KeyError) as error:
                out.skipped.append((f"set {name}", str(error.args[0])))
        for name in reply.omit:
            element = self.dialect.written(name, response.kind).split(".")[0]
            if element.isdigit() and int(element) in response:
                response = response.without(int(element))
                done.append(f"omit {name}")
            else:
                out.skipped.append((f"omit {name}", "it is not in this response anyway"))
        if done:
            out.applied.append("reply " + ", ".join(done))
        return response

    def _spoil(
        self,
        out: Outgoing,
        reply: Reply,
        moment: str,
        before: Any,
        apply: Callable[[Any, Any], Any],
    ) -> Any:
        """Apply the faults of one moment in order; what they could not do is noted."""
        after = before
        for fault in reply.faults:
            if fault.moment != moment:
                continue
            try:
                after = apply(fault, after)
                out.done.append(fault)
                if (fault.moment, fault.kind) != NO_FAULT:
                    out.applied.append(describe(fault))
            except FaultSkipped as skipped:
                out.skipped.append((describe(fault), str(skipped)))
        return after

    def _pieces(self, reply: Reply, out: Outgoing) -> None:
        """Frame, transport and timing faults, in this order."""
        framing, chance, earlier, wire = self.dialect.framing, self.chance, self.earlier, out.wire
        pieces: tuple[Piece, ...] = (Write(wire),)
        pieces = self._spoil(out, reply, "frame", pieces, lambda f, _: f.apply(wire, framing))
        framed = pieces
        pieces = self._spoil(out, reply, "transport", pieces, lambda f, p: f.apply(p))
        pieces = self._spoil(out, reply, "timing", pieces, lambda f, p: f.apply(p, chance, earlier))
        out.sent["whole"] = whole(out.done, framed, pieces)
        if reply.after:
            pieces = (Pause(reply.after), *pieces)
            out.applied.append("timing reply after a delay")
        out.pieces = pieces

    def _describe(
        self, out: Outgoing, reply: Reply, response: Message, body: bytes, *, sealed: bool
    ) -> None:
        """The body of the ``sent`` event: what the bytes say, not what was meant."""
        spans: Spans = {}
        try:
            if reply.faults:
                response = self.dialect.decode(body, response.kind)
            spans = response.spans or self.dialect.codec.decode(body).spans
        except MessageError:
            out.sent["whole"] = False
        out.sent = portray(response, self.dialect, self.tokens) | out.sent
        words = [fault.kind for fault in out.done if fault.moment == "mac"]
        out.sent["facts"] = {"mac": words[0] if words else "valid" if sealed else "not_required"}
        envelope = len(out.wire) - len(body)
        out.sent["wire"] = masked_wire(out.wire, envelope, response, spans)
        out.sent["bytes"] = len(leaving(out.pieces))


def carries_mac(dialect: Dialect, request: Message, terminal: HostTerminal) -> bool:
    """Whether the response may carry a MAC: its class does, and a key is in force now.

    Asked before the flow runs: a sign-on makes the key that its own response must not use.
    """
    return dialect.class_of(request).mac and terminal.keys is not None


def signs(dialect: Dialect, answer: Answer) -> bool:
    """Whether this answer is signed (X5)."""
    code = dialect.code(answer.outcome)
    policy = dialect.options.get("mac_on_declines", "all_but_mac_errors")
    if policy == "all" or dialect.approves(code):
        return True
    if policy == "approved_only":
        return False
    return answer.sealed and code != dialect.code(MAC_ERROR)
