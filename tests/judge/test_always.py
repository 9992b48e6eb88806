"""Each invariant against a log that keeps it and logs that break it."""

from __future__ import annotations

import pytest

from switch.clock import NS_PER_SECOND
from switch.judge.always import ALWAYS
from switch.judge.log import AlwaysResult
from tests.judge.transcript import DIALECT, TID, log


def check(name: str, transcript: str) -> AlwaysResult:
    return ALWAYS[name].check(log(transcript), DIALECT, TID, 60 * NS_PER_SECOND)


def texts(result: AlwaysResult) -> list[str]:
    return [f"{breach.text} [{breach.rule}]" for breach in result.breaches]


# A day in a correct terminal's life: a sale, one that is never answered and its reversal, an
# end of the connection, a decline, a balance with other numbers in between.
CORRECT = """
    0   >> sign_on 000001
    0.1 << sign_on 000001 response_code=00
    1   >> sale 000002 amount=1000
    1.2 << sale 000002 response_code=00
    5   >> sale 000003 amount=2000
    65  >> reversal 000003 amount=2000 response_code=98
    65.1 << reversal 000003 response_code=00
    66  >> sale 000005 amount=3000 conn=2
    66.2 .. connection_closed by=host conn=2
    67  >> reversal 000005 amount=3000 response_code=98 conn=3
    67.1 << reversal 000005 response_code=25 conn=3
    70  >> sale 000006 amount=4000
    70.2 << sale 000006 response_code=51
    71  >> balance 000007
    71.2 << balance 000007 response_code=00
    72  >> void 000008
    72.2 << void 000008 response_code=00
    80  >> settlement 000009
"""


@pytest.mark.parametrize(
    ("name", "checked"),
    [
        ("mac_valid", 8),
        ("stan_increments", 7),
        ("fields_well_formed", 10),
        ("one_outstanding", 9),
        ("no_secret_in_reversal", 2),
        ("reversal_before_next_sale", 2),
    ],
)
def test_a_correct_terminal_keeps_to_all(name: str, checked: int) -> None:
    result = check(name, CORRECT)
    assert texts(result) == []
    assert (result.name, result.checked, result.notes) == (name, checked, ())


def test_the_table_is_walked() -> None:
    tested = test_a_correct_terminal_keeps_to_all.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert list(ALWAYS) == [name for name, _ in tested]
    for name, entry in ALWAYS.items():
        assert entry.name == name
        assert entry.text.split("\n")[0][0].isupper()


@pytest.mark.parametrize("name", list(ALWAYS))
def test_an_empty_log_proves_nothing(name: str) -> None:
    result = check(name, "0 .. connection_opened peer=x")
    assert (result.checked, result.breaches) == (0, ())


@pytest.mark.parametrize("name", list(ALWAYS))
def test_other_terminals_and_residue_are_not_judged(name: str) -> None:
    bad = """
        0 >> sale 000005 mac=wrong format=DE_4_is_missing {0}
        1 >> sale 000005 mac=wrong format=DE_4_is_missing {0}
        2 >> reversal 000009 35=T mac=absent {0}
        3 >> sale 000001 mac=wrong {0}
    """
    assert check(name, bad.format("")).breaches
    assert not check(name, bad.format("terminal=87654321")).breaches
    assert not check(name, bad.format("residue=yes")).breaches


# ---- mac_valid -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("1 >> sale 000002 mac=wrong", "#3 sale 000002: its MAC is wrong []"),
        ("1 >> balance 000002 mac=absent", "#3 balance 000002: it carries no MAC []"),
        ("1 >> reversal 000002 mac=wrong", "#3 reversal 000002: its MAC is wrong [R7]"),
        (
            "1 >> sale 000002 mac=no_key",
            "#3 sale 000002: the host has no key left to check its MAC, since a sign-off or a"
            " refused sign-on []",
        ),
    ],
)
def test_a_bad_mac(line: str, text: str) -> None:
    result = check(
        "mac_valid", "0 >> sign_on 000001\n0 << sign_on 000001 response_code=00\n" + line
    )
    assert texts(result) == [text]
    assert result.checked == 1


