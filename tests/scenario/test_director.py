"""Directors: a case that listens to the log, and standing rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from switch.chance import Chance, Told
from switch.records import Event
from switch.scenario.director import RulesDirector, ScenarioDirector
from switch.scenario.model import Reply
from switch.scenario.orders import AskTerminal
from switch.scenario.plan import Change, NoDirector, Plan
from switch.scenario.rules import load_rules
from tests.scenario.story import DIALECT, TID, a_case, message

SECOND = 1_000_000_000
CASE = a_case("""
steps:
  - stimulus: {do: sale}
  - {id: sale, receive: sale, where: {amount: "100"}, within: 60s,
     reply: {outcome: insufficient_funds}}
""")


def streams(step: str) -> Chance:
    return Chance(step)


def received(exchange: int, kind: str = "sale", stan: str = "000002", **given: str) -> Event:
    body = {"exchange": exchange, **message(kind, stan, given)}
    return Event(exchange + 10, SECOND, "received", 1, TID, body)


# ---- a scenario ------------------------------------------------------------------------------


def test_a_scenario_orders_and_plans_as_the_log_grows() -> None:
    director = ScenarioDirector(CASE, DIALECT)
    director.observe(Event(1, 0, "run_started"))
    (order,) = director.commands
    assert isinstance(order, AskTerminal)
    director.observe(Event(2, 0, "stimulus_asked", None, TID, {"step": "1", "provoke": False}))
    wish = director.wake()
    assert wish is not None and (wish.at, wish.last) == (60 * SECOND, True)
    sale = received(1, amount="100")
    director.observe(sale)
    plan = director.plan(sale, streams)
    assert (plan.step, plan.decision) == ("sale", "insufficient_funds")


def test_a_plan_is_given_once() -> None:
    director = ScenarioDirector(CASE, DIALECT)
    for event in (Event(1, 0, "run_started"),
                  Event(2, 0, "stimulus_asked", None, TID, {"step": "1"}),
                  received(1, amount="100")):  # fmt: skip
        director.observe(event)
    assert director.plan(received(1), streams).step == "sale"
    assert director.plan(received(1), streams) == Plan()


def test_a_message_that_no_step_takes_has_no_plan_and_may_be_a_finding() -> None:
    director = ScenarioDirector(CASE, DIALECT)
    director.observe(Event(1, 0, "run_started"))
    stray = received(1, "balance")
    director.observe(stray)
    assert director.plan(stray, streams) == Plan()
    assert [finding.kind for finding in director.findings] == ["unexpected"]


def test_slack_moves_the_next_deadline() -> None:
    director = ScenarioDirector(CASE, DIALECT, slack=SECOND)
    director.observe(Event(1, 0, "run_started"))
    director.observe(Event(2, 0, "stimulus_asked", None, TID, {"step": "1"}))
    wish = director.wake()
    assert wish is not None and wish.at == 61 * SECOND


def test_nobody_plans_nothing() -> None:
    plan = NoDirector().plan(received(1), streams)
    assert (plan.step, plan.decision, plan.reply) == ("", "", Reply())


# ---- standing rules --------------------------------------------------------------------------


def rules(tmp_path: Path, text: str) -> RulesDirector:
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n" + text, encoding="utf-8")
    return RulesDirector(load_rules(path, DIALECT), DIALECT)


def test_the_first_rule_that_fits_answers(tmp_path: Path) -> None:
    director = rules(
        tmp_path,
        """\
  - {id: small, when: {message: sale, where: {amount: {lt: "1000"}}}, reply: {outcome: count_limit}}
  - {id: sales, when: {message: [sale, void]}, reply: none}
  - {id: rest, when: {}, reply: {after: 2s}}
