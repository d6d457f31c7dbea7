"""What the engine's tests share: a server that forks prepared processes, and projects with the reference provider."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.engine.prepared import PASSPHRASE
from tests.engine.replaying import CLI, HERE, MODULES, load_replay
from trifold.engine.fork_server import VARIABLE, ForkedProcess, ForkServer

# How long an example takes says more of the machine than of the code.
settings.register_profile("engine", deadline=None)
settings.load_profile("engine")


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    with ForkServer(MODULES) as started:
        yield started


@dataclass
class Project:
    """A project in a folder of its own, with a backend, and the reference provider's cloud as a file."""

    folder: Path
    server: ForkServer
    port: int = 0

    def __post_init__(self) -> None:
        self.program_folder.mkdir()
        (self.program_folder / "Pulumi.yaml").write_text("name: proj\nruntime: python\n")
        (self.program_folder / "thing.py").write_text((HERE / "thing.py").read_text())

    @property
    def program_folder(self) -> Path:
        return self.folder / "proj"

    @property
    def cloud(self) -> Path:
        return self.folder / "cloud.json"

    @property
    def checkpoint(self) -> Path:
        return self.folder / "backend" / ".pulumi" / "stacks" / "proj" / "dev.json"

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "TRIFOLD_"))}
        return {
            **kept,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")]),
            "PULUMI_BACKEND_URL": f"file://{self.folder}/backend",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_DEBUG_PROVIDERS": f"ref:{self.port}",
            VARIABLE: self.server.address,
        }

    def program(self, text: str) -> None:
        (self.program_folder / "__main__.py").write_text(text)

    def start(self, *argv: str, stack: str = "dev", **variables: str) -> tuple[ForkedProcess, Path]:
        """Start `trifold ARGV`; (the process, the file of its output)."""
        output = self.folder / "output.txt"
        with output.open("wb") as out:
            where = ["-s", stack] if stack else []
            process = self.server.start(
                CLI,
                [*argv, *where, "-C", str(self.program_folder)],
                env={**self.environment, **variables},
                cwd=str(self.folder),
                stdout=out.fileno(),
                stderr=out.fileno(),
            )
        return process, output

    def trifold(self, *argv: str, stack: str = "dev", **variables: str) -> tuple[int, str]:
        """Run `trifold ARGV`; (exit status, what it printed)."""
        process, output = self.start(*argv, stack=stack, **variables)
        status = process.wait(120)
        return status, output.read_text()

    def up(self, **variables: str) -> tuple[int, str]:
        return self.trifold("up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "4", **variables)

    def state(self) -> dict[str, Any]:
        return load_replay().read_state(self.folder / "backend", "proj")

    def things(self) -> dict[str, str]:
        """{id: name} of the things in state, those to be deleted included."""
        found = [one for one in self.state()["resources"] if one["type"] == "ref:index:Thing"]
        return {one["id"]: one["urn"].rpartition("::")[2] for one in found}


@pytest.fixture
def project(tmp_path: Path, server: ForkServer) -> Project:
    made = Project(tmp_path, server)
    status, output = made.trifold("stack", "init", "dev", stack="")
    assert status == 0, output
    return made


@contextlib.contextmanager
def provider(project: Project, kind: type | None = None, **controls: Any) -> Iterator[Any]:
    """Serve the reference provider (or a `kind` of it) to the project while in the block."""
    load_replay()
    from concurrent import futures

    import grpc
    import provider as reference

    made = (kind or reference.Provider)(project.cloud, project.folder / "calls.jsonl", controls)
    listening = grpc.server(futures.ThreadPoolExecutor(32))
    reference.rpc.add_ResourceProviderServicer_to_server(made, listening)
    project.port = listening.add_insecure_port("127.0.0.1:0")
    listening.start()
    try:
        yield made
    finally:
        listening.stop(grace=1).wait()
        made.save()
