"""``switch decode``: what it prints, where, and its exit codes."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch.cli import decode
from switch.dialect import Dialect, load
from switch.errors import BadUsage
from switch.report.message_text import dissect, message_text
from switch.testing import frames, mutated

CUP = load("cup-pos")
PAN = "6212142000000000012"
TRACK = PAN + "D3012201123456789"
SALE = (  # V075
    "007360000300006031003100000200302004C020C0981100000000000000010000000202100012366212142000"
    "000000012D30122011234567893132333435363738383938333130303132333435363738313536AF5DABE4951A"
    "871526000000000000000013220000010006004337343546443445"
)
BODY = "0820" + "0000000000800000" + "3132333435363738"


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="switch")
    decode.add_parser(parser.add_subparsers(required=True))
    return parser.parse_args(["decode", *words])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process: exit code, output, errors."""

    def call(*words: str) -> tuple[int, str, str]:
        args = parsed(*words)
        code = args.run(args)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


Run = Callable[..., tuple[int, str, str]]


def typed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


# ---- text ----------------------------------------------------------------------------------


def test_text(run: Run) -> None:
    code, out, err = run(BODY)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "cup-pos  0820  no class, 18 bytes",
        "  at  DE  name                 value                    bytes",
        "   0      MTI                  0820",
        "   2      bitmap               0000000000800000",
        "  10  41  TID                  12345678                 3132333435363738",
    ]


def test_a_whole_frame_in_text(run: Run) -> None:
    code, out, err = run(SALE)
    assert (code, err) == (0, "")
    assert out.startswith("cup-pos  0200  sale request (消费), 117 bytes\n")
    assert "length 115  TPDU 6000030000  header 603100310000" in out
    for line in (
        "  35  22  entry mode           021                      0210",
        "    22.1  PAN entry            02                       magnetic stripe",
        "  39  35  track 2              6212142000000000012D3012 36 6212142000000000012D",
        "    60.1  transaction type     22                       sale",
    ):
        assert line in out


def test_lines_fit_a_terminal(run: Run) -> None:
    for hex_text in (SALE, BODY, SALE[:120], SALE + "00" * 60):
        _, out, _ = run(hex_text)
        assert max(columns(line) for line in out.splitlines()) <= 80


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


def test_a_response_code_is_explained(run: Run, dialect: Dialect) -> None:
    fields = {39: "51", 41: "12345678", 63: "CUP余额不足"}
    _, out, _ = run(dialect.codec.encode("0210", fields).join().hex())
    assert "= insufficient funds" in out
    assert "CUP余额不足              0011 435550D3E0B6EEB2BB" in out
    _, out, _ = run(dialect.codec.encode("0400", {39: "98"}).join().hex())
    assert "= timeout" in out


def test_tags_are_named(run: Run, dialect: Dialect) -> None:
    body = dialect.codec.encode("0200", {55: "9F26081122334455667788" + "9C0100"}).join()
    _, out, _ = run(body.hex())
    assert "    9F26  application          1122334455667788" in out
    assert "      9C  transaction type     00" in out


# ---- JSON ----------------------------------------------------------------------------------


def test_json(run: Run) -> None:
    code, out, err = run("--json", SALE)
    assert (code, err) == (0, "")
    read = json.loads(out)
    assert list(read) == ["tpdu", "header", "mti", "bitmap", "fields", "subfields"]
    assert (read["tpdu"], read["header"]) == ("6000030000", "603100310000")
    assert (read["mti"], read["bitmap"]) == ("0200", "302004C020C09811")
    assert read["fields"]["35"] == TRACK
    assert read["fields"]["52"] == "AF5DABE4951A8715"
    assert read["subfields"]["60"]["60.1"] == "22"


@pytest.mark.parametrize(
    ("cut", "tpdu", "header"),
    [(0, "6000030000", "603100310000"), (4, "6000030000", "603100310000"),
     (14, None, "603100310000"), (26, None, None)],
)  # fmt: skip
def test_with_or_without_its_envelope(
    cut: int, tpdu: str | None, header: str | None, run: Run
) -> None:
    code, out, _ = run("--json", SALE[cut:])
    read = json.loads(out)
    assert (code, read["tpdu"], read["header"]) == (0, tpdu, header)
    assert read["fields"]["11"] == "000002"


def test_without_a_header(run: Run) -> None:
    read = json.loads(run("--json", SALE[4:14] + SALE[26:])[1])
    assert (read["tpdu"], read["header"], read["mti"]) == ("6000030000", None, "0200")


def test_tags_stand_among_the_parts(run: Run, dialect: Dialect) -> None:
    body = dialect.codec.encode("0200", {55: "9F2608112233445566778895050000000000"}).join()
    read = json.loads(run("--json", body.hex())[1])
    assert read["subfields"]["55"] == {"9F26": "1122334455667788", "95": "0000000000"}


# ---- faults --------------------------------------------------------------------------------


