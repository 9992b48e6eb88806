"""``switch record``: recorded traffic as the draft of a scenario.

What a person started becomes a stimulus, what the terminal sent a step, what the host did a reply.
Amounts become variables, and whatever repeats an earlier message a reference to its step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from switch.capture.response import quoted, response
from switch.capture.turns import Recorded
from switch.dialect import Dialect
from switch.scenario import words

# Class -> what a person does at the terminal; what is not here is done by the terminal itself.
STARTED_BY = {"settlement": "settle", "adjustment": "adjust"} | {
    name: name for name in words.STIMULI if name not in {"settle", "next_transaction"}
}
AMOUNTLESS = frozenset({"void", "balance"})  # the terminal knows the amount, or there is none
# Class -> word of `can` in a terminal profile.
NEEDS = {
    name: name for name in ("void", "refund", "balance", "preauth", "offline_sale", "settlement")
} | {"qr_sale": "qr"}
PROMPTS = {
    "sign_on": "Sign on",
    "sign_off": "Sign off",
    "echo": "Send an echo test",
    "void": "Void the last sale",
    "balance": "Ask for the balance of the card",
    "settle": "Settle the batch",
}
SOON = "60s + ${terminal.human}"
AFTER_TIMER = "${terminal.timeout} + 15s"
ALWAYS = "[mac_valid, stan_increments, fields_well_formed]"
SIGNED_ON = """\
setup:
  - stimulus: {do: sign_on, prompt: "Sign on", unless: signed_on}
  - {id: signed_on, receive: sign_on, within: "60s + ${terminal.human}", answered: approved}
"""
# The sale that brought a waiting reversal out: declined, so that nothing later is about it.
NUDGED = (
    '  - {id: %s, receive: sale, within: "5s + ${terminal.human}", optional: true, '
    "reply: {outcome: insufficient_funds}}"
)


def draft(messages: Sequence[Recorded], dialect: Dialect, name: str, source: str) -> str:
    """The text of a scenario file.

    Args:
        messages: of one terminal, in order.
        dialect: for outcomes, reasons and amounts.
        name: of the scenario.
        source: what it was recorded from, for the title.
    """
    script = Script(dialect)
    begins = messages[0].kind == "sign_on" and messages[0].outcome == "approved"
    for place, message in enumerate(messages[1 if begins else 0 :], 1 if begins else 0):
        following = messages[place + 1] if place + 1 < len(messages) else None
        script.add(message, following)
    return "\n".join(_file(script, name, source)) + "\n"


def _file(script: Script, name: str, source: str) -> Iterator[str]:
    yield f"# Recorded from {source}. A draft: say what it is about, and what must never happen."
    yield f"format: 1\nname: {name}\ntitle: Recorded from {source}\ntags: [recorded]"
    yield f"dialect: {script.dialect.name}"
    needs = [word for name, word in NEEDS.items() if name in script.kinds]
    if needs:
        yield f"requires: {{terminal.can: [{', '.join(needs)}]}}"
    if script.amounts:
        named = ", ".join(f"{name}: {amount}" for amount, name in script.amounts.items())
        yield f"vars: {{{named}}}"
    yield SIGNED_ON + "steps:"
    yield from script.lines
    yield f"always: {ALWAYS}"
    if script.ledger:
        yield "verify:"
        yield from script.ledger


@dataclass(slots=True)
class Script:
    """The steps so far.

    Attributes:
        lines: of the file. ledger: lines of ``verify``.
        amounts: amount -> the variable that holds it.
        kinds: message classes that occur.
    """

    dialect: Dialect
    lines: list[str] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    amounts: dict[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    _steps: dict[str, str] = field(default_factory=dict)

    def add(self, message: Recorded, following: Recorded | None) -> None:
        """The step of one message, with what starts it."""
        if message.kind not in self.dialect.classes:
            self.lines.append(f"  # a {message.event['mti']} of no known class came here")
            return
        self.kinds[message.kind] += 1
        count = self.kinds[message.kind]
        step = message.kind if count == 1 else f"{message.kind}_{count}"
        self._start(message)
        if message.spoilt and not list(response(message, self.dialect)):
            said = "; ".join(message.spoilt)
            self.lines.append(f"  # the host spoilt this answer, say how with fault: {said}")
        self.lines.append(f"  - {{{', '.join(self._receive(step, message))}}}")
        if message.kind == "reversal" and not (following and following.kind == "reversal"):
            self.lines.append(NUDGED % f"nudged_{count}")
        if stan := message.value("stan"):
            self._steps[stan] = self._steps.get(stan, step) if message.kind == "reversal" else step
        if message.status in words.LEDGER:
            self.ledger.append(f"  - {{ledger: {{step: {step}, is: {message.status}}}}}")

    def _start(self, message: Recorded) -> None:
        """What a person does so that it comes."""
        do = STARTED_BY.get(message.kind)
        if do is None:
            return
        amount = message.value("amount") if do not in AMOUNTLESS else ""
        given = f', amount: "{self._variable(amount)}"' if amount else ""
        title = self.dialect.classes[message.kind].title
        prompt = PROMPTS.get(do, f"Start a {title}")
        if amount:
            prompt += f" of {int(amount) // 100}.{int(amount) % 100:02}"
        self.lines.append(f'  - stimulus: {{do: {do}{given}, prompt: "{prompt}"}}')

    def _variable(self, amount: str) -> str:
        count = len(self.amounts) + 1
        name = self.amounts.setdefault(amount, "amount" if count == 1 else f"amount_{count}")
        return f"${{{name}}}"

    def _receive(self, step: str, message: Recorded) -> Iterator[str]:
        """The keys of a receive step."""
        yield f"id: {step}, receive: {message.kind}"
        amount = message.value("amount")
        original = self._steps.get(message.value("original.stan"), "")
        if original:
            yield f'where: {{original.stan: "${{{original}.stan}}"}}'
        elif amount and message.kind in STARTED_BY:
            yield f'where: {{amount: "{self._variable(amount)}"}}'
        if message.kind == "reversal":
            yield from self._reversal(message, original)
        else:
            if original and amount in self.amounts:
                yield f'check: {{amount: "{self._variable(amount)}"}}'
            yield f'within: "{SOON}"'
        yield from self._reply(message)

    def _reversal(self, message: Recorded, original: str) -> Iterator[str]:
        code = message.value("reversal_reason")
        reasons = {known: word for word, known in self.dialect.reversal_reasons.items()}
        checks = [f"echoes_original: {original}"] if original else []
        checks += [f"reversal_reason: {reasons[code]}"] if code in reasons else []
        if checks:
            yield f"check: {{{', '.join(checks)}}}"
        yield f'within: "{AFTER_TIMER}"'
        yield 'provoke: {do: next_transaction, prompt: "Start another sale"}'

    def _reply(self, message: Recorded) -> Iterator[str]:
        """What the host did; an approval as it would give it itself is left to it."""
        said = list(response(message, self.dialect))
        if message.unsaid:
            yield f"reply: {message.unsaid}"
        elif message.outcome == "approved" and not said:
            yield "answered: approved"
        elif message.outcome in self.dialect.outcomes:
            yield f"reply: {{{', '.join([f'outcome: {message.outcome}', *said])}}}"
        elif message.code:
            yield f"reply: {{{', '.join([f'code: {quoted(message.code)}', *said])}}}"
        elif said:
            yield f"reply: {{{', '.join(said)}}}"
