"""Every defect changes the wire, in the way its name says."""

from dataclasses import fields

import pytest

from switch import elements as de
from switch.terminal import DEFECTS, Habits
from switch.terminal.defects import TABLES

from .bench import Bench
from .provoked import PROVOKED, heard, kinds


def wire(bench: Bench) -> list[tuple[float, bytes]]:
    """Everything that arrived at the host: when, and what."""
    return list(zip(bench.at(">>"), bench.frames[-len(bench.at(">>")) :], strict=True))


def test_every_defect_is_provoked_here() -> None:
    assert set(PROVOKED) == set(DEFECTS)
    assert len(DEFECTS) == sum(map(len, TABLES)), "two defects of one name"


@pytest.mark.parametrize("name", DEFECTS)
@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_it_shows_on_the_wire_in_its_styles(name: str, style: str) -> None:
    right, wrong = heard(name, style), heard(name, style, name)
    assert (wire(right) != wire(wrong)) == (style in DEFECTS[name].styles)


@pytest.mark.parametrize("name", DEFECTS)
def test_an_entry_names_habits_that_exist_and_differ(name: str) -> None:
    defect = DEFECTS[name]
    known = {field.name: field.default for field in fields(Habits)}
    assert defect.changes
    for habit, value in defect.changes.items():
        assert value != known[habit]
    assert defect.rule and defect.text[0].islower() and not defect.text.endswith(".")
    assert set(defect.styles) <= {"eager", "lazy"} and defect.styles


def test_every_habit_has_a_defect() -> None:
    changed = {habit for defect in DEFECTS.values() for habit in defect.changes}
    silence = {"starts_transactions"}  # no defect: the matrix lets a silent terminal pass nothing
    assert changed | silence == {field.name for field in fields(Habits)}


# ---- in the way the name says ------------------------------------------------------------


def reversal(name: str, style: str = "eager", number: int = 0) -> dict[int, str]:
    return dict(heard(name, style, name).of("reversal")[number].fields)


@pytest.mark.parametrize(
    "name",
    [
        "never-reverses",
        "no-reversal-after-lost-connection",
        "no-reversal-after-mismatch",
        "no-reversal-after-bad-mac",
        "cancel-drops-reversal",
        "forgets-reversal-at-power-off",
        "forgets-reversal-at-sign-on",
        "ignores-wrong-transaction",
        "ignores-wrong-amount",
        "ignores-wrong-stan",
        "ignores-wrong-terminal",
        "ignores-wrong-merchant",
        "ignores-wrong-mti",
        "approves-without-a-code",
        "ignores-the-mac",
        "ignores-reply-without-mac",
    ],
)
@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_no_reversal_where_one_is_due(name: str, style: str) -> None:
    assert kinds(name, style) == ["sale", "sale"]
    assert heard(name, style).of("reversal")


def test_accepts_late_approval() -> None:
    assert kinds("accepts-late-approval", "lazy") == ["sale", "sale"]
    assert len(heard("accepts-late-approval", "lazy", "accepts-late-approval").slips) == 2


@pytest.mark.parametrize(
    "name", ["reverses-a-decline", "reverses-unknown-balance", "reverses-when-printer-fails",
             "reverses-too-early"],
)  # fmt: skip
@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_a_reversal_where_none_is_due(name: str, style: str) -> None:
    assert kinds(name, style).count("reversal") == 1
    assert not heard(name, style).of("reversal")


@pytest.mark.parametrize("style", ["eager", "lazy"])
def test_reverses_unsent(style: str) -> None:
    bench = heard("reverses-unsent", style, "reverses-unsent")
    assert [one.kind for one in bench.requests[1:]] == ["reversal", "sale"]


def test_resends_and_retries() -> None:
    sales = heard("resends-the-sale", "eager", "resends-the-sale").of("sale")
    assert sales[0].fields == sales[1].fields
    sales = heard("retries-invalid-merchant", "eager", "retries-invalid-merchant").of("sale")
    assert [sale[de.STAN] for sale in sales] == ["000002", "000003", "000004"]


def test_order_and_number_of_messages() -> None:
    assert kinds("sale-before-reversal", "lazy") == ["sale", "sale", "reversal"]
    assert kinds("gives-up-after-one-try") == ["sale", "reversal", "sale"]
    assert kinds("reverses-after-acknowledged") == ["sale", "reversal", "reversal", "sale"]
    assert kinds("repeats-after-not-found") == ["sale", "reversal", "reversal", "sale"]
    assert kinds("ends-on-any-reversal-response") == ["sale", "reversal", "sale"]
    assert kinds("never-stops-reversing").count("reversal") > 10
    assert kinds("voids-twice") == ["sale", "void", "void"]


def test_contents_of_a_reversal() -> None:
    assert reversal("new-stan-in-reversal")[de.STAN] == "000003"
    assert int(reversal("changes-amount-in-reversal")[de.AMOUNT]) == 0
    assert de.CURRENCY not in reversal("strips-the-reversal")
    assert reversal("wrong-reason")[de.RESPONSE_CODE] == "06"
    assert de.PIN_BLOCK in reversal("pin-in-reversal")
    assert de.TRACK_2 in reversal("track-in-reversal")
    bench = heard("repeats-as-0401", "eager", "repeats-as-0401")
    assert [one.mti for one in bench.requests[2:4]] == ["0400", "0401"]


def test_sign_on_keys_and_numbers() -> None:
    assert kinds("trades-without-sign-on") == ["sale"]
    assert not heard("trades-without-sign-on", "eager", "trades-without-sign-on").of("sign_on")
    for name in ("no-sign-on-after-a0", "ignores-sign-on-request"):
        assert len(heard(name, "eager", name).of("sign_on")) == 1
        assert len(heard(name, "eager").of("sign_on")) == 2
    assert len(heard("signs-on-in-a-loop", "lazy", "signs-on-in-a-loop").of("sign_on")) > 5
    assert kinds("accepts-wrong-kcv") == ["sale"]
    assert "wrong MAC" in heard("signs-with-old-keys", "lazy", "signs-with-old-keys").transcript
    assert "wrong MAC" in heard("lower-case-mac", "lazy", "lower-case-mac").transcript
    stans = [one[de.STAN] for one in heard("reuses-a-stan", "lazy", "reuses-a-stan").of("sale")]
    assert stans == ["000002", "000002"]
