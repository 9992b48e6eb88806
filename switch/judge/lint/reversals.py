"""Rules about the reversal itself (protocol 6.5)."""

from __future__ import annotations

from collections.abc import Iterator

from switch import elements as de
from switch.judge.lint.found import Found, lint, must, warn
from switch.judge.lint.story import Story
from switch.judge.lint.turn import Turn
from switch.judge.matching import DATE_MAY_DIFFER

MOST_ATTEMPTS = 4  # X8: three, or four where the first one is not counted
MAC_RULES = frozenset({"V6", "X6"})
CHIP = ("05", "07")  # DE 22, first two digits (2.3)
NO_MONEY = "no money had moved: a careless host answers this reversal by giving some away"
LOST = "the goods are gone, and the merchant loses the payment"
NOT_FOUND = "the host cannot find what is meant, and the cardholder stays debited"


def _original(turn: Turn) -> Turn | None:
    """What a reversal reverses; None for other messages, and where the log does not know it."""
    return turn.original if turn.group == "reversal" else None


def _reason(story: Story, turn: Turn) -> str:
    """The word of its reason: ``timeout``, ``other``, ``mac_error``, ``terminal_fault``."""
    code = turn.value("reversal_reason")
    words = story.dialect.reversal_reasons.items()
    return next((word for word, known in words if known == code), code)


@lint("R1", "T8", "O6")
def reverses_only_what_is_reversible(story: Story, turn: Turn) -> Iterator[Found]:
    """A balance inquiry, a refund, an advice, an upload or management is never reversed."""
    original = _original(turn)
    if original is None or original.reversible or original.kind is None:
        return
    rule = "T8" if original.name in {"balance", "refund"} else "R1"
    if original.kind.mac and original.name not in {"balance", "refund"}:
        rule = "O6"
    text = f"{turn.shown} reverses {original.shown}, which is never reversed"
    yield must(rule, text, "something is taken back that nobody has to take back")


@lint("R10")
def ends_when_acknowledged(story: Story, turn: Turn) -> Iterator[Found]:
    """A reversal answered 00, 12 or 25 is not sent again."""
    original = _original(turn)
    if original is None or not original.reversed or original.reversals[-1].cut:
        return
    last = original.reversals[-1]
    text = f"{turn.shown} is sent again, although {last.shown} was answered {story.said(last)}"
    means = "the matter was closed: one reversal too many can take back somebody else's sale"
    yield must("R10", text, means)


@lint("R15")
def leaves_a_decline_alone(story: Story, turn: Turn) -> Iterator[Found]:
    """A valid decline is final and is not reversed."""
    original = _original(turn)
    if original is None or original.reversals or original.cut or not story.declined(original):
        return
    text = f"{turn.shown} reverses a {_title(original)} that was declined {story.said(original)}"
    if _reason(story, turn) == "timeout" and not _had_to_hear(story, original, turn):
        yield warn("R15", f"{text} (right if the answer was lost on its way)", NO_MONEY)
    else:
        yield must("R15", text, NO_MONEY)


@lint("R16", "V6")
def leaves_an_approval_alone(story: Story, turn: Turn) -> Iterator[Found]:
    """An approved transaction is not reversed; if the printer failed, the slip is reprinted."""
    original = _original(turn)
    if original is None or original.reversals or original.cut or not story.approved(original):
        return
    reason = _reason(story, turn)
    text = f"{turn.shown} reverses a {_title(original)} that was approved"
    if reason == "mac_error" and original.response and _mac(original) == "valid":
        why = f"{text} under a MAC that the host computed with the key of the last sign-on"
        yield must("V6", why, LOST)
    elif story.last is not original and story.last and story.last.group == "financial":
        yield must("R16", f"{text}, after {story.last.shown}", LOST)
    elif reason == "timeout" and _had_to_hear(story, original, turn):
        yield must("R16", f"{text}; the answer had come on this connection", LOST)
    elif reason != "other" or original.value("entry_mode")[:2] not in CHIP:  # R17
        why = "right if the answer was lost on its way, or the power was cut"
        yield warn("R16", f"{text} ({why})", LOST)


def _title(turn: Turn) -> str:
    return turn.kind.title if turn.kind else "message"


def _mac(turn: Turn) -> str:
    response = turn.response
    return str((response["facts"] or {}).get("mac", "")) if response else ""


def _had_to_hear(story: Story, original: Turn, turn: Turn) -> bool:
    """Its timer cannot have ended, and the connection of the answer is still in use."""
    soon = turn.at - original.at < story.limits.least
    return soon and bool(turn.event.conn) and turn.event.conn == original.event.conn


