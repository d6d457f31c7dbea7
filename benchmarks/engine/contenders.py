"""Who is measured: the embedded engine, `pulumi` where it is on the PATH, and the SDK alone as the floor of both."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.engine.measure import Use, measure, service
from trifold.engine import run_program

PROGRAM = Path(__file__).parent / "program"
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "preview": ("preview",),
    "up": ("up", "--skip-preview", "--yes"),
    "no-change up": ("up", "--skip-preview", "--yes"),
    "refresh": ("refresh", "--skip-preview", "--yes"),
    "destroy": ("destroy", "--skip-preview", "--yes"),
}


@dataclass(frozen=True)
class Stack:
    """One stack to be measured, its files in `folder`."""

    shape: str
    size: int
    folder: Path
    seconds: float
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def program(self) -> Path:
        return self.folder / "program"


@contextmanager
def prepared(shape: str, size: int, folder: Path, seconds: float) -> Iterator[tuple[Stack, int]]:
    """A stack that is not up yet, in an empty folder, and the process of a provider that is attached to it."""
    shutil.copytree(PROGRAM, folder / "program")
    (folder / "state").mkdir()
    root = Path(__file__).resolve().parents[2]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "TRIFOLD_"))}
    with service("benchmarks.engine.provider") as (pid, port):
        environment = {
            **kept,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")]),
            "PYTHONPATH": str(root),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            "PULUMI_DEBUG_PROVIDERS": f"bench:{port}",
            "BENCH_SHAPE": shape,
            "BENCH_SIZE": str(size),
        }
        yield Stack(shape, size, folder, seconds, environment), pid


@dataclass(frozen=True)
class Engine:
    """One engine's command, and the most resources that it is given of a shape."""

    name: str
    command: tuple[str, ...]
    version: str
    limit: Callable[[str], int]

    def run(self, shape: str, size: int, folder: Path, seconds: float) -> dict[str, Use]:
        """A stack's whole life, each operation measured."""
        with prepared(shape, size, folder, seconds) as (stack, provider):
            init = [*self.command, "stack", "init", "dev", "--cwd", str(stack.program)]
            subprocess.run(init, env=stack.environment, check=True, capture_output=True)
            return {name: self._measured(verb, stack, provider) for name, verb in OPERATIONS.items()}

    def _measured(self, verb: tuple[str, ...], stack: Stack, provider: int) -> Use:
        command = [*self.command, *verb, "--non-interactive", "--stack", "dev", "--cwd", str(stack.program)]
        return measure(command, stack.environment, stack.folder, provider, stack.seconds)


def floor(shape: str, size: int, folder: Path, seconds: float) -> Use:
    """The program alone, with a monitor that answers at once: what no engine can be faster than."""
    with prepared(shape, size, folder, seconds) as (stack, _), service("benchmarks.engine.floor") as (pid, port):
        command = [sys.executable, "-u", run_program.__file__, "--project", "bench", "--stack", "dev"]
        command += ["--organization", "organization", "--parallel", "16", "--root", str(stack.program)]
        command += ["--monitor", f"127.0.0.1:{port}", "--engine", f"127.0.0.1:{port}", "--pwd", str(stack.program)]
        command += ["--quiet", "."]  # as the embedded engine runs it where nobody looks at debug messages
        environment = {**stack.environment, "PULUMI_CONFIG": "{}", "PULUMI_CONFIG_SECRET_KEYS": "[]"}
        return measure(command, environment, stack.folder, pid, stack.seconds, run_program.DONE)


def engines(most: int, others: int) -> list[Engine]:
    """The embedded engine, and `pulumi` if it is there: up to `most` resources side by side, `others` otherwise."""
    found = [Engine("trifold", (sys.executable, "-m", "trifold.cli.main"), "this checkout", lambda shape: 10**6)]
    if path := shutil.which("pulumi"):
        told = subprocess.run([path, "version"], capture_output=True, text=True, check=True)
        version = told.stdout.strip().removeprefix("v")
        found.append(Engine("pulumi", (path,), version, lambda shape: most if shape == "wide" else others))
    return found
