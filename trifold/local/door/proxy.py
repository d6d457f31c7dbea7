"""The door itself: takes CONNECT, ends TLS with a certificate for the host, and pipes the bytes to the cloud's process.

Protocols rather than streams: bytes go from one transport to the other as they come, and a slow reader pauses its
writer. A tunnel's end is the end of both halves: TLS in Python knows no half-closed connection, and no client of the
clouds uses one. What a cloud's process had still to say is sent before the client's half is closed.
"""

import asyncio
import logging
import socket
from collections.abc import Coroutine
from typing import Any, cast

from trifold.local.door import head as heads
from trifold.local.door.authority import Authority
from trifold.local.door.routes import Route, Routes
from trifold.local.ports import LOOPBACK

log = logging.getLogger("trifold.local.door")
BUFFER = 512 * 1024
HEAD_SECONDS = 60.0
HANDSHAKE_SECONDS = 30.0
HTTP, HTTPS = 80, 443


class Pipe(asyncio.Protocol):
    """One half of a tunnel; whatever arrives before the other half is there is kept."""

    def __init__(self, other: "Pipe | None" = None) -> None:
        self.transport: asyncio.Transport | None = None
        self.other = other
        self.early: list[bytes] = []

    def attach(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.set_write_buffer_limits(high=BUFFER)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.attach(cast(asyncio.Transport, transport))

    def data_received(self, data: bytes) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)
        else:
            self.early.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()  # sends what is still buffered first

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()


class Entrance(asyncio.Protocol):
    """A new connection to the door, until its head has been read."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._head = b""
        self._patience: asyncio.TimerHandle | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._patience = asyncio.get_running_loop().call_later(HEAD_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_patient()

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.cancel()

    def data_received(self, data: bytes) -> None:
        assert self.transport is not None
        self._head += data
        if heads.END in self._head:
            self._be_patient()
            self.transport.pause_reading()
            self._door.enter(self.transport, self._head)
            self._head = b""
        elif len(self._head) > heads.LONGEST:
            end(self.transport, heads.answer("431 Request Header Fields Too Large", "the request's head is too long"))


class Door:
    """Answers for the hosts of `routes`, and for no other."""

    def __init__(self, authority: Authority, routes: Routes) -> None:
        self._authority = authority
        self._routes = routes
        self._entering: set[asyncio.Task] = set()
        self._server: asyncio.Server | None = None

    async def open(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Entrance(self), sock=listening, backlog=1024)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def enter(self, transport: asyncio.Transport, head: bytes) -> None:
        """Decide by the head: a tunnel to a cloud, a plain request to one that takes it, or a refusal by name."""
        try:
            asked = heads.parse(head)
        except heads.BadHead as error:
            return end(transport, heads.answer("400 Bad Request", f"trifold's door: {error}"))
        route = self._routes.find(asked.host)
        if route is None or (asked.tunnel and asked.port != HTTPS):
            log.info("refused %s:%d", asked.host, asked.port)
            return end(transport, heads.refusal(asked.host, asked.port))
        if not asked.tunnel and not (route.plain and asked.port == HTTP):
            return end(transport, heads.redirect(asked.secure_address))
        if not asked.tunnel:
            return self._begin(self._forward(transport, asked.host, route, heads.forwarded(head)))
        if not head.endswith(heads.END):
            return end(transport, heads.answer("400 Bad Request", "trifold's door: bytes before the tunnel was open"))
        self._begin(self._tunnel(transport, asked.host.lower().rstrip("."), route))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._entering.add(task)
        task.add_done_callback(self._entering.discard)

    async def _forward(self, transport: asyncio.Transport, host: str, route: Route, request: bytes) -> None:
        """One request without TLS: its end is the end of the connection."""
        client = Pipe()
        transport.set_protocol(client)
        client.attach(transport)
        client.early.append(request)
        await self._connect(client, transport, host, route)

    async def _tunnel(self, transport: asyncio.Transport, host: str, route: Route) -> None:
        loop = asyncio.get_running_loop()
        client = Pipe()
        try:
            context = self._authority.context(host, bool(route.grpc))
            transport.write(heads.ESTABLISHED)
            secure = await loop.start_tls(
                transport, client, context, server_side=True, ssl_handshake_timeout=HANDSHAKE_SECONDS
            )
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ValueError: no certificate for that name
            log.info("no TLS with a client of %s: %s", host, error)
            return transport.abort()
        if secure is None:  # the client went away
            return transport.abort()
        client.attach(secure)
        secure.pause_reading()
        await self._connect(client, secure, host, route)

    async def _connect(self, client: Pipe, secure: asyncio.Transport, host: str, route: Route) -> None:
        loop = asyncio.get_running_loop()
        tls = secure.get_extra_info("ssl_object")
        http2 = tls is not None and tls.selected_alpn_protocol() == "h2"
        try:
            port = route.grpc if http2 else route.port
            connection, backend = await loop.create_connection(lambda: Pipe(client), LOOPBACK, port)
        except OSError as error:
            log.warning("%s: the local %s does not answer: %s", host, route.cloud, error)
            gone = f"the local {route.cloud} does not answer; see `trifold local status`"
            return end(secure, b"" if http2 else heads.answer("502 Bad Gateway", gone))
        if client.transport is None:  # it left while we were connecting
            return connection.abort()
        client.other = backend
        for data in client.early:
            connection.write(data)
        client.early.clear()
        secure.resume_reading()


def end(transport: asyncio.Transport, answer: bytes) -> None:
    """Send a last answer and close."""
    transport.write(answer)
    transport.close()
