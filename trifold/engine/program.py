"""Starts the program in its own process, passes its output on, and tells the run how it ended."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from trifold.engine import run_program
from trifold.engine.config import Resolved
from trifold.engine.interpreter import Interpreter
from trifold.engine.options import Options
from trifold.engine.project import Project
from trifold.engine.requests import Closed, ProgramEnded
from trifold.errors import UserError

GRACE = 10.0


@dataclass
class Program:
    """The program's process. `post` hands its end to the run; `say` passes on what it prints: (severity, text)."""

    project: Project
    stack: str
    organization: str
    config: Resolved
    options: Options
    address: str
    post: Callable[[Any], None]
    say: Callable[[str, str], None]
    interpreter: Interpreter
    # Nobody looks at debug messages.
    quiet: bool = False
    _process: Any = None
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Start it. UserError where there is no program or no Python to run it."""
        if not self.project.program.exists():
            raise UserError(
                "the program does not exist", where=str(self.project.program), next="see `main` in Pulumi.yaml"
            )
        self._process = self.interpreter.run(self._arguments(), self._variables())
        for ours, severity in zip(self.interpreter.streams, ("info", "info#err"), strict=True):
            self._thread(self._pass_on, os.fdopen(ours, errors="replace"), severity)
        self._thread(self._watch)

    def _thread(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _arguments(self) -> list[str]:
        place = self.project.program
        folder, entry = (place, ".") if place.is_dir() else (place.parent, place.name)
        made = ["--project", self.project.name, "--stack", self.stack, "--organization", self.organization]
        made += ["--monitor", self.address, "--engine", self.address]
        made += ["--root", str(self.project.folder), "--pwd", str(folder), "--parallel", str(self.options.parallel)]
        return [*made, *self._switches(), entry]

    def _switches(self) -> list[str]:
        given = {"--dry-run": self.options.preview, "--quiet": self.quiet}
        return [name for name, wanted in given.items() if wanted]

    def _variables(self) -> dict[str, str]:
        keys = json.dumps(list(self.config.secret_keys))
        return {"PULUMI_CONFIG": json.dumps(dict(self.config.values)), "PULUMI_CONFIG_SECRET_KEYS": keys}

    def _pass_on(self, stream: IO[str], severity: str) -> None:
        with stream:
            for line in stream:
                self.say(severity, line.rstrip("\n"))

    def _watch(self) -> None:
        assert self._process is not None
        status = self._process.wait()
        self.interpreter.hang_up()
        for thread in self._threads[:2]:
            thread.join(GRACE)
        with contextlib.suppress(Closed):  # the run ended first
            self.post(ProgramEnded(_what_is_wrong(status)))

    def stop(self, grace: float) -> None:
        """Let it end; after `grace` seconds end it, with all that it started."""
        if self._process is None:
            return
        try:
            self._process.wait(grace)
        except BaseException as error:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            self.say("warning", "the program did not end by itself, and was stopped")
        self._process.wait()
        for thread in self._threads:
            thread.join(GRACE)


def _what_is_wrong(status: int) -> str | None:
    """Of a program that ended with the status: "" for nothing, None for what it told itself."""
    if status == run_program.DONE:
        return ""
    if status in (1, run_program.TOLD):
        return None
    if status == 0:
        return "the program left before its end (os._exit?), so what it did not ask for is not deleted"
    name = f" ({signal.Signals(-status).name})" if status < 0 else ""
    return f"Program exited with non-zero exit code: {status}{name}"
