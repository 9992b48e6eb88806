"""Good scenario files, and what becomes of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from switch import faults
from switch.dialect import Dialect
from switch.dialect import load as load_dialect
from switch.errors import BadFile, BadUsage
from switch.scenario import schema
from switch.scenario.loader import Known, find, load, load_text
from switch.scenario.model import (
    AnyOrder,
    Ask,
    Bound,
    Case,
    Choice,
    Connection,
    Observe,
    Profile,
    Quiet,
    Receive,
    Release,
    Repeat,
    Reply,
    Send,
    Stimulus,
    Wait,
    World,
    every,
)
from switch.scenario.profile import defaults
from switch.shapes import Reference
from switch.shipped import shipped

FILES = Path(__file__).parents[1] / "scenario_files"
GOOD = sorted((FILES / "good").glob("*.yaml"))
SECOND = 1_000_000_000
PROFILE = defaults(style="eager", id="12345678", merchant_id="898310012345678")


def cases_of(path: Path, dialect: Dialect, profile: Profile = PROFILE) -> dict[str, Case]:
    return {case.case: case for case in load(path, dialect=dialect, profile=profile)}


@pytest.fixture(scope="module")
def timeout_reversal(dialect: Dialect) -> dict[str, Case]:
    return cases_of(shipped("scenarios") / "timeouts" / "timeout-reversal.yaml", dialect)


@pytest.fixture(scope="module")
def everything(dialect: Dialect) -> dict[str, Case]:
    return cases_of(FILES / "good" / "everything.yaml", dialect)


def test_the_matrix_makes_the_cases(timeout_reversal: dict[str, Case]) -> None:
    assert list(timeout_reversal) == ["loss=silent", "loss=closed", "loss=half_frame"]
    silent = timeout_reversal["loss=silent"]
    assert silent.id == "timeout-reversal[loss=silent]"
    assert not silent.skip


def test_a_case_has_its_own_values(timeout_reversal: dict[str, Case]) -> None:
    silent = timeout_reversal["loss=silent"].step("sale")
    closed = timeout_reversal["loss=closed"].step("sale")
    assert silent is not None
    assert closed is not None
    assert silent.reply == Reply(none=True)
    close = faults.FAULTS["transport"]["close"](after_bytes=0)  # type: ignore[call-arg]
    assert closed.reply == Reply(outcome="approved", faults=(close,))


def test_durations_are_added(timeout_reversal: dict[str, Case]) -> None:
    reversal = timeout_reversal["loss=silent"].step("reversal")
    assert reversal is not None
    assert reversal.not_before == 55 * SECOND
    assert reversal.within == 75 * SECOND
    assert reversal.start == Bound("sale", "received")
    assert reversal.provoke == Stimulus("next_transaction", prompt="Start another sale")


def test_references_stay(timeout_reversal: dict[str, Case]) -> None:
    reversal = timeout_reversal["loss=silent"].step("reversal")
    assert reversal is not None
    assert [(one.name, one.operator, one.operand) for one in reversal.where] == [
        ("original.stan", "eq", Reference("sale.stan"))
    ]
    assert [(one.name, one.operator, one.operand) for one in reversal.check] == [
        ("echoes_original", "eq", "sale"),
        ("reversal_reason", "in", ("timeout",)),
    ]


def test_fragments_stand_in_place(timeout_reversal: dict[str, Case]) -> None:
    case = timeout_reversal["loss=silent"]
    ask, receive, *rest = case.script
    assert isinstance(ask, Ask)
    assert ask.stimulus == Stimulus("sign_on", prompt="Sign on", unless="signed_on")
    assert isinstance(receive, Receive)
    assert (receive.id, receive.answered, receive.phase) == ("signed_on", "approved", "setup")
    assert receive.mark.file.endswith("scenarios/fragments/signed_on.yaml")
    assert {step.phase for step in rest} == {"steps"}
    assert [step.number for step in case.script] == list(range(1, len(case.script) + 1))


def test_the_windows_of_never(timeout_reversal: dict[str, Case]) -> None:
    resent, settled, first = timeout_reversal["loss=silent"].never
    assert (resent.start, resent.until) == (Bound("sale", "received"), Bound("", "end"))
    assert settled.note == "stop once acknowledged"
    assert first.until == Bound("repeat", "replied")


def test_a_window_that_has_a_length(dialect: Dialect) -> None:
    path = shipped("scenarios") / "merchant" / "suspended-merchant.yaml"
    case = cases_of(path, dialect)[""]
    no_retry = case.never[1]
    assert (no_retry.classes, no_retry.ns, no_retry.until) == (
        ("sale", "preauth"), 90 * SECOND, None
    )  # fmt: skip
    world = next(step for step in case.script if isinstance(step, World))
    assert (world.what, world.id, world.changes) == (
        "merchant", "898310012345678", {"status": "suspended"}
    )  # fmt: skip


# ---- a file with every key ----------------------------------------------------------------


def test_exclude_drops_combinations(everything: dict[str, Case]) -> None:
    assert list(everything) == [
        "loss=silent,tries=1,reason=plain",
        "loss=silent,tries=2,reason=plain",
        "loss=cut,tries=1,reason=plain",
        "loss=cut,tries=1,reason=odd",
    ]


def test_scalars_and_labels_of_axes(everything: dict[str, Case]) -> None:
    case = everything["loss=cut,tries=1,reason=odd"]
    last = case.script[-7]
    assert isinstance(last, Receive)
    assert (last.id, last.count, last.reply) == ("step 17", 1, Reply(unheard=True))
    wait = next(step for step in case.script if isinstance(step, Wait))
    assert wait.ns == 14 * SECOND  # ${slack} - 1s, with slack a sum itself
    reason = case.script[-8]
    assert isinstance(reason, Receive)
    assert reason.where[0].operand == "mac_error"


def test_why_a_scenario_stands(everything: dict[str, Case], dialect: Dialect) -> None:
    stands = "it shows every key and verb of the format"
    assert {case.stands for case in everything.values()} == {stands}
    assert cases_of(FILES / "good" / "smallest.yaml", dialect)[""].stands == ""


def test_params_of_a_fragment(everything: dict[str, Case]) -> None:
    case = next(iter(everything.values()))
    first = case.step("first")
    assert first is not None
    assert first.within == 5 * SECOND  # the default of `slack`, and nobody to wait for
    assert case.script[2].mark.file.endswith("good/fragments/one_sale.yaml")


def test_every_step_and_operator(everything: dict[str, Case]) -> None:
    case = next(iter(everything.values()))
    kinds = {type(step) for step in case.script}
    assert kinds == {
        Ask, Receive, Send, Wait, Quiet, World, Connection, Release, AnyOrder, Choice, Repeat,
        Observe,
    }  # fmt: skip
    (sent,) = (step for step in case.script if isinstance(step, Send))
    assert (sent.id, sent.kind, list(sent.set)) == ("unasked", "sale", ["stan", "amount", "de.44"])
    sale = case.step("money")
    assert sale is not None
    assert sale is case.step("sale")
    slip, display = (step for step in case.script if isinstance(step, Observe))
    assert (slip.id, slip.channel, slip.prompt, slip.within) == (
        "slip", "receipt", "Read it", 5 * SECOND
    )  # fmt: skip
    assert (display.channel, display.conditions[0].decided_by) == ("display", "entry")
    assert {one.operator for one in (*sale.where, *sale.check, *slip.conditions)} == {
        "eq", "ne", "in", "not_in", "gt", "lt", "between", "present", "absent", "if_present",
        "matches", "contains", "lacks",
    }  # fmt: skip


def test_steps_inside_steps(everything: dict[str, Case]) -> None:
    case = everything["loss=cut,tries=1,reason=odd"]
    order, choice, repeat = case.script[-6:-3]
    assert isinstance(order, AnyOrder)
    assert isinstance(choice, Choice)
    assert isinstance(repeat, Repeat)
    assert [step.id for step in order.steps] == ["one", "other"]
    assert [len(branch) for branch in choice.branches] == [1, 3], "a fragment in a branch"
    assert (repeat.times, len(repeat.steps)) == (1, 2)
    again = case.step("again")
    assert again in every(case.script)
    numbers = [step.number for step in every(case.script)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_key_of_a_reply(everything: dict[str, Case]) -> None:
    reversal = next(iter(everything.values())).step("reversal")
    assert reversal is not None
    reply = reversal.reply
    assert reply is not None
    assert reply.set == {
        "stan": Reference("sale.stan"),
        "de.44": "X",
        "processing_requirement": "3",
    }
    assert reply.omit == ("rrn", "de.12")
    assert [(fault.moment, fault.kind) for fault in reply.faults] == [
        ("message", "other_transaction"), ("field", "not_echoed"), ("field", "absent"),
    ]  # fmt: skip
    assert (reply.after, reply.hold_until) == (SECOND, "release")
    assert (reply.times, reply.every, reply.first, reply.chance) == (2, 1, 3, 0.5)
    assert reversal.not_before == 0  # 1s - 5s: no bound at all
    assert reversal.optional


def test_verify(everything: dict[str, Case]) -> None:
    message, few, ledger, batch, every, some = next(iter(everything.values())).verify
    assert (message.what, message.classes, message.count) == ("message", ("sale",), (1, 1))
    assert (few.count, few.note) == ((0, 3), "few")
    assert (ledger.step, ledger.status) == ("sale", "reversed")
    assert (batch.what, every.names, some.names) == ("batch", (), ("right_payee",))


def test_who_decides_whether_a_breach_binds(everything: dict[str, Case]) -> None:
    case = next(iter(everything.values()))
    sale = case.step("sale")
    assert sale is not None
    decided = {one.name: one.decided_by for one in sale.check if one.decided_by}
    assert decided == {"pin": "pin_tries"}
    assert [one.decided_by for one in case.never] == ["", "reversal_attempts"]
    assert [one.decided_by for one in case.verify] == ["", "entry", "", "", "", ""]


def test_a_reply_held_until_a_later_step(dialect: Dialect) -> None:
    case = cases_of(FILES / "good" / "single-dialect.yaml", dialect)[""]
    first = case.script[0]
    assert isinstance(first, Receive)
    assert first.reply == Reply(code="06", hold_until=Bound("probe", "received"))


# ---- skipped ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (replace(PROFILE, reversal_attempts=1), "reversal_attempts is at least 2, this one has 1"),
        (replace(PROFILE, timeout=600 * SECOND), "timeout is at most 300s, this one has 600s"),
        (replace(PROFILE, can=("sale",)), "can includes echo"),
        (replace(PROFILE, keeps_connection=False), "keeps_connection is true, this one has false"),
        (replace(PROFILE, entry="manual"), "entry is stripe, this one has manual"),
    ],
)
def test_what_the_terminal_lacks(profile: Profile, sentence: str, dialect: Dialect) -> None:
    cases = cases_of(FILES / "good" / "everything.yaml", dialect, profile)
    assert {case.skip for case in cases.values()} == {f"needs a terminal whose {sentence}"}


def test_another_clock(dialect: Dialect) -> None:
    path = FILES / "good" / "single-dialect.yaml"
    [case] = load(path, dialect=dialect, profile=PROFILE)
    assert case.skip == "needs a real clock, this run has virtual"
    [case] = load(path, dialect=dialect, profile=PROFILE, clock="real")
    assert not case.skip


def test_another_dialect(dialect: Dialect) -> None:
    other = replace(dialect, name="elsewhere", classes={}, outcomes={}, value_places={})
    cases = load(FILES / "good" / "everything.yaml", dialect=other, profile=PROFILE)
    assert {case.skip for case in cases} == {"is for cup-pos, this run speaks elsewhere"}
    assert {case.dialect for case in cases} == {"cup-pos"}


def test_names_of_the_book(dialect: Dialect) -> None:
    path = FILES / "good" / "everything.yaml"
    with pytest.raises(BadFile) as caught:
        load(path, dialect=dialect, profile=PROFILE, known=Known(cards=("defaults",)))
    expected = "'default' is not one of defaults; did you mean 'defaults'?"
    assert {problem.text for problem in caught.value.problems} == {expected}


# ---- finding ------------------------------------------------------------------------------


def test_without_names_the_shipped_library_is_meant() -> None:
    found = find()
    assert {path.name for path in found} >= {"timeout-reversal.yaml", "suspended-merchant.yaml"}
    assert not any("fragments" in path.parts for path in found)


def test_a_shipped_scenario_by_name() -> None:
    [path] = find(["timeout-reversal"])
    assert path.parts[-2:] == ("timeouts", "timeout-reversal.yaml")


def test_files_and_folders_as_given_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILES)
    shown = [str(path) for path in find(["good/smallest.yaml", "good"])]
    assert shown == ["good/smallest.yaml", "good/everything.yaml", "good/single-dialect.yaml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("timeout-reversl", "did you mean 'timeout-reversal'?"),
        ("nowhere.yaml", "no such file: nowhere.yaml"),
        ("EMPTY", "no scenario in the folder"),
    ],
)
def test_names_that_lead_nowhere(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(BadUsage) as caught:
        find([str(tmp_path) if name == "EMPTY" else name])
    assert text in str(caught.value)


def test_a_scenario_anywhere_may_use_the_shipped_fragments(
    dialect: Dialect, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("format: 1\nname: mine\ntitle: x\nsteps: [use: signed_on]\n", encoding="utf-8")
    [case] = load(path, dialect=dialect, profile=PROFILE)
    assert case.step("signed_on")


def test_its_own_fragments_come_first(dialect: Dialect, tmp_path: Path) -> None:
    (tmp_path / "fragments").mkdir()
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "mine.yaml"
    path.write_text("format: 1\nname: mine\ntitle: x\nsteps: [use: signed_on]\n", encoding="utf-8")
    own = "fragment: signed_on\nsteps: [wait: 1s]\n"
    (tmp_path / "fragments" / "signed_on.yaml").write_text(own, encoding="utf-8")
    [case] = load(path, dialect=dialect, profile=PROFILE)
    assert isinstance(case.script[0], Wait)


# ---- the same from texts, and the schema ---------------------------------------------------


@pytest.mark.parametrize("path", [*GOOD, *find()], ids=lambda path: path.stem)
def test_a_case_can_be_made_again_from_its_texts(path: Path, dialect: Dialect) -> None:
    cases = load(path, dialect=dialect, profile=PROFILE, clock="virtual")
    case = cases[0]
    again = load_text(
        case.source, case.path, fragments=case.fragments, dialect=dialect, profile=PROFILE
    )
    assert again == cases


@pytest.fixture(scope="module")
def validator(dialect: Dialect) -> Draft202012Validator:
    return Draft202012Validator(schema.scenario(dialect))


@pytest.mark.parametrize("path", [*GOOD, *find()], ids=lambda path: path.stem)
def test_good_files_pass_the_schema(path: Path, validator: Draft202012Validator) -> None:
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(tree)] == []


@pytest.mark.parametrize(
    "path",
    [
        *(FILES / "good" / "fragments").glob("*.yaml"),
        *shipped("scenarios").glob("fragments/*.yaml"),
    ],
    ids=lambda path: path.stem,
)
def test_fragments_pass_the_schema(path: Path, dialect: Dialect) -> None:
    validator = Draft202012Validator(schema.fragment(dialect))
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(tree)] == []


def test_a_schema_is_small_and_always_the_same(dialect: Dialect) -> None:
    first, second = (json.dumps(schema.scenario(dialect)) for _ in range(2))
    assert first == second
    assert len(first) < 150_000  # over a million without shared definitions


def test_the_dialect_passes_its_schema() -> None:
    Draft202012Validator.check_schema(schema.dialect())
    tree = yaml.safe_load((shipped("specs") / "cup-pos.yaml").read_text(encoding="utf-8"))
    found = [
        f"{error.json_path}: {error.message[:80]}"
        for error in Draft202012Validator(schema.dialect()).iter_errors(_with_texts(tree))
    ]
    assert found == []


def _with_texts(tree: object) -> object:
    """JSON has no keys but texts."""
    if isinstance(tree, dict):
        return {str(key): _with_texts(value) for key, value in tree.items()}
    return [_with_texts(item) for item in tree] if isinstance(tree, list) else tree


# ---- anything at all ------------------------------------------------------------------------

TEXTS = [path.read_text(encoding="utf-8") for path in (*GOOD, *find())]
SNIPPETS = [
    "${", "}", "${a}", "${sale.stan}", "${terminal.x}", "{", "[", "]", ":", "- ", "\n", "  ", "'",
    '"', "~", "&a", "*a", "!!binary ", "|", ">", "60", "60s", " + ", "0", "-1", "\t", "\x00", "٣s",
    "receive", "none", "use: signed_on", "in: [1]", "#", "---\n", "9" * 5000,
]  # fmt: skip


@given(st.data())
def test_a_spoiled_file_raises_nothing_but_bad_file(data: st.DataObject) -> None:
    dialect = load_dialect("cup-pos")
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        new = data.draw(st.sampled_from(SNIPPETS) | st.text(max_size=8))
        text = text[:start] + new + text[end:]
    fragments = {"signed_on": "fragment: signed_on\nsteps: [wait: 1s]\n"}
    try:
        cases = load_text(text, "f", fragments=fragments, dialect=dialect, profile=PROFILE)
    except BadFile as error:
        assert error.problems
        assert all(problem.mark.line >= 1 for problem in error.problems)
    else:
        assert cases


@given(st.data())
def test_a_scenario_with_one_line_less_or_twice(data: st.DataObject) -> None:
    dialect = load_dialect("cup-pos")
    lines = data.draw(st.sampled_from(TEXTS)).splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1))
    lines[place] = data.draw(st.sampled_from(["", lines[place] * 2, lines[other]]))
    try:
        load_text("".join(lines), "f", fragments={}, dialect=dialect, profile=PROFILE)
    except BadFile as error:
        assert error.problems
