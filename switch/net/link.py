"""A terminal's line over TCP: one connection at a time to a host."""

from __future__ import annotations

import asyncio
import os
import ssl
from typing import Protocol


class Far(Protocol):
    """Who is told what happens on the line: a ``switch.terminal.Terminal``."""

    def connected(self) -> None: ...
    def connect_failed(self, why: str) -> None: ...
    def received(self, data: bytes) -> None: ...
    def lost(self, by: str) -> None: ...


class TcpLine:
    """Opens, writes and closes; whatever arrives goes to ``far``."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        address: tuple[str, int],
        far: Far,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._loop = loop
        self.address = address
        self._far = far
        self._tls = tls
        self._attempt: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connect(self) -> None:
        """Open a connection; the far end hears what came of it."""
        self._attempt = self._loop.create_task(self._open())

    async def _open(self) -> None:
        name = self.address[0] if self._tls else None
        try:
            transport, _ = await self._loop.create_connection(
                lambda: _LineProtocol(self), *self.address, ssl=self._tls, server_hostname=name
            )
        except OSError as error:
            self._attempt = None
            # asyncio words it "Connect call failed (...)"; the system's words are plainer.
            plain = not isinstance(error, ssl.SSLError) and error.errno
            self._far.connect_failed(os.strerror(plain) if plain else str(error))
            return
        self._attempt = None
        self._transport = transport
        self._far.connected()

    def send(self, data: bytes) -> None:
        """Put bytes on the connection, if there is one."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        """End the connection or the attempt."""
        if self._attempt is not None:
            self._attempt.cancel()
            self._attempt = None
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def arrived(self, transport: asyncio.BaseTransport | None, data: bytes) -> None:
        """Bytes from the host."""
        if transport is self._transport:
            self._far.received(data)

    def ended(self, transport: asyncio.BaseTransport | None, exc: Exception | None) -> None:
        """The host ended the connection."""
        if transport is self._transport and transport is not None:
            self._transport = None
            self._far.lost("reset" if exc else "host")


class _LineProtocol(asyncio.Protocol):
    def __init__(self, line: TcpLine) -> None:
        self._line = line
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._line.arrived(self._transport, data)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._line.ended(self._transport, exc)
