"""The end of a case: invariants, ``verify``, and whether anything was proved at all."""

from __future__ import annotations

from collections.abc import Sequence

from switch.judge.always import ALWAYS
from switch.judge.invariants import INVARIANTS, Judged, Weighed
from switch.judge.matching import Seen, fits, seen
from switch.judge.settled import settled
from switch.scenario.expecting import first_sentence, named, wanted
from switch.scenario.model import Verify
from switch.scenario.sending import still_waiting
from switch.scenario.state import State
from switch.scenario.windows import proves

SHOWN = 5  # messages of a wrong count that are named


def finish(state: State) -> None:
    """Note every finding that only the whole log can give."""
    _always(state)
    if not state.stopped:
        for line in state.case.verify:
            _verify(state, line)
    _windows(state)
    _plans(state)
    still_waiting(state)
    if not state.checked and not state.findings:
        state.find("inconclusive", "script", "", "the case checked nothing")


def _always(state: State) -> None:
    case = state.case
    for name in case.always:
        result = ALWAYS[name].check(
            state.log, state.dialect, case.profile.id, timeout=case.profile.timeout
        )
        state.checked += bool(result.checked)
        state.notes += tuple(f"not checked: {name} ({note})" for note in result.notes)
        for breach in result.breaches:
            told = not breach.rule or f"({breach.rule})" in breach.text
            rule = "" if told else f" (rule {breach.rule})"
            state.find(
                "fail",
                "always",
                name,
                f"{breach.text}{rule}",
                at=breach.at,
                seq=breach.seq,
                expected=first_sentence(ALWAYS[name].text),
            )


# ---- verify ---------------------------------------------------------------------------------


def _verify(state: State, line: Verify) -> None:
    {"message": _count, "ledger": _ledger, "batch": _batch, "invariants": _invariants}[line.what](
        state, line
    )


def _count(state: State, line: Verify) -> None:
    found = [
        message
        for event in state.log
        if event.kind == "received"
        and event.terminal == state.case.profile.id
        and not event["residue"]
        for message in [seen(event)]
        if message.kind in line.classes and fits(line.where, message, state.steps, state.dialect)
    ]
    least, most = line.count
    state.checked += 1
    if len(found) < least or (most is not None and len(found) > most):
        span = _span(least, most)
        state.find(
            "fail",
            "verify",
            ", ".join(line.classes),
            _times(found),
            expected=f"{wanted(state, line.classes, line.where)} {span} in the whole case",
            kinds=line.classes,
            mark=line.mark,
            note=line.note,
            decided_by=line.decided_by,
        )


def _times(found: Sequence[Seen]) -> str:
    """``3 of them came: #5, #11, #15``, the first five by name."""
    shown = ", ".join(f"#{one.seq}" for one in found[:SHOWN])
    more = ", ..." if len(found) > SHOWN else ""
    return f"{len(found)} of them came" + (f": {shown}{more}" if shown else "")


def _span(least: int, most: int | None) -> str:
    """How often something must come: ``once``, ``2 to 8 times``, ``3 times or more``."""
    if most is None:
        return "once or more" if least == 1 else f"{least} times or more"
    if least == most:
        return {0: "not at all", 1: "once"}.get(least, f"{least} times")
    return f"{least} to {most} times"


def _ledger(state: State, line: Verify) -> None:
    message = state.steps.get(line.step)
    status = state.ledger.get(message.exchange, "unknown") if message else "unknown"
    state.checked += 1
    if status != line.status:
        state.find(
            "fail" if message else "inconclusive",
            "verify",
            line.step,
            f"the ledger says {status}" if message else "the step received no message",
            expected=f"{named(state, message) if message else line.step} to be {line.status} "
            "in the ledger",
            kinds=(message.kind,) if message else (),
            about=message,
            mark=line.mark,
            note=line.note,
            decided_by=line.decided_by,
        )


def _batch(state: State, line: Verify) -> None:
    batches = settled(state.log, state.case.profile.id)
    if not batches:
        text = "no settlement in this case: the terminal's totals are unknown"
        state.find(
            "inconclusive", "verify", "batch", text, mark=line.mark, decided_by=line.decided_by
        )
        return
    last = batches[-1]
    state.checked += 1
    wrong = last.differences()
    if not last.closed:
        wrong = [f"batch {last.batch}: the end of its upload never came, or was not accepted"]
    for text in wrong:
        state.find(
            "fail",
            "verify",
            "batch",
            text,
            expected=f"batch {last.batch} is closed, and both sides have the same totals",
            mark=line.mark,
            note=line.note,
            decided_by=line.decided_by,
        )


def _invariants(state: State, line: Verify) -> None:
    profile = state.case.profile
    judged = Judged(profile.id, profile.merchant_id, profile.reversal_attempts)
    for name, invariant in INVARIANTS.items():
        if line.names and name not in line.names:
            continue
        weighed: Weighed = invariant.weigh(state.log, judged)
        state.notes = (*state.notes, *(f"{name}: {note}" for note in weighed.notes))
        if weighed.checked:
            state.checked += 1
        else:
            state.notes = (*state.notes, f"not checked: {name} ({weighed.why})")
        for text in weighed.breaches:
            state.find(
                "fail",
                "verify",
                name,
                text,
                expected=invariant.text,
                mark=line.mark,
                decided_by=line.decided_by,
            )


# ---- did it prove anything ------------------------------------------------------------------


def _windows(state: State) -> None:
    for window in state.windows:
        never = window.never
        if window.violated:
            state.checked += 1
        elif window.cut:
            continue  # the headline is what ended the script; reports say "cut short"
        elif window.opened is None:
            if not state.stopped:
                state.find(
                    "inconclusive",
                    "never",
                    never.id,
                    f"its window never opened: {never.start} did not happen",
                    mark=never.mark,
                    decided_by=never.decided_by,
                )
        elif window.closed is None:
            state.find(
                "inconclusive",
                "never",
                never.id,
                "its window was not watched to its end",
                mark=never.mark,
                decided_by=never.decided_by,
            )
        elif proves(window, state.case.profile.reverses):
            state.checked += 1
        else:
            state.find(
                "inconclusive",
                "never",
                never.id,
                "nothing else came from the terminal inside the window, and this class is sent "
                "just before the next transaction: start one inside the window",
                mark=never.mark,
                decided_by=never.decided_by,
            )


def _plans(state: State) -> None:
    for plan in state.plans.values():
        if plan.skipped:
            state.find(
                "inconclusive",
                "plan",
                plan.step,
                plan.skipped,
                expected=f"reply: {plan.what}",
                mark=plan.mark,
            )
        elif plan.effect and not plan.met:
            state.find(
                "inconclusive",
                "plan",
                plan.step,
                "the planned reply did not take effect",
                expected=f"reply: {plan.what}",
                mark=plan.mark,
            )