""",
    )
    assert director.plan(received(1, amount="999"), streams).decision == "count_limit"
    assert director.plan(received(2, amount="1000"), streams) == Plan("sales", Reply(none=True))
    assert director.plan(received(3, "void"), streams).step == "sales"
    assert director.plan(received(4, "echo", ""), streams).reply.after == 2 * SECOND


def test_without_a_rule_the_acquirer_answers(tmp_path: Path) -> None:
    director = rules(tmp_path, "  - {id: sales, when: {message: sale}, reply: none}\n")
    assert director.plan(received(1, "balance"), streams) == Plan()


@pytest.mark.parametrize(
    ("gate", "given"),
    [
        ("first: 2", "110000"),
        ("times: 1", "100000"),
        ("every: 3", "001001"),
        ("every: 2, times: 2", "010100"),
    ],
)
def test_how_often_a_rule_answers(tmp_path: Path, gate: str, given: str) -> None:
    director = rules(tmp_path, f"  - {{id: sales, when: {{message: sale}}, reply: none, {gate}}}\n")
    got = "".join("1" if director.plan(received(n), streams).reply.none else "0" for n in range(6))
    assert got == given


def test_a_count_may_stand_in_the_reply_too(tmp_path: Path) -> None:
    director = rules(
        tmp_path,
        "  - {id: sales, when: {message: sale}, reply: {outcome: system_error, times: 1}}\n",
    )
    assert [director.plan(received(n), streams).decision for n in range(3)] == [
        "system_error",
        "",
        "",
    ]


def test_a_rule_counts_only_what_fits_it(tmp_path: Path) -> None:
    director = rules(tmp_path, "  - {id: sales, when: {message: sale}, reply: none, first: 1}\n")
    assert not director.plan(received(1, "balance"), streams).reply.none
    assert director.plan(received(2), streams).reply.none
    assert not director.plan(received(3), streams).reply.none


def test_a_rule_that_is_used_up_lets_the_next_one_answer(tmp_path: Path) -> None:
    director = rules(
        tmp_path,
        """\
  - {id: once, when: {message: sale}, reply: none, times: 1}
  - {id: then, when: {message: sale}, reply: {outcome: system_error}}
""",
    )
    assert director.plan(received(1), streams).step == "once"
    assert director.plan(received(2), streams).step == "then"


def test_a_rule_may_change_the_world_and_leave_the_answer_to_others(tmp_path: Path) -> None:
    director = rules(
        tmp_path,
        """\
  - {id: later, when: {message: sale}, every: 2, host: {maintenance: cut_over, for: 5m}}
  - {id: both, when: {message: sale}, first: 1, reply: none,
     merchant: {id: m, status: suspended}, card: {id: c, balance: 100}}
""",
    )
    first, second, third = (director.plan(received(n), streams) for n in range(3))
    assert first == Plan(
        "both",
        Reply(none=True),
        (
            Change("both", "merchant", "m", {"status": "suspended"}),
            Change("both", "card", "c", {"balance": 100}),
        ),
    )
    cut_over = {"maintenance": "cut_over", "for": 300 * SECOND}
    assert second == Plan(changes=(Change("later", "host", "", cut_over),))
    assert third == Plan()


def test_chance_picks_a_share_of_the_messages_and_repeats(tmp_path: Path) -> None:
    rule = "  - {id: some, when: {message: sale}, chance: 0.25, reply: none}\n"

    def hits(source: Chance) -> list[bool]:
        director = rules(tmp_path, rule)
        return [director.plan(received(n), lambda _: source).reply.none for n in range(400)]

    first = hits(Chance("8583"))
    assert 70 < sum(first) < 130
    assert hits(Chance("8583")) == first
    assert hits(Chance("8584")) != first


def test_chance_may_stand_in_the_reply_of_a_rule(tmp_path: Path) -> None:
    director = rules(
        tmp_path,
        "  - {id: half, when: {message: sale}, reply: {outcome: system_error, chance: 0.5}}\n",
    )
    source = Chance("8583")
    said = [director.plan(received(n), lambda _: source).decision for n in range(40)]
    assert set(said) == {"system_error", ""}


@pytest.mark.parametrize(("chance", "decision"), [("1", "system_error"), ("0", "")])
def test_a_step_that_leaves_it_to_chance_asks_for_a_draw_first(chance: str, decision: str) -> None:
    text = "steps:\n  - {id: sale, receive: sale, reply: {outcome: system_error, chance: SHARE}}\n"
    director = ScenarioDirector(a_case(text.replace("SHARE", chance)), DIALECT)
    director.observe(Event(1, 0, "run_started"))
    asked: list[str] = []

    def drawn(purpose: str, value: float) -> None:
        asked.append(purpose)
        director.observe(Event(20, SECOND, "draw", 1, TID, {"exchange": 1, "value": value}))

    director.observe(received(1))
    plan = director.plan(received(1), lambda step: Told(Chance(step), drawn))
    assert (plan.step, plan.decision) == ("sale", decision)
    assert asked == ["chance"]
