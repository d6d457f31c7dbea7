"""What the acceptance tests share: the stacks brought up once, real held-out flights, another model, a bad package."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import rig
from tests.conformance.emulated import Emulated

SAMPLE = 1000
BATCH = 250


class Load:
    """A client that keeps calling while something changes."""

    def __init__(self, stack: Emulated, batch: list[dict[str, Any]]) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.acceptance.client", stack.cloud, "keep"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, cwd=rig.ROOT, env=stack.clouds.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        self._write(json.dumps({"outputs": stack.outputs(), "batch": batch}))
        self.seen: dict[str, Any] = {}

    def wait_for_answers(self, count: int, digest: str) -> None:
        """Until `count` requests were answered by this package."""
        while count:
            line = self._process.stdout.readline()
            assert line, self._process.stderr.read()
            count -= line.strip() == digest[:32]

    def end(self) -> dict[str, Any]:
        """Stop calling; {"answers": {digest: count}, "endpoints": [...], "failures": [...]}."""
        out, error = self._process.communicate(timeout=120)
        assert self._process.returncode == 0, error
        return json.loads(out.splitlines()[-1])

    def _write(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(params=rig.CLOUDS)
def stack(request: pytest.FixtureRequest) -> Emulated:
    """A cloud's stack, up with the package of its own stack file."""
    found = Emulated(request.getfixturevalue("clouds"), request.param)
    found.run("up", "--yes", "--skip-preview")
    return found


@pytest.fixture(scope="session")
def flights() -> list[dict[str, Any]]:
    """Real flights of the months that the model never saw."""
    from model_packages.flights.data import held_out_records

    return held_out_records(SAMPLE)


@pytest.fixture(scope="session")
def other_package() -> Path:
    """The same model from another seed: another digest. `current` stays what it was."""
    from trifold.package.build import build

    requirements = rig.ROOT / "requirements" / "serving.txt"
    packages = rig.ROOT / ".trifold" / "packages"
    result = build("flights", packages, requirements=requirements, seed=2, make_current=False)
    return result.package.folder.parent


@pytest.fixture
def bad_package(tmp_path: Path) -> Path:
    """A package whose archive was damaged after it was built: one byte of the graph is another."""
    good = (rig.ROOT / ".trifold" / "packages" / "flights" / "current").resolve()
    return damaged(good, tmp_path / "bad")


def damaged(good: Path, bad: Path) -> Path:
    """Copy a package; its archive holds a graph with one byte changed, under a manifest with another digest."""
    from trifold.package.archive import pack

    shutil.copytree(good / "package", bad / "package")
    manifest = bad / "package" / "manifest.json"
    found = json.loads(manifest.read_text())
    found["digest"] = found["digest"][::-1]
    manifest.write_text(json.dumps(found))
    graph = bad / "package" / "model.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    pack(bad / "package", bad / "model.tar.gz")
    return bad


@contextmanager
def packaged(stack: Emulated, place: Path) -> Iterator[None]:
    """The stack's setting for its package, changed for a while; the stack is brought back to its own at the end."""
    stack.run("config", "set", "trifold:package", str(place))
    try:
        yield
    finally:
        stack.run("config", "set", "trifold:package", "flights")
        stack.run("up", "--yes", "--skip-preview")


def command(stack: Emulated, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """(argv, environment) of a `trifold` command on the stack, for tests that kill it."""
    argv = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", *arguments, "-s", stack.cloud]
    return argv, {**os.environ, "TRIFOLD_STATE": str(stack.clouds.state)}
