"""Cases run against the model terminal, in memory and on virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from switch.acquirer.book import load as load_book
from switch.dialect import Dialect
from switch.masking import Tokens
from switch.records import Event
from switch.run.case import CaseRun, Cast
from switch.run.memory import MemoryNetwork
from switch.run.model import ModelDriver, settings_of
from switch.run.virtual import VirtualClock
from switch.scenario import loader
from switch.scenario import profile as profiles
from switch.scenario.model import Case
from switch.scenario.verdict import Verdict

HERE = Path(__file__).parent
SIGNED_ON = """\
fragment: signed_on
title: The terminal holds this host's keys
format: 1
steps:
  - stimulus: {do: sign_on, prompt: "Sign on", unless: signed_on}
  - {id: signed_on, receive: sign_on, within: 60s, answered: approved}
"""
Played = tuple[Verdict, list[Event]]
Play = Callable[..., Played]


@pytest.fixture(scope="session")
def cases(dialect: Dialect) -> Callable[..., list[Case]]:
    """All cases of a scenario of this folder, for a terminal of one style."""

    def load(scenario: str, style: str = "eager") -> list[Case]:
        terminal = next(iter(load_book().terminals.values()))
        profile = replace(
            profiles.defaults(style=style), id=terminal.id, merchant_id=terminal.merchant
        )
        text = (HERE / "scenarios" / f"{scenario}.yaml").read_text(encoding="utf-8")
        return loader.load_text(
            text,
            f"scenarios/timeouts/{scenario}.yaml",
            fragments={"signed_on": SIGNED_ON},
            dialect=dialect,
            profile=profile,
        )

    return load


@pytest.fixture(scope="session")
def play(dialect: Dialect, cases: Callable[..., list[Case]]) -> Play:
    """Verdict and log of one case.

    Args of the function: scenario, case, defect of the terminal, what the profile says of its
    style, its real style, and the seconds after which the run is cut off.
    """
    book = load_book()

    def run(
        scenario: str,
        name: str = "",
        defect: str = "",
        style: str = "eager",
        real_style: str = "",
        cut_off: int = 0,
    ) -> Played:
        case = next(one for one in cases(scenario, style) if one.case == name)
        clock = VirtualClock()
        cast = Cast(book, dialect, f"8583/{case.id}", {})
        played = CaseRun(case, cast, clock, Tokens(b"report tests"))
        network = MemoryNetwork(clock, played.host, played)
        settings = settings_of(book, dialect, case.profile, real_style or style, defect)
        chance = played.chance.child("terminal")
        played.start(network, ModelDriver(settings, clock, chance, played.log, network))
        while played.verdict is None and clock.step():
            if cut_off and clock.now() > cut_off * 1_000_000_000:
                played.abort(f"--max-time: {cut_off}s passed")
        assert played.verdict is not None
        return played.verdict, played.log.events

    return run
