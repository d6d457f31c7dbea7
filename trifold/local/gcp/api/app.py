"""The Google Cloud APIs as one ASGI application: all hosts of `cloud.SERVICE_HOSTS` arrive here, told apart by Host."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from starlette.applications import Starlette

from trifold.local.contract import Context
from trifold.local.gcp.api import discovery
from trifold.local.gcp.api.gate import Gate
from trifold.local.http import Raw, Reply, Whole


def create(context: Context) -> Starlette:
    """A fresh project with nothing in it; its endpoints' processes end with it."""
    # One line a probe and a prediction is no news.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    gate = Gate(context)

    async def handle(raw: Raw) -> Reply:
        # Clients that cannot send every verb say it in a header, as Google takes it.
        return await gate.handle(replace(raw, method=raw.headers.get("x-http-method-override", raw.method)))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # The largest document takes a tenth of a second: read before the first call needs it.
        reading = asyncio.get_running_loop().run_in_executor(None, discovery.document, "aiplatform", "v1")
        yield
        await reading
        await gate.close()

    app = Starlette(lifespan=lifespan)
    app.state.gate = gate
    app.mount("/", Whole(Raw, handle))
    return app
