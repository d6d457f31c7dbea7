"""One cloud's API as it runs in its process: uvicorn on a socket that the supervisor bound, gRPC beside it."""

import logging
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import uvicorn

from trifold.local import registry
from trifold.local.children import accepting, say_ready
from trifold.local.contract import Cloud, Context
from trifold.local.hostile import Hostile
from trifold.local.layout import Layout
from trifold.local.ports import LOOPBACK
from trifold.local.processes.runner import Runner

log = logging.getLogger("trifold.local.api")
# The clients' own limits are lower, so it is they who close an idle connection, and none finds it just closed.
KEEP_ALIVE_SECONDS = 600
END_SECONDS = 3
Asgi = Callable[[MutableMapping[str, Any], Callable, Callable], Awaitable[None]]


class Server(uvicorn.Server):
    """uvicorn's server, which calls `after_startup` once the application's lifespan has begun."""

    def __init__(self, config: uvicorn.Config, after_startup: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._after_startup = after_startup

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            await self._after_startup()


async def serve(
    cloud: Cloud,
    layout: Layout,
    environment: Mapping[str, str],
    listening: socket.socket,
    grpc_port: int,
    sidecars: Mapping[str, tuple[int, ...]],
    hostile: Hostile | None,
) -> None:
    """Everything of one cloud's API, until SIGTERM; its model servers end with it."""
    make = registry.load(cloud.api)  # importing takes longest, and the sidecars start meanwhile
    await accepting([port for ports in sidecars.values() for port in ports])
    processes = Runner(cloud.name, layout.server_logs(cloud.name), layout.servers(cloud.name), registry.images())
    addresses = {name: tuple(f"http://{LOOPBACK}:{port}" for port in ports) for name, ports in sidecars.items()}
    context = Context(cloud.name, layout.run(cloud.name), processes, environment, addresses, hostile)
    # uvicorn sends itself the signal again when it is done; by then we still have processes to end.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        await serve_http(cloud, context, make(context), listening, grpc_port)
    finally:
        await processes.close()


async def serve_http(cloud: Cloud, context: Context, application: Asgi, listening: socket.socket, port: int) -> None:
    rpc = registry.load(cloud.grpc)(context, application) if cloud.grpc and registry.written(cloud.grpc) else None

    async def after_startup() -> None:
        if rpc is not None:
            rpc.add_insecure_port(f"{LOOPBACK}:{port}")
            await rpc.start()
        say_ready()

    server = Server(config(application), after_startup)
    await server.serve(sockets=[listening])
    if rpc is not None:
        await rpc.stop(END_SECONDS)
    if not server.started:
        raise SystemExit(3)  # uvicorn has logged why


def config(application: Asgi) -> uvicorn.Config:
    return uvicorn.Config(
        logged(application),
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
    )


def logged(application: Asgi) -> Asgi:
    """One line a request: what was asked of which host, how it was answered, in what time."""

    async def call(scope: MutableMapping[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        started, status = time.monotonic(), 0

        async def note(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await application(scope, receive, note)
        finally:
            host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "-")
            took = (time.monotonic() - started) * 1000
            log.info("%s %s%s %d in %.0f ms", scope["method"], host, scope["path"], status, took)

    return call
