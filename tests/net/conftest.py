"""A standing host on a free loopback port, in a thread of its own."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from switch.app import ServeOptions, serve
from switch.net.clock import LoopClock
from switch.net.server import Server
from tests.net.protocol_client import OPEN


@dataclass
class Standing:
    """A running host: its port, what it printed, and the loop it runs on."""

    port: int = 0
    printed: io.StringIO = field(default_factory=io.StringIO)
    server: Server | None = None


Start = Callable[..., Standing]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start hosts; all of them end with the test."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    closers = []

    def call(book: Path | None = None, mac: str = "check", rules: Path | None = None,
             events: Path | None = None) -> Standing:  # fmt: skip
        standing = Standing()
        options = ServeOptions("cup-pos", "127.0.0.1:0", book, rules, mac, events, None)

        async def begin() -> None:
            standing.server, close = await serve(
                options, LoopClock(loop), standing.printed, lambda bound: None
            )
            standing.port = standing.server._listen[1]
            closers.append(close)

        asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
        closers.append(
            lambda: asyncio.run_coroutine_threadsafe(standing.server.stop(), loop).result(10)  # type: ignore[union-attr]
        )
        return standing

    yield call
    while OPEN:
        OPEN.pop().close()
    for close in reversed(closers):
        close()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
