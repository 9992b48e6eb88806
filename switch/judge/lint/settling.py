"""Rules about settlement and the upload of a batch (protocol 6.9)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn
from switch.judge.lint.uploading import UPLOADS, block, counted, records
from switch.totals import GROUPS, NOT_BALANCED, Totals, money

MOST_DETAILS = 8  # of a message (2.7)
SENDINGS = 5  # of one block; what is usual is three
# Class -> DE 60.3 with both groups balanced, and with one that is not (2.9).
CODES = {"batch_ic": ("203", "205"), "batch_ic_failed": ("204", "206"), "batch_end": ("207", "202")}
NO_AGREEMENT = "host and terminal disagree about the day, and the merchant waits for the money"
TWO_BATCHES = "a transaction falls between two batches, and one of the totals will be wrong"


@lint("B11")
def sells_only_in_an_open_batch(story: Story, turn: Turn) -> Iterator[Found]:
    """No new transaction is started between the 0500 and the end of the upload."""
    settling = story.settling
    if settling and turn.kind and turn.kind.mac and turn.kind.new_business:
        text = f"{turn.shown} comes before the batch of {settling.asked.shown} is closed"
        yield must("B11", text, TWO_BATCHES)


@lint("W5")
def goes_on_where_it_stopped(story: Story, turn: Turn) -> Iterator[Found]:
    """A settlement that was compared goes on with its upload, and does not begin again."""
    settling = story.settling
    if (
        settling
        and turn.name == "settlement"
        and turn.value("batch") == settling.asked.value("batch")
    ):
        text = f"{turn.shown} begins again; the answer to {settling.asked.shown} has the flags"
        yield must("W5", text, NO_AGREEMENT)


@lint("B5", "B6")
def uploads_what_the_flags_ask_for(story: Story, turn: Turn) -> Iterator[Found]:
    """Balanced groups are not uploaded, others are, and the codes say which it was."""
    settling = story.settling
    if settling is None:
        return
    if turn.name == "batch_upload" and settling.balanced:
        yield must("B5", f"{turn.shown} uploads details of a balanced batch", NO_AGREEMENT)
    wanted = CODES.get(turn.name, ("", ""))[0 if settling.balanced else 1]
    if wanted and turn.value("network_code") != wanted:
        text = f"{turn.shown} has code {turn.value('network_code')}, not {wanted}"
        yield must("B5" if settling.balanced else "B6", text, NO_AGREEMENT)
    missing = [group for group in GROUPS if _owes_details(settling.asked, group)]
    if turn.name == "batch_end" and settling.details == 0 and missing:
        text = f"{turn.shown} ends the upload, and not one {missing[0]} detail was sent"
        yield must("B6", text, NO_AGREEMENT)


def _owes_details(asked: Turn, group: str) -> bool:
    counts = [asked.value(f"{group}.{side}_count") for side in ("debit", "credit")]
    return asked.told(f"{group}.flag") == NOT_BALANCED and any(count.strip("0") for count in counts)


@lint("B8")
def counts_its_details(story: Story, turn: Turn) -> Iterator[Found]:
    """A message holds eight details at most, and the end message says how many were sent."""
    settling, said = story.settling, turn.value("records")
    if turn.name == "batch_upload" and records(turn) > MOST_DETAILS:
        text = f"{turn.shown} holds {records(turn)} details, {MOST_DETAILS} are possible"
        yield must("B8", text, NO_AGREEMENT)
    sent = settling.details if settling else None
    if turn.name == "batch_end" and said.isdigit() and sent not in {None, int(said)}:
        yield must("B8", f"{turn.shown} counts {int(said)} details, {sent} were sent", NO_AGREEMENT)


@lint("B9")
def repeats_the_block_that_was_lost(story: Story, turn: Turn) -> Iterator[Found]:
    """A block that was not accepted comes again, a bounded number of times."""
    settling = story.settling
    last = settling.last if settling else None
    if (
        settling is None
        or last is None
        or turn.name not in UPLOADS | {"batch_end"}
        or last.heard == "unsure"
    ):
        return
    same = block(turn) == block(last)
    accepted = last.sound and story.dialect.approves(last.code)
    if not accepted and not same:
        why = f"was answered {story.said(last)}" if last.sound else "was not answered"
        yield must("B9", f"{turn.shown} goes on, although {last.shown} {why}", NO_AGREEMENT)
    elif same and settling.sendings + 1 == SENDINGS:
        text = f"{turn.shown} is sent for the {SENDINGS}th time"
        yield warn("B9", text, "the terminal is busy with a settlement that will not end")


@lint("B2", "B4")
def counts_what_was_approved(story: Story, turn: Turn) -> Iterator[Found]:
    """The totals hold what was approved and not reversed, and nothing that was declined."""
    if turn.name != "settlement":
        return
    held = counted(story.turns.values(), turn.value("batch"), story.dialect)
    if held is None:
        return
    for group in GROUPS:
        try:
            told = Totals.of(turn.event["values"], group)
        except (TypeError, ValueError):  # missing, or not digits
            continue
        if told != held[group]:
            more = told.debit_count + told.credit_count >= _count(held[group])
            text = f"{turn.shown}: {group} totals are {_shown(told)}; approved were "
            text += _shown(held[group])
            rule = "B4" if more else "B2"
            if story.whole_batch:
                yield must(rule, text, NO_AGREEMENT)
            else:
                yield warn(rule, f"{text} since this log began", NO_AGREEMENT)


def _count(totals: Totals) -> int:
    return totals.debit_count + totals.credit_count


def _shown(totals: Totals) -> str:
    debits = f"{totals.debit_count} debits for {money(totals.debit_amount)}"
    return f"{debits} and {totals.credit_count} credits for {money(totals.credit_amount)}"
