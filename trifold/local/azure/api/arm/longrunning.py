"""Operations that take their time: started with 201 or 202, followed by their own address, ended with a result.

Real Resource Manager asks to be polled every few seconds; here the wait is told in milliseconds, by the header the
SDKs read for that.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import LOCATION, MANAGEMENT_HOST, SUBSCRIPTION

RETRY_MILLISECONDS = "150"
STATUSES = "operationsStatus"
RESULTS = "operationResults"
# Who follows an operation needs the right to read its status, which Azure ML has names of its own for: of workspaces,
# and of all in them (`mfe` is its front end).
# https://learn.microsoft.com/azure/role-based-access-control/permissions/ai-machine-learning
OF_WORKSPACES = ("workspaceOperationsStatus", "workspaceOperationsStatus")
IN_WORKSPACES = ("mfeOperationsStatus", "mfeOperationResults")
ML = "microsoft.machinelearningservices/workspaces"
FOLLOWED = {name.lower() for pair in ((STATUSES, RESULTS), OF_WORKSPACES, IN_WORKSPACES) for name in pair}
log = logging.getLogger("trifold.local.azure")


@dataclass
class Running:
    """One operation. status: InProgress, Succeeded, Failed or Canceled; result: the final answer's body."""

    id: str
    resource: ResourceId
    status: str = "InProgress"
    error: AzureError | None = None
    result: Any = None
    started: float = field(default_factory=time.time)
    task: asyncio.Task[Any] | None = None


class Operations:
    def __init__(self) -> None:
        self._held: dict[str, Running] = {}

    def start(self, resource: ResourceId, work: Coroutine[Any, Any, Any]) -> Running:
        """Run the work; the operation ends as it ends."""
        running = Running(str(uuid.uuid4()), resource)
        self._held[running.id] = running
        running.task = asyncio.get_running_loop().create_task(self._run(running, work))
        return running

    async def close(self) -> None:
        tasks = [one.task for one in self._held.values() if one.task and not one.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, running: Running, work: Coroutine[Any, Any, Any]) -> None:
        try:
            running.result = await work
            running.status = "Succeeded"
        except AzureError as error:
            running.status, running.error = "Failed", error
        except asyncio.CancelledError:
            running.status = "Canceled"
            raise
        except Exception:
            log.exception("an operation on %s failed", running.resource.text)
            running.status = "Failed"
            running.error = AzureError("InternalServerError", "The local Azure failed; see its log.", 500)

    def headers(self, running: Running, namespace: str, version: str) -> dict[str, str]:
        """What tells a client where to follow an operation."""
        base = f"https://{MANAGEMENT_HOST}/subscriptions/{SUBSCRIPTION}/providers/{namespace}/locations/{LOCATION}"
        type = running.resource.type.lower()
        statuses, results = (
            OF_WORKSPACES if type == ML else IN_WORKSPACES if type.startswith(ML) else (STATUSES, RESULTS)
        )
        return {
            "azure-asyncoperation": f"{base}/{statuses}/{running.id}?api-version={version}",
            "location": f"{base}/{results}/{running.id}?api-version={version}",
            "x-ms-retry-after-ms": RETRY_MILLISECONDS,
        }

    def about(self, path: str) -> str:
        """Whose operation a path follows; "" for the path of something else."""
        held = self._held.get(path.rpartition("/")[2])
        return f"operation on {held.resource.text}" if held else ""

    def status(self, id: str) -> Reply:
        """The answer at Azure-AsyncOperation."""
        running = self._find(id)
        body: dict[str, Any] = {"id": running.resource.text, "name": running.id, "status": running.status}
        body["startTime"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(running.started))
        if running.error:
            body |= running.error.as_json()
        wait = {"x-ms-retry-after-ms": RETRY_MILLISECONDS} if running.status == "InProgress" else {}
        return json_reply(200, body, wait)

    def result(self, raw: Raw, id: str) -> Reply:
        """The answer at Location: 202 while it runs."""
        running = self._find(id)
        if running.status == "InProgress":
            return Reply(202, {"location": raw.url(raw.path, raw.query), "x-ms-retry-after-ms": RETRY_MILLISECONDS})
        if running.error:
            raise running.error
        return json_reply(200, running.result) if running.result is not None else Reply(204)

    def _find(self, id: str) -> Running:
        if id not in self._held:
            raise AzureError("ResourceNotFound", f"The operation {id} was not found.", 404)
        return self._held[id]
