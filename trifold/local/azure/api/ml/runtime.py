"""Deployments as processes: the model mounted, one process an instance, probed until it is ready, and kept watched.

Container time is not sped up: an instance is ready when its readiness route says so, asked sooner and more often than
the probes' settings say (a real machine takes minutes to come, this one none), and given up by the settings' patience.
"""

import asyncio
import shutil
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.ml import settings
from trifold.local.azure.api.ml.assets import Location, asset, location
from trifold.local.azure.api.ml.workspace import WORKSPACES
from trifold.local.contract import Server, ServerSpec, UnknownImage

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

MODEL_ROOT = Path("azureml-models")
LOG_LINES = 20
POLL_SECONDS = 0.1
RESTART_SECONDS = 1.0
MOST_RESTARTS = 5


@dataclass
class Instance:
    """One process. free: how many more requests it may work on."""

    server: Server
    busy: int = 0
    ready: bool = True


@dataclass
class Running:
    """A deployment's processes. waiting: requests in its queue; generation: of the definition they run."""

    spec: ServerSpec
    routes: dict[str, str]
    requests: settings.Requests
    probe: settings.Probe
    instances: list[Instance] = field(default_factory=list)
    waiting: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    watch: asyncio.Task[None] | None = None
    restarts: deque[float] = field(default_factory=deque)

    @property
    def logs(self) -> list[Path]:
        return [instance.server.log for instance in self.instances]


