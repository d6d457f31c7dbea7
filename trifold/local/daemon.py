"""The supervisor's own process: starts the children, holds the door open, writes down what runs, ends all on SIGTERM.

`python -m trifold.local.daemon` is started by trifold.local.supervisor, in a session of its own. It tells its starter
how far it is by lines of JSON on the pipe it was given: {"waiting": [...]}, then {"ready": true} or {"failed": text}.
"""

import argparse
import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import time
import uuid
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from trifold.errors import UserError
from trifold.local import lock, ports, record, registry
from trifold.local.children import ChildProcess, spawn
from trifold.local.contract import Cloud
from trifold.local.door.authority import Authority
from trifold.local.door.proxy import Door
from trifold.local.door.routes import routes
from trifold.local.environment import merged, variables
from trifold.local.layout import Layout
from trifold.local.loop import run
from trifold.local.plan import Plan, Sockets, plans

log = logging.getLogger("trifold.local")
READY_SECONDS = 90.0
TOLD_LINES = 15
MOST_RESTARTS = 5


class Failed(Exception):
    """The local clouds did not come up; the text is for the user."""


class Report:
    """The pipe to whoever started us; it may be gone already."""

    def __init__(self, descriptor: int) -> None:
        self._out = os.fdopen(descriptor, "w") if descriptor >= 0 else None

    def say(self, **message: object) -> None:
        if self._out is not None:
            try:
                self._out.write(json.dumps(message) + "\n")
                self._out.flush()
            except BrokenPipeError:
                self._out = None

    def end(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None


class Supervisor:
    """One run of the local clouds."""

    def __init__(
        self, layout: Layout, clouds: dict[str, Cloud], family: int, report: Report, owner: int, hostile: int | None
    ) -> None:
        self._layout = layout
        self._clouds = clouds
        self._hostile = hostile
        self._family = family
        self._report = report
        self._owner = owner
        self._children: list[ChildProcess] = []
        self._ended: dict[str, int] = {}
        self._restarts: Counter[str] = Counter()
        self._stop = asyncio.Event()
        self._sockets = Sockets(layout)
        self._watches: list[asyncio.Task] = []
        self._running: record.Running

    async def run(self) -> None:
        """Until SIGTERM. Raises Failed if a child does not get ready."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop.set)
        owned = asyncio.ensure_future(self._end_with_owner())
        door = await self._begin()
        try:
            await self._get_ready()
            self._report.say(ready=True)
            self._report.end()
            await self._stop.wait()
        finally:
            owned.cancel()
            door.close()
            await self._end()

    async def _begin(self) -> Door:
        """Ports, door, children: all at once, each then waited for."""
        listening = self._sockets.listening("door")
        found = plans(self._clouds.values(), self._layout, self._sockets, {}, self._hostile)
        self._running = self._first_record(ports.number(listening), found)
        record.write_running(self._layout, self._running)
        environment = self._environment()
        started = await asyncio.gather(*(self._spawn(plan, environment) for plan in found))
        self._children = list(started)
        self._sockets.remember()
        self._sockets.hand_over()
        self._watches = [asyncio.ensure_future(self._watch(at)) for at in range(len(started))]
        self._write()
        return await self._open_door(listening, found)

    async def _end_with_owner(self) -> None:
        """A test session that was killed leaves nothing behind either."""
        while self._owner and record.is_running(self._owner):
            await asyncio.sleep(1.0)
        if self._owner:
            self._stop.set()

    async def _spawn(self, plan: Plan, environment: dict[str, str]) -> ChildProcess:
        if plan.folder is not None:
            plan.folder.mkdir(parents=True, exist_ok=True)
        return await spawn(replace(plan, environment={**environment, **plan.environment}), self._family)

    def _first_record(self, door: int, found: list[Plan]) -> record.Running:
        plugins = {self._clouds[plan.cloud].plugin: plan.ports[0] for plan in found if plan.role == "provider"}
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        run, clouds = uuid.uuid4().hex, tuple(self._clouds)
        return record.Running(run, os.getpid(), now, False, door, clouds, plugins, (), self._hostile)

    def _environment(self) -> dict[str, str]:
        """The children's: a client's of these clouds, so that no child can reach a real account either."""
        ours = variables(self._layout, self._running, self._clouds.values())
        # A provider waits for what comes late as the official one does, where anything does come late.
        hostile = {} if self._hostile is None else {"TRIFOLD_HOSTILE": str(self._hostile)}
        return merged(os.environ, {**ours, **hostile})

    async def _open_door(self, listening, found: list[Plan]) -> Door:
        apis = {plan.cloud: plan.ports[0] for plan in found if plan.role == "api"}
        grpc = {plan.cloud: plan.ports[1] for plan in found if plan.role == "api" and len(plan.ports) > 1}
        authority = Authority(self._layout.certificate, self._layout.key)
        door = Door(authority, routes(self._clouds.values(), apis, grpc))
        await door.open(listening)
        return door

    async def _get_ready(self) -> None:
        """Wait for all children at once; say which are still awaited."""
        waits = {asyncio.ensure_future(child.ready()): child for child in self._children}
        stopped = asyncio.ensure_future(self._stop.wait())
        end = time.monotonic() + READY_SECONDS
        while waits:
            self._report.say(waiting=[child.plan.name for child in waits.values()])
            left = max(0.0, end - time.monotonic())
            done, _ = await asyncio.wait({*waits, stopped}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if stopped in done:
                raise Failed("stopped while starting")
            if not done:
                raise Failed(self._why(next(iter(waits.values())), f"was not ready after {READY_SECONDS:.0f} s"))
            for one in done:
                child = waits.pop(one)
                if not one.result():
                    raise Failed(self._why(child, f"ended with status {await child.process.wait()}"))
        stopped.cancel()
        self._running = replace(self._running, ready=True)
        self._write()

    def _why(self, child: ChildProcess, what: str) -> str:
        lines = child.plan.log.read_text(errors="replace").splitlines()[-TOLD_LINES:]
        return "\n".join([f"{child.plan.name} {what}; the end of its log {child.plan.log}:", *lines])

    async def _watch(self, at: int) -> None:
        """Write down a child's end. A provider has no state, so another takes its place, at the same address."""
        while not self._stop.is_set():
            child = self._children[at]
            plan, status = child.plan, await child.process.wait()
            if self._stop.is_set():
                return
            log.warning("%s ended with status %d; its log: %s", plan.name, status, plan.log)
            if plan.role != "provider" or not self._running.ready or self._restarts[plan.name] >= MOST_RESTARTS:
                self._ended[plan.name] = status
                return self._write()
            self._restarts[plan.name] += 1
            self._children[at] = await spawn(plan, self._family)
            self._write()

    def _write(self) -> None:
        children = tuple(self._entry(child) for child in self._children)
        record.write_running(self._layout, replace(self._running, children=children))

    def _entry(self, child: ChildProcess) -> record.Child:
        plan, pid = child.plan, child.process.pid
        ended, again = self._ended.get(plan.name), self._restarts[plan.name]
        return record.Child(plan.name, plan.cloud, plan.role, pid, plan.ports, str(plan.log), ended, again)

    async def _end(self) -> None:
        """APIs and providers first: what an API still says to its sidecar is heard."""
        self._stop.set()
        await asyncio.gather(*(child.stop() for child in self._children if child.plan.says_ready))
        await asyncio.gather(*(child.stop() for child in self._children))
        await asyncio.gather(*self._watches)
        await asyncio.gather(*(child.stop() for child in self._children))  # a provider that was just started again
        self._layout.record.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m trifold.local.daemon")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--report", type=int, default=-1)
    parser.add_argument("--owner", type=int, default=0)
    parser.add_argument("--hostile", type=int)
    parser.add_argument("clouds", nargs="*")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    report = Report(arguments.report)
    try:
        supervise(Layout(arguments.state), arguments.clouds, report, arguments.owner, arguments.hostile)
    except (Failed, UserError) as error:
        log.error("%s", error)
        report.say(failed=str(error))
        sys.exit(1)


