"""Reversal (protocol 6.5, 7.3, 7.4): always accepted from a known terminal, idempotent."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer import Entry
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.desk import Desk
from switch.host.flows import flow


@flow("reversal")
def reversal(desk: Desk) -> Answer:
    """Undo the original, once; a repeat is answered alike and does nothing."""
    key = desk.own_key  # R4: a reversal carries STAN and batch of its original
    found = desk.world.original(key)
    original = _matching(desk, found)

    def check() -> None:
        if original is None:
            raise Refusal(
                "original_not_found", "nothing with this STAN, card and amount to reverse"
            )

    outcome, because, own = desk.decide(check)
    fields = desk.host_fields(original.rrn if original else "")
    if found is None:
        # 7.4: it may have overtaken the request that it reverses.
        desk.world.ledger.remember_reversal(key)
    if original is not None and desk.approves(outcome) and original.status == "approved":
        desk.world.undo(original)
        desk.tell(original)
        if original.original is not None:
            desk.tell(original.original)
    return Answer(outcome, fields, because=because, own=own)


def _matching(desk: Desk, original: Entry | None) -> Entry | None:
    """The original, if card (when both are known) and amount are the same (7.3)."""
    request = desk.request
    if original is None or original.amount != request.amount:
        return None
    if request.get(de.PAN) and original.pan and request[de.PAN] != original.pan:
        return None
    return original
