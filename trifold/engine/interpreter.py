"""The Python that runs a program: started ahead, it imports the SDK while the engine gets ready, then waits for orders.

Its lifeline is a pipe: one line of orders, and its closing, however this process ends, ends the other.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trifold.engine import fork_server, run_program
from trifold.engine.project import Project
from trifold.errors import UserError

LOOPBACK = ("127.0.0.1", "localhost")


class Interpreter:
    """One process that runs one program. `begin` may be left out; `run` begins it then."""

    def __init__(self, project: Project, environment: Mapping[str, str]) -> None:
        self.project, self.given = project, environment
        self.streams: list[int] = []
        self._process: Any = None
        self._lifeline = -1

    def begin(self) -> None:
        """Start it ahead, if it can be; what is in the way is told by `run`."""
        with contextlib.suppress(UserError, OSError):
            if self._process is None and self.project.program.exists() and not self._fork_server():
                self._start()

    def run(self, arguments: Sequence[str], variables: Mapping[str, str]) -> Any:
        """Have it run the program; its process. UserError where there is no Python for it."""
        if server := self._fork_server():
            return self._fork(server, arguments, variables)
        if self._process is None:
            self._start()
        orders = {"arguments": list(arguments), "environment": dict(variables)}
        with contextlib.suppress(BrokenPipeError):  # it is gone: its status tells
            _write(self._lifeline, f"{json.dumps(orders)}\n".encode())
        return self._process

    def _start(self) -> None:
        command = [str(self._python()), "-u", run_program.__file__, "--lifeline"]
        theirs, self._lifeline = os.pipe()
        out, err = self._pipe(), self._pipe()
        try:
            self._process = subprocess.Popen(
                [*command, str(theirs)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=self._environment(),
                pass_fds=(theirs,),
                start_new_session=True,  # a Ctrl-C in the terminal is the engine's to act on
            )
        finally:
            for one in (theirs, out, err):
                os.close(one)

    def _fork_server(self) -> str:
        """The address of a test's server that forks prepared processes of the same Python, "" if there is none."""
        server = self.given.get(fork_server.VARIABLE, "")
        return server if server and Path(self._python()).resolve() == Path(sys.executable).resolve() else ""

    def _fork(self, server: str, arguments: Sequence[str], variables: Mapping[str, str]) -> Any:
        out, err = self._pipe(), self._pipe()
        try:
            return fork_server.start(
                server,
                fork_server.PROGRAM,
                list(arguments),
                env={**self._environment(), **variables},
                cwd=str(self.project.folder),
                stdout=out,
                stderr=err,
            )
        finally:
            os.close(out)
            os.close(err)

    def _pipe(self) -> int:
        """The writing end of a new pipe, whose reading end is one of `streams`."""
        ours, theirs = os.pipe()
        self.streams.append(ours)
        return theirs

    def _python(self) -> Path | str:
        if self.project.virtualenv:
            python = self.project.folder / self.project.virtualenv / "bin" / "python"
            if not python.exists():
                raise UserError(
                    "the program's virtual environment does not exist",
                    where=str(python),
                    next="make it, or change runtime.options.virtualenv in Pulumi.yaml",
                )
            return python
        path = self.given.get("PATH")
        return shutil.which("python3", path=path) or shutil.which("python", path=path) or sys.executable

    def _environment(self) -> dict[str, str]:
        made = dict(self.given)
        for name in ("NO_PROXY", "no_proxy"):  # the program speaks to the engine past any proxy
            made[name] = ",".join(dict.fromkeys([*filter(None, made.get(name, "").split(",")), *LOOPBACK]))
        if self.project.virtualenv:
            folder = self.project.folder / self.project.virtualenv
            made["VIRTUAL_ENV"] = str(folder)
            made["PATH"] = os.pathsep.join([str(folder / "bin"), made.get("PATH", "")])
        return made

    def hang_up(self) -> None:
        """Let go of a process that has ended."""
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    def close(self) -> None:
        """End it, if it was begun and never told what to run."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            self._process.wait()
        self.hang_up()


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]
