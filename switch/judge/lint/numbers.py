"""Rules about numbers, repeats and what is stored and sent again (protocol 6.10, 6.12)."""

from __future__ import annotations

from collections.abc import Iterator

from switch.clock import NS_PER_SECOND
from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn
from switch.judge.lint.uploading import block

HIGHEST_STAN = 999_999  # N1
USUAL_SENDINGS = 3
MOST_SENDINGS = 4  # O4: three, one more in some terminals
AT_ONCE = 3 * NS_PER_SECOND  # no person is so quick
CONFUSED = "two transactions cannot be told apart: the wrong one may be reversed or settled"
TWICE = "the cardholder may be debited twice"
ACCEPTED = ("00", "94")  # O2
# Outcome -> the rule that forbids to repeat the transaction.
STOP = {
    **dict.fromkeys(("invalid_merchant", "unknown_terminal", "terminal_not_permitted"), "D2"),
    **dict.fromkeys(("insufficient_funds", "not_permitted_to_card", "amount_limit"), "D6"),
    **dict.fromkeys(("restricted_card", "count_limit"), "D6"),
    **dict.fromkeys(("reply_too_late", "cut_over", "issuer_inoperative"), "D7"),
    **dict.fromkeys(("issuer_unreachable", "system_error", "issuer_timeout"), "D7"),
}
NO_MORE_PIN = frozenset({"pin_tries_exceeded", "pin_tries_capture"})  # D4
PIN_TRIES = 3  # D3


@lint("N1", "N2")
def counts_forward(story: Story, turn: Turn) -> Iterator[Found]:
    """The STAN goes forward from message to message; stored messages keep theirs."""
    stan, last = turn.value("stan"), story.last_stan
    if not turn.counts or turn.earlier or not stan.isdigit():
        return
    if not int(stan):
        yield must("N1", f"{turn.shown}: 000000 is no STAN", CONFUSED)
    elif last and not 0 < (int(stan) - int(last)) % HIGHEST_STAN <= HIGHEST_STAN // 2:
        text = f"{turn.shown}: the STAN does not go forward from {last}"
        cut = story.last is not None and story.last.cut
        yield (warn("N2", text, CONFUSED) if cut else must("N1", text, CONFUSED))


@lint("N1", "N2", "T7")
def uses_a_number_once(story: Story, turn: Turn) -> Iterator[Found]:
    """No STAN is used twice in a batch, and no request is sent again when its answer is lost."""
    earlier = turn.earlier
    if earlier is None or (turn.again and not earlier.resolves_by_reversal):
        return
    if turn.again and not earlier.sound:
        text = f"{turn.shown} is {earlier.shown} sent again; the outcome of that is unknown"
        yield must("T7", text, TWICE)
    elif earlier.cut:
        yield warn("N2", f"{turn.shown} has the STAN of {earlier.shown}", CONFUSED)
    else:
        yield must("N1", f"{turn.shown} has the STAN of {earlier.shown}", CONFUSED)


@lint("O2", "O3", "O4")
def repeats_only_what_is_open(story: Story, turn: Turn) -> Iterator[Found]:
    """What was stored is sent again only while nobody has answered it, three or four times."""
    earlier = turn.earlier
    stored = turn.kind is not None and turn.kind.stored and turn.name != "script_result"  # I3
    if earlier is None or not turn.again or not stored:
        return
    means = "the upload holds up the line, and may be booked twice"
    if earlier.sound and not earlier.cut:
        rule = "O2" if earlier.code in ACCEPTED else "O3"
        text = f"{turn.shown} is sent again, although it was answered {story.said(earlier)}"
        yield must(rule, text, means)
    elif turn.sending == MOST_SENDINGS:
        text = f"{turn.shown} is sent for the {turn.sending}th time; most terminals stop at three"
        yield warn("O4", text, means)
    elif turn.sending == MOST_SENDINGS + 1:
        text = f"{turn.shown} is sent for the {turn.sending}th time; {MOST_SENDINGS} is the most"
        yield must("O4", text, means)


@lint("O4", "O7")
def uploads_until_it_is_answered(story: Story, turn: Turn) -> Iterator[Found]:
    """An upload that nobody answered comes again under its own number, before settlement."""
    means = "goods were handed out, and the sale may not reach the acquirer, or twice"
    if turn.name == "settlement":
        for open_ in story.unanswered.values():
            if open_.sending < USUAL_SENDINGS:
                rule = "O7" if open_.flaws else "O4"
                text = f"{turn.shown} comes before another try of {open_.shown}"
                yield warn(rule, f"{text}, which nobody has answered rightly", means)
    elif turn.kind and turn.kind.stored and not turn.again:
        same = next((one for one in story.unanswered.values() if block(one) == block(turn)), None)
        if same:
            text = f"{turn.shown} is {same.shown} under another number"
            yield warn("O4", text, means)


@lint("D2", "D6", "D7")
def does_not_try_again_by_itself(story: Story, turn: Turn) -> Iterator[Found]:
    """After a decline that a repetition cannot help, the terminal does not repeat by itself."""
    last = story.last
    if last is None or not _same_business(last, turn) or story.asked_since(last):
        return
    rule = STOP.get(story.dialect.outcome(last.code)) if story.declined(last) else None
    if rule and turn.at - last.at < AT_ONCE:
        text = f"{turn.shown} repeats {last.shown} at once, which was declined {story.said(last)}"
        means = "the terminal keeps trying without anybody, and looks like an attack"
        yield must(rule, text, means)


def _same_business(last: Turn, turn: Turn) -> bool:
    """The same transaction of the same card under a new number, for as much or for less."""
    same = last.name == turn.name and last.value("pan") == turn.value("pan")
    return turn.reversible and same and turn.value("amount") <= last.value("amount")


@lint("D3", "D4")
def stops_asking_for_the_pin(story: Story, turn: Turn) -> Iterator[Found]:
    """After 38 or 75 there is no further PIN try, and after 55 there are three at most."""
    last = story.last
    if last is None or not last.sound or not turn.value("pin_block"):
        return
    if last.value("pan") != turn.value("pan") or turn.at - last.at > 60 * NS_PER_SECOND:
        return
    means = "the cardholder's card is blocked, or the terminal helps to guess a PIN"
    if story.dialect.outcome(last.code) in NO_MORE_PIN:
        text = f"{turn.shown} takes a PIN again, after {story.said(last)} (the same card)"
        yield warn("D4", text, means)
    elif story.wrong_pins >= PIN_TRIES:
        text = f"{turn.shown} is PIN try {story.wrong_pins + 1} with this card in a row"
        yield warn("D3", text, means)
