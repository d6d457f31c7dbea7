"""Long-running operations: started by a call, asked for by name, failed with a google.rpc.Status."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, not_found
from trifold.local.gcp.api.vertex.names import PARENT, check_parent, new_id, now
from trifold.local.gcp.api.wire import Call

TYPES = "type.googleapis.com/google.cloud.aiplatform.v1."
EMPTY = {"@type": "type.googleapis.com/google.protobuf.Empty"}
WAIT = 30.0
log = logging.getLogger("trifold.local.gcp")

Work = Callable[[], Awaitable[Mapping[str, Any]]]


class LongRunning:
    """All operations of this account, finished ones too."""

    def __init__(self) -> None:
        self._operations: dict[str, dict[str, Any]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def handlers(self) -> dict[str, Any]:
        bases = [f"projects.locations.{part}operations" for part in ("", "models.", "endpoints.")]
        verbs = {"get": self.get, "list": self.list, "wait": self.wait, "cancel": self.cancel, "delete": self.delete}
        return {f"{base}.{verb}": handler for base in bases for verb, handler in verbs.items()}

    def done(self, resource: str, kind: str, response: Mapping[str, Any]) -> dict[str, Any]:
        """An operation that has its result at once. kind: "UploadModel"; it names the metadata's type."""
        operation = self._new(resource, kind, {})
        operation.update(done=True, response=dict(response))
        return operation

    def failed(self, resource: str, kind: str, error: GoogleError) -> dict[str, Any]:
        """An operation that failed at once."""
        operation = self._new(resource, kind, {"partialFailures": []})
        operation.update(done=True, error=error.as_status())
        return operation

    def start(self, resource: str, kind: str, work: Work) -> dict[str, Any]:
        """An operation that goes on. work: gives the packed response or raises GoogleError."""
        operation = self._new(resource, kind, {})
        self._tasks[operation["name"]] = asyncio.create_task(self._run(operation, work()))  # type: ignore[arg-type]
        return dict(operation)

    def get(self, call: Call) -> Any:
        return self._operation(call)

    def list(self, call: Call) -> Any:
        check_parent(call.path)
        below = f"{PARENT}/{call.address.split('/', 4)[4].removesuffix('operations')}"
        return {"operations": [one for name, one in self._operations.items() if name.startswith(below)]}

    async def wait(self, call: Call) -> Any:
        operation = self._operation(call)
        task = self._tasks.get(operation["name"])
        if task is not None:
            await asyncio.wait([task], timeout=_seconds(call.query.get("timeout", "")))
        return operation

    def cancel(self, call: Call) -> Any:
        task = self._tasks.get(self._operation(call)["name"])
        if task is not None:
            task.cancel()
        return {}

    def delete(self, call: Call) -> Any:
        operation = self._operation(call)
        if not operation["done"]:
            raise GoogleError("FAILED_PRECONDITION", f"Operation {operation['name']} is not done.")
        del self._operations[operation["name"]]
        return {}

    async def close(self) -> None:
        """Ends what is under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, operation: dict[str, Any], work: Coroutine[Any, Any, Mapping[str, Any]]) -> None:
        try:
            operation["response"] = dict(await work)
        except GoogleError as error:
            operation["error"] = error.as_status()
        except asyncio.CancelledError:
            operation["error"] = GoogleError("CANCELLED", "The operation was cancelled.").as_status()
        except Exception:
            log.exception("%s failed", operation["name"])
            operation["error"] = GoogleError("INTERNAL", "The local Google Cloud failed; see its log.").as_status()
        finally:
            operation["done"] = True
            operation["metadata"]["genericMetadata"]["updateTime"] = now()
            self._tasks.pop(operation["name"], None)

    def _new(self, resource: str, kind: str, more: Mapping[str, Any]) -> dict[str, Any]:
        moment = now()
        generic = {"createTime": moment, "updateTime": moment, **more}
        name = f"{resource}/operations/{new_id()}"
        metadata = {"@type": f"{TYPES}{kind}OperationMetadata", "genericMetadata": generic}
        self._operations[name] = {"name": name, "metadata": metadata, "done": False}
        return self._operations[name]

    def _operation(self, call: Call) -> dict[str, Any]:
        check_parent(call.path)
        ident = call.path["operationsId"]
        for name, operation in self._operations.items():
            if name.endswith(f"/operations/{ident}"):
                return operation
        raise not_found(f"The Operation does not exist: {call.address}")


def _seconds(text: str) -> float:
    return min(float(text.removesuffix("s") or WAIT), WAIT) if text else WAIT
