from __future__ import annotations

import argparse
import io
import subprocess
import sys
from pathlib import Path

import pytest

from switch.cli import key

TMK = "CA5D92598DCA48CE8A4C76361A9269E9"
PIK = "807A23AD32B36D457AE91FDF927570EA"
MAK = "5BB5C72CD00B7338"
WRAPPED_MAK = "B651F9E9BACE9AE1"
DE_62 = "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8B651F9E9BACE9AE10000000000000000AB7153CA"
PAN = "6212142000000000012"
COVERED = "0200302004C020C0"
COMMANDS = ["kcv", "wrap", "unwrap", "combine", "de62", "pinblock", "mac"]


def switch(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="switch")
    key.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["key", *words])
    return key.run(args)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"kcv {PIK}", ["8D0A74B8"]),
        (f"kcv {PIK.lower()}", ["8D0A74B8"]),
        (f"wrap --tmk {TMK} {MAK}", [f"wrapped  {WRAPPED_MAK}", "KCV      AB7153CA"]),
        (f"unwrap --tmk {TMK} {WRAPPED_MAK}", [f"key  {MAK}", "KCV  AB7153CA"]),
        (f"unwrap --tmk {TMK} {WRAPPED_MAK} --kcv AB7153", [f"key  {MAK}", "KCV  AB7153CA"]),
        (
            f"combine {MAK} {'0' * 16}",
            [
                "component 1  KCV AB7153CA",
                "component 2  KCV 8CA64DE9",
                f"key          {MAK}",
                "KCV          AB7153CA",
            ],
        ),
        (
            f"de62 --tmk {TMK} {DE_62}",
            [
                "layout double, 40 bytes",
                f"PIK  {PIK}  KCV 8D0A74B8 matches",
                f"MAK  {MAK}  KCV AB7153CA matches",
            ],
        ),
        (f"pinblock --pin 123456 --pan {PAN}", ["clear  06121456FFFFFFFE"]),
        ("pinblock --pin 123456", ["clear  06123456FFFFFFFF"]),
        (
            f"pinblock --pin 123456 --pan {PAN} --pik {PIK}",
            ["clear      06121456FFFFFFFE", "encrypted  AF5DABE4951A8715"],
        ),
        (
            f"pinblock --decrypt AF5DABE4951A8715 --pan {PAN} --pik {PIK}",
            ["PIN    123456", "clear  06121456FFFFFFFE"],
        ),
        (
            f"mac --key {MAK} {COVERED}",
            ["MAC    A76370CD", "DE 64  4137363337304344"],
        ),
        (
            f"mac --key {MAK} --explain {COVERED}",
            [
                "algorithm  cup-ecb",
                "covered    8 bytes",
                "xor        0200302004C020C0",
                "hexascii   30323030333032303034433032304330",
                "e1         47B9BC006135CC56",
                "x          778DFF3053058F66",
                "e2         A76370CD669426B1",
                "mac        A76370CD",
                "DE 64      4137363337304344",
            ],
        ),
        (
            "mac --key 0123456789ABCDEF --algorithm x9.9-cbc-raw "
            "4E6F77206973207468652074696D6520666F7220616C6C20",
            ["MAC    70A30640CC76DD8B", "DE 64  70A30640CC76DD8B"],
        ),
    ],
)
def test_what_is_shown(line: str, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert switch(*line.split()) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == shown
    assert printed.err == ""


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("kcv 0123", "KEY: 4 hex digits, 16, 32 or 48 belong here"),
        ("kcv 01x3", "KEY: 'x' at position 3 is not a hex digit"),
        ("kcv 012", "KEY: 3 hex digits, an even number belongs here"),
        (f"wrap --tmk 00 {MAK}", "--tmk: 2 hex digits, 16, 32 or 48 belong here"),
        (f"unwrap --tmk {TMK} {MAK[:6]}", "WRAPPED: 6 hex digits, 16, 32 or 48 belong here"),
        (f"unwrap --tmk {TMK} {MAK} --kcv 00", "--kcv: 1 bytes, 2 to 8 belong here"),
        (f"combine {MAK}", "combine: 1 component, at least 2 belong here"),
        (f"combine {MAK} {PIK}", "component 2: 16 bytes, component 1 has 8"),
        (f"de62 --tmk {TMK} 00", "DE 62 (keys): 1 bytes, known layouts have 24, 40, 57, 60"),
        (
            f"de62 --tmk {TMK} --layout single {DE_62}",
            "DE 62 (keys): 40 bytes, 24 expected (layout single)",
        ),
        (
            f"de62 --tmk {TMK} --layout triple {DE_62}",
            "layout 'triple' is not one of single, double, double+track, double+track-kcv3, "
            "double-kcv-inside",
        ),
        ("pinblock", "pinblock: give --pin to make a block or --decrypt to open one"),
        (f"pinblock --decrypt {MAK}", "pinblock: --decrypt needs --pik"),
        ("pinblock --pin 12", "PIN: 2 characters, 4 to 12 digits belong here"),
        (
            f"pinblock --decrypt AF5DABE4951A8715 --pik {PIK}",
            "PIN block: padding is not F after 6 digits",
        ),
        (f"mac --key {MAK}00 0200", "MAK: 9 bytes, cup-ecb takes 8 or 16"),
        (f"mac --key {MAK} @/nowhere/at/all", "/nowhere/at/all: No such file or directory"),
        (f"mac --key {MAK} @/", "/: Is a directory"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(
    line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch(*line.split()) == 2
    printed = capsys.readouterr()
    assert printed.err == f"switch key: {sentence}\n"
    assert printed.out == ""


def test_an_unknown_algorithm_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert switch("mac", "--key", MAK, "--algorithm", "crc", "00") == 2
    assert "algorithm 'crc' is not one of cup-ecb, x9.9-cbc" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"unwrap --tmk {TMK} {WRAPPED_MAK} --kcv 000000", "KCV AB7153 computed, 000000 given"),
        (f"de62 --tmk {PIK} {DE_62}", "KCV does not match: PIK, MAK"),
        (f"de62 --tmk {TMK} {DE_62[:-1]}B", "KCV does not match: MAK"),
    ],
)
def test_a_check_value_that_does_not_match(
    line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch(*line.split()) == 1
    printed = capsys.readouterr()
    assert printed.err == f"switch key: {sentence}\n"
    assert printed.out


def test_a_wrong_key_is_shown_beside_what_was_sent(capsys: pytest.CaptureFixture[str]) -> None:
    switch("de62", "--tmk", TMK, DE_62[:-1] + "B")
    shown = capsys.readouterr().out.splitlines()[-1]
    assert shown == f"MAK  {MAK}  KCV AB7153CA does not match, AB7153CB sent"


def test_covered_bytes_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "covered.hex").write_text("0200 3020\n04C0 20C0\n")
    assert switch("mac", "--key", MAK, f"@{tmp_path}/covered.hex") == 0
    assert "A76370CD" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "code", "shown"),
    [
        (COVERED.encode() + b"\n", 0, "A76370CD"),
        (b"12\xff", 2, "covered bytes: '\ufffd' at position 3 is not a hex digit"),
    ],
)
def test_covered_bytes_from_standard_input(
    typed: bytes,
    code: int,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    assert switch("mac", "--key", MAK, "-") == code
    assert shown in "".join(capsys.readouterr())


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_ends_with_an_example_that_works(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        switch(*command.split(), "--help")
    assert stopped.value.code == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-2] == "example:"
    program, family, *words = told[-1].split()
    assert (program, family) == ("switch", "key")
    assert switch(*words) == 0


def test_the_parser_costs_no_cipher() -> None:
    program = (
        "import argparse, sys; from switch.cli import key;"
        "key.add_parser(argparse.ArgumentParser().add_subparsers());"
        "print([name for name in sys.modules if name.startswith(('cryptography', 'pyemv'))])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "[]\n"
