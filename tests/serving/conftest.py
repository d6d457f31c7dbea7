"""Fixtures of the server's tests: two small packages, and servers of them in this process or in one of their own."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.serving import packages
from trifold.package import load
from trifold.serving import platforms, settings
from trifold.serving.server import build

PLATFORMS = ("sagemaker", "azureml", "vertex")


@dataclass(frozen=True)
class Answer:
    """What the application sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Calls an ASGI application as a server would; `chunks` sends the body in pieces."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def send(self, method: str, path: str, body: bytes = b"", chunks: int = 1, **headers: str) -> Answer:
        size = max(1, -(-len(body) // chunks))
        parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self.app({"type": "http", "method": method, "path": path, "headers": named}, receive, send)
        told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:]))

    def call(self, method: str, path: str, body: bytes = b"", chunks: int = 1, **headers: str) -> Answer:
        return asyncio.run(self.send(method, path, body, chunks, **headers))

    def score(self, instances: Any, **headers: str) -> Answer:
        """POST these instances as JSON to the platform's scoring route."""
        headers = {"content_type": "application/json", **headers}
        return self.call("POST", self.app.platform.score, json.dumps({"instances": instances}).encode(), **headers)


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packages.records(tmp_path_factory.mktemp("records") / "package")


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packages.images(tmp_path_factory.mktemp("images") / "package")


@pytest.fixture(scope="session")
def serve() -> Callable[..., Client]:
    """(package folder, platform, **environment) -> a client of its application."""

    def start(package: Path, platform: str = "sagemaker", **environment: str) -> Client:
        chosen = settings.read(["--platform", platform], environment)
        return Client(build(chosen, platforms.adapter(chosen), load(package), lambda: 1))

    return start


@pytest.fixture(scope="session", params=PLATFORMS)
def client(request: pytest.FixtureRequest, serve: Callable[..., Client], records: Path) -> Client:
    """The records package on each platform."""
    return serve(records, request.param)


@pytest.fixture
def row() -> dict[str, Any]:
    """A row that fits the records package."""
    return dict(packages.ROW)
