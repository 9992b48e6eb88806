"""Windows in which a message must not come: ``never`` and ``quiet``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from switch.dialect import Dialect
from switch.judge.matching import Seen, fits
from switch.scenario.expecting import named, unwanted
from switch.scenario.model import Policy
from switch.scenario.state import State, Window

# Terminals send these just before their next transaction: that none came is proven only when
# the terminal has done something else meanwhile (scenario-format 8).
LAZY_CLASSES = frozenset(
    {
        "reversal",
        "script_result",
        "offline_sale",
        "ic_offline_sale",
        "completion_advice",
        "adjustment",
        "tip",
        "sign_on",
    }
)


def background(kind: str, policy: Policy, dialect: Dialect) -> bool:
    """A class that is answered at any time without a finding."""
    known = dialect.classes.get(kind)
    group = known.group if known else ""
    return kind in policy.background or group in policy.background


def open_and_close(state: State, bound: str) -> None:
    """A bound's event has come: open the windows that begin with it, close those that end."""
    fresh: list[Window] = []
    for window in state.windows:
        never = window.never
        if window.opened is None and str(never.start) == bound and not window.quiet:
            ends = None if never.ns is None else state.now + never.ns
            window = replace(window, opened=state.now, ends=ends)
        elif window.open and never.until is not None and str(never.until) == bound:
            window = replace(window, closed=state.now)
        fresh.append(window)
    state.windows = tuple(fresh)


def close_due(state: State, now: int) -> None:
    """Close ``for`` windows: they cover ``[from, from + d)``."""
    state.windows = tuple(
        replace(window, closed=window.ends)
        if window.open and window.ends is not None and window.ends <= now
        else window
        for window in state.windows
    )


def breaches(state: State, message: Seen) -> bool:
    """Hold a message against every open window; True if one of them reports it."""
    reported = False
    fresh: list[Window] = []
    for window in state.windows:
        if window.open:
            if _forbids(state, window, message):
                reported = True
                _violated(state, window, message)
                window = replace(window, violated=window.violated + 1)
            elif message.kind not in window.never.classes and not background(
                message.kind, state.case.policy, state.dialect
            ):
                window = replace(window, other=True)
        fresh.append(window)
    state.windows = tuple(fresh)
    return reported


def _forbids(state: State, window: Window, message: Seen) -> bool:
    return message.kind in window.never.classes and fits(
        window.never.where, message, state.steps, state.dialect
    )


def _violated(state: State, window: Window, message: Seen) -> None:
    never = window.never
    state.find(
        "fail",
        "quiet" if window.quiet else "never",
        never.id,
        f"{named(state, message)} came inside the window",
        note=never.note,
        expected=unwanted(state, window),
        kinds=never.classes,
        about=message,
        mark=never.mark,
        decided_by=never.decided_by,
    )


def cut_short(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Every open window, as the script ended early."""
    return tuple(replace(window, cut=True) if window.open else window for window in windows)


def proves(window: Window, reverses: str) -> bool:
    """Whether a window that held says anything about this terminal."""
    if window.closed is None:
        return False
    if window.other or reverses == "eager":
        return True
    return not LAZY_CLASSES & set(window.never.classes)
