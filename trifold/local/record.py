"""What runs, as the supervisor and the APIs write it down and everybody else reads it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trifold.local.layout import Layout


@dataclass(frozen=True)
class Child:
    """A process of the supervisor. exit_status: None while it runs; negative is the signal that ended it."""

    name: str
    cloud: str
    role: str
    pid: int
    ports: tuple[int, ...]
    log: str
    exit_status: int | None = None
    restarts: int = 0


@dataclass(frozen=True)
class Running:
    """One run of the local clouds. run: its own name; a restart has another. ready: every child said that it is.
    hostile: the seed of clouds that make it hard for their callers, None for friendly ones."""

    run: str
    pid: int
    started: str
    ready: bool
    door: int
    clouds: tuple[str, ...]
    plugins: dict[str, int]
    children: tuple[Child, ...]
    hostile: int | None = None

    def crashed(self) -> list[Child]:
        return [child for child in self.children if child.exit_status is not None]


@dataclass(frozen=True)
class ServerEntry:
    """A model server as its cloud's API process lists it."""

    cloud: str
    name: str
    pid: int
    port: int
    labels: dict[str, str]
    log: str


def write(file: Path, data: Any) -> None:
    """Replace the file in one step: a reader sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_text(json.dumps(data, indent=1))
    part.replace(file)


def read(file: Path) -> Any:
    """The file's content, None if there is none."""
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        return None


def write_running(layout: Layout, running: Running) -> None:
    write(layout.record, asdict(running))


def read_running(layout: Layout) -> Running | None:
    data = read(layout.record)
    if data is None:
        return None
    children = tuple(Child(**{**child, "ports": tuple(child["ports"])}) for child in data.pop("children"))
    return Running(**{**data, "clouds": tuple(data["clouds"]), "children": children})


def read_servers(layout: Layout, cloud: str) -> list[ServerEntry]:
    """The cloud's model servers whose processes are there."""
    entries = [ServerEntry(**entry) for entry in read(layout.servers(cloud)) or []]
    return [entry for entry in entries if is_running(entry.pid)]


def is_running(pid: int) -> bool:
    """Whether there is such a process of ours, and it is more than a name left for its parent to read."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return not Path("/proc/self").exists()  # no /proc on this system: the signal's answer is all there is