def supervise(layout: Layout, names: list[str], report: Report, owner: int, hostile: int | None) -> None:
    """Hold both locks, empty what a new account must not have, run. Raises Failed."""
    alone, family = lock.open_lock(layout.alone), lock.open_lock(layout.family)
    if not lock.wait_for(alone, 10.0) or not lock.wait_for(family, 10.0):
        raise Failed(f"processes of an earlier run are still there; they hold {layout.family}")
    every = registry.clouds()
    clouds = {name: every[name] for name in names} if names else every
    set_up(layout, clouds)
    run(Supervisor(layout, clouds, family, report, owner, hostile).run())


def set_up(layout: Layout, clouds: dict[str, Cloud]) -> None:
    """Fresh accounts: nothing of an earlier run is left in the folders."""
    for folder in (layout.folder / "run", layout.folder / "servers"):
        shutil.rmtree(folder, ignore_errors=True)
    layout.record.unlink(missing_ok=True)
    for name in clouds:
        layout.run(name).mkdir(parents=True)
    set_backend_aside(layout.backend)


def set_backend_aside(backend: Path, kept: int = 3) -> None:
    """The stacks' old state describes resources that are gone; it is moved away, and the last few are kept."""
    if backend.exists() and any(file.is_file() for file in backend.rglob("*")):
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        backend.rename(backend.with_name(f"{backend.name}.{stamp}"))
        old = sorted(backend.parent.glob(f"{backend.name}.[0-9]*"))
        for folder in old[:-kept]:
            shutil.rmtree(folder)
    backend.mkdir(parents=True, exist_ok=True)


if __name__ == "__main__":
    main()
