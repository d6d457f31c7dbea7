"""The AWS API as one ASGI application: all of `cloud.SERVICE_HOSTS`, told apart by the Host header."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trifold.local.aws.api.gate import Gate
from trifold.local.aws.api.wire import Raw
from trifold.local.contract import Context


class Door:
    """ASGI to Gate: reads the request whole, since its signature and its fields are checked before anything acts."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        raw = Raw(
            method=request.method,
            host=request.headers.get("host", ""),
            path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
            query=scope["query_string"].decode("latin-1"),
            headers=dict(request.headers),
            body=body,
        )
        reply = await self._gate.handle(raw)
        response = Response(reply.body, reply.status)
        for name, value in reply.headers.items():
            response.headers[name] = value
        await response(scope, receive, send)


def create(context: Context) -> Starlette:
    """A fresh account with nothing in it; its endpoints' processes end with it."""
    gate = Gate(context)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await gate.close()

    app = Starlette(lifespan=lifespan)
    app.mount("/", Door(gate))
    return app
