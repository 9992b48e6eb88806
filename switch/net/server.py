"""Listening: a host on a TCP port, with or without TLS."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path

from switch.clock import Clock
from switch.errors import BadUsage
from switch.host import Host
from switch.net.connection import HostConnection, Observer
from switch.records import Delivery


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a TLS listener; with ``client_ca`` terminals must show a certificate."""

    cert: Path
    key: Path
    client_ca: Path | None = None

    def context(self) -> ssl.SSLContext:
        """The server context.

        Raises:
            BadUsage: a file that is missing or no certificate or key.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.cert, self.key)
            if self.client_ca:
                context.load_verify_locations(self.client_ca)
                context.verify_mode = ssl.CERT_REQUIRED
        except (OSError, ssl.SSLError) as error:
            raise BadUsage(f"TLS: {error.strerror or error}") from None
        return context


def address(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8583``; IPv6 in brackets.

    Raises:
        BadUsage: no port, or one that is no number.
    """
    name, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise BadUsage(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8583")
    return name.strip("[]") or "127.0.0.1", int(port)


class _Refused(asyncio.Protocol):
    """A connection that is reset at once: an outside terminal sees its attempt fail."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


class Server:
    """A listening socket and its connections."""

    def __init__(self, host: Host, clock: Clock, observer: Observer) -> None:
        self.host = host
        self._clock = clock
        self._observer = observer
        self._server: asyncio.Server | None = None
        self._count = 0
        self._listen = ("127.0.0.1", 0)
        self._context: ssl.SSLContext | None = None
        self.connections: dict[int, HostConnection] = {}
        self.refuse_next = 0
        self.refuse_until = 0
        self.close_next = 0

    async def start(self, listen: tuple[str, int], tls: Tls | None = None) -> tuple[str, int]:
        """Listen; returns the address, with the port that the system picked for port 0.

        Raises:
            BadUsage: the address cannot be used, in a sentence.
        """
        self._context = tls.context() if tls else None
        self._listen = listen
        await self._open()
        assert self._server is not None
        bound = self._server.sockets[0].getsockname()
        self._listen = (bound[0], bound[1])
        return self._listen

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        name, port = self._listen
        try:
            self._server = await loop.create_server(
                self._connection, name, port, ssl=self._context, reuse_address=True
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise BadUsage(f"cannot listen on {name}:{port}: {reason}") from None

    def _connection(self) -> asyncio.Protocol:
        if self.refuses():
            return _Refused()
        self._count += 1
        connection = HostConnection(self._count, self.host, self._clock, self._observer, self._gone)
        self.connections[self._count] = connection
        if self.close_next > 0:
            self.close_next -= 1
            connection.closes_at_once = True
        return connection

    def refuses(self) -> bool:
        """Whether this attempt is to be refused; counted and logged."""
        if self.refuse_next > 0:
            self.refuse_next -= 1
        elif self._clock.now() >= self.refuse_until:
            return False
        self.host.closed(0, "refused")
        return True

    def _gone(self, connection: HostConnection) -> None:
        self.connections.pop(connection.number, None)

    def serve(self, host: Host, clock: Clock, observer: Observer) -> None:
        """From now on serve another host, on the same socket and connections."""
        self.host, self._clock, self._observer = host, clock, observer
        self.refuse_next = self.refuse_until = self.close_next = 0
        for connection in self.connections.values():
            connection.serve(host, clock, observer)

    def deliver(self, delivery: Delivery) -> None:
        """Send a delivery that was held, if its connection is still there."""
        connection = self.connections.get(delivery.conn)
        if connection is None:
            self.host.delivered(delivery, "the terminal had closed the connection")
        else:
            connection.deliver(delivery)

    async def stop(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections.values()):
            connection.close()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None
