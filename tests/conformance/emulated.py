"""What a conformance test holds in its hands at emulated depth: a stack that is up on its local cloud."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.conformance import rig


@dataclass(frozen=True)
class Emulated:
    """One cloud's stack. Everything is done as a user does it: by `trifold`, and by the vendor's SDK in the local
    clouds' environment."""

    clouds: Any
    cloud: str

    def run(self, verb: str, *arguments: str) -> str:
        """`trifold up`, `destroy` or another, on the stack; what it printed. AssertionError if it failed."""
        done = self.attempt(verb, *arguments, "-s", self.cloud)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess:
        """Any `trifold` command, and how it ended."""
        command = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", *arguments]
        # Without the local clouds' environment, as a user types it: the command finds them by their state folder.
        environment = {**os.environ, "TRIFOLD_STATE": str(self.clouds.state)}
        return subprocess.run(command, cwd=rig.ROOT, env=environment, capture_output=True, text=True, timeout=300)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        return json.loads(self.run("stack", "output", "--json"))

    def use(self, function: str, given: Any | None = None) -> Any:
        """A function of tests/conformance/use, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.conformance.use", self.cloud, function],
            input=json.dumps(self.outputs() if given is None else given),
            cwd=rig.ROOT,
            env=self.clouds.env,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def predict(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the endpoint; trifold.predict's answer as a dict, or {"error": text}."""
        return self.use("predict", {"outputs": self.outputs(), "body": json.dumps(body)})
