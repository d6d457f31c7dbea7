"""The supervisor's child processes: how each is started, how it says that it is ready, how it ends."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trifold.local import guard
from trifold.local.ports import LOOPBACK

log = logging.getLogger("trifold.local")
FAMILY_VARIABLE = "TRIFOLD_FAMILY_FD"
READY_VARIABLE = "TRIFOLD_READY_FD"
TERM_SECONDS = 5.0


@dataclass(frozen=True)
class Plan:
    """A child to be. ports: where it can be reached. sockets: descriptors that it inherits.

    says_ready: it closes its ready pipe after writing to it; others are ready when their ports take connections.
    folder: where it runs.
    """

    name: str
    cloud: str
    role: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    ports: tuple[int, ...] = ()
    sockets: tuple[int, ...] = ()
    says_ready: bool = True
    folder: Path | None = None


class ChildProcess:
    """A started child."""

    def __init__(self, plan: Plan, process: asyncio.subprocess.Process, ready: asyncio.StreamReader | None) -> None:
        self.plan = plan
        self.process = process
        self._ready = ready

    async def ready(self) -> bool:
        """Whether it got ready; False if it ended before."""
        if self._ready is not None:
            return bool(await self._ready.read(1))
        waits = asyncio.ensure_future(self.process.wait())
        accepts = asyncio.ensure_future(accepting(self.plan.ports))
        done, _ = await asyncio.wait({waits, accepts}, return_when=asyncio.FIRST_COMPLETED)
        for one in (waits, accepts):
            one.cancel()
        return accepts in done

    async def stop(self, seconds: float = TERM_SECONDS) -> None:
        """SIGTERM, and SIGKILL to what is left of its process group after so many seconds."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), seconds)
            except TimeoutError:
                log.warning("%s did not end in %.0f s and is killed", self.plan.name, seconds)
        kill_group(self.process.pid)
        await self.process.wait()


def kill_group(pid: int) -> None:
    """End whatever is left of a process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


async def spawn(plan: Plan, family: int) -> ChildProcess:
    """Start the child under guard; its output goes to its log."""
    plan.log.parent.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe() if plan.says_ready else (-1, -1)
    inherited = tuple(one for one in (family, writing, *plan.sockets) if one >= 0)
    environment = {**plan.environment, FAMILY_VARIABLE: str(family), READY_VARIABLE: str(writing)}
    with plan.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *guard.command(list(plan.command)),
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=plan.folder,
            pass_fds=inherited,
            start_new_session=True,
        )
    if not plan.says_ready:
        return ChildProcess(plan, process, None)
    os.close(writing)
    return ChildProcess(plan, process, await _reader(reading))


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb"))
    return reader


async def accepting(ports: Sequence[int]) -> None:
    """Returns once each port takes a connection."""
    for port in ports:
        while True:
            try:
                _, writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                break


def say_ready() -> None:
    """In a child: tell the supervisor."""
    descriptor = int(os.environ.pop(READY_VARIABLE, "-1"))
    if descriptor >= 0:
        os.write(descriptor, b"+")
        os.close(descriptor)


def host_command(role: str, name: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "trifold.local.host", role, name, *more]
