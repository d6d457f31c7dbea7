"""Starts Python processes by forking one that has imported all they need: up in milliseconds, not in a second.

For tests, which run programs by the hundred. A request comes over a Unix socket with the process's argv, environment,
folder and its standard streams; the answer is its exit status. Each process is a fork of a server that has no threads
and has opened no connection, so it begins as clean as a new one.

    with ForkServer(modules=("pulumi",)) as server:
        process = server.start("module:function", argv, env=..., cwd=..., stdout=..., stderr=...)
        process.wait()
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trifold.engine.run_program import end_with_the_engine

# The variable by which the engine finds a running server.
VARIABLE = "TRIFOLD_FORK_SERVER"
# What runs a program; a function of a module, as all that a server starts.
PROGRAM = "trifold.engine.run_program:main"


class ForkedProcess:
    """Like subprocess.Popen, as far as it goes."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._connection, self.pid = connection, pid
        self.returncode: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, negative for a signal. Raises subprocess.TimeoutExpired."""
        with self._lock:
            if self.returncode is None:
                self._connection.settimeout(timeout)
                try:
                    answer = self._connection.recv(64)
                except TimeoutError as error:
                    raise subprocess.TimeoutExpired("forked process", timeout or 0) from error
                self.returncode = os.waitstatus_to_exitcode(int(answer)) if answer else -signal.SIGKILL
                self._connection.close()
            return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def start(
    address: str,
    kind: str,
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: str,
    stdout: int,
    stderr: int,
) -> ForkedProcess:
    """Have the server at the address start a process with the given open files as its output."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    request = json.dumps({"kind": kind, "argv": list(argv), "env": dict(env), "cwd": cwd}).encode()
    socket.send_fds(connection, [len(request).to_bytes(8, "big")], [stdout, stderr])
    connection.sendall(request)
    return ForkedProcess(connection, int(connection.recv(64)))


class ForkServer:
    """A running server; a context manager."""

    def __init__(self, modules: Sequence[str] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="trifold-")
        self.address = str(Path(self._folder.name) / "fork")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trifold.engine.fork_server", self.address, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "ForkServer":
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("the fork server did not start")
        return self

    def __exit__(self, *_: Any) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, kind: str, argv: Sequence[str], **how: Any) -> ForkedProcess:
        return start(self.address, kind, argv, **how)


# ---- the server's side --------------------------------------------------------------------------------------------


def serve(address: str) -> None:
    """Take requests until the standard input is closed."""
    import select

    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen(64)
    print("ready", flush=True)
    waiting: dict[int, socket.socket] = {}
    wake, woken = socket.socketpair()
    woken.setblocking(False)
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    lifeline = os.pipe()  # held open by this process alone: what it started ends with it, however it ends
    while True:
        ready, _, _ = select.select([listening, sys.stdin, woken], [], [])
        if sys.stdin in ready:
            break
        if woken in ready:
            woken.recv(4096)
        _reap(waiting)
        if listening in ready:
            connection, _ = listening.accept()
            pid = _fork(connection, [listening, wake, woken, *waiting.values()], lifeline)
            waiting[pid] = connection
    for pid in waiting:
        os.kill(pid, signal.SIGKILL)


def _reap(waiting: dict[int, socket.socket]) -> None:
    while waiting:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        connection = waiting.pop(pid)
        with contextlib.suppress(OSError):  # whoever asked may be gone
            connection.sendall(str(status).encode())
        connection.close()


def _fork(connection: socket.socket, inherited: list[socket.socket], lifeline: tuple[int, int]) -> int:
    size, files, _, _ = socket.recv_fds(connection, 8, 2)
    request = json.loads(connection.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
    pid = os.fork()
    if pid == 0:
        os.close(lifeline[1])
        _become(request, files, [connection, *inherited], lifeline[0])
    for file in files:
        os.close(file)
    connection.sendall(str(pid).encode())
    return pid


def _become(request: dict[str, Any], files: list[int], inherited: list[socket.socket], lifeline: int) -> None:
    """In the child: take over streams, folder and environment, and run; never returns."""
    status = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in inherited:
            one.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(files[0], 1)
        os.dup2(files[1], 2)
        for number in files:
            os.close(number)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        end_with_the_engine(lifeline)
        status = _call(request["kind"], request["argv"])
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        _leave(status)


def _leave(status: int) -> None:
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status & 0xFF)


def _call(kind: str, argv: list[str]) -> int:
    module, _, name = kind.partition(":")
    function = getattr(importlib.import_module(module), name)
    if kind == PROGRAM:
        sys.argv = ["program", *argv]
        from trifold.engine.run_program import parse

        return function(parse())
    function(argv)
    return 0


if __name__ == "__main__":
    for _name in sys.argv[2:]:
        importlib.import_module(_name)
    serve(sys.argv[1])
