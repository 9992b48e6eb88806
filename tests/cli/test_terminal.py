"""``switch terminal`` against a real host on a loopback port, and against hosts that fail."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from switch.acquirer.book import load as load_book
from switch.chance import Chance
from switch.cli import terminal as command
from switch.dialect import load
from switch.errors import BadUsage
from switch.host import Host
from switch.masking import Tokens
from switch.net.clock import LoopClock
from switch.net.server import Server, Tls
from switch.records import Event, EventLog, Exchange
from switch.run.peer import Ended
from switch.scenario.plan import NoDirector
from switch.scenario.standing import standing_rules
from switch.terminal import DEFECTS, Record, Result
from switch.terminal.record import Approved, Pending, Stored

SILENT_ONCE = "rules: [{id: lost, when: {message: sale}, reply: none, times: 1}]"
PATIENCE = ("--timeout", "200ms")  # where nothing ever comes
ENOUGH = ("--timeout", "500ms")  # where the host answers all but one request


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="switch")
    command.add_parser(parser.add_subparsers(required=True))
    return parser.parse_args(["terminal", *words])


def switch(*words: str) -> int:
    args = parsed(*words)
    return int(args.run(args))


class Running:
    """A host on a free port, in a loop and a thread of its own."""

    def __init__(self, rules: Path | None = None, tls: Tls | None = None) -> None:
        self._rules = rules
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server, self.log = self._here(self._start())

    def _here(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _start(self) -> tuple[Server, EventLog]:
        clock, dialect = LoopClock(self._loop), load("cup-pos")
        log = EventLog(clock.now)
        director = standing_rules(self._rules, dialect) if self._rules else NoDirector()
        host = Host(
            dialect, load_book(), clock, Chance("8583"), Tokens(b"test"), director, log
        )  # fmt: skip
        server = Server(host, clock, self)
        _, self.port = await server.start(("127.0.0.1", 0), self._tls)
        return server, log

    def exchanged(self, exchange: Exchange, conn: int) -> None:
        pass

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def events(self) -> list[Event]:
        """The log, once the host has done what it is at."""
        self._here(asyncio.sleep(0))
        return list(self.log.events)

    @property
    def talk(self) -> list[str]:
        """The conversation: ``>>`` from the terminal, ``<<`` from the host."""
        out = []
        for event in self.events:
            if event.kind == "received":
                out.append(f">> {event['mti']} {event['class']}")
            elif event.kind == "sent":
                code = event["values"].get("response_code", "")  # a settlement has none
                out.append(f"<< {event['mti']} {code}".rstrip())
        return out

    def values(self, name: str, kind: str) -> list[str]:
        """A value of every request of a class."""
        events = [e for e in self.events if e.kind == "received" and e["class"] == kind]
        return [event["values"][name] for event in events]

    def stop(self) -> None:
        self._here(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def running(rules: Path | None = None, tls: Tls | None = None) -> Iterator[Running]:
    one = Running(rules, tls)
    try:
        yield one
    finally:
        one.stop()


@pytest.fixture
def host() -> Iterator[Running]:
    with running() as one:
        yield one


@pytest.fixture
def losing_host(tmp_path: Path) -> Iterator[Running]:
    """A host that books the first sale and says nothing."""
    rules = tmp_path / "rules.yaml"
    rules.write_text(SILENT_ONCE)
    with running(rules) as one:
        yield one


@contextmanager
def listener(heard: Callable[[bytes], None] = lambda data: None) -> Iterator[str]:
    """Accepts, reads, and never says a word; ``heard`` is told of the first bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with suppress(OSError):
                conn, _ = server.accept()
                with conn:
                    data = conn.recv(4096)
                    if data:
                        heard(data)
                    while conn.recv(4096):
                        pass

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


# ---- a host that answers ------------------------------------------------------------------


