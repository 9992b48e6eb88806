"""Settlement (protocol 2.7, 7.5), as far as this version goes: it cannot compare totals."""

from __future__ import annotations

from switch.dialect import Answer
from switch.host.desk import Desk
from switch.host.flows import flow

TOTALS = 48
CHECK_FLAGS = (30, 61)  # positions in DE 48: local and foreign currency
CANNOT = "3"  # 1 balanced, 2 not balanced, 3 error: the terminal keeps its log (B7)


@flow("settlement")
def settlement(desk: Desk) -> Answer:
    """Say that the totals cannot be compared: the terminal keeps its batch."""
    totals = list(desk.request.get(TOTALS))
    for place in CHECK_FLAGS:
        if place < len(totals):
            totals[place] = CANNOT
    fields = desk.host_fields() | {TOTALS: "".join(totals)}
    because = "totals are not compared in this version: flag 3, the terminal keeps its batch"
    return Answer(desk.decision or "function_not_supported", fields, because=because)
