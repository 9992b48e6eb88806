"""Settlement and batch upload (protocol 2.7, 3.5, 3.6, 7.5): accepted from every known terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from switch import elements as de
from switch.acquirer.batches import Detail
from switch.dialect import Answer
from switch.errors import Refusal
from switch.host.batch_details import let_decide
from switch.host.desk import Desk
from switch.host.details import details_in
from switch.host.flows import flow
from switch.totals import CANNOT, GROUPS, NOT_BALANCED, Totals, group_of

ECHO = "echo"  # X20: DE 48 of a settlement response holds the host's totals, or the terminal's
REFUND = "25"  # DE 60.1 of a notice that tells of a refund
NOT_BALANCED_END = "202"  # DE 60.3 of an end; 207 says that the totals were balanced


@flow("settlement")
def settlement(desk: Desk) -> Answer:
    """Compare the totals; the flags in DE 48 say what came of it, there is no DE 39 (B12)."""
    told: dict[str, Totals] = {}
    outcome, because, own = desk.decide(lambda: told.update(_told(desk)))
    held = desk.world.batches.totals(desk.batch_key)
    flags: Mapping[str, str] = dict.fromkeys(GROUPS, CANNOT)
    if desk.approves(outcome) and told:
        flags = desk.world.batches.compare(desk.batch_key, told).flags
        differ = [group for group, flag in flags.items() if flag == NOT_BALANCED]
        because = f"the {' and the '.join(differ)} totals differ" if differ else because
        desk.tell_batch("compared", flags, told, held, because)
    echoed = told and desk.dialect.options.get("settlement_totals") == ECHO
    digits = _digits(desk, told if echoed else held, flags)
    fields = desk.host_fields() | {de.PRIVATE_DIGITS: digits}
    return Answer(outcome, fields, because=because, own=own)


@flow("batch_upload")
def batch_upload(desk: Desk) -> Answer:
    """Keep the details of one block until the end of the upload."""
    details = details_in(desk.request)
    announced = desk.request.part("48.1")

    def check() -> None:
        if not announced.isdigit() or int(announced) != len(details):
            raise Refusal("format_error", f"DE 48 announces {announced} details of {len(details)}")

    answer = _kept(desk, details, *desk.decide(check))
    return replace(answer, fields={**answer.fields, de.PRIVATE_DIGITS: announced})  # the count


@flow("batch_notice", "batch_ic")
def batch_notice(desk: Desk) -> Answer:
    """One transaction told by a message of its own: refund, completion advice, chip."""
    request = desk.request
    stan = desk.dialect.values(request).get("original.stan", request.get(de.STAN))
    group = group_of(desk.world.organisation(request.pan))
    books = "credit" if request.part("60.1") == REFUND else "debit"
    detail = Detail(stan, request.amount, group, request.pan, books)
    return _kept(desk, [detail], *desk.decide(lambda: None))


@flow("batch_ic_failed")
def batch_ic_failed(desk: Desk) -> Answer:
    """A chip transaction that came to nothing: kept in the log, counted nowhere."""
    return _kept(desk, [], *desk.decide(lambda: None))


@flow("batch_end")
def batch_end(desk: Desk) -> Answer:
    """Close the batch: after 202 the details decide, after 207 nothing is compared (7.5)."""
    outcome, because, own = desk.decide(lambda: None)
    if desk.approves(outcome) and desk.terminal.batch == desk.request.part("60.2"):
        if desk.request.part("60.3") == NOT_BALANCED_END:
            because = let_decide(desk)
        desk.terminal.next_batch()
        found = desk.world.batches.settlement(desk.batch_key)
        held = desk.world.batches.totals(desk.batch_key)
        desk.tell_batch("closed", found.flags, found.told, held, because)
    return Answer(outcome, desk.host_fields(), because=because, own=own)


def _told(desk: Desk) -> dict[str, Totals]:
    values = desk.dialect.values(desk.request)
    try:
        return {group: Totals.of(values, group) for group in GROUPS}
    except ValueError:
        raise Refusal("format_error", "DE 48 does not hold the totals of both groups") from None


def _digits(desk: Desk, totals: Mapping[str, Totals], flags: Mapping[str, str]) -> str:
    values = {f"{group}.flag": flag for group, flag in flags.items()}
    for group in GROUPS:
        values |= totals[group].values(group)
    return desk.dialect.build("settlement", values)[de.PRIVATE_DIGITS]


def _kept(desk: Desk, details: list[Detail], outcome: str, because: str, own: str) -> Answer:
    if desk.approves(outcome):
        kept = desk.world.batches.settlement(desk.batch_key).details
        kept |= {detail.stan: detail for detail in details}
    return Answer(outcome, desk.host_fields(), because=because, own=own)