class Runtime:
    """Starts, replaces and ends what deployments run. Keys are ids of deployments, in lower case."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure
        self._running: dict[str, Running] = {}
        self._last_logs: dict[str, Path] = {}
        self._events: dict[str, deque[str]] = {}
        self._generation = 0
        self.client = httpx.AsyncClient(timeout=None, trust_env=False, limits=httpx.Limits(max_connections=1000))

    def running(self, id: ResourceId) -> Running | None:
        return self._running.get(id.key)

    async def apply(self, resource: Resource) -> Any:
        """Bring a deployment to what its definition says; the old processes serve until the new ones are ready."""
        old = self._running.get(resource.id.key)
        try:
            if self._azure.rules:
                self._azure.rules.fails_late(resource)
            made = await self._start(resource)
        except AzureError as error:
            # What served goes on serving; the deployment says that the update failed.
            resource.properties["provisioningState"] = "Failed"
            resource.hidden["error"] = error.message
            raise
        self._running[resource.id.key] = made
        made.watch = asyncio.get_running_loop().create_task(self._watch(resource, made))
        resource.properties["provisioningState"] = "Succeeded"
        if old:
            await self._end(old)
        return resource.shown()

    async def stop(self, id: ResourceId) -> None:
        found = self._running.pop(id.key, None)
        if found:
            await self._end(found)

    async def close(self) -> None:
        await asyncio.gather(*(self._end(one) for one in self._running.values()))
        await self.client.aclose()

    def log_text(self, id: ResourceId, lines: int) -> str:
        """The end of the instances' logs."""
        found = self._running.get(id.key)
        paths = found.logs if found else [self._last_logs[id.key]] if id.key in self._last_logs else []
        state = "Succeeded" if found and found.instances else "Failed"
        head = f"Instance status:\nSystemSetup: Succeeded\nUserContainerStart: {state}\n\nContainer events:\n"
        events = "\n".join(self._events.get(id.key, ()))
        return "\n\n".join(f"{head}{events}\n\nContainer logs:\n{_tail(path, lines)}" for path in paths)

    def _event(self, id: ResourceId, name: str, message: str) -> None:
        """Kept as the service words them; the last ones only."""
        normal = "Warning" if name in ("BackOff", "Unhealthy") else "Normal"
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        line = f"Kind: Pod, Name: {name}, Type: {normal}, Time: {stamp}, Message: {message}"
        self._events.setdefault(id.key, deque(maxlen=20)).append(line)

    async def _start(self, resource: Resource) -> Running:
        workspace = ResourceId(resource.id.scope, WORKSPACES, resource.id.names[:1])
        properties = resource.properties
        environment = asset(self._azure, workspace, properties["environmentId"], "environments")
        self._generation += 1
        name = f"{resource.id.names[1]}-{resource.id.name}-{self._generation}"
        folder = self._azure.context.state / "deployments" / name
        mounted = await self._mount(resource, workspace, folder)
        image = environment.properties["image"]
        self._azure.access.pull(resource, image)
        spec = ServerSpec(
            name=name,
            image=image,
            platform="azureml",
            environment={**properties["environmentVariables"], **mounted},
            workspace=folder / "workspace",
            labels={"endpoint": resource.id.names[1], "deployment": resource.id.name},
        )
        running = Running(
            spec, _routes(environment), settings.requests(properties), settings.probe(properties, "readinessProbe")
        )
        count = settings.capacity(resource.body)
        await asyncio.gather(*(self._instance(resource, running, number) for number in range(count)))
        return running

    async def _instance(self, resource: Resource, running: Running, number: int) -> None:
        spec = running.spec
        if number:
            spec = ServerSpec(f"{spec.name}-{number}", spec.image, spec.platform, spec.environment,
                              spec.workspace.with_name(f"workspace-{number}"), spec.arguments, spec.labels)  # fmt: skip
        try:
            server = await self._azure.context.processes.start(spec)
        except UnknownImage as error:
            raise AzureError("ResourceNotReady", f"ImagePullFailed: the image could not be pulled: {error}") from None
        self._last_logs[resource.id.key] = server.log
        try:
            await self._ready(server, running)
        except BaseException:
            await server.stop(grace=2)
            raise
        self._event(resource.id, "ContainerReady", "Container is ready")
        running.instances.append(Instance(server))

    async def _ready(self, server: Server, running: Running) -> None:
        """Liveness first, then readiness; AzureError with the log's end where patience or the process ends."""
        probe = running.probe
        deadline = time.monotonic() + probe.initial_delay + probe.period * probe.failures
        for route in ("liveness", "readiness"):
            while not await self._answers(f"{server.url}{running.routes[route]}", probe.timeout):
                if not server.alive():
                    raise _crashed(server)
                if time.monotonic() > deadline:
                    raise AzureError("ResourceNotReady", f"ResourceNotReady: User container has not become ready: the "
                                     f"{route} probe at {running.routes[route]} failed. {_end_of(server)}")  # fmt: skip
                await asyncio.sleep(POLL_SECONDS)

    async def _answers(self, url: str, timeout: float) -> bool:
        try:
            return (await self.client.get(url, timeout=timeout)).status_code < 400
        except httpx.HTTPError:
            return False

    async def _mount(self, resource: Resource, workspace: ResourceId, folder: Path) -> dict[str, str]:
        """The model's files where AZUREML_MODEL_DIR says."""
        reference = resource.properties.get("model")
        if not reference:
            return {}
        model = asset(self._azure, workspace, reference, "models")
        place = location(self._azure, workspace, model.properties["modelUri"])
        self._azure.access.read(resource, place)
        files = await self._azure.blobs.fetch(place.account, place.container, place.path.rstrip("/"))
        if not files:
            raise AzureError("ResourceNotReady", f"ModelDownloadFailed: no blob at {model.properties['modelUri']}.")
        root = folder / MODEL_ROOT / model.id.names[1] / model.id.name
        await asyncio.to_thread(_write, root, place, files)
        return {"AZUREML_MODEL_DIR": str(root)}

    async def _watch(self, resource: Resource, running: Running) -> None:
        """An instance whose process ended is started again, as the service does; too often, and it stays down."""
        while True:
            await asyncio.sleep(RESTART_SECONDS)
            for instance in [one for one in running.instances if not one.server.alive()]:
                running.instances.remove(instance)
                resource.hidden["error"] = _crashed(instance.server).message
                ended = f"terminated with exit code {instance.server.exit_status()}, restarting"
                self._event(resource.id, "BackOff", f"User container has crashed or {ended}")
                await self._restart(resource, running)
                running.changed.set()

    async def _restart(self, resource: Resource, running: Running) -> None:
        now = time.monotonic()
        running.restarts.append(now)
        while running.restarts and now - running.restarts[0] > 60:
            running.restarts.popleft()
        if len(running.restarts) > MOST_RESTARTS:
            resource.properties["provisioningState"] = "Failed"
            return
        try:
            await self._instance(resource, running, len(running.instances))
        except AzureError as error:
            resource.hidden["error"] = error.message

    async def _end(self, running: Running) -> None:
        if running.watch:
            running.watch.cancel()
            await asyncio.gather(running.watch, return_exceptions=True)
        for instance in running.instances:
            instance.ready = False
        running.changed.set()
        # Requests that are being worked on are let finish.
        deadline = time.monotonic() + running.requests.timeout
        while any(one.busy for one in running.instances) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        await asyncio.gather(*(one.server.stop() for one in running.instances))
        await asyncio.to_thread(shutil.rmtree, running.spec.workspace.parent, True)


def _routes(environment: Resource) -> dict[str, str]:
    """The container's routes; without an inferenceConfig, those of Microsoft's own images."""
    config = environment.properties.get("inferenceConfig") or {}
    defaults = {"liveness": "/", "readiness": "/", "scoring": "/score"}
    return {name: (config.get(f"{name}Route") or {}).get("path", default) for name, default in defaults.items()}


def _write(root: Path, place: Location, files: dict[str, bytes]) -> None:
    """A single blob by its own name; a folder with its own name above its files."""
    base = place.path.rstrip("/").rpartition("/")[0]
    for name, content in files.items():
        inner = name.removeprefix(f"{base}/" if base else "")
        target = (root / inner).resolve()
        if not target.is_relative_to(root.resolve()):
            raise AzureError("ResourceNotReady", f"ModelDownloadFailed: the blob name '{name}' leaves its folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _crashed(server: Server) -> AzureError:
    return AzureError("ResourceNotReady", "ResourceNotReady: User container has crashed or terminated with exit code "
                      f"{server.exit_status()}. {_end_of(server)}")  # fmt: skip


def _end_of(server: Server) -> str:
    return f"Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-resourcenotready. The end " \
           f"of the container's log:\n{_tail(server.log, LOG_LINES)}"  # fmt: skip


def _tail(path: Path, lines: int) -> str:
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
