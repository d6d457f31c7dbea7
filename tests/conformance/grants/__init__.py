"""Grants and locks, each tried twice on the local clouds: with it, and without it, in the vendor's own words.

One file a cloud has `grants() -> list[Grant]`; what is the same on two clouds has the same name, and is one row of
the matrix. The vendors' SDKs are imported inside the functions: the list alone is quick to read. Nothing is left in
the accounts: whoever makes something says at once, by `rig.after.callback`, how it goes.
"""

import importlib
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.conformance import rig


def fresh() -> str:
    return f"g{uuid.uuid4().hex[:11]}"


@dataclass(frozen=True)
class Rig:
    """What a try has in its hands, beside the environment of the running local clouds, which is already set.

    account: the stack's; state: the clouds' folder; name: a fresh one (12 letters and digits) for what this try makes;
    after: called when the try is over.
    """

    cloud: str
    account: str
    region: str
    state: Path
    name: str = field(default_factory=fresh)
    after: ExitStack = field(default_factory=ExitStack)

    def another(self) -> "Rig":
        """The same with another name."""
        return replace(self, name=fresh())

    def once(self, make: Callable[["Rig"], Any]) -> Any:
        """What `make` gives, made by the first try that asks for it; it goes after the last one."""
        if make not in _MADE:
            _MADE[make] = make(replace(self, after=_AT_LAST))
        return _MADE[make]


_MADE: dict[Callable[[Rig], Any], Any] = {}
_AT_LAST = ExitStack()


def put_away() -> None:
    """What was made once goes."""
    _MADE.clear()
    _AT_LAST.close()


@dataclass(frozen=True)
class Grant:
    """covers: what it stands for in the recorded program, as granted.py names it; held: works with it, or raises;
    denied: what the vendor says without it; denial: a pattern of all of that, in the vendor's words; gap: why the local
    cloud can't show it ("" if it can). A lock keeps out, so there it is the other way round: with it comes the denial.
    """

    name: str
    covers: tuple[str, ...]
    held: Callable[[Rig], None]
    denied: Callable[[Rig], str]
    denial: str
    gap: str = ""


def not_emulated(name: str, covers: tuple[str, ...], gap: str) -> Grant:
    """A grant that the local cloud can't show."""

    def untried(_: Rig) -> Any:
        raise NotImplementedError(gap)

    return Grant(name, covers, untried, untried, "", gap)


def of(cloud: str) -> list[Grant]:
    """The grants of a cloud."""
    return importlib.import_module(f"tests.conformance.grants.{cloud}").grants()


def rig_of(cloud: str, state: Path) -> Rig:
    """For a try with the account and region of the cloud's own stack file."""
    given = rig.configuration(cloud)
    region = next(value for key, value in given.items() if key.rpartition(":")[2] in ("region", "location"))
    return Rig(cloud, given["trifold:account"], region, state)
