"""Every defect changes the wire, in the way its name says."""

from collections.abc import Callable
from dataclasses import fields

import pytest

from switch import elements as de
from switch.security import WorkingKeys
from switch.terminal import DEFECTS, Habits

from .bench import CLOSE, MAK, PIK, SILENCE, Bench, Say
from .test_sign_on import GOOD

A0 = Say("A0", mac="absent")
OTHER_MAK = bytes.fromhex("F82A9BA462D57A7C")


def two_sales(*says: Say, wait: float = 61, **on: Say) -> Callable[[Bench], None]:
    """A sale with these answers, then another; more answers by class."""

    def drive(bench: Bench) -> None:
        bench.signed_on().on("sale", *says)
        for kind, say in on.items():
            bench.on(kind, say)
        bench.sells(wait)
        bench.ask("next_transaction")
        bench.run(300)

    return drive


def printer(bench: Bench) -> None:
    bench.signed_on().ask("print_fails")
    bench.sells().sells()


def plug(bench: Bench) -> None:
    bench.signed_on().on("sale", SILENCE).sells(10)
    bench.ask("power_off")
    bench.ask("power_on")
    bench.run()
    bench.sells()


def cancel(bench: Bench) -> None:
    bench.signed_on().on("sale", SILENCE).sells(10)
    bench.ask("cancel")
    bench.run()
    bench.sells()


def sign_on_between(bench: Bench) -> None:
    bench.signed_on().on("sale", Say(mac="wrong")).sells()
    bench.sells()


def balance(bench: Bench) -> None:
    bench.signed_on().on("balance", SILENCE).ask("balance")
    bench.run(61)
    bench.sells()


def unsent(bench: Bench) -> None:
    bench.signed_on()
    bench.terminal.lost("host")
    bench.refuse = 1
    bench.sells(5)
    bench.sells(5)


def late(bench: Bench) -> None:
    bench.signed_on().on("sale", Say(after=65)).sells(70)
    bench.sells()


def voids(bench: Bench) -> None:
    bench.signed_on().sells()
    bench.ask("void")
    bench.ask("void")
    bench.run()


def partial_approval(bench: Bench) -> None:
    bench.signed_on().on("sale", Say("10", set={de.AMOUNT: "000000000040"})).sells()
    bench.ask("void")
    bench.run()


def never_signed_on(bench: Bench) -> None:
    bench.on("sale", A0).sells()


def refused_sign_on(bench: Bench) -> None:
    bench.on("sign_on", *[Say("03")] * 99).sells(90)


def wrong_kcv(bench: Bench) -> None:
    bench.on("sign_on", Say(set={de.KEYS: GOOD[:-2] + "00"})).sells()


def new_keys(bench: Bench) -> None:
    bench.signed_on()
    bench.next_keys = [WorkingKeys(PIK, OTHER_MAK)]
    bench.on("sale", A0).sells().sells()


def other_batch(bench: Bench) -> None:
    bench.batch = "000009"
    bench.sells()


def changed(element: int, value: str) -> Callable[[Bench], None]:
    return two_sales(Say(set={element: value}))


# defect -> what provokes it
PROVOKED: dict[str, Callable[[Bench], None]] = {
    "never-reverses": two_sales(SILENCE),
    "no-reversal-after-lost-connection": two_sales(CLOSE),
    "no-reversal-after-mismatch": changed(de.MERCHANT_ID, "898310012345679"),
    "no-reversal-after-bad-mac": two_sales(Say(mac="wrong")),
    "cancel-drops-reversal": cancel,
    "forgets-reversal-at-power-off": plug,
    "forgets-reversal-at-sign-on": sign_on_between,
    "accepts-late-approval": late,
    "reverses-a-decline": two_sales(Say("51")),
    "reverses-unsent": unsent,
    "reverses-unknown-balance": balance,
    "reverses-when-printer-fails": printer,
    "reverses-too-early": two_sales(Say(after=30)),
    "waits-too-long": two_sales(SILENCE, wait=120),
    "resends-the-sale": two_sales(SILENCE, wait=130),
    "retries-invalid-merchant": two_sales(Say("03")),
    "sale-before-reversal": two_sales(SILENCE),
    "voids-twice": voids,
    "new-stan-in-reversal": two_sales(SILENCE),
    "changes-amount-in-reversal": two_sales(SILENCE),
    "strips-the-reversal": two_sales(SILENCE),
    "wrong-reason": two_sales(SILENCE),
    "pin-in-reversal": two_sales(SILENCE),
    "track-in-reversal": two_sales(SILENCE),
    "repeats-as-0401": two_sales(SILENCE, wait=130, reversal=SILENCE),
    "gives-up-after-one-try": two_sales(SILENCE, wait=130, reversal=SILENCE),
    "never-stops-reversing": two_sales(SILENCE, wait=130, reversal=Say("96")),
    "reverses-after-acknowledged": two_sales(SILENCE),
    "repeats-after-not-found": two_sales(SILENCE, reversal=Say("25")),
    "ends-on-any-reversal-response": two_sales(SILENCE, reversal=Say("96")),
    "ignores-wrong-transaction": changed(de.PROCESSING_CODE, "200000"),
    "ignores-wrong-amount": changed(de.AMOUNT, "000000000101"),
    "ignores-wrong-stan": changed(de.STAN, "000777"),
    "ignores-wrong-terminal": changed(de.TERMINAL_ID, "12345679"),
    "ignores-wrong-merchant": changed(de.MERCHANT_ID, "898310012345679"),
    "ignores-wrong-mti": two_sales(Say(mti="0230")),
    "approves-without-a-code": two_sales(Say(omit=(de.RESPONSE_CODE,))),
    "ignores-the-mac": two_sales(Say(mac="wrong")),
    "ignores-reply-without-mac": two_sales(Say(mac="absent")),
    "keeps-full-amount-of-partial-approval": partial_approval,
    "trades-without-sign-on": never_signed_on,
    "no-sign-on-after-a0": two_sales(A0),
    "ignores-sign-on-request": two_sales(Say(requirement="3")),
    "signs-on-in-a-loop": refused_sign_on,
    "accepts-wrong-kcv": wrong_kcv,
    "signs-with-old-keys": new_keys,
    "lower-case-mac": two_sales(),
    "keeps-its-own-batch": other_batch,
    "reuses-a-stan": two_sales(Say("51")),
}


def heard(name: str, style: str, defect: str = "") -> Bench:
    bench = Bench(style, defect)
    if name == "never-stops-reversing":
        bench.on("reversal", *[Say("96")] * 200)
    PROVOKED[name](bench)
    return bench


def wire(bench: Bench) -> list[tuple[float, bytes]]:
    """Everything that arrived at the host: when, and what."""
    return list(zip(bench.at(">>"), bench.frames[-len(bench.at(">>")) :], strict=True))


def test_every_defect_is_provoked_here() -> None:
    assert set(PROVOKED) == set(DEFECTS)
    assert len(DEFECTS) >= 28


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
    assert changed == {field.name for field in fields(Habits)}


# ---- in the way the name says ------------------------------------------------------------


def kinds(name: str, style: str = "eager") -> list[str]:
    return [one.kind for one in heard(name, style, name).requests if one.kind != "sign_on"]


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
    assert MAK != OTHER_MAK
