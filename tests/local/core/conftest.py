"""The fake clouds under a real supervisor."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from trifold.local import record
from trifold.local.layout import Layout

CHECKOUT = Path(__file__).resolve().parents[3]
IMAGE = f"registry.example/trifold-serving@sha256:{'a' * 64}"


@dataclass(frozen=True)
class Checkout:
    """A state folder, and the commands run with it."""

    state: Path

    @property
    def layout(self) -> Layout:
        return Layout(self.state)

    def environment(self, **more: str) -> dict[str, str]:
        ours = {"TRIFOLD_STATE": str(self.state), "TRIFOLD_LOCAL_PACKAGE": "tests.local.core.fakes"}
        return {**os.environ, **ours, "PYTHONPATH": str(CHECKOUT), **more}

    def popen(self, *arguments: str, **more: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "trifold.cli.main", "local", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=self.environment(**more))

    def local(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        """`trifold local ...`, ended."""
        process = self.popen(*arguments, **more)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def ok(self, *arguments: str, **more: str) -> str:
        ended = self.local(*arguments, **more)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def running(self) -> record.Running:
        found = record.read_running(self.layout)
        assert found is not None
        return found

    def client(self) -> dict[str, str]:
        """The environment of a client, from what a shell would be told."""
        script = f'eval "$({sys.executable} -m trifold.cli.main local env)"; env -0'
        out = subprocess.run(["sh", "-c", script], env=self.environment(), capture_output=True, text=True, check=True)
        return dict(entry.split("=", 1) for entry in out.stdout.split("\0") if entry)

    def pids(self) -> list[int]:
        """Every process of this run that the record and the listings name."""
        running = self.running()
        servers = [entry.pid for name in running.clouds for entry in record.read_servers(self.layout, name)]
        return [running.pid, *(child.pid for child in running.children), *servers]


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """Fake clouds that run for the whole session: for tests that harm nothing."""
    checkout = Checkout(tmp_path_factory.mktemp("started") / "it's a state")
    checkout.ok("start", AWS_SECRET_ACCESS_KEY="REAL", AZURE_CLIENT_SECRET="REAL")
    yield checkout
    checkout.ok("stop")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """A checkout of the test's own, stopped at its end."""
    found = Checkout(tmp_path / "state")
    yield found
    found.local("stop")


def eventually(condition: Callable[[], object], seconds: float = 30.0) -> object:
    """The condition's value once it is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return value
