"""The local Azure in this process, with a real Azurite and real containers, spoken to without a network in between."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from trifold.local.azure.api.app import Gate
from trifold.local.azure.api.principals import Principal
from trifold.local.azure.api.services import Azure
from trifold.local.azure.api.wire import Raw
from trifold.local.azure.cloud import CLIENT_ID, CLIENT_SECRET, CLOUD, SUBSCRIPTION, TENANT
from trifold.local.contract import Context, UnknownImage
from trifold.local.hostile import Hostile, Measures
from trifold.local.http import Whole
from trifold.local.processes.runner import Runner

CONTAINER = Path(__file__).parent / "container.py"
IMAGE = f"container@sha256:{'0' * 64}"
ML_VERSION = "2025-12-01"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/group"
ML = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/space"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/store"
VERSIONS = {"Microsoft.Storage": "2024-01-01", "Microsoft.MachineLearningServices": ML_VERSION,
            "Microsoft.KeyVault": "2024-11-01", "Microsoft.Insights": "2020-02-02",
            "Microsoft.ManagedIdentity": "2023-01-31", "Microsoft.Authorization": "2022-04-01",
            "Microsoft.ContainerRegistry": "2025-04-01", "Microsoft.OperationalInsights": "2023-09-01"}  # fmt: skip


def images(reference: str) -> list[str]:
    if reference.rpartition("/")[2] != IMAGE:
        raise UnknownImage(f"{reference}: not found")
    return [sys.executable, str(CONTAINER)]


class Local:
    """A fresh subscription. Requests go to the application itself, by host."""

    def __init__(self, state: Path, azurite: str, hostile: Hostile | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.runner = Runner("azure", state / "logs", state / "running.json", images=images)
        self.azure = Azure(Context("azure", state, self.runner, {}, {"azurite": (azurite,)}, hostile))
        transport = httpx.ASGITransport(Whole(Raw, Gate(self.azure).handle))
        self._client = httpx.AsyncClient(transport=transport, timeout=60)
        self.token = self.azure.entra.token("https://management.azure.com")
        self.clock = Clock()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def send(self, method: str, url: str, **more: Any) -> httpx.Response:
        return self.run(self._client.request(method, url, **more))

    @contextmanager
    def acting_as(self, identity: dict[str, Any]) -> Iterator[None]:
        """Calls of Resource Manager as a user-assigned identity, as Resource Manager shows it."""
        held, self.token = self.token, token_of(self, identity, "https://management.azure.com")
        try:
            yield
        finally:
            self.token = held

    def arm(self, method: str, path: str, body: Any = None, version: str = "", **more: Any) -> httpx.Response:
        """A call of Resource Manager with a good token; the version is the type's usual one."""
        namespace = path.rpartition("/providers/")[2].partition("/")[0]
        chosen = version or VERSIONS.get(namespace, "2021-04-01")
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        url = f"https://management.azure.com{path}" + ("&" if "?" in path else "?") + f"api-version={chosen}"
        return self.send(method, url, json=body, headers=headers, **more)

    def put(self, path: str, body: Any) -> dict[str, Any]:
        """PUT, wait until it is settled, and the resource as it is then."""
        answer = self.arm("PUT", path, body)
        assert answer.status_code < 300, answer.text
        return self.settled(path)

    def settled(self, path: str) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while True:
            found = self.arm("GET", path).json()
            if found.get("properties", {}).get("provisioningState", "Succeeded") in ("Succeeded", "Failed"):
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.02)

    def followed(self, answer: httpx.Response) -> dict[str, Any]:
        """The end of a long-running operation."""
        address = answer.headers["azure-asyncoperation"]
        while True:
            status = self.send("GET", address, headers={"authorization": f"Bearer {self.token}"}).json()
            if status["status"] != "InProgress":
                return status
            time.sleep(0.02)

    def emptied(self) -> None:
        """The accounts' blobs go; Azurite is others' too."""
        for account in list(self.azure.store.of_kind("Microsoft.Storage/storageAccounts")):
            self.run(self.azure.blobs.azurite.give_back(account.hidden["slot"]))
            self.run(self.azure.blobs.azurite.give_back(account.hidden["versions"].slot))

    def close(self) -> None:
        self.run(self.azure.close())
        self.run(self.runner.close())
        self._loop.call_soon_threadsafe(self._loop.stop)


