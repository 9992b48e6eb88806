"""Pre-authorization, increment, completion and their voids at the terminal (3.6, 6.13)."""

import pytest

from switch import elements as de
from switch.terminal import Record

from .bench import SILENCE, Bench, Say, conversation

STYLES = pytest.mark.parametrize("style", ["eager", "lazy"])
BATCH_STAN_DATE = "000001" + "000002" + "0723"


def deposit(style: str = "eager", **on: Say) -> Bench:
    """A terminal that holds one authorization of 200.00; answers by class."""
    bench = Bench(style).signed_on()
    for kind, say in on.items():
        bench.on(kind, say)
    return does(bench, "preauth", 20_000)


def does(bench: Bench, do: str, amount: int | None = None, seconds: float = 1) -> Bench:
    bench.ask(do, amount=amount)
    return bench.run(seconds)


@STYLES
def test_the_chain_from_deposit_to_bill_and_back(style: str) -> None:
    bench = deposit(style)
    for do, amount in (("preauth_increment", 5_000), ("completion", 18_300),
                       ("completion_void", None), ("preauth_void", None)):  # fmt: skip
        does(bench, do, amount)
    assert bench.transcript == conversation("""
        >> 0100 preauth 000002
        << 0110 00 000002
        >> 0100 preauth_increment 000003
        << 0110 00 000003
        >> 0200 completion 000004
        << 0210 00 000004
        >> 0200 completion_void 000005
        << 0210 00 000005
        >> 0100 preauth_void 000006
        << 0110 00 000006
    """)
    assert [result.outcome for result in bench.results[1:]] == ["approved"] * 5
    assert bench.slips[-1].startswith("PREAUTH VOID 250.00 APPROVED")


@pytest.mark.parametrize(
    ("do", "kind", "condition", "control", "amount"),
    [
        ("preauth_increment", "preauth_increment", "60", "10", 5_000),
        ("completion", "completion", "06", "20", 18_300),
        ("preauth_void", "preauth_void", "06", "11", 20_000),
    ],
)
def test_what_refers_to_an_authorization_names_it(
    do: str, kind: str, condition: str, control: str, amount: int
) -> None:
    bench = does(deposit(), do, None if do.endswith("void") else amount)
    (message,) = bench.of(kind)
    assert message.amount == amount
    assert message[de.APPROVAL_CODE] == "A00001"
    assert message[de.ORIGINAL] == BATCH_STAN_DATE
    assert message[de.CONDITION_CODE] == condition
    assert message[de.CONTROL][:2] == control
    assert message.pan == "6212142000000000012"
    assert de.PIN_BLOCK not in message and de.TRACK_2 not in message


def test_a_completion_void_names_the_completion() -> None:
    bench = does(does(deposit(), "completion", 18_300), "completion_void")
    (void,) = bench.of("completion_void")
    assert void.amount == 18_300
    assert void[de.ORIGINAL] == "000001" + "000003" + "0723"
    assert (void[de.RRN], void[de.APPROVAL_CODE]) == ("103105000002", "A00001")


@pytest.mark.parametrize(
    "acts",
    [
        ("completion",),
        ("preauth_void",),
        ("preauth_increment",),
        ("completion_void",),
        ("preauth", "completion", "completion"),
        ("preauth", "completion", "preauth_void"),
        ("preauth", "preauth_void", "completion"),
        ("preauth", "preauth_void", "preauth_void"),
        ("preauth", "completion", "completion_void", "completion_void"),
        ("sale", "completion_void"),
    ],
)
def test_what_has_no_original_is_refused_by_the_terminal_itself(acts: tuple[str, ...]) -> None:
    bench = Bench().signed_on()
    for act in acts:
        sent = len(bench.requests)
        does(bench, act)
    assert bench.results[-1].outcome == "refused_locally"
    assert len(bench.requests) == sent


def test_the_last_open_authorization_is_meant() -> None:
    bench = does(deposit(), "preauth", 7_000)
    does(does(bench, "completion"), "completion")
    assert [one.amount for one in bench.of("completion")] == [7_000, 20_000]


@STYLES
@pytest.mark.parametrize("code", ["51", "64", "91"])
def test_a_declined_completion_leaves_the_authorization_open(style: str, code: str) -> None:
    bench = deposit(style, completion=Say(code))
    does(does(bench, "completion"), "completion")
    assert [result.outcome for result in bench.results[2:]] == ["declined", "approved"]
    assert not bench.of("reversal")


def test_a_declined_void_leaves_what_it_meant() -> None:
    bench = deposit(preauth_void=Say("96"))
    does(does(bench, "preauth_void"), "preauth_void")
    assert [result.outcome for result in bench.results[2:]] == ["declined", "approved"]


@STYLES
@pytest.mark.parametrize("kind", ["preauth", "preauth_increment", "completion", "preauth_void"])
def test_each_is_reversed_by_its_own_number(style: str, kind: str) -> None:
    bench = Bench(style).signed_on().on(kind, SILENCE)
    if kind != "preauth":
        does(bench, "preauth", 20_000)
    does(bench, kind, None if kind == "preauth_void" else 5_000, 61)
    bench.sells()
    (lost,), (reversal,) = bench.of(kind), bench.of("reversal")
    assert reversal[de.STAN] == lost[de.STAN]
    copied = set(bench.settings.dialect.classes["reversal"].copies) & set(lost)
    assert {n: reversal[n] for n in copied} == {n: lost[n] for n in copied}


@STYLES
def test_the_reversal_of_a_completion_void_keeps_de_61(style: str) -> None:
    bench = does(deposit(style, completion_void=SILENCE), "completion", 18_300)
    does(bench, "completion_void", seconds=61)
    bench.sells()
    (void,), (reversal,) = bench.of("completion_void"), bench.of("reversal")
    assert (reversal[de.STAN], reversal[de.ORIGINAL]) == (void[de.STAN], void[de.ORIGINAL])
    does(bench, "completion_void")
    assert bench.results[-1].outcome == "approved", "the completion stood"


def test_a_partial_approval_holds_what_was_granted() -> None:
    bench = deposit(preauth=Say("10", set={de.AMOUNT: "000000012000"}))
    does(bench, "completion")
    assert bench.of("completion")[0].amount == 12_000


def test_authorizations_survive_a_power_cut_and_the_next_batch() -> None:
    bench = does(deposit(), "preauth_increment", 1_000)
    record = Record.from_json(bench.saved[-1])
    record.batch, record.log = 2, []
    later = does(Bench(record=record), "completion")
    (completion,) = later.of("completion")
    assert completion.amount == 21_000
    assert completion[de.ORIGINAL] == BATCH_STAN_DATE


def test_a_completion_of_the_batch_before_is_not_voided() -> None:
    bench = does(deposit(), "completion")
    bench.terminal.record.batch = 2
    does(bench, "completion_void")
    assert bench.results[-1].outcome == "refused_locally"
