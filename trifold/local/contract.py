"""What a local cloud declares, and what the supervisor hands it: the seam between `local/` and each cloud's folder.

A cloud is two applications: its REST API (one ASGI application, told apart by Host header) and its Pulumi provider.
Each runs in a process of its own; the door sends the vendor's host names to the first, the engine speaks to the second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from trifold.local.hostile import Hostile


@dataclass(frozen=True)
class Sidecar:
    """An emulator that runs as a process beside the API (Azurite, a Cloud Storage emulator).

    command: (folder of its own, ports) -> argv; ports: how many free loopback ports it needs. It is ready when each
    accepts a connection. The API finds them under `Context.sidecars[name]`.
    """

    name: str
    command: Callable[[Path, tuple[int, ...]], list[str]]
    ports: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cloud:
    """A local cloud, declared as `CLOUD` in trifold/local/<name>/cloud.py; importing that file is cheap.

    hosts: the vendor's host names, exact or "*.suffix". grpc_hosts: those of them that also speak gRPC; plain_hosts:
    that answer for themselves to who comes without TLS, which the door says by X-Forwarded-Proto: http.
    plugin: the Pulumi package its provider serves. api: "module:create", create(Context) -> ASGI application, whose
    lifespan ends all it started. grpc: "module:create", create(Context, ASGI application) -> grpc.aio.Server
    with no port yet, "" for none. provider: "module:create", create() -> DeclaredProvider.
    environment: (state folder) -> what a client exports, over and above the door's own variables.
    """

    name: str
    hosts: tuple[str, ...]
    plugin: str
    api: str
    provider: str
    environment: Callable[[Path], Mapping[str, str]]
    grpc_hosts: tuple[str, ...] = ()
    plain_hosts: tuple[str, ...] = ()
    grpc: str = ""
    sidecars: tuple[Sidecar, ...] = ()


@dataclass(frozen=True)
class ServerSpec:
    """One model server to run: what a container's definition would say.

    name: unique within the cloud, and its log's name. image: the reference the caller gave. arguments: the container's
    (SageMaker: "serve"). environment: the platform's contract (AIP_*, AZUREML_MODEL_DIR, SM_MODEL_DIR); the port is
    set by who runs it. workspace: the one writable folder. labels: shown by `trifold local status`.
    """

    name: str
    image: str
    platform: str
    environment: Mapping[str, str]
    workspace: Path
    arguments: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


class UnknownImage(Exception):
    """The image is not one that can run here; each cloud says so in its vendor's words."""


class Server(Protocol):
    """A running model server."""

    url: str
    log: Path

    def alive(self) -> bool: ...

    def exit_status(self) -> int | None: ...

    async def stop(self, grace: float = 10.0) -> None:
        """SIGTERM, then SIGKILL after `grace` seconds; returns when the process is gone."""


class Processes(Protocol):
    """Runs model servers. What it started ends with the API's process, however that ends."""

    async def start(self, spec: ServerSpec) -> Server:
        """Start one; returns at once, the caller probes it. Raises UnknownImage before anything is started."""


@dataclass(frozen=True)
class Context:
    """What an API gets. state: a folder of its own, empty at start. sidecars: name -> base addresses, one a port.

    environment: what a client of all local clouds exports (a Vertex server downloads its model through the door).
    hostile: how the cloud makes it hard for its callers; None where it does not.
    """

    cloud: str
    state: Path
    processes: Processes
    environment: Mapping[str, str]
    sidecars: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hostile: Hostile | None = None
