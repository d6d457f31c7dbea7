"""What is up, written down before it comes up and until nothing is left of it: a killed run is not forgotten.

Beside each mark lies a lock, which is held while the run or anything that it started lives.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from trifold.errors import UserError
from trifold.local import lock


@dataclass(frozen=True)
class Mark:
    """since: when the first thing was asked for, ISO, UTC; hourly: US dollars at most, by the price list."""

    stack: str
    cloud: str
    region: str
    since: str
    hourly: float

    def told(self, now: datetime) -> str:
        hours = (now - datetime.fromisoformat(self.since)).total_seconds() / 3600
        return (
            f"a run of {self.since} left the stack '{self.stack}' on {self.cloud} ({self.region}) up: at least "
            f"US${self.hourly * hours:.2f} in {hours:.1f} hours, and US${self.hourly:.4f} more each hour"
        )


def read(kept: Path, stack: str) -> Mark | None:
    file = kept / f"{stack}.json"
    return Mark(**json.loads(file.read_text())) if file.is_file() else None


def write(kept: Path, mark: Mark) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    part = kept / f".{mark.stack}.part"
    part.write_text(json.dumps(asdict(mark)))
    part.replace(kept / f"{mark.stack}.json")


def forget(kept: Path, stack: str) -> None:
    (kept / f"{stack}.json").unlink(missing_ok=True)


def refuse_forgotten(kept: Path, stack: str) -> None:
    """UserError where an earlier run left something up."""
    if found := read(kept, stack):
        next = f"make live-down CLOUD={found.cloud} STACK={stack}"
        raise UserError(found.told(datetime.now(UTC)), str(kept / f"{stack}.json"), next)


@contextmanager
def alone(kept: Path, stack: str) -> Iterator[int]:
    """The lock's descriptor, for children to inherit. UserError where a run works, or a child of a killed one."""
    file = kept / f"{stack}.lock"
    descriptor = lock.open_lock(file)
    try:
        if not lock.try_lock(descriptor):
            raise UserError(
                f"something is still being done with the stack '{stack}'",
                str(file),
                "wait until it has ended: an interrupted `up` leaves things that nobody knows of",
            )
        yield descriptor
    finally:
        os.close(descriptor)
