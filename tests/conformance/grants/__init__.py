"""Grants and locks, each tried twice on the local clouds: with it, and without it, in the vendor's own words.

One file a cloud has `grants() -> list[Grant]`; what is the same on two clouds has the same name there, and is one row of
the support matrix. The vendors' SDKs are imported inside the functions: the list alone is quick to read.
"""

import importlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance import rig


@dataclass(frozen=True)
class Rig:
    """What a try has in its hands, beside the environment of the running local clouds, which is already set.

    account: the stack's; name: a fresh one (letters and digits, 12) for what this try makes; state: the clouds' folder.
    """

    cloud: str
    account: str
    region: str
    state: Path
    name: str = field(default_factory=lambda: f"g{uuid.uuid4().hex[:11]}")

    def once(self, make: Callable[["Rig"], Any]) -> Any:
        """What `make` gives, made by the first try of a session that asks for it."""
        key = (str(self.state), make)
        if key not in _MADE:
            _MADE[key] = make(self)
        return _MADE[key]


_MADE: dict[tuple[str, Callable[[Rig], Any]], Any] = {}


@dataclass(frozen=True)
class Grant:
    """covers: what it stands for in the recorded program, as granted.py names it; held: works with it, or raises;
    denied: what the vendor says without it; denial: a pattern of all of that, in the vendor's words; gap: why the local
    cloud can't show it ("" if it can)."""

    name: str
    covers: tuple[str, ...]
    held: Callable[[Rig], None]
    denied: Callable[[Rig], str]
    denial: str
    gap: str = ""


def none(_: Rig) -> str:
    """In place of `held` and `denied` where there is a gap."""
    return ""


def of(cloud: str) -> list[Grant]:
    """The grants of a cloud."""
    return importlib.import_module(f"tests.conformance.grants.{cloud}").grants()


def rig_of(cloud: str, state: Path) -> Rig:
    """Names the account and region of the cloud's own stack file."""
    given = rig.configuration(cloud)
    region = next(value for key, value in given.items() if key.rpartition(":")[2] in ("region", "location"))
    return Rig(cloud, given["trifold:account"], region, state)
