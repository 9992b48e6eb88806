"""The step machine fed with hand-made events: a scenario, a transcript, and what was found.

::

    10.0 >> sale 000002 amount=10000        received at +10.0s, and decided by the acquirer
    10.1 << sale 000002 00                  the whole response leaves
    12.0 .. fault_applied 000002            any other event, about the last exchange of that STAN
    12.0 .. time                            nothing but the time

Orders of the machine are carried out at once, as the runner does: a stimulus is asked, the
world changed. Deadlines come when the machine wants them. Every story is folded a second time
over its log: the findings must be the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from switch.clock import NS_PER_SECOND
from switch.dialect import load
from switch.records import Event
from switch.scenario import machine
from switch.scenario.loader import load_text
from switch.scenario.model import Case, Profile
from switch.scenario.orders import (
    Answer,
    AskTerminal,
    ChangeWorld,
    Command,
    EndCase,
    LookAt,
    OrderConnection,
    ReleaseReply,
    SendMessage,
)
from switch.scenario.profile import defaults
from switch.scenario.state import Finding, State
from switch.scenario.verdict import Verdict, verdict

DIALECT = load("cup-pos")
TID, MID = "12345678", "898310012345678"
EITHER = defaults(style="either", id=TID, merchant_id=MID)
EAGER, LAZY = replace(EITHER, reverses="eager"), replace(EITHER, reverses="lazy")
ELEMENTS = {"stan": "11", "amount": "4", "pan": "2", "entry_mode": "22", "response_code": "39"}
FACTS = {"mac", "pin", "arqc", "format"}
DECISION = {"own", "because", "response", "residue", "terminal"}
LONG = 100_000 * NS_PER_SECOND


def a_case(text: str, profile: Profile = EITHER) -> Case:
    """The case of a scenario without its first lines."""
    whole = "format: 1\nname: story\ntitle: A story\ntags: [test]\ndialect: cup-pos\n" + text
    (case,) = load_text(whole, "story.yaml", fragments={}, dialect=DIALECT, profile=profile)
    return case


@dataclass
class Story:
    """A case, the log so far, and what the machine said."""

    case: Case
    slack: int = 0
    holds_keys: bool = False
    answers_asked: bool = True
    shows: dict[str, tuple[str, str]] = field(default_factory=dict)
    leaves: str = "sent"
    state: State = field(init=False)
    log: list[Event] = field(default_factory=list)
    orders: list[Command] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    exchanges: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        self.state = machine.begin(self.case, DIALECT, self.slack)

    # ---- events ------------------------------------------------------------------------

    def feed(self, at: int, kind: str, body: dict[str, Any], terminal: str | None = TID) -> None:
        """One event, and what it makes the machine order."""
        event = Event(len(self.log) + 1, at, kind, 1, terminal, body)
        self.log.append(event)
        self.state, orders, found = machine.advance(self.state, event)
        self.findings += found
        self.orders += orders
        for order in orders:
            self.carry_out(at, order)

    def carry_out(self, at: int, order: Command) -> None:
        """What the runner would do."""
        if isinstance(order, AskTerminal):
            if self.answers_asked:
                skipped = order.stimulus.unless == "signed_on" and self.holds_keys
                body = {"step": order.step, "provoke": order.provoke, "skipped": skipped}
                self.feed(at, "stimulus_asked", {"do": order.stimulus.do, **body})
        elif isinstance(order, LookAt):
            if order.channel in self.shows:
                answer, text = self.shows[order.channel]
                body = {"channel": order.channel, "step": order.step, "answer": answer}
                self.feed(at, "observed", {**body, "text": text})
        elif isinstance(order, SendMessage):
            self.sends(at, order)
        elif isinstance(order, ChangeWorld):
            self.feed(at, "world_changed", {"step": order.step, "what": order.what}, None)
        elif isinstance(order, OrderConnection):
            self.feed(at, "connection_ordered", {"step": order.step, "verb": order.verb}, None)
        elif isinstance(order, ReleaseReply):
            self.feed(at, "released", {"exchange": order.exchange})
        elif isinstance(order, EndCase):
            self.feed(at, "run_ended", {}, None)

    def sends(self, at: int, order: SendMessage) -> None:
        """What was to be sent unasked leaves, or what else ``leaves`` says becomes of it."""
        self.count += 1
        told = {"stan": str(order.set.get("stan", "000900"))}
        body = message(order.kind, told["stan"], told, response=True)
        more = {"whole": True, **body} if self.leaves == "sent" else {"why": "a reason"}
        self.feed(at, self.leaves, {"exchange": self.count, "step": order.step, **more})

    def until(self, at: int, *, past: bool = False) -> None:
        """Deadlines before ``at``, and those of its own instant that come before messages."""
        while (wish := machine.wake(self.state)) and not self.state.ended:
            if wish.at > at or (wish.at == at and wish.last and not past):
                return
            self.feed(wish.at, "deadline", {"what": wish.what}, None)

    # ---- a transcript ------------------------------------------------------------------

    def play(self, transcript: str) -> None:
        """Feed the lines."""
        for line in transcript.strip().splitlines():
            text = line.split("#")[0].strip()
            if text:
                self.line(*text.split())

    def line(self, seconds: str, sign: str, kind: str, *words: str) -> None:
        at = round(float(seconds) * NS_PER_SECOND)
        self.until(at)
        if kind == "time":
            return
        given = dict(word.split("=", 1) for word in words if "=" in word)
        plain = [word for word in words if "=" not in word]
        stan = plain[0] if plain else ""
        if sign == ">>":
            self.received(at, kind, stan, given)
        elif sign == "<<":
            whole = given.pop("whole", "yes") == "yes"
            code = {} if plain[1] == "-" else {"response_code": plain[1]}
            body = message(kind, stan, given | code, response=True)
            self.feed(at, "sent", {"exchange": self.exchanges[stan], "whole": whole, **body})
        else:
            terminal = given.pop("terminal", TID)
            named = {name: text.replace("_", " ") for name, text in given.items()}
            self.feed(at, kind, {"exchange": self.exchanges.get(stan), **named}, terminal)

    def received(self, at: int, kind: str, stan: str, given: dict[str, str]) -> None:
        self.count += 1
        self.exchanges[stan] = self.count
        terminal = given.get("terminal", TID)
        body = {"exchange": self.count, **message(kind, stan, given)}
        body |= {"residue": given.get("residue") == "yes"}
        self.feed(at, "received", body, terminal)
        own = given.get("own", "approved")
        decided = {"exchange": self.count, "class": kind, "own": own, "outcome": own}
        decided |= {
            "because": given.get("because", ""),
            "response": given.get("response", "leaves"),
        }
        self.feed(at, "decided", decided, terminal)

    # ---- what came of it ---------------------------------------------------------------

    @property
    def verdict(self) -> Verdict:
        return verdict(self.state)

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """(severity, kind, step) of every finding, in order."""
        return [(f.severity, f.kind, f.step) for f in self.findings]

    @property
    def asked(self) -> list[tuple[str, bool]]:
        """(what, provoked) of every stimulus."""
        return [(o.stimulus.do, o.provoke) for o in self.orders if isinstance(o, AskTerminal)]

    def reply(self, stan: str) -> Any:
        """What was planned for the last message with this STAN."""
        plans = {o.exchange: o.plan.reply for o in self.orders if isinstance(o, Answer)}
        return plans.get(self.exchanges[stan])


def message(
    kind: str, stan: str, given: dict[str, str], *, response: bool = False
) -> dict[str, Any]:
    """The body of a ``received`` or ``sent`` event."""
    known = DIALECT.classes[kind]
    facts: dict[str, Any] = {"mac": "valid", "pin": "absent", "format": []}
    facts |= {name: given[name] for name in FACTS & given.keys()}
    if "format" in given:
        facts["format"] = [given["format"].replace("_", " ")]
    values: dict[str, Any] = {n: v for n, v in given.items() if n not in FACTS | DECISION}
    if "amount" in values:
        values["amount"] = f"{int(values['amount']):012d}"
    if stan and stan != "-":
        values |= {"stan": stan} | ({"original.stan": stan} if kind == "reversal" else {})
    if "pan" in values:
        values["pan"] = {"masked": "621214*********0012", "token": values["pan"]}
    fields = {ELEMENTS[n]: v for n, v in values.items() if n in ELEMENTS}
    fields |= {n.removeprefix("de."): v for n, v in values.items() if n.startswith("de.")}
    if kind == "reversal" and "reversal_reason" in values:
        fields["39"] = values["reversal_reason"]
    mti = known.response_mti if response else known.mti
    return {"class": kind, "mti": mti, "fields": fields, "values": values, "facts": facts}


def story(text: str, transcript: str, profile: Profile = EITHER, **more: Any) -> Story:
    """A whole case: from ``run_started`` at 0 to its end."""
    told = begun(text, transcript, profile, **more)
    told.until(LONG, past=True)
    assert told.state.ended, "the case did not end"
    folded_again(told)
    return told


def begun(text: str, transcript: str = "", profile: Profile = EITHER, **more: Any) -> Story:
    """A case that has not ended."""
    told = Story(a_case(text, profile), **more)
    told.feed(0, "run_started", {}, None)
    told.play(transcript)
    return told


def folded_again(told: Story) -> None:
    """The machine is a pure function: the same log gives the same, and old states stay."""
    state, found = machine.begin(told.case, DIALECT, told.slack), []
    for event in told.log:
        state, _, new = machine.advance(state, event)
        found += list(new)
    assert found == told.findings
    assert state == told.state