@dataclass
class Clock:
    """Seconds, as a test has it."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


CALM = {"refused": 0.0, "conflicts": 0.0, "late": 0.0}


def hostile(state: Path, measures: Measures, azurite: str = "http://127.0.0.1:1") -> Local:
    """A hostile subscription, without a place for blobs if not given one; its clock is the test's to move."""
    clock = Clock()
    made = Local(state, azurite, Hostile(1, "azure", measures, clock))
    made.clock = clock
    return made


def registered(local: Local) -> Local:
    """All providers, and it is some time later."""
    for namespace in VERSIONS:
        local.arm("POST", f"/subscriptions/{SUBSCRIPTION}/providers/{namespace}/register", version="2021-04-01")
    local.clock.now += 10
    return local


def secret_form(**other: str) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
            "scope": "https://management.azure.com/.default"}  # fmt: skip
    return {**form, **other}


TOKEN_URL = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """The sidecar, as the cloud declares it."""
    (sidecar,) = CLOUD.sidecars
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **sidecar.environment}
    process = subprocess.Popen(sidecar.command(folder, (port,)), env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def with_group(local: Local) -> Local:
    local.put(GROUP, {"location": "eastus"})
    return local


def with_account(local: Local) -> Local:
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    with_group(local).put(ACCOUNT, body)
    return local


def with_workspace(local: Local) -> Local:
    """A workspace with one model (a blob "folder/model.bin") and one environment."""
    with_account(local)
    vault = f"{GROUP}/providers/Microsoft.KeyVault/vaults/vault"
    properties = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    local.put(vault, {"location": "eastus", "properties": properties})
    links = {"storageAccount": ACCOUNT, "keyVault": vault}
    local.put(ML, {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": links})
    store = local.arm("GET", f"{ML}/datastores/workspaceblobstore").json()["properties"]
    account = local.azure.blobs.account("store")
    sent = local.azure.blobs.azurite.send(
        account.hidden["slot"], "PUT", f"/{store['containerName']}/folder/model.bin", {},
        {"x-ms-blob-type": "BlockBlob"}, b"weights",
    )  # fmt: skip
    assert local.run(sent).ok
    uri = f"azureml:/{ML}/datastores/workspaceblobstore/paths/folder".replace(
        "/providers/Microsoft.MachineLearningServices", ""
    )
    local.put(f"{ML}/models/flights/versions/1", {"properties": {"modelUri": uri}})
    route = {"path": "/", "port": 5001}
    config = {"livenessRoute": route, "readinessRoute": {**route, "path": "/ready"},
              "scoringRoute": {**route, "path": "/score"}}  # fmt: skip
    local.put(f"{ML}/environments/serving/versions/1", {"properties": {"image": IMAGE, "inferenceConfig": config}})
    local.put(f"{ML}/onlineEndpoints/flights", {"location": "eastus", "properties": {"authMode": "Key"}})
    return local


def deployment(**properties: Any) -> dict[str, Any]:
    """The body of a deployment. capacity: instances; the rest are properties."""
    capacity = properties.pop("capacity", 1)
    base = {"endpointComputeType": "Managed", "model": f"{ML}/models/flights/versions/1",
            "environmentId": f"{ML}/environments/serving/versions/1", "instanceType": "Standard_F2s_v2"}  # fmt: skip
    sku = {"name": "Default", "capacity": capacity}
    return {"location": "eastus", "sku": sku, "properties": {**base, **properties}}


def traffic(local: Local, **weights: int) -> httpx.Response:
    body = {"location": "eastus", "properties": {"authMode": "Key", "traffic": weights}}
    return local.arm("PUT", f"{ML}/onlineEndpoints/flights", body)


def score(local: Local, asked: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
    key = local.arm("POST", f"{ML}/onlineEndpoints/flights/listKeys").json()["primaryKey"]
    return score_with(local, key, asked, **headers)


def score_with(local: Local, key: str, asked: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
    url = "https://flights.eastus.inference.ml.azure.com/score"
    return local.send("POST", url, json=asked or {}, headers={"authorization": f"Bearer {key}", **headers})


def token_of(local: Local, identity: dict[str, Any] | None, audience: str) -> str:
    """A token of an identity, as Resource Manager shows it; None is the owner of the subscription."""
    if identity is None:
        return local.azure.entra.token(audience)
    who = identity["properties"]
    return local.azure.entra.token(audience, who=Principal(who["principalId"], who["clientId"]))