def test_a_day_of_a_terminal(host: Running, capsys: pytest.CaptureFixture[str]) -> None:
    actions = ["sign-on", "sale:100.00", "void:last", "balance", "echo", "sign-off"]
    assert switch("--connect", host.at, *actions) == 0
    said = capsys.readouterr()
    assert said.err == ""
    lines = [line.split() for line in said.out.splitlines()]
    assert [line[:4] for line in lines] == [[one, "approved", "00", "approved"] for one in actions]
    stan = host.values("stan", "sale")[0]
    assert lines[1][4:] == ["STAN", stan]
    assert lines[3][4:] == ["STAN", host.values("stan", "balance")[0], "balance", "1000000.00"]
    assert host.values("original.stan", "void") == [stan]
    assert host.talk == [
        ">> 0800 sign_on", "<< 0810 00",
        ">> 0200 sale", "<< 0210 00",
        ">> 0200 void", "<< 0210 00",
        ">> 0200 balance", "<< 0210 00",
        ">> 0820 echo", "<< 0830 00",
        ">> 0820 sign_off", "<< 0830 00",
    ]  # fmt: skip


def test_the_end_of_a_day(host: Running, capsys: pytest.CaptureFixture[str]) -> None:
    actions = ["sale:100.00", "offline-sale:5", "tip:1.50", "settle"]
    assert switch("--connect", host.at, *actions) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == [
        "  SETTLED BATCH 000001, local: 2 debits 106.50, 0 credits 0.00",
        "settle          done         the batch is settled",
    ]
    assert host.talk[-8:] == [
        ">> 0220 offline_sale", "<< 0230 00",
        ">> 0220 tip", "<< 0230 00",
        ">> 0500 settlement", "<< 0510",
        ">> 0320 batch_end", "<< 0330 00",
    ]  # fmt: skip


def test_what_is_left_at_the_end_is_said(
    host: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = ("--connect", host.at, "--state", str(tmp_path / "s"))
    assert switch(*state, "sign-on", "offline-sale:5") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2].endswith(f"  stored, not sent yet  STAN {stan(host, 1)}")
    assert said[-1] == f"1 stored message not uploaded yet: {tmp_path / 's'} keeps it"
    assert switch(*state, "settle") == 0
    assert host.values("stan", "offline_sale") == [stan(host, 1)]
    assert "not uploaded" not in capsys.readouterr().out


def stan(host: Running, after: int) -> str:
    """The STAN of the sign-on, and so many more."""
    return f"{int(host.values('stan', 'sign_on')[0]) + after:06d}"


def test_a_batch_that_is_not_closed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{id: lost, when: {message: batch_end}, reply: none}]")
    with running(rules) as host:
        assert switch("--connect", host.at, "--timeout", "100ms", "sign-on", "settle") == 3
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "batch 000001 is not closed yet: without --state it is forgotten"


def test_what_is_stored_needs_its_card_again(host: Running, tmp_path: Path) -> None:
    state = ("--connect", host.at, "--state", str(tmp_path / "s"))
    assert switch(*state, "--card", "4012345678909", "sign-on", "offline-sale:5") == 0
    with pytest.raises(BadUsage, match=r"a stored message in .* is of card 401234\*\*\*8909"):
        switch(*state, "settle")


