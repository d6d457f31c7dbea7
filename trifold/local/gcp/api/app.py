"""The Google Cloud APIs as one ASGI application: all hosts of `cloud.SERVICE_HOSTS` arrive here, told apart by Host."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trifold.local.contract import Context
from trifold.local.gcp.api import discovery
from trifold.local.gcp.api.gate import Gate
from trifold.local.gcp.api.wire import Raw


class Door:
    """ASGI to Gate: reads the request whole, since it is checked before anything acts."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        reply = await self._gate.handle(as_raw(request, scope, body))
        response = Response(reply.body, reply.status)
        for name, value in reply.headers.items():
            response.headers[name] = value
        await response(scope, receive, send)


def as_raw(request: Request, scope: Scope, body: bytes) -> Raw:
    headers = dict(request.headers)
    # Clients that cannot send every verb say it in a header, as Google takes it.
    method = headers.get("x-http-method-override", request.method)
    return Raw(
        method=method,
        host=headers.get("host", ""),
        path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


def create(context: Context) -> Starlette:
    """A fresh project with nothing in it; its endpoints' processes end with it."""
    # One line a probe and a prediction is no news.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    gate = Gate(context)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # The largest document takes a tenth of a second: read before the first call needs it.
        reading = asyncio.get_running_loop().run_in_executor(None, discovery.document, "aiplatform", "v1")
        yield
        await reading
        await gate.close()

    app = Starlette(lifespan=lifespan)
    app.state.gate = gate
    app.mount("/", Door(gate))
    return app