def located(run: Run, hex_text: str) -> dict[str, Any]:
    code, out, err = run("--json", hex_text)
    assert (code, err) == (1, "")
    read: dict[str, Any] = json.loads(out)
    return read


def test_a_field_that_is_too_long(run: Run) -> None:
    wrong = SALE[:78] + "38" + SALE[80:]
    read = located(run, wrong)
    assert read["error"] == {
        "field": 35, "offset": 39, "text": "DE 35 (track 2): 38 digits, at most 37, at byte 39",
    }  # fmt: skip
    assert list(read["fields"]) == ["3", "4", "11", "22", "25", "26"]
    code, out, err = run(wrong)
    assert (code, err) == (1, "DE 35 (track 2): 38 digits, at most 37, at byte 39\n")
    assert "  39  35  track 2              not decoded              3862121420" in out


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (BODY[:-2], {"field": 41, "offset": 10,
                     "text": "DE 41 (TID): the message ends after 7 of 8 bytes, at byte 10"}),
        (BODY + "00", {"field": None, "offset": 18,
                       "text": "1 byte after the last element, at byte 18"}),
        ("0A20" + BODY[4:], {"field": None, "offset": 0,
                             "text": "MTI: '0A20' is not four digits, at byte 0"}),
        ("0820" + "00", {"field": None, "offset": 2,
                         "text": "bitmap: 1 of 8 bytes are there, at byte 2"}),
        (SALE[:26] + "0820" + "80" + "00" * 7 + "80" + "00" * 7,
         {"field": 65, "offset": 23, "text":
          "DE 65: its bit is set and this dialect has no such element, at byte 23"}),
        (SALE[:20], {"field": None, "offset": 0, "text": "length prefix 115, 8 bytes follow"}),
        (SALE + "0000", {"field": None, "offset": 0,
                         "text": "length prefix 115, 117 bytes follow"}),
        (SALE[:-4], {"field": 64, "offset": 109,
                     "text": "DE 64 (MAC): the message ends after 6 of 8 bytes, at byte 109"}),
    ],
)  # fmt: skip
def test_faults(text: str, error: dict[str, Any], run: Run) -> None:
    assert located(run, text)["error"] == error


def test_a_wrong_length_prefix(run: Run) -> None:
    read = located(run, "00AA" + SALE[4:])
    error = {"field": None, "offset": 0, "text": "length prefix 170, 115 bytes follow"}
    assert read["error"] == error
    assert read["fields"]["64"] == "4337343546443445"
    code, out, err = run("00AA" + SALE[4:])
    assert (code, err) == (1, "length prefix 170, 115 bytes follow\n")
    assert "64  MAC" in out


def test_a_frame_that_was_cut_off_says_both(run: Run) -> None:
    read = located(run, SALE[:-4])
    assert read["notes"] == ["length prefix 115, 113 bytes follow"]
    assert "note: length prefix 115, 113 bytes follow" in run(SALE[:-4])[1]


def test_v007(run: Run, vectors: dict[str, Any]) -> None:
    read = located(run, vectors["V007"]["hex"])
    assert read["error"] == {
        "field": None, "offset": 0, "text": "length prefix 170, 142 bytes follow",
    }  # fmt: skip
    assert read["fields"] == vectors["V007"]["fields"]


def test_v017(run: Run, vectors: dict[str, Any]) -> None:
    read = located(run, vectors["V017"]["hex"])
    assert read["error"] == {
        "field": None, "offset": 115, "text": "10 bytes after the last element, at byte 115",
    }  # fmt: skip
    assert (
        "rest                 not decoded              001031333943"
        in run(vectors["V017"]["hex"])[1]
    )


def test_notes_of_what_was_read_leniently(run: Run) -> None:
    text = "0200" + "4000000000000000" + "05" + "12345F"
    assert "note: DE 2 (PAN): padded with F, 0 is usual" in run(text)[1]
    assert json.loads(run("--json", text)[1])["notes"] == ["DE 2 (PAN): padded with F, 0 is usual"]


@given(st.binary(max_size=120) | mutated(CUP).map(lambda one: one.body) | frames(CUP))
def test_any_bytes_are_shown(raw: bytes) -> None:
    found = dissect(raw, CUP)
    json.loads(decode.as_json(found))
    for masked in (False, True):
        message_text(found, masked=masked).encode("utf-8")
    if found.fault:
        assert 0 <= found.fault.offset <= len(raw)


# ---- where the bytes come from -------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("08 20 0000000000800000 31 32 33 34 35 36 37 38",),
        ("0820", "0000000000800000", "3132333435363738"),
        ("0x0820 0x0000000000800000\n0x3132333435363738\n",),
        ("08:20:00:00:00:00:00:80:00:00:31:32:33:34:35:36:37:38",),
    ],
)
def test_ways_to_write_hex(words: tuple[str, ...], run: Run) -> None:
    assert json.loads(run("--json", *words)[1])["fields"] == {"41": "12345678"}


def test_mixed_case(run: Run) -> None:
    read = json.loads(run("--json", "0200" + "0000000020000000" + "06" + "621d1A")[1])
    assert read["fields"]["35"] == "621D1A"


