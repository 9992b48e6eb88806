"""Captures: TCP put together again, whatever the network did to it."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import dpkt
import pytest

from switch.capture import pcap
from switch.capture.lint import lint
from switch.capture.source import read
from switch.capture.stream import Chunk, Closed, Gap, Opened
from switch.errors import BadUsage
from switch.judge.lint import Limits
from tests.capture.taped import BOOK, DIALECT, packets, segment, tape


def written(folder: Path, sent: Sequence[bytes], writer: type = dpkt.pcap.Writer) -> Path:
    path = folder / "capture"
    with path.open("wb") as file:
        out = writer(file)
        for number, packet in enumerate(sent):
            out.writepkt(packet, ts=1000 + number / 10)
    return path


def said(path: Path) -> list[bytes]:
    """What each side said in all."""
    pieces = list(pcap.read(path))
    return [b"".join(p.content for p in pieces if isinstance(p, Chunk) and p.side == side)
            for side in (0, 1)]  # fmt: skip


SAID = [b"".join(one.content for one in tape() if one.side == side) for side in (0, 1)]


@pytest.mark.parametrize("writer", [dpkt.pcap.Writer, dpkt.pcapng.Writer])
@pytest.mark.parametrize("size", [1, 7, 1460])
def test_both_sides_come_out_as_they_went_in(tmp_path: Path, writer: type, size: int) -> None:
    assert said(written(tmp_path, packets(tape(), size), writer)) == SAID


def test_a_connection_is_opened_and_ended_by_the_terminal(tmp_path: Path) -> None:
    pieces = list(pcap.read(written(tmp_path, packets(tape()))))
    assert pieces[0] == Opened(0, 1)
    assert isinstance(pieces[-1], Closed)
    assert (pieces[-1].conn, pieces[-1].by) == (1, "terminal")


def test_segments_in_any_order_and_sent_twice(tmp_path: Path) -> None:
    sent = packets(tape(), 40)
    middle = sent[2:-1] + sent[5:9]
    random.Random(8583).shuffle(middle)
    assert said(written(tmp_path, [*sent[:2], *middle, sent[-1]])) == SAID


def test_a_retransmission_may_hold_more_than_the_first_one(tmp_path: Path) -> None:
    sent = [segment(0, 100, b"", dpkt.tcp.TH_SYN), segment(0, 101, b"abc"),
            segment(0, 101, b"abcdef"), segment(0, 104, b"def")]  # fmt: skip
    assert said(written(tmp_path, sent)) == [b"abcdef", b""]


def test_a_segment_that_was_not_captured_is_a_gap(tmp_path: Path) -> None:
    sent = packets(tape())
    del sent[3]
    assert any(isinstance(piece, Gap) for piece in pcap.read(written(tmp_path, sent)))
    recording = read(written(tmp_path, sent), DIALECT, BOOK)
    found = lint(recording.logs, DIALECT, Limits()).found
    assert not [one for one in found if one.severity == "must"], "nobody knows what was heard"


def test_the_same_ports_again_are_another_connection(tmp_path: Path) -> None:
    sent = packets(tape()) * 2
    numbers = {p.conn for p in pcap.read(written(tmp_path, sent)) if isinstance(p, Opened)}
    assert numbers == {1, 2}


def test_what_the_terminal_did_wrong_is_found_in_the_capture(tmp_path: Path) -> None:
    recording = read(written(tmp_path, packets(tape())), DIALECT, BOOK)
    judged = lint(recording.logs, DIALECT, Limits())
    assert [(f.severity, f.rule) for f in judged.found] == [("must", "R15")]
    assert (judged.messages, judged.unchecked) == (5, 0)


def test_other_traffic_is_passed_over(tmp_path: Path) -> None:
    web = [segment(0, 1, b"GET / HTTP/1.1\r\n\r\n" + bytes(40)), b"no packet", b""]
    recording = read(written(tmp_path, web), DIALECT, BOOK)
    assert recording.foreign == 1
    assert lint(recording.logs, DIALECT, Limits()).messages == 0


def test_no_capture(tmp_path: Path) -> None:
    (tmp_path / "capture").write_bytes(pcap.MAGIC[0] + b"cut off")
    with pytest.raises(BadUsage, match="no capture that can be read"):
        list(pcap.read(tmp_path / "capture"))


@pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not here")
def test_tshark_reads_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, packets(tape(), 30))
    asked = ["tshark", "-r", str(path), "-q", "-z", "follow,tcp,raw,0"]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
    lines = [line for line in shown.splitlines() if set(line.strip()) <= set("0123456789abcdef")]
    assert "".join(line for line in lines if not line.startswith("\t")) == SAID[0].hex()
