"""Texts with messages in hex, as devices and gateways write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from switch.capture import hexlog
from switch.capture.lint import Linted, lint
from switch.capture.source import read
from switch.clock import NS_PER_SECOND
from switch.errors import BadFile
from switch.judge.lint import Limits
from tests.capture.taped import BOOK, DIALECT, Taped, frames, tape

SAID = [(one.side, one.content) for one in tape()]


def plain(number: int, one: Taped) -> str:
    return one.content.hex()


def spaced(number: int, one: Taped) -> str:
    return f"10:00:{number:02}.250 {'<<' if one.side else '>>'} {one.content.hex(' ').upper()}"


def bare(number: int, one: Taped) -> str:
    """Without length prefix, TPDU and header."""
    return f"[{number}] data=[{one.content[13:].hex().upper()}]"


def dumped(number: int, one: Taped) -> str:
    lines = [f"2026-01-05 10:00:{number:02} {'recv' if one.side else 'send'}"]
    for start in range(0, len(one.content), 16):
        part = one.content[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{start:04x}  {part.hex(' '):<48} {text}")
    return "\n".join(lines)


FORMS: list[Callable[[int, Taped], str]] = [plain, spaced, bare, dumped]


def text(form: Callable[[int, Taped], str]) -> str:
    return "\n".join(form(number, one) for number, one in enumerate(tape()))


def judged(folder: Path, written: str, *, keys: bool = True) -> Linted:
    (folder / "log").write_text(written, encoding="utf-8")
    recording = read(folder / "log", DIALECT, BOOK if keys else None)
    return lint(recording.logs, DIALECT, Limits())


@pytest.mark.parametrize("form", [plain, spaced, dumped])
def test_every_message_is_read_to_the_byte(form: Callable[[int, Taped], str]) -> None:
    chunks = list(hexlog.read(text(form), DIALECT))
    assert [(chunk.side, chunk.content) for chunk in chunks] == SAID


def test_a_missing_envelope_is_put_around_the_message() -> None:
    chunks = list(hexlog.read(text(bare), DIALECT))
    assert [chunk.content[13:] for chunk in chunks] == [one[13:] for _, one in SAID]
    assert {chunk.content[2:7].hex() for chunk in chunks} == {DIALECT.tpdu_default}


@pytest.mark.parametrize("form", FORMS)
def test_what_the_terminal_did_wrong_is_found(
    form: Callable[[int, Taped], str], tmp_path: Path
) -> None:
    found = judged(tmp_path, text(form))
    assert [(one.severity, one.rule) for one in found.found] == [("must", "R15")]
    assert (found.messages, found.unchecked) == (5, 0)


def test_without_keys_no_mac_is_checked(tmp_path: Path) -> None:
    found = judged(tmp_path, text(plain), keys=False)
    assert [one.rule for one in found.found] == ["R15"]
    assert found.unchecked == 3


def test_a_wrong_mac_is_found_with_the_recorded_keys(tmp_path: Path) -> None:
    lines = text(plain).splitlines()
    lines[2] = lines[2][:-2] + ("30" if lines[2][-2:] != "30" else "31")
    assert "4.4" in [one.rule for one in judged(tmp_path, "\n".join(lines)).found]
    assert "4.4" not in [one.rule for one in judged(tmp_path, "\n".join(lines), keys=False).found]


def test_times_go_on_after_midnight() -> None:
    lines = text(plain).splitlines()
    written = f"23:59:59.5 {lines[0]}\n00:00:01,5 {lines[1]}"
    first, second = (chunk.at for chunk in hexlog.read(written, DIALECT))
    assert second - first == 2 * NS_PER_SECOND


def test_a_text_without_messages(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no event log, no capture, and no message in hex"):
        judged(tmp_path, "10:00:00 nothing happened\n0102\n")


def test_frames_without_their_length_prefix() -> None:
    written = "\n".join(frame.hex() for frame in frames(tape()))
    assert [chunk.content for chunk in hexlog.read(written, DIALECT)] == [one for _, one in SAID]
