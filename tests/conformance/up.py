"""What a conformance test holds in its hands where a stack is up: the same at emulated and at live depth."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.conformance import rig

TRIFOLD = (sys.executable, "-W", "ignore", "-m", "trifold.cli.main")


class Up:
    """One cloud's stack. Everything is done as a user does it: by an engine's commands, and by the vendor's SDK.

    A depth says: cloud and name of the stack; engine: the command that `up` is an argument of; folder: where
    Pulumi.yaml is; patience: seconds that one command may take, None for any; and the environments of both.
    """

    cloud: str
    engine: Sequence[str] = TRIFOLD
    folder: Path = rig.ROOT
    patience: float | None = 300

    @property
    def name(self) -> str:
        return self.cloud

    @property
    def environment(self) -> Mapping[str, str]:
        """What commands are typed in."""
        raise NotImplementedError

    @property
    def client(self) -> Mapping[str, str]:
        """What the vendor's SDK is used in."""
        raise NotImplementedError

    def run(self, verb: str, *arguments: str) -> str:
        """`up`, `destroy` or another, on the stack; what it printed. AssertionError if it failed."""
        done = self._called([*self.engine, verb, *arguments, "-s", self.name])
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess:
        """Any `trifold` command, and how it ended."""
        return self._called([*TRIFOLD, *arguments])

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        return json.loads(self.run("stack", "output", "--json"))

    def use(self, function: str, given: Any | None = None) -> Any:
        """A function of tests/conformance/use, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.conformance.use", self.cloud, function],
            input=json.dumps(self.outputs() if given is None else given),
            cwd=rig.ROOT,
            env=self.client,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def left(self, outputs: Any | None = None) -> list[str]:
        """What there is of the stack in the account, "kind identifier" each. outputs: of when it was up."""
        return self.use("left", outputs)

    def predict(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the endpoint; trifold.predict's answer as a dict, or {"error": text}."""
        return self.use("predict", {"outputs": self.outputs(), "body": json.dumps(body)})

    def _called(self, command: Sequence[str]) -> subprocess.CompletedProcess:
        where, limit = dict(self.environment), self.patience
        return subprocess.run(command, cwd=self.folder, env=where, capture_output=True, text=True, timeout=limit)