def test_a_sale_signs_on_by_itself(host: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch("--connect", host.at, "sale:5") == 0
    assert host.talk[:3] == [">> 0800 sign_on", "<< 0810 00", ">> 0200 sale"]
    assert host.values("amount", "sale") == ["000000000500"]
    assert capsys.readouterr().out.startswith("  SIGNED ON\nsale:5 ")


def test_stans_start_from_the_second_of_the_day(host: Running) -> None:
    def second() -> int:
        now = datetime.now()
        return now.hour * 3600 + now.minute * 60 + now.second

    before = second()
    switch("--connect", host.at, "sign-on")
    elapsed = (int(host.values("stan", "sign_on")[0]) - 1 - before) % 86400
    assert elapsed <= (second() - before) % 86400


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--card", "poor"), "51 insufficient funds"),
        (("--card", "lost"), "41 lost card: KEEP THE CARD"),
        (("--pin", "0000"), "55 wrong PIN"),
        (("--card", "6212142000000000202"), "51 insufficient funds"),
        (("--card", "4012345678909"), "14 invalid card number"),
        (("--card", "4012345678909", "--expiry", "2901", "--pin", "1234"), "14 "),
        (("--defect", "lower-case-mac"), "A0 MAC error"),
    ],
)
def test_a_decline(
    options: tuple[str, ...], said: str, host: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch("--connect", host.at, *options, "sale:2") == 1
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith(f"sale:2          declined     {said}")
    assert line.endswith(f"STAN {host.values('stan', 'sale')[0]}")


def test_a_terminal_that_the_host_does_not_know(
    host: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch("--connect", host.at, "--tid", "99999999", "sign-on", "sale:1") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "sale:1          not started  not signed on"
    assert "  SIGN-ON REFUSED: 97 terminal not registered" in lines


def test_another_terminal_of_the_book_brings_its_merchant_and_its_key(host: Running) -> None:
    assert switch("--connect", host.at, "--tid", "87654321", "sale:1") == 0
    assert host.values("merchant_id", "sale") == ["898310087654321"]


def test_a_wrong_master_key(host: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch("--connect", host.at, "--tmk", "0" * 32, "sign-on") == 1
    assert "declined     00 the keys are wrong" in capsys.readouterr().out


def test_nothing_to_void(host: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert switch("--connect", host.at, "void:last") == 1
    assert capsys.readouterr().out == "void:last       not started  nothing to void\n"
    assert host.talk == []


# ---- a host that does not answer ----------------------------------------------------------


def test_a_refused_connection_is_a_sentence(
    nobody: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch("--connect", nobody, "sign-on", "sale:1") == 3
    said = capsys.readouterr()
    assert said.out == "sign-on         not sent     no connection\n"  # and no second attempt
    assert said.err.startswith(f"switch terminal: no connection to {nobody}: ")
    assert len(said.err.splitlines()) == 1


def test_a_refused_connection_before_a_sale(
    nobody: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch("--connect", nobody, "sale:1") == 3
    assert capsys.readouterr().out == "sale:1          not started  not signed on\n"


@pytest.mark.parametrize("action", ["echo", "sign-on"])
def test_silence(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with listener() as address:
        assert switch("--connect", address, *PATIENCE, action) == 3
    assert capsys.readouterr().out.splitlines()[-1].split()[:2] == [action, "unknown"]


def test_silence_before_a_sale(capsys: pytest.CaptureFixture[str]) -> None:
    with listener() as address:
        assert switch("--connect", address, "--timeout", "20ms", "sale:1") == 3
    assert capsys.readouterr().out.endswith("sale:1          not started  not signed on\n")


def test_an_eager_terminal_waits_until_its_reversal_is_done(
    losing_host: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert switch("--connect", losing_host.at, *ENOUGH, "sale:1") == 1
    stan = losing_host.values("stan", "sale")[0]
    assert losing_host.values("original.stan", "reversal") == [stan]
    assert losing_host.talk[-3:] == [">> 0200 sale", ">> 0400 reversal", "<< 0410 00"]
    assert capsys.readouterr().out.splitlines()[-3:] == [
        f"  reversal of STAN {stan}, attempt 1 of 3, reason 98 (timeout)",
        "  REVERSED",
        f"sale:1          reversed     no reply, communication failed  STAN {stan}",
    ]


def test_a_lazy_terminal_leaves_its_reversal_in_the_state(
    losing_host: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.json"
    lazy = ("--connect", losing_host.at, "--style", "lazy", "--state", str(state), *ENOUGH)
    assert switch(*lazy, "sale:1") == 3
    stan = losing_host.values("stan", "sale")[0]
    kept = f"STAN {stan} is not reversed yet: {state} keeps it"
    assert kept in capsys.readouterr().out.splitlines()[-1]
    assert json.loads(state.read_text())["pending"]["stan"] == stan
    assert switch(*lazy, "echo") == 0  # no transaction: it stays
    assert json.loads(state.read_text())["pending"]["stan"] == stan
    capsys.readouterr()
    assert switch(*lazy, "sale:2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"STAN {stan} is still to be reversed"
    assert lines[1:3] == [
        f"  reversal of STAN {stan}, attempt 1 of 3, reason 98 (timeout)",
        "  REVERSED",
    ]
    assert losing_host.talk == [
        ">> 0800 sign_on", "<< 0810 00", ">> 0200 sale",
        ">> 0820 echo", "<< 0830 00",
        ">> 0400 reversal", "<< 0410 00", ">> 0200 sale", "<< 0210 00",
    ]  # fmt: skip
    first, second = map(int, losing_host.values("stan", "sale"))
    assert second == first + 1
    assert json.loads(state.read_text())["pending"] is None


def test_a_lazy_terminal_without_a_state_says_that_it_forgets(
    losing_host: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    lazy = ("--connect", losing_host.at, "--style", "lazy", *ENOUGH)
    assert switch(*lazy, "sale:1") == 3
    assert capsys.readouterr().out.endswith("without --state it is forgotten\n")


def test_a_defect_shows_in_its_own_style(losing_host: Running) -> None:
    """sale-before-reversal is a mistake of lazy terminals."""
    assert DEFECTS["sale-before-reversal"].styles == ("lazy",)
    wrong = ("--connect", losing_host.at, "--defect", "sale-before-reversal", *ENOUGH)
    assert switch(*wrong, "sale:1", "sale:2") == 3
    assert losing_host.talk[2:5] == [">> 0200 sale", ">> 0200 sale", "<< 0210 00"]


def test_ctrl_c_keeps_the_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "state.json"
    with (
        listener(lambda data: os.kill(os.getpid(), signal.SIGINT)) as address,
        pytest.raises(KeyboardInterrupt),
    ):
        switch("--connect", address, "--state", str(state), "sign-on")
    assert json.loads(state.read_text())["stan"] > 0


@pytest.mark.parametrize(
    ("outcome", "ended", "code"),
    [
        ("approved", {}, 0),
        ("declined", {}, 1),
        ("reversed", {"unreached": "x"}, 1),
        ("refused_locally", {}, 1),
        ("refused_locally", {"silent": True}, 3),
        ("refused_locally", {"unreached": "x"}, 3),
        ("unknown", {}, 3),
        ("not_sent", {"unreached": "x"}, 3),
    ],
)
def test_the_exit_code_of_an_action(outcome: str, ended: dict[str, Any], code: int) -> None:
    assert Ended(Result("sale", outcome), **ended).code == code


# ---- the state ----------------------------------------------------------------------------


def test_the_state_keeps_keys_batch_stan_and_what_was_sold(host: Running, tmp_path: Path) -> None:
    state = ("--connect", host.at, "--state", str(tmp_path / "state.json"))
    assert switch(*state, "sale:1") == 0
    assert switch(*state, "sale:2", "void:last") == 0
    assert [line for line in host.talk if line == ">> 0800 sign_on"] == [">> 0800 sign_on"]
    signed_on, sold = host.values("stan", "sign_on"), host.values("stan", "sale")
    numbers = [int(stan) for stan in (*signed_on, *sold, *host.values("stan", "void"))]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]  # nothing left beside it


def test_no_secret_is_in_the_state(host: Running, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    pan = "4012345678909"
    options = ("--connect", host.at, "--state", str(state), "--card", pan, "--pin", "271828")
    switch(*options, "sale:1")
    text = state.read_text()
    assert pan not in text
    assert "271828" not in text
    assert "0123456789ABCDEF" not in text


def test_a_pending_reversal_needs_its_card_again(tmp_path: Path, losing_host: Running) -> None:
    pan = "4012345678909"
    state = ("--connect", losing_host.at, "--style", "lazy", "--state", str(tmp_path / "s"))
    assert switch(*state, *ENOUGH, "--card", pan, "sale:1") == 3
    with pytest.raises(BadUsage, match=r"the pending reversal in .* is of card 401234\*\*\*8909"):
        switch(*state, "sale:1")
    assert losing_host.talk[-1] == ">> 0200 sale"
    assert switch(*state, "echo") == 0
    assert switch(*state, "--card", pan, "balance") == 1
    assert ">> 0400 reversal" in losing_host.talk


GOOD: dict[str, Any] = json.loads(Record(stan=7).to_json())
PENDING = asdict(Pending("sale", "000007", {11: "000007"}, [], "default"))
STORED = asdict(Stored("offline_sale", "000007", {11: "000007"}, [], "default"))
PAID = asdict(Approved("000007", 1, 100, "default", "", "", "0105"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": 1}',
        "\udcff",
        *(
            json.dumps(GOOD | wrong)
            for wrong in (
                {"format": 99},
                {"stan": "7"},
                {"stan": 1_000_000},
                {"stan": True},
                {"batch": 0},
                {"signed_on": 1},
                {"keys": "xyz", "layout": "double"},
                {"keys": "00" * 40, "layout": "trouble"},
                {"keys": "00" * 39, "layout": "double"},
                {"log": [{}]},
                {"log": {"a": 1}},
                {"authorizations": [PAID | {"amount": "100"}]},
                {"paid": PAID | {"voided": 0}},
                {"paid": [PAID]},
                {"never_heard_of": 1},
                {"pending": []},
                {"pending": PENDING | {"reason": "boredom"}},
                {"pending": PENDING | {"fields": {"11": 7}}},
                {"pending": PENDING | {"fields": {"stan": "000007"}}},
                {"pending": PENDING | {"from_card": [35]}},
                {"pending": PENDING | {"from_card": "2"}},
                {"queue": [PENDING]},
                {"queue": [STORED | {"attempts": "1"}]},
                {"settling": {"flags": 11}},
            )
        ),
    ],
)
def test_a_state_that_no_terminal_wrote_is_a_sentence(
    text: str, tmp_path: Path, host: Running
) -> None:
    state = tmp_path / "state.json"
    state.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BadUsage, match=r"state\.json: not the memory of a terminal"):
        switch("--connect", host.at, "--state", str(state), "sale:1")
    assert host.talk == []


def test_a_state_of_the_right_form_is_taken(tmp_path: Path, host: Running) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps(GOOD))
    assert switch("--connect", host.at, "--state", str(state), "sign-on") == 0
    assert host.values("stan", "sign_on") == ["000008"]


def test_the_state_of_another_terminal_is_refused(tmp_path: Path, host: Running) -> None:
    state = ("--connect", host.at, "--state", str(tmp_path / "state.json"))
    assert switch(*state, "sign-on") == 0
    with pytest.raises(BadUsage, match="the memory of another terminal"):
        switch(*state, "--tid", "87654321", "sale:1")


def test_a_state_that_cannot_be_written_is_a_sentence(tmp_path: Path, host: Running) -> None:
    with pytest.raises(BadUsage, match="cannot write: No such file"):
        switch("--connect", host.at, "--state", str(tmp_path / "none" / "state.json"), "sign-on")
    with pytest.raises(BadUsage, match="cannot read: Is a directory"):
        switch("--connect", host.at, "--state", str(tmp_path), "sign-on")
    assert host.talk == []


def test_a_state_that_cannot_be_written_any_more_ends_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with (
        listener(lambda data: shutil.rmtree(folder)) as address,
        pytest.raises(BadUsage, match="cannot write: No such file"),
    ):
        switch("--connect", address, *PATIENCE, "--state", str(folder / "state.json"), "sign-on")


# ---- what is typed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["sael:1"], "no action 'sael:1'; known: sign-on, .*; did you mean 'sale'\\?"),
        (["echo", "signon"], "did you mean 'sign-on'\\?"),
        (["sale"], "'sale': write sale:100.00, up to 10 digits and 2 decimals"),
        (["sale:1.005"], "'sale:1.005': write sale:100.00"),
        (["sale:-1"], "write sale:100.00"),
        (["sale:12345678901"], "write sale:100.00"),
        (["void"], "'void': write void:last"),
        (["void:000101"], "write void:last"),
        (["echo:1"], "'echo:1': write echo"),
        (["--tid", "1234567", "echo"], "--tid: a TID of 8 characters belongs here"),
        (["--tid", "", "echo"], "--tid: a TID of 8 characters belongs here"),
        (["--mid", "1", "echo"], "--mid: an MID of 15 characters belongs here"),
        (["--tmk", "12", "echo"], "--tmk: a key of 16, 32 or 48 hex digits belongs here"),
        (["--card", "por", "echo"], "'por' is no card of the book .*; did you mean 'poor'\\?"),
        (["--card", "123", "echo"], "--card: '123' is no card of the book and not 13 to 19 digits"),
        (["--expiry", "1/30", "echo"], "--expiry: 4 digits belong here"),
        (["--pin", "12", "echo"], "--pin: 4 to 12 digits belong here"),
        (["--timeout", "5", "echo"], "--timeout: '5' is not a duration"),
        (["--timeout", "0s", "echo"], "--timeout: 0s is no time at all"),
        (["--defect", "never-revers", "echo"], "did you mean 'never-reverses'\\?"),
        (["--dialect", "cup", "echo"], "no dialect 'cup'"),
        (["--tls-ca", "x.pem", "echo"], "--tls-ca needs --tls"),
        (["--tls", "--tls-ca", "none.pem", "echo"], "--tls-ca: none.pem: No such file"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_sent(
    words: list[str], sentence: str, host: Running
) -> None:
    with pytest.raises(BadUsage, match=sentence):
        switch("--connect", host.at, *words)
    assert host.events == []


def test_an_address_without_a_port() -> None:
    with pytest.raises(BadUsage, match="is not HOST:PORT"):
        switch("--connect", "localhost", "echo")


@pytest.mark.parametrize(
    ("typed", "minor_units"),
    [("100.00", 10000), ("100", 10000), ("0.5", 50), ("0.05", 5), ("9999999999.99", 10**12 - 1)],
)
def test_amounts(typed: str, minor_units: int) -> None:
    assert command.stimulus_of(f"sale:{typed}").amount == minor_units


def test_the_example_of_the_help_works(host: Running) -> None:
    words = [host.at if ":8583" in word else word for word in command.EXAMPLE.split()[2:]]
    assert switch(*words) == 0


def test_the_help_names_every_action(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("--help")
    said = capsys.readouterr().out
    assert all(command.written(word) in said for word in command.ACTIONS)
    assert command.EXAMPLE in said


# ---- TLS ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate of its own for 127.0.0.1, and its key."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "switch test")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    files = Tls(folder / "cert.pem", folder / "key.pem")
    files.cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def test_over_tls(certificate: Tls) -> None:
    with running(tls=certificate) as host:
        tls = ("--connect", host.at, "--tls", "--tls-ca", str(certificate.cert))
        assert switch(*tls, "sale:1", "sign-off") == 0
        assert host.talk[-1] == "<< 0830 00"


def test_a_certificate_that_nobody_trusts(
    certificate: Tls, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tls=certificate) as host:
        assert switch("--connect", host.at, "--tls", "echo") == 3
        assert host.talk == []
    said = capsys.readouterr().err
    assert "certificate" in said.lower()
    assert len(said.splitlines()) == 1


def test_a_deposit_is_completed_and_refunded_by_a_terminal_that_was_switched_off_between(
    tmp_path: Path, host: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    state = ("--connect", host.at, "--state", str(tmp_path / "state.json"))
    assert switch(*state, "preauth:200.00") == 0
    assert switch(*state, "increment:50.00", "completion:230.00") == 0
    assert switch(*state, "completion-void:last", "preauth-void:last") == 0
    assert switch(*state, "sale:10.00") == 0
    assert switch(*state, "refund:4.00") == 0
    assert switch(*state, "refund:6.01") == 1
    said = capsys.readouterr().out
    assert [line.split()[1] for line in said.splitlines() if "STAN" in line] == ["approved"] * 7
    assert "more than was paid" in said
