"""Script results (protocol 2.8, 6.11, 7.3)."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer.issuer import script_ran
from switch.dialect import Answer
from switch.host.desk import Desk
from switch.host.flows import flow


@flow("script_result")
def script_result(desk: Desk) -> Answer:
    """Note what became of an issuer script; always accepted, whatever its original (7.3)."""
    request = desk.request
    key = desk.key(request.part("61.1"), request.part("61.2"))
    original = desk.world.ledger.original(key)
    pan = original.pan if original else request.pan
    succeeded = script_ran(request)
    if succeeded:
        desk.world.script_delivered(pan)
    outcome, because, own = desk.decide(lambda: None)
    fields = desk.host_fields(request.get(de.RRN))
    ran = "ran" if succeeded else "did not run"
    found = "" if original else ", of a transaction that is not in the ledger"
    return Answer(outcome, fields, because=because or f"the script {ran}{found}", own=own)
