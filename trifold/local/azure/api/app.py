"""The Azure API as one ASGI application: all hosts of `cloud.CLOUD` arrive here, told apart by the Host header."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from trifold.local.azure.api.errors import AzureError, refused
from trifold.local.azure.api.operations import load_all
from trifold.local.azure.api.services import Azure
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import BLOB_SUFFIX, LOGIN_HOST, MANAGEMENT_HOST, SCORING_SUFFIX
from trifold.local.contract import Context
from trifold.local.http import Whole

log = logging.getLogger("trifold.local.azure")


class Gate:
    """From a request to the service of its host; never raises."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    async def handle(self, raw: Raw) -> Reply:
        request_id = str(uuid.uuid4())
        try:
            reply = await self._route(raw)
        except AzureError as error:
            reply = json_reply(error.status, error.as_json(), error.headers)
        except Exception:
            log.exception("%s %s%s failed", raw.method, raw.host, raw.path)
            failed = AzureError("InternalServerError", "The local Azure failed; see its log.", 500)
            reply = json_reply(500, failed.as_json())
        stamped = {"x-ms-request-id": request_id, "x-ms-correlation-request-id": request_id, **reply.headers}
        return Reply(reply.status, stamped, reply.body)

    async def _route(self, raw: Raw) -> Reply:
        host = raw.host.lower().partition(":")[0]
        if host == MANAGEMENT_HOST:
            return await self._azure.manager.handle(raw)
        if host == LOGIN_HOST:
            return self._azure.entra.handle(raw)
        if host.endswith(SCORING_SUFFIX):
            return await self._azure.scoring.handle(raw)
        if host.endswith(BLOB_SUFFIX):
            return await self._azure.blobs.handle(raw)
        raise refused(f"the host {host}")


def create(context: Context) -> Starlette:
    """A fresh subscription; its deployments' processes end with it."""
    azure = Azure(context)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        warm = asyncio.create_task(asyncio.to_thread(load_all))
        yield
        await warm
        await azure.close()

    app = Starlette(lifespan=lifespan)
    app.mount("/", Whole(Raw, Gate(azure).handle))
    return app
