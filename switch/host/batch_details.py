"""What uploaded details change in the ledger (protocol 7.5)."""

from __future__ import annotations

from switch import elements as de
from switch.acquirer import Entry
from switch.acquirer.batches import Detail, Differences
from switch.host.desk import Desk

UPLOADED = "batch_upload"  # kind of an entry that only a detail told of


def let_decide(desk: Desk) -> str:
    """7.5: after an upload the details decide; what that changed, in a sentence.

    What the terminal does not claim is taken back, what it has and the host has not is booked as
    a debit: only an offline sale can be unknown here. What the host has reversed or declined
    stays so, for people to look into.
    """
    found = desk.world.batches.differences(desk.batch_key)
    for entry in found.unclaimed:
        if entry.status == "approved":  # its void, taken back before it, may have changed that
            residue = desk.world.is_residue(entry.key)  # its cards are back at the book
            for changed in (entry, *desk.world.undo(entry, money=not residue)):
                desk.tell(changed)
    for detail in found.unknown:
        entry = _booked(desk, detail)
        desk.world.post(entry)
        desk.world.ledger.add(entry)
        desk.tell(entry)
    return _in_words(found)


def _booked(desk: Desk, detail: Detail) -> Entry:
    fields = desk.host_fields()
    return Entry(
        exchange=desk.number,
        kind=UPLOADED,
        key=desk.key(desk.request.part("60.2"), detail.stan),
        amount=detail.amount,
        asked=detail.amount,
        pan=detail.pan,
        rrn=fields[de.RRN],
        approval="",
        date=f"{desk.local:%m%d}",
        settlement_date=desk.settlement_date,
        outcome="approved",
        status="approved",
        content="",  # the transaction itself, should it come after all, is a duplicate
        payee=desk.request[de.MERCHANT_ID],
        answer={},
        books=detail.books,
        group=detail.group,
    )


def _in_words(found: Differences) -> str:
    named = {
        "taken back, the terminal does not have it": [e.key[3] for e in found.unclaimed],
        "booked, the host did not have it": [detail.stan for detail in found.unknown],
        "disputed, the host has it otherwise": [detail.stan for detail in found.refused],
    }
    told = [f"{what}: STAN {', '.join(stans)}" for what, stans in named.items() if stans]
    return "; ".join(told)
