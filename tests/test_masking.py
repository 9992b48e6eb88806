"""Secrets leave the process masked."""

from __future__ import annotations

import pytest

from switch import elements as de
from switch import masking
from switch.dialect import Dialect
from switch.masking import Tokens

PAN = "6212142000000000012"
TRACK = PAN + "D30122011234567"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PAN, "621214*********0012"),
        ("4012345678909", "401234***8909"),
        ("12345678901", "123456*8901"),
        ("1234567890", "**********"),
        ("", ""),
    ],
)
def test_pan(value: str, shown: str) -> None:
    assert masking.pan(value) == shown


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [
        (de.PAN, PAN, "621214*********0012"),
        (de.TRACK_2, TRACK, "621214*********0012D" + "*" * 14),
        (de.TRACK_2, "FFFF", "****"),
        (de.PIN_BLOCK, "AF5DABE4951A8715", "*" * 16),
        (de.EXPIRY, "3012", "****"),
        (de.KEYS, "6701EAD6", "*" * 8),
        (de.TRACK_1, "B621^NAME", "*" * 9),
        (de.TRACK_3, "99621", "*" * 5),
        (de.STAN, "000001", "000001"),
        (de.AMOUNT, "000000000100", "000000000100"),
    ],
)
def test_elements(number: int, value: str, shown: str) -> None:
    assert masking.keep(number, value) == shown


def test_free_text() -> None:
    assert masking.text(f"card {PAN}, RRN 103105000002") == (
        "card 621214*********0012, RRN 103105000002"
    )


def test_tokens_of_one_run_are_equal_for_equal_secrets() -> None:
    tokens = Tokens(b"key of a run")
    assert tokens.token(PAN) == Tokens(b"key of a run").token(PAN)
    assert tokens.token(PAN) != tokens.token(PAN[:-1] + "3")
    assert tokens.token(PAN) != Tokens(b"another key").token(PAN)
    assert len(tokens.token(PAN)) == 16
    assert tokens.hidden(de.PAN, PAN) == {
        "masked": "621214*********0012", "token": tokens.token(PAN),
    }  # fmt: skip
    assert "key of a run" not in repr(tokens)


def test_wire_bytes_keep_their_length(dialect: Dialect) -> None:
    fields = {2: PAN, 3: "000000", 35: TRACK, 41: "12345678", 52: "AF5DABE4951A8715"}
    body = dialect.codec.encode("0200", fields).join()
    spans = {n: span[1:] for n, span in dialect.codec.decode(body).spans.items()}
    shown = masking.wire(body, {n: spans[n] for n in masking.SECRET_ELEMENTS & spans.keys()})
    assert len(shown) == 2 * len(body)
    for secret in (PAN[6:-4], TRACK[-14:], fields[52]):
        assert secret in body.hex().upper() and secret not in shown
    start, end = spans[41]
    assert shown[2 * start : 2 * end] == "3132333435363738"


def test_secret_tags() -> None:
    assert [tag for tag in ("57", "5A", "5f20", "9F6B", "95", "9F26") if
            masking.SECRET_TAGS.fullmatch(tag)] == ["57", "5A", "5f20", "9F6B"]  # fmt: skip


def test_wire_bytes_of_every_named_element_are_overwritten() -> None:
    """Whoever calls names the secret elements; DE 48 of a batch upload is one of them."""
    body = bytes(range(16))
    shown = masking.wire(body, {48: (2, 6)})
    assert shown == "0001" + "F" * 8 + body[6:].hex().upper()


def test_a_pan_on_the_wire_shows_six_and_four_digits_at_most() -> None:
    even = bytes.fromhex("6212142000000012")
    assert masking.wire(even, {2: (0, 8)}) == "621214" + "F" * 6 + "0012"
    odd = bytes.fromhex("62121420000000000120")  # 19 digits and a fill digit
    assert masking.wire(odd, {2: (0, 10)}) == "621214" + "F" * 10 + "0120"
