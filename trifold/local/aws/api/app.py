"""The AWS API as one ASGI application: all of `cloud.SERVICE_HOSTS`, told apart by the Host header."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from trifold.local.aws.api.gate import Gate
from trifold.local.aws.api.wire import Raw
from trifold.local.contract import Context
from trifold.local.http import Whole


def create(context: Context) -> Starlette:
    """A fresh account with nothing in it; its endpoints' processes end with it."""
    gate = Gate(context)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await gate.close()

    app = Starlette(lifespan=lifespan)
    app.mount("/", Whole(Raw, gate.handle))
    return app
