"""Sign-on, sign-off, echo (protocol 3.5, 3.6)."""

from __future__ import annotations

from switch import elements as de
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow


@flow("sign_on")
def sign_on(desk: Desk) -> Answer:
    """Working keys under the TMK, and the batch to use."""
    code = desk.request.part("60.3")
    layout = desk.dialect.key_layouts.get(code, "")

    def check() -> None:
        desk.world.check_sign_on(desk.request[de.MERCHANT_ID], desk.terminal.record.mid)
        if not layout:
            raise Refusal("terminal_not_permitted", f"no key layout for DE 60.3 = {code}")

    outcome, because, own = desk.decide(check)
    fields = desk.host_fields()
    if desk.approves(outcome):
        fields[de.KEYS] = desk.terminal.new_keys(layout or "double", desk.chance)
        # 2.9: the host sets the batch; a sign-on within a batch does not split it (7.5).
        fields[de.CONTROL] = "00" + desk.terminal.batch + code
        desk.world.fulfilled(desk.terminal.record.tid, "sign_on")
    return Answer(outcome, fields, because=because, own=own)


@flow("sign_off")
def sign_off(desk: Desk) -> Answer:
    """Forget the working keys; accepted from every known terminal."""
    outcome, because, own = desk.decide(lambda: None)
    if desk.approves(outcome):
        desk.terminal.sign_off()
    return Answer(outcome, desk.host_fields(), because=because, own=own)


@flow("echo")
def echo(desk: Desk) -> Answer:
    """Say that the host is there."""
    outcome, because, own = desk.decide(lambda: None)
    return Answer(outcome, desk.host_fields(), because=because, own=own)
