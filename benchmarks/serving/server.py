"""One contender as a process group on one core: started, timed to its first answer, weighed, ended."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.serving.client import Load, request
from benchmarks.serving.contenders import Contender, environment

START_SECONDS = 120


@dataclass
class Running:
    """A started server. seconds: from the start of its process to its first answer of 200 to a scoring request."""

    process: subprocess.Popen
    port: int
    seconds: float

    def resident(self) -> float:
        """Resident memory of all its processes in MB (10^6 bytes)."""
        return processes.resident(processes.members(self.process.pid))

    def cpu(self) -> float:
        """Processor seconds spent by all its processes."""
        return processes.cpu(processes.members(self.process.pid))

    def stop(self) -> None:
        """End it: kindly, then what is left of it."""
        members = processes.members(self.process.pid)
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        for pid in members:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(contender: Contender, bin: Path, package: Path, folder: Path, body: str, core: int) -> Running:
    """Start it pinned to `core` and wait for its first answer. Raises RuntimeError with the end of its log."""
    port = free_port()
    if not (folder / "package").exists():
        shutil.copytree(package, folder / "package")
    base = {"PATH": f"{bin}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    env = {**base, **environment(package, port, folder), **contender.environment}
    command = ["taskset", "-c", str(core), *contender.command(bin, port, folder)]
    data = request(Load(port, contender.path, body, 1, 0, 0))
    log = folder / "log"
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=out, start_new_session=True)
    running = Running(process, port, 0.0)
    while time.perf_counter() - began < START_SECONDS and process.poll() is None:
        if answers(port, data):
            running.seconds = time.perf_counter() - began
            return running
        time.sleep(0.002)
    running.stop()
    raise RuntimeError(f"{contender.name} did not answer:\n{log.read_text(errors='replace')[-2000:]}")


def answers(port: int, data: bytes) -> bool:
    """Whether a scoring request is answered with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(data)
            return connection.recv(65536).split(b" ", 2)[1:2] == [b"200"]
    except OSError:
        return False
