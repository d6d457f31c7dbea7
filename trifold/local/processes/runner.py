"""Model servers as processes: each on a loopback port of its own, with a log of its own, ending with the cloud's API.

What runs is written to a file at each change, for `trifold local status`. A server that ends is not started again
here: what then happens to its endpoint is the vendor's rule, and so the cloud's.
"""

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from trifold.local import guard, record
from trifold.local.children import FAMILY_VARIABLE, kill_group
from trifold.local.contract import ServerSpec
from trifold.local.ports import LOOPBACK, free
from trifold.local.processes.image import resolve

# What a server gets from this machine. The rest is the platform's contract: in a container there is no more either.
INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class RunningServer:
    """One model server."""

    def __init__(self, spec: ServerSpec, port: int, log: Path, process: asyncio.subprocess.Process) -> None:
        self.spec = spec
        self.port = port
        self.url = f"http://{LOOPBACK}:{port}"
        self.log = log
        self.pid = process.pid
        self._process = process

    def alive(self) -> bool:
        return self._process.returncode is None

    def exit_status(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        return self._process.returncode

    async def wait(self) -> int:
        """Its exit status, once it has ended."""
        return await self._process.wait()

    async def stop(self, grace: float = 10.0) -> None:
        """SIGTERM, then SIGKILL after `grace` seconds; returns when the process is gone."""
        if self.alive():
            try:
                self._process.terminate()
                await asyncio.wait_for(self._process.wait(), grace)
            except (TimeoutError, ProcessLookupError):
                pass
        kill_group(self.pid)  # also what it may have left behind
        await self._process.wait()


class Runner:
    """contract.Processes for one cloud. listing: the file that says what runs; images: reference -> command."""

    def __init__(
        self,
        cloud: str,
        logs: Path,
        listing: Path,
        images: Callable[[str], list[str]] = resolve,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._cloud = cloud
        self._logs = logs
        self._listing = listing
        self._images = images
        self._base = {name: environment[name] for name in INHERITED if name in environment}
        self._family = int(environment.get(FAMILY_VARIABLE, "-1"))
        self._servers: list[RunningServer] = []
        self._watches: set[asyncio.Task] = set()

    async def start(self, spec: ServerSpec) -> RunningServer:
        """Start one; returns at once, the caller probes it. Raises UnknownImage before anything is started."""
        command = [*self._images(spec.image), *spec.arguments]
        spec.workspace.mkdir(parents=True, exist_ok=True)
        (port,) = free(1, taken=[server.port for server in self._servers])
        log = self._log(spec.name)
        process = await self._spawn(command, self._environment(spec, port), spec.workspace, log)
        server = RunningServer(spec, port, log, process)
        self._servers.append(server)
        self._write()
        watch = asyncio.get_running_loop().create_task(self._forget_at_end(server))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        return server

    async def close(self, grace: float = 2.0) -> None:
        """Stop all servers."""
        await asyncio.gather(*(server.stop(grace) for server in list(self._servers)))
        await asyncio.gather(*self._watches)

    async def _spawn(
        self, command: list[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> asyncio.subprocess.Process:
        with log.open("ab") as out:
            return await asyncio.create_subprocess_exec(
                *guard.command(command),
                stdin=asyncio.subprocess.PIPE,
                stdout=out,
                stderr=out,
                cwd=folder,
                env=dict(environment),
                pass_fds=(self._family,) if self._family >= 0 else (),
                start_new_session=True,
            )

    def _environment(self, spec: ServerSpec, port: int) -> dict[str, str]:
        folder = str(spec.workspace)
        given = {"HOME": folder, "TMPDIR": folder, "TRIFOLD_WORKSPACE": folder, **spec.environment}
        if spec.platform == "vertex":
            given["AIP_HTTP_PORT"] = str(port)  # Vertex AI tells a container its port by this name
        return {**self._base, **given, "TRIFOLD_HOST": LOOPBACK, "TRIFOLD_PORT": str(port)}

    def _log(self, name: str) -> Path:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self._logs / f"{re.sub(r'[^A-Za-z0-9._-]', '_', name)}.log"

    async def _forget_at_end(self, server: RunningServer) -> None:
        await server.wait()
        self._servers.remove(server)
        self._write()

    def _write(self) -> None:
        entries = [
            record.ServerEntry(self._cloud, one.spec.name, one.pid, one.port, dict(one.spec.labels), str(one.log))
            for one in self._servers
        ]
        record.write(self._listing, [asdict(entry) for entry in entries])
