"""A stack of its own beside that of the other tests, serving one package after the other, and callers who keep asking.

What is the same on every cloud; how one asks, and what each says of itself, is in tests/local/<cloud>/test_stack.py.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import CHECKOUT
from trifold.package import archive, manifest

IMAGE = f"trifold-serving@sha256:{'0' * 64}"
SETTINGS = {"trifold:image": IMAGE, "trifold:ephemeral": "true", "trifold:budget": "100"}
PACKAGES = {"first": False, "second": False, "bad": True}


class Stack:
    """name: the stack's; folder: where its packages are made; digests: theirs, by name."""

    def __init__(self, clouds: Any, name: str, folder: Path) -> None:
        self.clouds, self.name, self.folder = clouds, name, folder
        self.digests: dict[str, str] = {}

    @contextmanager
    def up(self, settings: Mapping[str, str]) -> Iterator["Stack"]:
        """The stack, serving the first of its packages, until it is destroyed."""
        assert self.clouds.trifold("model", "build", "digits").returncode == 0
        for name, spoilt in PACKAGES.items():
            self.digests[name] = digits(self.clouds, self.folder / name, f"{self.name} {name}", spoilt)
        self.run("stack", "init")
        for key, value in {**SETTINGS, **settings}.items():
            self.run("config", "set", key, value)
        self.serve("first")
        yield self
        self.run("destroy", "--yes", "--skip-preview")
        self.run("stack", "rm", "--yes")

    def run(self, *arguments: str, fails: bool = False) -> str:
        """All that `trifold ARGUMENTS -s STACK` says; it is to fail or not to."""
        command = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", *arguments, "-s", self.name]
        environment = {**os.environ, "TRIFOLD_STATE": str(self.clouds.state)}
        done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=280)
        assert (done.returncode != 0) == fails, f"{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def serve(self, package: str, *more: str, fails: bool = False) -> str:
        """`trifold up` with a package."""
        self.run("config", "set", "trifold:package", str(self.folder / package))
        return self.run("up", "--yes", "--skip-preview", *more, fails=fails)

    def outputs(self) -> dict[str, Any]:
        return json.loads(self.run("stack", "output", "--json"))

    def body(self) -> dict[str, Any]:
        """A request with one picture."""
        sample = json.loads((self.folder / "first" / "package" / "sample.json").read_text())
        return {"instances": sample["request"]["instances"][:1]}

    def server_pids(self, endpoint: str) -> list[int]:
        """The processes that serve an endpoint, as `trifold local status` shows them."""
        servers = json.loads(self.clouds.trifold("local", "status", "--json").stdout)["servers"]
        return [one["pid"] for one in servers if one["labels"].get("endpoint") == endpoint]


class Load:
    """Callers that keep asking, without retries. said: what tells the packages apart, in order; failures: the rest."""

    def __init__(self, callers: Sequence[Callable[[], str]]) -> None:
        """callers: each asks once and says which package answered, or raises."""
        self.said: list[str] = []
        self.failures: list[str] = []
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(caller,)) for caller in callers]

    def _call(self, ask: Callable[[], str]) -> None:
        while not self._done.wait(0.02):
            try:
                self.said.append(ask())
            except Exception as failure:
                self.failures.append(repr(failure))

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.said)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """What the condition gives, once it is true."""
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "it did not come to that"
        time.sleep(0.05)
    return found


def digits(clouds: Any, made: Path, word: str, spoilt: bool = False) -> str:
    """The digits once more in a folder, told apart by a word on their card; the digest. A spoilt package is not what
    its manifest says."""
    shutil.copytree((clouds.state / "packages" / "digits" / "current").resolve(), made)
    package = made / "package"
    for file in package.iterdir():
        file.chmod(0o644)
    (package / "card.md").write_text(f"{(package / 'card.md').read_text()}\n{word}\n")
    written = manifest.make(package, "digits")
    (package / "manifest.json").write_text(json.dumps(written))
    if spoilt:
        (package / "card.md").write_text("something else")
    (made / "model.tar.gz").unlink()
    archive.pack(package, made / "model.tar.gz")
    return str(written["digest"])
