"""A stack that is up on an account of the user's own, by the engine and the credentials of who runs it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.up import Up


@dataclass(frozen=True)
class Live(Up):
    """What tests/live brought up. An account may hold more than the stack, so what is left is told by its tags."""

    cloud: str
    stack: str
    engine: Sequence[str]
    folder: Path
    patience: float | None = None  # the run as a whole has a limit, which its runner keeps

    @property
    def name(self) -> str:
        return self.stack

    @property
    def environment(self) -> Mapping[str, str]:
        return os.environ

    client = environment

    def left(self, outputs: Any | None = None) -> list[str]:
        done = self.attempt("sweep", self.cloud, "-s", self.stack, "--json")
        assert done.stdout, done.stderr
        things = [one for place in json.loads(done.stdout) for one in place["things"]]
        return sorted(f"{one['type']} {one['id']}" for one in things if one["verdict"] != "name held")
