"""What a terminal makes of a decline: a correct one nothing, a defective one what its name says."""

from __future__ import annotations

import pytest

from switch import elements as de
from tests.terminal.provoked import heard, kinds

# After the refused sales the scene asks for a void, a balance and a last sale.
RIGHT = ["sale", "sale", "void", "balance", "sale"]
HEARD = {
    "lowers-the-amount": ["sale", "sale", "sale", "void", "balance", "sale"],
    "retries-over-the-count-limit": ["sale", "sale", "sale", "void", "balance", "sale"],
    "adds-the-fee": ["sale", "sale", "sale", "void", "balance", "sale"],
    "retries-in-progress": ["sale", "sale", "sale", "void", "balance", "sale"],
    "locks-after-03": ["sale", "sale"],
    "rests-after-maintenance": ["sale", "sale"],
    "forgets-sales-after-03": ["sale", "sale", "balance", "sale"],
    "reverses-an-invalid-transaction": ["sale", "sale", "reversal", "void", "balance", "sale"],
    "reverses-a-format-error": ["sale", "sale", "reversal", "void", "balance", "sale"],
}


@pytest.mark.parametrize("name", HEARD)
def test_what_a_defect_sends_and_a_correct_terminal_does_not(name: str) -> None:
    assert kinds(name) == HEARD[name]
    right = [one.kind for one in heard(name, "eager").requests if one.kind != "sign_on"]
    assert right == RIGHT


def test_a_sale_is_repeated_for_another_amount() -> None:
    for name, percent in (("lowers-the-amount", 50), ("adds-the-fee", 106)):
        first, again = (int(s[de.AMOUNT]) for s in heard(name, "eager", name).of("sale")[1:3])
        assert again == first * percent // 100


def test_a_lock_ends_with_a_sign_on_by_hand() -> None:
    name = "locks-after-03"
    bench = heard(name, "eager", name)
    before = len(bench.of("sale"))
    bench.ask("sign_on")
    bench.run(5)
    bench.sells()
    assert len(bench.of("sale")) == before + 1


def test_a_rest_ends_by_itself() -> None:
    name = "rests-after-maintenance"
    bench = heard(name, "eager", name)
    before = len(bench.of("sale"))
    bench.run(60)
    bench.sells()
    assert len(bench.of("sale")) == before + 1


@pytest.mark.parametrize("name", ["approves-every-a-code", "believes-the-remark"])
def test_a_refused_sale_that_counts_as_approved_is_the_one_that_is_voided(name: str) -> None:
    refused = heard(name, "eager", name).of("sale")[1]
    (void,) = heard(name, "eager", name).of("void")
    (right,) = heard(name, "eager").of("void")
    assert void.part("61.2") == refused[de.STAN] != right.part("61.2")


def test_a_refused_void_leaves_the_sale_as_it_was() -> None:
    name = "voided-although-refused"
    assert len(heard(name, "eager").of("void")) == 2
    assert len(heard(name, "eager", name).of("void")) == 1


def test_a_terminal_out_of_service_does_not_sign_on() -> None:
    name = "signs-on-after-97"
    wrong, right = heard(name, "eager", name), heard(name, "eager")
    assert len(wrong.of("sign_on")) == len(right.of("sign_on")) + 1
