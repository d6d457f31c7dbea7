"""Back to nothing: destroy, and what a sweep by tag still finds, removed. The same after a run and for a killed one."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.up import TRIFOLD
from tests.live import mark
from tests.live.calls import Caller
from tests.live.plan import Place
from tests.live.record import Step
from tests.live.steps import timed

EVERY = 10.0
# A name that a cloud holds of what is deleted costs nothing, and is nobody's to remove at once.
HELD = "name held"


@dataclass(frozen=True)
class Down:
    """How it went. leaked: what was found after the destroy; left: what is there now, None if that is not known; held:
    names."""

    steps: tuple[Step, ...]
    leaked: tuple[str, ...]
    left: tuple[str, ...] | None
    held: tuple[str, ...] = field(default=())


def take_down(cloud: str, stack: str, place: Place, call: Caller) -> Down:
    """Whatever happens in it is part of the answer; the mark goes once nothing is left."""
    steps = list(_destroy(stack, place, call))
    destroyed = not steps[-1].why
    found, looked = timed("sweep", lambda: _look(cloud, stack, place, destroyed))
    steps.append(looked)
    leaked = found and found[0]
    if leaked and destroyed:
        _, removed = timed("remove what was left", lambda: _remove(cloud, stack, call))
        steps.append(removed)
        found = _look(cloud, stack, place, destroyed) or None
    left, held = found or (None, ())
    if left == () and destroyed:
        mark.forget(place.kept, stack)
    return Down(tuple(steps), tuple(leaked or ()), left, held)


def _destroy(stack: str, place: Place, call: Caller) -> Iterator[Step]:
    """Once, and once more if need be: unlocked, and with the state as it really is."""
    command = [*place.engine, "destroy", "--yes", "--skip-preview", "-s", stack]
    found, step = timed("destroy", lambda: _status(call, "destroy", command))
    yield step
    if found or call.stopping.wanted:
        return
    unlock = [*place.engine, "cancel", "--yes", "-s", stack]
    call("cancel", unlock)
    again = [*command, "--refresh"]
    _, step = timed("destroy again", lambda: _status(call, "destroy again", again))
    yield step


def _status(call: Caller, name: str, command: list[str]) -> bool:
    """True. RuntimeError with the last line of what it said, if it failed."""
    status = call(name, command)
    if status:
        raise RuntimeError(f"status {status}: {call.said(name)}")
    return True


def _look(cloud: str, stack: str, place: Place, destroyed: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what is there of the stack, names that are held). What is deleted may be listed for some minutes.

    RuntimeError where the account can't be asked.
    """
    until = time.monotonic() + (place.patience if destroyed else 0)
    while True:
        done = place.asked("sweep", cloud, "-s", stack, "--json")
        found: list[Any] = json.loads(done.stdout) if done.stdout.strip() else []
        if not found:
            raise RuntimeError(done.stderr.strip() or "the account was not asked")
        things = [one for place_ in found for one in place_["things"]]
        left = tuple(_called(one) for one in things if one["verdict"] != HELD)
        if not left or time.monotonic() > until:
            return left, tuple(_called(one) for one in things if one["verdict"] == HELD)
        time.sleep(EVERY)


def _called(thing: Any) -> str:
    return f"{thing['type']} {thing['name']}"


def _remove(cloud: str, stack: str, call: Caller) -> bool:
    words = ("sweep", cloud, "-s", stack, "--delete", "--kept", "--purge", "--yes")
    return _status(call, "remove", [*TRIFOLD, *words])
