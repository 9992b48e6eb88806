"""The standing host, judged by a terminal that knows only the protocol."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.net.protocol_client import MID, PAN, ProtocolTerminal, body

DEFAULT_BOOK = Path(__file__).parents[2] / "switch" / "acquirer" / "default-book.yaml"


def test_a_day_at_the_counter(start) -> None:
    terminal = ProtocolTerminal(start().port)
    answer = terminal.sign_on()
    assert answer[39] == "00" and str(answer[60]) == "00000001003"
    asked, answer = terminal.sale(10000)
    assert answer[39] == "00" and 64 in answer and len(str(answer[38])) == 6
    for number in (3, 4, 11, 25, 41, 42, 49):
        assert answer[number] == asked[number]
    assert answer[2] == PAN and answer[60] == "22000001000" and answer[63] == "CUP"
    assert {12, 13, 15, 32, 37, 44} <= answer.keys()
    voided = terminal.void(asked, answer)
    assert voided[39] == "00" and voided[38] == answer[38], "a void copies the approval code"
    assert terminal.void(asked, answer)[39] == "12"
    asked, answer = terminal.sale(2500)
    reversed_ = terminal.reversal(asked)
    assert reversed_[39] == "00" and reversed_[37] == answer[37]
    assert terminal.reversal(asked)[39] == "00", "a repeat is answered alike"
    assert terminal.void(asked, answer)[39] == "25"
    assert terminal.reversal({**asked, 11: "009999"})[39] == "25"
    assert terminal.balance()[54] == "1002156C000100000000", "nothing of all this is left"
    assert terminal.echo()[39] == "00"
    assert terminal.sign_off()[39] == "00"
    assert terminal.sale(100)[1][39] == "A0"


def test_refusals(start) -> None:
    port = start().port
    terminal = ProtocolTerminal(port)
    terminal.sign_on()
    good = terminal.sale_fields(100)
    spoilt = body("0200", good, b"\x01" * 8)
    answer = terminal.exchange(spoilt, signed=False)
    assert answer[39] == "A0" and terminal.header.hex()[5] == "3", "asked to sign on again"
    assert terminal.sale(100, pin="000000")[1][39] == "55"
    assert terminal.sale(100, pan="6212142000000009999")[1][39] == "14"
    for pan, code in {"301": "62", "400": "41", "509": "43", "608": "54", "707": "14",
                      "806": "36", "905": "75"}.items():  # fmt: skip
        assert terminal.sale(100, pan=f"6212142000000000{pan}")[1][39] == code
    assert terminal.sale(10**9)[1][39] == "51"
    stranger = {**terminal.sale_fields(100), 41: "00000000"}
    assert terminal.exchange(body("0200", stranger, terminal.mak), signed=False)[39] == "97"
    nobody = {**terminal.sale_fields(100), 42: "000000000000000"}
    assert terminal.exchange(body("0200", nobody, terminal.mak), signed=True)[39] == "03"
    other = {**terminal.sale_fields(100), 42: "898310087654321"}
    assert terminal.exchange(body("0200", other, terminal.mak), signed=True)[39] == "03"


def test_three_wrong_pins_block_the_card(start) -> None:
    terminal = ProtocolTerminal(start().port)
    terminal.sign_on()
    codes = [terminal.sale(100, pin="000000")[1][39] for _ in range(3)]
    assert codes == ["55", "55", "75"]
    assert terminal.sale(100)[1][39] == "75", "the right PIN comes too late"


@pytest.mark.parametrize(("status", "at_sign_on", "at_sale"), [
    ("suspended", "00", "03"), ("closed", "03", ""), ("frozen", "00", "00"),
])  # fmt: skip
def test_merchant_status(start, tmp_path: Path, status: str, at_sign_on: str, at_sale: str) -> None:
    text = DEFAULT_BOOK.read_text().replace("Corner Tea House, status: active",
                                            f"Corner Tea House, status: {status}")  # fmt: skip
    (tmp_path / "book.yaml").write_text(text)
    terminal = ProtocolTerminal(start(book=tmp_path / "book.yaml").port)
    assert terminal.sign_on()[39] == at_sign_on
    if at_sale:
        asked, answer = terminal.sale(100)
        assert answer[39] == at_sale
        if status == "frozen":
            assert terminal.void(asked, answer)[39] == "57"


def test_single_length_keys(start) -> None:
    terminal = ProtocolTerminal(start().port)
    assert terminal.sign_on("001")[39] == "00"
    assert len(terminal.pik) == 8
    assert terminal.sale(100)[1][39] == "00"


def test_double_length_mak(start, tmp_path: Path) -> None:
    text = DEFAULT_BOOK.read_text().replace('DCBA9876543210"}', 'DCBA9876543210", mak_bytes: 16}')
    (tmp_path / "book.yaml").write_text(text)
    terminal = ProtocolTerminal(start(book=tmp_path / "book.yaml").port)
    terminal.sign_on()
    assert len(terminal.mak) == 16
    assert terminal.sale(100)[1][39] == "00"


def test_a_second_sign_on_makes_the_old_keys_wrong(start) -> None:
    terminal = ProtocolTerminal(start().port)
    terminal.sign_on()
    old = terminal.mak
    terminal.sign_on()
    asked = terminal.sale_fields(100)
    assert terminal.exchange(body("0200", asked, old), signed=False)[39] == "A0"
    assert terminal.sale(100)[1][39] == "00"


def test_repeats_and_reused_numbers(start) -> None:
    terminal = ProtocolTerminal(start().port)
    terminal.sign_on()
    asked = terminal.sale_fields(700)
    first = terminal.exchange(body("0200", asked, terminal.mak))
    again = terminal.exchange(body("0200", asked, terminal.mak))
    assert again == first, "the stored answer"
    clash = terminal.exchange(body("0200", {**asked, 4: "000000000800"}, terminal.mak))
    assert clash[39] == "94"
    terminal.reversal(asked)
    assert terminal.exchange(body("0200", asked, terminal.mak))[39] == "12"
    assert terminal.balance()[54] == "1002156C000100000000"


def test_a_reversal_that_overtakes_its_sale(start) -> None:
    terminal = ProtocolTerminal(start().port)
    terminal.sign_on()
    asked = terminal.sale_fields(700)
    assert terminal.reversal(asked)[39] == "25"
    assert terminal.exchange(body("0200", asked, terminal.mak))[39] == "12"
    assert terminal.balance()[54] == "1002156C000100000000"


def test_missing_elements_are_a_format_error(start) -> None:
    terminal = ProtocolTerminal(start().port)
    terminal.sign_on()
    for missing in (4, 25, 60):
        fields = terminal.sale_fields(100)
        del fields[missing]
        assert terminal.exchange(body("0200", fields, terminal.mak))[39] == "30"
    unsigned = terminal.sale_fields(100)
    assert terminal.exchange(body("0200", unsigned))[39] == "30", "no DE 64"


def test_mac_report_answers_as_if_it_were_right(start) -> None:
    standing = start(mac="report")
    terminal = ProtocolTerminal(standing.port)
    terminal.sign_on()
    answer = terminal.exchange(body("0200", terminal.sale_fields(100), b"\x01" * 8), signed=True)
    assert answer[39] == "00"
    assert "MAC wrong" in standing.printed.getvalue()
    assert "answered as if it were right" in standing.printed.getvalue()


@pytest.mark.parametrize("garbage", [
    b"\xff\xff" + b"x" * 40, b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00", b"\x00\x15" + b"\x60" * 21,
    b"\x00\x15" + bytes(21), b"\x00\x20\x60\x00",
])  # fmt: skip
def test_garbage_elsewhere_does_not_disturb(start, garbage: bytes) -> None:
    port = start().port
    terminal = ProtocolTerminal(port)
    terminal.sign_on()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as other:
        other.sendall(garbage)
        assert terminal.sale(100)[1][39] == "00"
    assert terminal.sale(100)[1][39] == "00"


def test_an_impossible_length_closes_only_that_connection(start) -> None:
    port = start().port
    with socket.create_connection(("127.0.0.1", port), timeout=5) as other:
        other.sendall(b"\xff\xff")
        assert other.recv(1) == b""
    assert ProtocolTerminal(port).sign_on()[39] == "00"


def test_bytes_may_come_one_by_one(start) -> None:
    terminal = ProtocolTerminal(start().port)
    terminal.sign_on()
    whole = terminal.socket

    class ByteByByte:
        recv = whole.recv

        def sendall(self, data: bytes) -> None:
            for byte in data:
                whole.sendall(bytes([byte]))

    terminal.socket = ByteByByte()  # type: ignore[assignment]
    assert terminal.sale(100)[1][39] == "00"


def test_nothing_secret_in_events_or_lines(start, tmp_path: Path) -> None:
    standing = start(events=tmp_path / "events.ndjson")
    terminal = ProtocolTerminal(standing.port)
    terminal.sign_on()
    terminal.sale(100)
    terminal.balance()
    terminal.echo()  # by now the events of what was answered before are written
    written = (tmp_path / "events.ndjson").read_text() + standing.printed.getvalue()
    for secret in (PAN, PAN[6:], "123456\"", terminal.mak.hex(), terminal.pik.hex(),
                   terminal.pin_block("123456", PAN).hex(), "D3012201"):  # fmt: skip
        assert secret not in written and secret.upper() not in written
    kinds = [json.loads(line)["kind"] for line in written.splitlines() if line.startswith("{")]
    assert kinds.count("received") == 4 and kinds.count("sent") >= 3


def test_lines_a_person_can_read(start) -> None:
    standing = start()
    terminal = ProtocolTerminal(standing.port)
    terminal.sign_on()
    terminal.sale(10000)
    sale = standing.printed.getvalue().splitlines()[1]
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d\.\d{3}  12345678  sale +000002 +100\.00  00 approved +MAC ok", sale
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_ends_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "switch", "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(re.search(r":(\d+)", process.stdout.readline())[1])  # type: ignore[index]
        terminal = ProtocolTerminal(port)
        assert terminal.sign_on()[39] == "00"
        process.send_signal(number)
        rest = process.stdout.read()
        assert process.wait(10) == 0
        terminal.close()
    assert "sign-on" in rest and "stopped" in rest and "Traceback" not in rest


def test_a_port_in_use_is_a_sentence(start) -> None:
    taken = start().port
    command = [sys.executable, "-m", "switch", "serve", "--listen", f"127.0.0.1:{taken}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert result.returncode == 2
    assert f"cannot listen on 127.0.0.1:{taken}" in result.stderr and "Trace" not in result.stderr


def test_unknown_terminals_may_be_accepted(start, tmp_path: Path) -> None:
    text = DEFAULT_BOOK.read_text().replace(
        "{accept: false}", '{accept: true, tmk: "0123456789ABCDEFFEDCBA9876543210"}'
    )
    (tmp_path / "book.yaml").write_text(text)
    port = start(book=tmp_path / "book.yaml").port
    terminal = ProtocolTerminal(port, tid="A0000001", mid="123456789012345")
    assert terminal.sign_on()[39] == "00"
    assert terminal.sale(100)[1][39] == "00"
    assert terminal.mid != MID


def test_what_the_terminal_does_wrong_is_said_as_it_happens(start, tmp_path: Path) -> None:
    standing = start(events=tmp_path / "events.ndjson")
    terminal = ProtocolTerminal(standing.port)
    terminal.sign_on()
    asked, answer = terminal.sale(10**9)
    assert answer[39] == "51"
    terminal.reversal(asked)
    terminal.echo()
    lines = standing.printed.getvalue().splitlines()
    place = next(i for i, line in enumerate(lines) if "reversal" in line)
    assert re.match(r" +! (must|warn) R15: reversal \d{6} reverses a sale that was declined 51",
                    lines[place + 1])  # fmt: skip
    assert lines[place + 2].lstrip().startswith("means: no money had moved")
    events = [json.loads(line) for line in (tmp_path / "events.ndjson").read_text().splitlines()]
    received = max(i for i, e in enumerate(events) if e.get("class") == "reversal"
                   and e["kind"] == "received")  # fmt: skip
    found = events[received + 1]
    assert (found["kind"], found["rule"]) == ("finding", "R15")
    assert found["means"].startswith("no money had moved")
