"""moto, in this process: it keeps S3, IAM, STS, ECR, CloudWatch Logs and Application Auto Scaling for us.

Each call goes into it as a WSGI request and one at a time, since moto's backends are plain dictionaries.
"""

import os
import threading
from collections.abc import Iterator
from typing import Any

from trifold.local.aws.cloud import ACCOUNT, REGION

# Read by moto when it is imported, and at each request.
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.test import run_wsgi_app

from trifold.local.aws.api.wire import Call, Reply

MODULES = {"application-autoscaling": "applicationautoscaling"}
GLOBAL = {"s3", "iam"}
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "status", "server"}


class Emulator:
    """A fresh account: whatever an earlier run in this process left is dropped."""

    def __init__(self) -> None:
        self._apps: dict[str, Any] = {}
        self._lock = threading.RLock()
        for service in ("s3", "iam", "sts", "ecr", "logs", "application-autoscaling"):
            for backend in _backends(service):
                backend.reset()

    def call(self, call: Call) -> Reply:
        """What moto answers. Blocks: call it in a thread."""
        with self._lock:
            body, status, headers = run_wsgi_app(self._app(call.service), call.raw.request().environ, buffered=True)
            content = b"".join(body)
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        return Reply(int(status.split(" ", 1)[0]), kept | _length(call, headers), content)

    def backend(self, service: str) -> Any:
        """moto's own model of a service, for what SageMaker reads and writes on behalf of its caller."""
        return get_backend(MODULES.get(service, service))[ACCOUNT]["aws" if service in GLOBAL else REGION]  # type: ignore

    def _app(self, service: str) -> Any:
        if service not in self._apps:
            self._apps[service] = create_backend_app(MODULES.get(service, service))  # type: ignore[arg-type]
        return self._apps[service]


def _backends(service: str) -> Iterator[Any]:
    for account in get_backend(MODULES.get(service, service)).values():  # type: ignore[arg-type]
        yield from account.values()


def _length(call: Call, headers: Any) -> dict[str, str]:
    """A HEAD answer has no body to count, so its length is passed on."""
    length = headers.get("content-length")
    return {"content-length": length} if call.raw.method == "HEAD" and length else {}
