"""Processes forked from a prepared one: they run, and none outlives the server, however that ends."""

import os
import signal
from pathlib import Path
from typing import IO

from trifold.engine.fork_server import ForkedProcess, ForkServer


def says(argv: list[str]) -> None:
    print(*argv, flush=True)


def stays(argv: list[str]) -> None:
    print("here", flush=True)
    signal.pause()


def start(server: ForkServer, name: str, *argv: str) -> tuple[IO[str], ForkedProcess]:
    """What the process writes, and the process."""
    reads, writes = os.pipe()
    how = {"env": dict(os.environ), "cwd": str(Path.cwd()), "stdout": writes, "stderr": 2}
    process = server.start(f"{__name__}:{name}", list(argv), **how)
    os.close(writes)
    return os.fdopen(reads), process


def test_a_process_has_its_arguments_and_its_streams() -> None:
    with ForkServer() as server:
        said, process = start(server, "says", "one", "two")
        with said:
            assert said.read() == "one two\n"
        assert process.wait(30) == 0


def test_a_killed_server_leaves_no_process() -> None:
    with ForkServer() as server:
        said, _ = start(server, "stays")
        with said:
            assert said.readline() == "here\n"
            os.kill(server.pid, signal.SIGKILL)
            assert said.read() == "", "only the process itself holds the other end, so it is gone"
