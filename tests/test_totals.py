"""What a batch comes to."""

import pytest

from switch.totals import FOREIGN, LOCAL, Totals, add_up, group_of


def test_they_are_written_and_read_as_the_values_of_a_settlement() -> None:
    totals = Totals(12_500, 2, 2_500, 1)
    values = totals.values(FOREIGN)
    assert values == {
        "foreign.debit_amount": "000000012500",
        "foreign.debit_count": "002",
        "foreign.credit_amount": "000000002500",
        "foreign.credit_count": "001",
    }
    assert Totals.of(values, FOREIGN) == totals
    with pytest.raises(ValueError):
        Totals.of(values, LOCAL)


def test_each_group_and_side_is_added_up_by_itself() -> None:
    counted = [(LOCAL, "debit", 5), (FOREIGN, "debit", 7), (LOCAL, "credit", 2)]
    assert add_up(counted) == {LOCAL: Totals(5, 1, 2, 1), FOREIGN: Totals(7, 1)}


@pytest.mark.parametrize(
    ("organisation", "group"), [("CUP", LOCAL), ("", LOCAL), ("   ", LOCAL), ("VIS", FOREIGN)]
)
def test_the_organisation_of_a_card_says_its_group(organisation: str, group: str) -> None:
    assert group_of(organisation) == group
