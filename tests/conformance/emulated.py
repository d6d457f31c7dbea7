"""A stack that is up on its local cloud."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.conformance.up import Up


@dataclass(frozen=True)
class Emulated(Up):
    """By `trifold`, on local clouds (tests.conftest.Clouds)."""

    clouds: Any
    cloud: str

    @property
    def environment(self) -> Mapping[str, str]:
        # Without the local clouds' environment, as a user types it: the command finds them by their state folder.
        return {**os.environ, "TRIFOLD_STATE": str(self.clouds.state)}

    @property
    def client(self) -> Mapping[str, str]:
        return self.clouds.env