@pytest.mark.parametrize("code", ["", "0 << sign_on 000001 response_code=03"])
def test_a_terminal_that_never_signed_on_is_noted(code: str) -> None:
    result = check(
        "mac_valid", f"0 >> sign_on 000001\n{code or '0 .. draw'}\n1 >> sale 000002 mac=no_key"
    )
    assert (result.checked, result.breaches) == (0, ())
    assert result.notes == ("#3 sale 000002: the terminal has not signed on, no MAC to check (S1)",)


# ---- stan_increments -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("transcript", "checked"),
    [
        ("0 >> sale 999998\n1 >> sale 999999\n2 >> sale 000001", 2),
        ("0 >> sale 000001\n1 >> sale 000101", 1),
        ("0 >> sale 600000\n1 >> sale 100000", 1),  # half of 999999 ahead
        ("0 >> sale 000005\n1 >> reversal 000005\n2 >> reversal 000005\n3 >> sale 000006", 1),
        ("0 >> sale 000005\n1 >> echo\n2 >> sale 000006", 1),
        # An advice is stored and sent again until it is answered (O4).
        ("0 >> tip 000005 amount=1\n61 >> tip 000005 amount=1\n62 >> sale 000006", 0),
        # What was stored took its number when it was stored (O1).
        ("0 >> sale 000006\n1 >> tip 000005\n2 >> sale 000007", 2),
        # So it is when its response was spoiled (O7).
        (
            "0 >> tip 000005 amount=1\n1 << tip 000005 response_code=00\n"
            "1 .. fault_applied 000005 fault=mac\n61 >> tip 000005 amount=1",
            0,
        ),
        # Under a new key it has another MAC.
        ("0 >> tip 000005 64=A\n61 >> tip 000005 64=B", 0),
        ("0 >> batch_upload 000005 48=A\n61 >> batch_upload 000005 48=A", 0),
    ],
)
def test_a_stan_that_goes_forward(transcript: str, checked: int) -> None:
    result = check("stan_increments", transcript)
    assert (texts(result), result.checked) == ([], checked)


REUSED = "#2 {0} 000005: reused: #1 {0} 000005 had this STAN in the batch [N1]"


@pytest.mark.parametrize(
    ("transcript", "text"),
    [
        ("0 >> sale 000005 amount=1\n1 >> sale 000005 amount=2", REUSED.format("sale")),
        # CUP repeats no request (T7): an identical sale is a second sale under the same number.
        ("0 >> sale 000005 amount=1\n61 >> sale 000005 amount=1", REUSED.format("sale")),
        ("0 >> tip 000005 amount=1\n61 >> tip 000005 amount=2", REUSED.format("tip")),
        (
            "0 >> sale 000005\n1 >> sale 000004",
            "#2 sale 000004: the STAN does not go forward from 000005 [N1]",
        ),
        (
            "0 >> sale 600000\n1 >> sale 100001",
            "#2 sale 100001: the STAN does not go forward from 600000 [N1]",
        ),
        (
            "0 >> sale 000005 batch=000001\n1 >> sale 000005 batch=000002",
            "#2 sale 000005: the STAN does not go forward from 000005 [N1]",
        ),
        ("0 >> sale 999999\n1 >> sale 000000", "#2 sale 000000: 000000 is no STAN [N1]"),
        ("0 >> sale 000000", "#1 sale 000000: 000000 is no STAN [N1]"),
    ],
)
def test_a_stan_that_does_not(transcript: str, text: str) -> None:
    assert texts(check("stan_increments", transcript)) == [text]


def test_an_advice_that_was_answered_is_not_repeated() -> None:
    result = check(
        "stan_increments",
        """
        0 >> tip 000005 amount=1
        1 << tip 000005 response_code=00
        2 >> tip 000005 amount=1
        """,
    )
    assert texts(result) == ["#3 tip 000005: reused: #1 tip 000005 had this STAN in the batch [N1]"]


# ---- fields_well_formed ----------------------------------------------------------------------


def test_what_the_host_found_missing() -> None:
    result = check(
        "fields_well_formed",
        """
        0 >> sale 000001 format=DE_4_(amount)_is_missing
        1 >> reversal 000001 format=DE_35_(track_2)_must_not_be_there_(R5)
        2 >> sale 000002
        """,
    )
    assert texts(result) == [
        "#1 sale 000001: DE 4 (amount) is missing []",
        "#2 reversal 000001: DE 35 (track 2) must not be there (R5) [R5]",
    ]
    assert result.checked == 3


