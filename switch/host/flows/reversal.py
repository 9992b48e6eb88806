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
    if original is not None and desk.dialect.classes[original.kind].card:
        fields.setdefault(de.PAN, original.pan)  # 3.5: the host knows the card
    if found is None or (original is not None and desk.approves(outcome)):
        # 7.4: it may have overtaken the request that it reverses; 7.1: a request after its own
        # reversal is not booked, whatever became of it before.
        desk.world.ledger.remember_reversal(key)
    if original is not None and desk.approves(outcome):
        _take_back(desk, original)
    return Answer(outcome, fields, because=because, own=own)


def _take_back(desk: Desk, original: Entry) -> None:
    """Once: what stands is undone, what a void or a completion has ended must not stand again."""
    if original.status in {"voided", "completed"}:
        original.reversal_seen = True
    elif original.status == "approved":
        # Of a transaction of an earlier case nothing is left in the book to give back.
        residue = desk.world.is_residue(desk.own_key)
        for one in (original, *desk.world.undo(original, money=not residue)):
            desk.tell(one)


def _matching(desk: Desk, original: Entry | None) -> Entry | None:
    """The original, if card (when both are known) and amount are the same (7.3)."""
    request = desk.request
    if original is None or original.asked != request.amount:
        return None
    if request.get(de.PAN) and original.pan and request[de.PAN] != original.pan:
        return None
    return original