@pytest.mark.parametrize(
    "content",
    [BODY.encode(), (BODY + "\r\n").encode(), b"\xef\xbb\xbf" + BODY.encode(), bytes.fromhex(BODY)],
)
def test_files_and_standard_input(
    content: bytes, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "message"
    path.write_bytes(content)
    from_file = run("--json", f"@{path}")
    typed(monkeypatch, content)
    assert run("--json", "-") == from_file
    assert json.loads(from_file[1])["fields"] == {"41": "12345678"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("082", "HEX: 3 hex digits, an even number makes bytes"),
        ("08 2g", "HEX: 'g' is not a hex digit, after 3 digits"),
        ("银", "HEX: '银' is not a hex digit, after 0 digits"),
        ("", "HEX: no hex digits"),
        (" : ", "HEX: no hex digits"),
        ("@/no/such/file", "/no/such/file: No such file or directory"),
    ],
)
def test_what_is_no_hex(text: str, sentence: str) -> None:
    args = parsed(text)
    with pytest.raises(BadUsage) as refused:
        args.run(args)
    assert str(refused.value) == sentence


def test_an_empty_file_and_an_unknown_dialect(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    for words in ((f"@{tmp_path / 'empty'}",), ("--dialect", "nix", BODY)):
        args = parsed(*words)
        with pytest.raises(BadUsage):
            args.run(args)


# ---- text that is none ---------------------------------------------------------------------


def test_bytes_that_are_no_text(run: Run, dialect: Dialect) -> None:
    text = "0210" + "0000000000000002" + "0005" + b"CUP\xff\x80".hex()
    code, out, _ = run(text)
    assert code == 0
    assert "CUP\\xFF\\x80" in out
    assert "holds bytes that are no GBK text" in out
    code, out, _ = run("--json", text)
    assert out.isascii()
    assert json.loads(out)["fields"]["63"] == "CUP\udcff\udc80"


def test_a_terminal_without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen, encoding="ascii"))
    args = parsed(SALE)
    assert args.run(args) == 0
    sys.stdout.flush()
    assert b"sale request (\\u6d88\\u8d39)" in screen.getvalue()


# ---- masked, as a host shows what arrived --------------------------------------------------


def test_masked(dialect: Dialect) -> None:
    found = dissect(bytes.fromhex(SALE), dialect)
    shown = message_text(found, masked=True)
    flat = "".join(shown.split())
    assert "621214*********0012D" in flat
    assert "898310012345678" in flat  # a MID is no card number
    for secret in (PAN, TRACK[20:], "AF5DABE4951A8715", PAN[6:-4]):
        assert secret in "".join(message_text(found).split())
        assert secret not in flat
    assert "000000000100" in shown


def test_masked_parts(dialect: Dialect) -> None:
    detail = "01" + "00" + "000002" + "0" + PAN + "000000000100"
    fields = {11: "000007", 48: detail, 60: "00000001201"}
    batch = dialect.codec.encode("0320", fields).join()
    chip = dialect.codec.encode("0200", {55: f"5A0A{PAN}F9C0100"}).join()
    keys = dialect.codec.encode("0810", {60: "00000001003", 62: "67" * 40}).join()
    plain_text = dialect.codec.encode("0210", {63: f"CUP{' '}{PAN} "}).join()
    for body, secret in (
        (batch, PAN), (chip, PAN), (keys, "67" * 8), (plain_text, PAN[6:-4]),
    ):  # fmt: skip
        found = dissect(body, dialect)
        assert secret in "".join(message_text(found).split())
        masked = "".join(message_text(found, masked=True).split())
        assert secret not in masked
        assert secret.encode().hex() not in masked
    assert "9C" in message_text(dissect(chip, dialect), masked=True)


def test_masked_rest(dialect: Dialect) -> None:
    found = dissect(bytes.fromhex(SALE[:78] + "38" + SALE[80:]), dialect)
    shown = message_text(found, masked=True)
    assert "not decoded              78 bytes" in shown
    assert PAN not in shown


# ---- the command itself --------------------------------------------------------------------


def test_help_ends_with_an_example_that_works(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("--help")
    example = capsys.readouterr().out.rstrip().splitlines()[-1].split()
    assert example[:2] == ["switch", "decode"]
    code, out, _ = run(*example[2:])
    assert code == 0
    assert "12345678" in out


def test_it_starts_without_what_it_does_not_need() -> None:
    program = (
        "import argparse, sys\n"
        "from switch.cli import decode\n"
        "parser = argparse.ArgumentParser()\n"
        "decode.add_parser(parser.add_subparsers())\n"
        "light = set(sys.modules)\n"
        f"args = parser.parse_args(['decode', '{BODY}'])\n"
        "assert args.run(args) == 0\n"
        "heavy = {'rich', 'cryptography', 'hypothesis', 'asyncio', 'sqlalchemy', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), 'yaml' in light, 'iso8583' in light)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "[] False False"