# ---- one_outstanding -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [
        "1 << sale 000001 response_code=00",
        "1 .. connection_closed by=host",
        "1 .. connection_closed by=host terminal=87654321",  # a connection belongs to nobody
        "1 .. undelivered 000001 why=closed",
        "1 .. fault_applied 000001 fault=frame.truncate",
        "58 .. draw",  # the timer
    ],
)
def test_the_wait_ends(end: str) -> None:
    at = "60" if "draw" in end else "2"
    result = check("one_outstanding", f"0 >> sale 000001\n{end}\n{at} >> balance 000002 conn=2")
    assert (texts(result), result.checked) == ([], 1)


@pytest.mark.parametrize(
    "no_end",
    [
        "1 .. draw",
        "1 .. connection_closed by=terminal conn=7",
        "1 .. fault_applied 000001 fault=none",  # a reply left unsaid
        "1 << echo",
    ],
)
def test_the_wait_goes_on(no_end: str) -> None:
    transcript = f"0 >> sale 000001\n{no_end}\n59.9 >> balance 000002 conn=2"
    assert texts(check("one_outstanding", transcript)) == [
        "#3 balance 000002: #1 sale 000001 still awaits its response []"
    ]


# ---- no_secret_in_reversal -------------------------------------------------------------------


def test_a_track_in_a_reversal() -> None:
    result = check(
        "no_secret_in_reversal", "0 >> sale 000001 35=T 52=P\n61 >> reversal 000001 35=T 52=P"
    )
    assert texts(result) == ["#2 reversal 000001: carries DE 35 (track 2), DE 52 (PIN block) [R5]"]
    assert result.checked == 1


# ---- reversal_before_next_sale ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("transcript", "checked"),
    [
        # Reversed at once, or only before the next sale; the reversal itself need not be answered.
        ("0 >> sale 000001\n61 >> reversal 000001\n122 >> reversal 000001\n183 >> sale 000002", 1),
        # Declined, approved, approved in the last moment: nothing to reverse.
        ("0 >> sale 000001\n1 << sale 000001 response_code=51\n2 >> sale 000002", 0),
        ("0 >> sale 000001\n60 << sale 000001 response_code=00\n61 >> sale 000002", 0),
        # What is not reversible neither needs a reversal nor waits for one.
        ("0 >> balance 000001\n61 >> sale 000002\n62 << sale 000002", 0),
        ("0 >> sale 000001\n61 >> sign_on 000002\n62 >> balance 000003", 0),
        # A terminal that died with an unknown sale and never came back.
        ("0 >> sale 000001", 0),
    ],
)
def test_nothing_unknown_stays_open(transcript: str, checked: int) -> None:
    result = check("reversal_before_next_sale", transcript)
    assert (texts(result), result.checked) == ([], checked)


@pytest.mark.parametrize(
    "between",
    [
        "1 .. draw",
        "1 << sale 000001 whole=no",
        "61 << sale 000001 response_code=00",  # too late
        "61 >> reversal 000009",  # of another sale
        "61 >> balance 000004",
    ],
)
def test_the_next_sale_comes_too_early(between: str) -> None:
    transcript = f"0 >> sale 000001\n{between}\n62 >> void 000002\n63 >> reversal 000001"
    result = check("reversal_before_next_sale", transcript)
    assert texts(result) == [
        "#3 void 000002: came before a reversal of #1 sale 000001, which got no whole response [P4]"
    ]
    assert (result.checked, result.breaches[0].seq) == (1, 3)
    assert result.breaches[0].at == 62 * NS_PER_SECOND


def test_a_reversal_of_an_older_sale_with_the_same_stan_does_not_count() -> None:
    transcript = "0 >> reversal 000001\n1 >> sale 000001\n62 >> sale 000002"
    assert len(check("reversal_before_next_sale", transcript).breaches) == 1


def test_the_same_sale_again_is_the_next_one() -> None:
    result = check("reversal_before_next_sale", "0 >> sale 000001\n61 >> sale 000001")
    assert len(result.breaches) == 1
