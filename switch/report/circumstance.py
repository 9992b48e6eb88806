"""What a finding is about: the message, the check, and what had become of the original."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from switch.dialect import Dialect
from switch.judge.matching import Seen
from switch.scenario.model import Case, Condition, Never, Receive
from switch.scenario.state import Finding, Planned
from switch.scenario.verdict import Verdict
from switch.shapes import Reference

CAME = frozenset({"unexpected", "never", "quiet"})  # kinds of finding: a message too many

# What a planned reply made of a transaction -> words of ``receiving.in_words``, first fit.
FATES = {
    "asked": ("set processing_requirement",),
    "unheard": ("unheard",),
    "payee": ("merchant_id", " 42"),
    "mac": ("mac wrong", "mac absent", "mac zero", "mac stale_key"),
    "lost": ("none", "transport ", "frame ", "timing ", "after ", "held"),
    "wrong": ("field ", "message ", "set ", "omit "),
}

# Fates of a reversal that leave it unanswered: it may be tried again.
UNANSWERED = {"lost", "unheard", "mac", "payee", "wrong"}


def classes(finding: Finding, dialect: Dialect) -> frozenset[str]:
    """Class and group of the messages that a finding is about."""
    kinds = (finding.about.kind,) if finding.about else finding.kinds
    groups = {dialect.classes[kind].group for kind in kinds if kind in dialect.classes}
    return frozenset({*kinds, *groups})


def facts(finding: Finding, verdict: Verdict) -> frozenset[str]:
    """Words for what had happened before, and for what exactly was found.

    The fate of the original: ``lost`` (booked, its response never arrived), ``unheard``, ``mac``,
    ``payee`` or ``wrong`` (a spoiled approval), ``asked`` (its response asked for something),
    ``declined``, ``approved``; ``tried`` and ``done`` for a reversal that was sent before, or
    answered; ``sign_on``, ``settlement``; what the ``where`` of a window names. Then
    ``refused`` (a planned reply could not be given), ``same_stan`` (of a window), and what a
    message failed in that nearly was the missed one. For a check, an invariant or a line of
    ``verify`` its name, the status in the ledger, ``too_many`` or ``too_few``.
    """
    if finding.kind in {"check", "always", "verify"}:
        return frozenset(_details(finding, verdict))
    window = _window(finding, verdict.case)
    same = window and any(one.name == "stan" and one.operator == "eq" for one in window.where)
    words = {_fate(finding, verdict), "same_stan" if same else ""}
    if finding.kind in CAME and window:
        words |= {one.name for one in window.where}
    if finding.kind == "missed" and any(plan.skipped for plan in verdict.plans):
        words.add("refused")
    if finding.kind == "missed" and finding.near:
        words |= {one.name for one in finding.near[0].outcomes if not one.holds}
    return frozenset(words - {""})


def _details(finding: Finding, verdict: Verdict) -> Iterator[str]:
    if finding.kind == "check":
        name = finding.expected.partition(":")[0]
        yield "secret" if name == "echoes_original" and "(R5)" in finding.happened else name
        return
    yield finding.step
    for one in verdict.case.verify if finding.kind == "verify" else ():
        number = finding.happened.split()[0]
        if one.mark == finding.mark and one.what == "message" and number.isdecimal():
            yield "too_few" if int(number) < one.count[0] else "too_many"
        elif one.mark == finding.mark:
            yield one.status


def _window(finding: Finding, case: Case) -> Never | None:
    return next((one for one in case.never if one.id == finding.step), None)


# ---- the original ----------------------------------------------------------------------------


def _fate(finding: Finding, verdict: Verdict) -> str:
    case, window = verdict.case, _window(finding, verdict.case)
    step = None if window else case.step(finding.step)
    if window and window.start.event == "replied" and _awaits(case, window.start.step, "reversal"):
        return "done"
    before = _same_before(finding, verdict)
    if before:
        return "tried" if _became(before, verdict) in UNANSWERED else "done"
    conditions = window.where if window else (*step.where, *step.check) if step else ()
    original = _referred(conditions) or (window.start.step if window else "")
    original = original or _before(finding, verdict)
    for kind in ("sign_on", "settlement"):
        if _awaits(case, original, kind):
            return kind
    if step and _tried_before(step, original, verdict):
        return "tried"
    return _became(original, verdict)


def _awaits(case: Case, step: str, kind: str) -> bool:
    found = case.step(step)
    return found is not None and kind in found.classes


def _referred(conditions: Iterable[Condition]) -> str:
    """The step that a condition names."""
    operands = (one.operand for one in conditions)
    paths = (one.path for one in operands if isinstance(one, Reference))
    return next((path.partition(".")[0] for path in paths), "")


def _before(finding: Finding, verdict: Verdict) -> str:
    """The last step that had its message when this was found."""
    heard = [(message.seq, name) for name, message in verdict.steps.items()]
    return max((one for one in heard if one[0] < finding.seq), default=(0, ""))[1]


def _same_before(finding: Finding, verdict: Verdict) -> str:
    """The last step that already got a reversal of the same original, for one too many."""
    about = finding.about
    if about is None or about.kind != "reversal" or finding.kind not in CAME:
        return ""
    stan = about.value("original.stan")
    heard = [
        (message.seq, name)
        for name, message in verdict.steps.items()
        if message.kind == about.kind
        and message.seq < about.seq
        and message.value("original.stan") == stan
    ]
    return max(heard, default=(0, ""))[1]


def _tried_before(step: Receive, original: str, verdict: Verdict) -> bool:
    """An earlier step got a reversal of the same original."""
    reversals = (name for name, heard in verdict.steps.items() if heard.kind == "reversal")
    earlier = (verdict.case.step(name) for name in reversals if name != step.id)
    return any(
        one.number < step.number
        and one.classes == step.classes
        and _referred((*one.where, *one.check)) == original
        for one in earlier
        if one
    )


def _became(step: str, verdict: Verdict) -> str:
    message = verdict.steps.get(step)
    status = verdict.ledger.get(message.exchange, "") if message else ""
    plan = next((one for one in verdict.plans if one.step == step), None)
    if plan is None:  # nothing was done to it: who reversed it undid an approval
        return "approved" if status == "reversed" else status
    if status == "declined":
        return status
    return _planned(plan) or status


def unanswered(message: Seen, verdict: Verdict) -> bool:
    """The script kept the response to a message from arriving."""
    steps = (name for name, heard in verdict.steps.items() if heard is message)
    return any(_became(step, verdict) in {"lost", "unheard"} for step in steps)


def _planned(plan: Planned) -> str:
    if not plan.effect:
        return ""
    fits = (fate for fate, words in FATES.items() if any(word in plan.what for word in words))
    return next(fits, "declined")
