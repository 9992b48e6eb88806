"""Many terminals at once: one acquirer, one verdict for each terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from switch.acquirer.book import load as load_book
from switch.errors import BadUsage
from switch.records import Event
from switch.report.fleet import Fleet
from switch.run.case import CaseRun
from switch.run.fleet import Rendezvous, check_digit, mustered
from switch.run.judge import judge
from switch.run.memory import MemoryNetwork
from switch.run.model import ModelDriver, habits_of
from switch.run.plan import Prepared, RunOptions, prepare
from switch.run.session import Session
from switch.run.suite import Suite
from switch.run.tcp import TcpNetwork
from switch.scenario.model import Profile
from switch.scenario.verdict import Verdict

Played = list[tuple[Verdict, list[Event]]]
PROFILE = Profile(id="12345678", merchant_id="898310012345678")


def fleet(count: int = 20, **options: str) -> Prepared:
    return prepare(RunOptions(names=("many-at-once",), terminals=count, **options))  # type: ignore[arg-type]


def play(count: int = 20, **options: str) -> Played:
    return list(Suite(fleet(count, **options)).run())


def text(played: Played) -> str:
    return "".join(event.line() + "\n" for _, events in played for event in events)


def of(kind: str, played: Played) -> list[Event]:
    return [event for _, events in played for event in events if event.kind == kind]


# ---- a run ------------------------------------------------------------------------------------


@pytest.mark.parametrize("over", ["memory", "tcp"])
@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_twenty_terminals_wait_in_one_line_and_each_passes(over: str, style: str) -> None:
    played = play(over=over, style=style)
    assert [verdict.status for verdict, _ in played] == ["pass"] * 20
    ids = [verdict.case.id for verdict, _ in played]
    assert ids[0] == "many-at-once@12345678"
    assert len(set(ids)) == 20
    queued = sorted(event["queued"] for event in of("decided", played) if event["queued"])
    assert queued[-1] - queued[0] > 3_500_000_000  # 200 ms for each of those before it


def test_a_log_holds_one_terminal_and_ends_with_its_verdict() -> None:
    for verdict, events in play(3):
        tids = {event.terminal for event in events if event.terminal}
        assert tids == {verdict.case.profile.id}
        assert events[-1].kind == "run_ended"
        assert [event.seq for event in events] == list(range(1, len(events) + 1))


def test_the_acquirer_counts_its_exchanges_over_all_lines() -> None:
    numbers = [event["exchange"] for event in of("received", play(3))]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("over", ["memory", "tcp"])
def test_one_seed_twice_gives_equal_bytes(over: str) -> None:
    assert text(play(5, over=over)) == text(play(5, over=over))
    assert text(play(5, over=over)) != text(play(5, over=over, seed="1"))


def test_each_log_is_judged_alone_and_as_it_was_live(tmp_path: Path) -> None:
    for terminal in ("model", "model:reverses-a-decline"):
        for live, events in play(3, terminal=terminal):
            path = tmp_path / "events.ndjson"
            path.write_text(text([(live, events)]))
            (judged,) = judge(path)
            assert judged.verdict.case.id == live.case.id
            assert judged.verdict.status == live.status
            assert judged.verdict.headline == live.headline
            assert judged.verdict.windows == live.windows


class OneBad(Suite):
    """A fleet with one defective terminal."""

    bad = ""

    def _model(self, played: CaseRun, network: MemoryNetwork | TcpNetwork) -> ModelDriver:
        defect = "reverses-a-decline" if played.case.profile.id == self.bad else ""
        self.habits = habits_of(defect)
        return super()._model(played, network)


def test_a_defective_terminal_fails_by_itself() -> None:
    prepared = fleet()
    suite = OneBad(prepared)
    suite.bad = prepared.cases[7].profile.id
    failed = {verdict.case.id for verdict, _ in suite.run() if verdict.status == "fail"}
    assert failed == {f"many-at-once@{suite.bad}"}


def test_every_terminal_of_a_defective_fleet_fails() -> None:
    assert {v.status for v, _ in play(3, terminal="model:reverses-a-decline")} == {"fail"}


def test_the_host_is_changed_once_and_all_are_told() -> None:
    """Twenty more in the line for each of three terminals would be sixty."""
    played = play(3)
    told = [event for event in of("world_changed", played) if event["what"] == "host"]
    assert len(told) == 9
    waits = [event["queued"] for event in of("decided", played) if event["queued"]]
    assert max(waits) < 24 * 200_000_000


def test_scenarios_that_change_card_and_merchant_do_not_meet() -> None:
    names = ("card-blocked-later", "wrong-payee", "cut-over", "maintenance-of-one-type")
    played = list(Suite(prepare(RunOptions(names=names, terminals=3))).run())
    assert {verdict.status for verdict, _ in played} == {"pass"}


def test_the_report_holds_a_summary_of_the_fleet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(replace(fleet(), options=replace(fleet().options, out=tmp_path)))
    assert session.run() == 0
    said = capsys.readouterr().out
    assert "fleet of 20, many-at-once: 20 passed, 0 failed, 0 inconclusive" in said
    assert "transactions 60: approved 66.7%, declined 33.3%, unanswered 0.0%" in said
    (figures,) = json.loads((tmp_path / "verdicts.json").read_text())["fleets"]
    assert figures["terminals"] == 20
    # The last of twenty waits for twenty others, nineteen of its own, and itself.
    assert figures["response_seconds"]["max"] == pytest.approx(40 * 0.2, abs=0.02)


def test_a_terminal_that_stays_out_of_time_is_counted_as_unanswered() -> None:
    played = list(Suite(prepare(RunOptions(names=("queue-grows",), terminals=3))).run())
    summary = Fleet("queue-grows")
    dialect = fleet(1).dialect
    for verdict, events in played:
        summary.add(verdict, events, dialect)
    assert summary.fates["unanswered"] > 0
    assert max(summary.times) <= PROFILE.timeout


# ---- who they are -----------------------------------------------------------------------------


def test_terminals_are_made_after_the_first_and_none_twice() -> None:
    book, crew = mustered(load_book(), PROFILE, 50, "8583")
    assert crew[0] == PROFILE
    assert len({one.id for one in crew}) == len({one.merchant_id for one in crew}) == 50
    assert {book.merchants[one.merchant_id].category for one in crew} == {"1234"}
    assert len({book.terminals[one.id].tmk for one in crew}) == 50
    pans = [card.pan for card in book.cards.values()]
    assert len(set(pans)) == len(pans)
    assert all(check_digit(pan[:-1]) == pan[-1] for pan in pans[-20:])


def test_the_seed_makes_the_terminals() -> None:
    assert mustered(load_book(), PROFILE, 5, "1") == mustered(load_book(), PROFILE, 5, "1")
    assert mustered(load_book(), PROFILE, 5, "1") != mustered(load_book(), PROFILE, 5, "2")


def test_without_a_fleet_nothing_is_made() -> None:
    assert mustered(load_book(), PROFILE, 0, "8583") == (load_book(), (PROFILE,))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"terminals": -1}, "1 to 200"),
        ({"terminals": 201}, "1 to 200"),
        ({"terminals": 2, "terminal": "prompt"}, "only the model terminal"),
        ({"terminals": 2, "over": "tcp", "listen": "127.0.0.1:0"}, "a line of its own"),
        ({"terminals": 2, "failed": Path("runs/latest")}, "--failed"),
    ],
)
def test_what_a_fleet_cannot_be(options: dict[str, object], said: str) -> None:
    with pytest.raises(BadUsage, match=said):
        prepare(RunOptions(names=("many-at-once",), **options))  # type: ignore[arg-type]


# ---- the rendezvous ---------------------------------------------------------------------------


def meeting(*tids: str) -> tuple[Rendezvous, list[tuple[str, bool]]]:
    made = Rendezvous()
    for tid in tids:
        made.join(tid)
    return made, []


def test_the_last_to_come_lets_all_go_on_and_one_changes() -> None:
    made, done = meeting("a", "b")
    made.come("b", "3", lambda first: done.append(("b", first)))
    assert done == []
    made.come("a", "3", lambda first: done.append(("a", first)))
    assert done == [("b", True), ("a", False)]


def test_nobody_waits_for_a_case_that_has_ended() -> None:
    made, done = meeting("a", "b")
    made.come("a", "3", lambda first: done.append(("a", first)))
    made.leave("b")
    assert done == [("a", True)]


def test_a_case_that_ended_while_it_waited_changes_nothing() -> None:
    made, done = meeting("a", "b")
    made.come("a", "3", lambda first: done.append(("a", first)))
    made.leave("a")
    assert done == []


def test_cases_at_different_steps_do_not_wait_for_ever() -> None:
    made, done = meeting("a", "b")
    made.come("a", "3", lambda first: done.append(("a", first)))
    made.come("b", "5", lambda first: done.append(("b", first)))
    assert done == [("a", True), ("b", True)]
