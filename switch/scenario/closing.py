"""The end of a case: invariants, ``verify``, and whether anything was proved at all."""

from __future__ import annotations

from switch.judge.always import ALWAYS
from switch.judge.invariants import INVARIANTS, Weighed
from switch.judge.matching import fits, seen
from switch.scenario.model import Verify
from switch.scenario.state import State
from switch.scenario.windows import proves


def finish(state: State) -> None:
    """Note every finding that only the whole log can give."""
    _always(state)
    if not state.stopped:
        for line in state.case.verify:
            _verify(state, line)
    _windows(state)
    _plans(state)
    if not state.checked and not state.findings:
        state.find("inconclusive", "script", "", "the case checked nothing")


def _always(state: State) -> None:
    case = state.case
    for name in case.always:
        result = ALWAYS[name].check(
            state.log, state.dialect, case.profile.id, timeout=case.profile.timeout
        )
        state.checked += bool(result.checked)
        for breach in result.breaches:
            rule = f" (rule {breach.rule})" if breach.rule else ""
            state.find("fail", "always", name, f"{breach.text}{rule}")


# ---- verify ---------------------------------------------------------------------------------


def _verify(state: State, line: Verify) -> None:
    {"message": _count, "ledger": _ledger, "batch": _batch, "invariants": _invariants}[line.what](
        state, line
    )


def _count(state: State, line: Verify) -> None:
    found = [
        message
        for event in state.log
        if event.kind == "received" and event.terminal == state.case.profile.id
        and not event["residue"]
        for message in [seen(event)]
        if message.kind in line.classes
        and fits(line.where, message, state.steps, state.dialect)
    ]  # fmt: skip
    least, most = line.count
    state.checked += 1
    if len(found) < least or (most is not None and len(found) > most):
        span = str(least) if least == most else f"{least} to {'any number' if most is None else most}"
        state.find(
            "fail", "verify", ", ".join(line.classes), f"{len(found)} messages",
            expected=f"{span} messages", kinds=line.classes, mark=line.mark, note=line.note,
        )  # fmt: skip


def _ledger(state: State, line: Verify) -> None:
    message = state.steps.get(line.step)
    status = state.ledger.get(message.exchange, "unknown") if message else "unknown"
    state.checked += 1
    if status != line.status:
        state.find(
            "fail" if message else "inconclusive", "verify", line.step,
            f"the ledger says {status}" if message else "the step received no message",
            expected=f"the ledger says {line.status}", mark=line.mark, note=line.note,
        )  # fmt: skip


def _batch(state: State, line: Verify) -> None:
    state.find("inconclusive", "verify", "batch",
               "no settlement in this case: the terminal's totals are unknown", mark=line.mark)  # fmt: skip


def _invariants(state: State, line: Verify) -> None:
    for name, invariant in INVARIANTS.items():
        weighed: Weighed = invariant.weigh(state.log, state.case.profile.merchant_id)
        if weighed.checked:
            state.checked += 1
        else:
            state.notes = (*state.notes, f"not checked: {name} ({weighed.why})")
        for text in weighed.breaches:
            state.find("fail", "verify", name, text, expected=invariant.text, mark=line.mark)


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
                state.find("inconclusive", "never", never.id,
                           f"its window never opened: {never.start} did not happen",
                           mark=never.mark)  # fmt: skip
        elif window.closed is None:
            state.find("inconclusive", "never", never.id, "its window was not watched to its end",
                       mark=never.mark)  # fmt: skip
        elif proves(window, state.case.profile.reverses):
            state.checked += 1
        else:
            state.find(
                "inconclusive", "never", never.id,
                "nothing else came from the terminal inside the window, and this class is sent "
                "just before the next transaction: start one inside the window", mark=never.mark,
            )  # fmt: skip


def _plans(state: State) -> None:
    for plan in state.plans.values():
        if plan.skipped:
            state.find("inconclusive", "plan", plan.step, plan.skipped,
                       expected=f"reply: {plan.what}", mark=plan.mark)  # fmt: skip
        elif plan.effect and not plan.met:
            state.find("inconclusive", "plan", plan.step, "the planned reply did not take effect",
                       expected=f"reply: {plan.what}", mark=plan.mark)  # fmt: skip