@lint("R3")
def gives_the_right_reason(story: Story, turn: Turn) -> Iterator[Found]:
    """The reason is 98 for no response, A0 for a wrong MAC, 06 for a wrong answer."""
    original = _original(turn)
    if original is None or original.reversals or original.cut:  # R12: repeats may say another
        return
    expected, why = _reasons(original)
    if expected and _reason(story, turn) not in expected:
        codes = " or ".join(story.dialect.reversal_reasons[word] for word in expected)
        text = f"{turn.shown} says {turn.value('reversal_reason') or 'no reason'}, not {codes}"
        means = "the acquirer looks for the fault in the wrong place"
        yield must("R3", f"{text}: {why}", means)


def _reasons(original: Turn) -> tuple[tuple[str, ...], str]:
    """Reason words that fit what was heard; none where nobody can say."""
    rules = {flaw.rule for flaw in original.flaws}
    if original.heard in {"nothing", "late"}:
        partly = original.undelivered or original.faults  # X12: bytes may have come
        return (("timeout", "other") if partly else ("timeout",)), "no answer had come"
    if original.heard == "broken":
        return ("timeout", "other"), "what had come was no whole message"
    if rules == {"V6"}:
        return ("mac_error",), "the answer had a wrong MAC"
    if rules and not rules & MAC_RULES:  # X13: it may have gone on listening
        return ("other", "timeout"), f"the answer was wrong, {original.flaws[0].text}"
    return (), ""


@lint("R4", "R20")
def repeats_the_original(story: Story, turn: Turn) -> Iterator[Found]:
    """Every element of R4 that the original carried is in the reversal, and equal."""
    original = _original(turn)
    if original is None or turn.kind is None or not original.reversible:
        return
    wrong = [n for n in turn.kind.copies if original.element(n) not in {"", turn.element(n)}]
    if original.name in DATE_MAY_DIFFER and de.ORIGINAL in wrong:  # R22
        wrong.remove(de.ORIGINAL)
    if wrong:
        named = ", ".join(_difference(story, original, turn, number) for number in wrong)
        rule = "R20" if wrong == [de.ORIGINAL] else "R4"
        yield must(rule, f"{turn.shown} differs from {original.shown}: {named}", NOT_FOUND)


def _difference(story: Story, original: Turn, turn: Turn, number: int) -> str:
    name = str(story.dialect.codec.fields[number])
    if not turn.element(number):
        return f"{name} is missing"
    before, now = original.element(number), turn.element(number)
    secret = "token:" in before + now
    return f"{name} is another" if secret else f"{name} is {now}, was {before}"


@lint("R4", "T3")
def names_a_known_original(story: Story, turn: Turn) -> Iterator[Found]:
    """A reversal keeps the STAN of the transaction that it reverses."""
    if turn.group != "reversal" or turn.original or not story.turns:
        return
    owed = story.owed
    if owed and not owed.reversals:
        text = f"{turn.shown} has the STAN of no transaction; {owed.shown} has to be reversed"
        yield must("R4", text, NOT_FOUND)
    elif len(story.turns) > 1:
        text = f"{turn.shown} reverses a transaction that never arrived (right if it had left)"
        means = "reversals of what never left hold up the line"
        yield warn("T3", text, means)


@lint("R5")
def carries_no_secret(story: Story, turn: Turn) -> Iterator[Found]:
    """A reversal never carries a track, the PIN, or what belongs to it."""
    if turn.group != "reversal" or turn.kind is None:
        return
    found = [str(story.dialect.codec.fields[n]) for n in turn.kind.never if turn.element(n)]
    if found:
        means = "track or PIN of the card travel, and are stored, where nobody needs them"
        yield must("R5", f"{turn.shown} carries {', '.join(found)}", means)


@lint("R8")
def is_always_an_0400(story: Story, turn: Turn) -> Iterator[Found]:
    """Every attempt of a reversal has MTI 0400; this dialect has no 0401."""
    mti = str(turn.event["mti"])
    if turn.kind is None and mti.startswith("04") and mti[3:] in {"1", "3", "5"}:
        text = f"a reversal is repeated as {mti}; here every attempt is an 0400"
        yield must("R8", text, "hosts that know no repeat stay silent, and it is never booked")


@lint("R9")
def stops_after_the_last_attempt(story: Story, turn: Turn) -> Iterator[Found]:
    """A reversal is tried three times at most, four in some terminals."""
    original = _original(turn)
    if original is None or original.reversed or turn.kind is None:
        return
    attempt = len(original.reversals) + 1
    means = "the till is blocked behind a reversal that nobody will ever answer"
    if attempt == MOST_ATTEMPTS:
        text = f"{turn.shown} is attempt {attempt}; most terminals make three"
        yield warn("R9", text, means)
    elif attempt == MOST_ATTEMPTS + 1:
        text = f"{turn.shown} is attempt {attempt}; no vendor makes more than {MOST_ATTEMPTS}"
        yield must("R9", text, means)
