"""Where the local clouds keep what under the state folder. One place, so that a path is spelled once."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The supervisor's files.

    record: what runs, written once all is ready and at each change. alone: locked by the supervisor. family: locked as
    long as any process of the local clouds lives. starting: locked by whoever starts or stops.
    """

    state: Path

    @property
    def folder(self) -> Path:
        return self.state / "local"

    @property
    def record(self) -> Path:
        return self.folder / "running.json"

    @property
    def ports(self) -> Path:
        return self.folder / "ports.json"

    @property
    def alone(self) -> Path:
        return self.folder / "supervisor.lock"

    @property
    def family(self) -> Path:
        return self.folder / "family.lock"

    @property
    def starting(self) -> Path:
        return self.folder / "start.lock"

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def key(self) -> Path:
        return self.folder / "ca-key.pem"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def previous_logs(self) -> Path:
        return self.folder / "logs.previous"

    @property
    def supervisor_log(self) -> Path:
        return self.logs / "supervisor.log"

    @property
    def backend(self) -> Path:
        return self.state / "backend"

    def log(self, child: str) -> Path:
        return self.logs / f"{child}.log"

    def server_logs(self, cloud: str) -> Path:
        return self.logs / "servers" / cloud

    def run(self, cloud: str) -> Path:
        """The cloud's own folder, empty at start."""
        return self.folder / "run" / cloud

    def servers(self, cloud: str) -> Path:
        """The list of the cloud's model servers, kept by its API process."""
        return self.folder / "servers" / f"{cloud}.json"

    def sidecar(self, cloud: str, name: str) -> Path:
        return self.folder / "run" / f"{cloud}.{name}"
