"""Long commands: shown as they go, kept in a log, and ended by a first ^C or a limit in the way that engines know.

A child is in a session of its own, so that a terminal's ^C reaches the runner alone, which decides: before the teardown
it interrupts the child and goes on to take the stack down; in the teardown the first one only says so.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.2
# Seconds that an interrupted command has to end by itself: what a cloud is making takes that long.
GRACE = 1800.0
GOING = "the stack is being taken down; once more leaves it as it is: `make live-down` finishes it"


@dataclass
class Interrupts:
    """How often the user asked to stop. ending: the teardown has begun."""

    count: int = 0
    ending: bool = False

    @property
    def wanted(self) -> bool:
        """Whether the child is to end."""
        return self.count > (1 if self.ending else 0)

    def begin_teardown(self) -> None:
        self.count, self.ending = 0, True

    def __call__(self, number: int, frame: Any) -> None:
        self.count += 1
        told = GOING if self.ending else "stopping; the stack is taken down next"
        print(f"\n{told}", file=sys.stderr, flush=True)


@contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Signals that would end this process are counted in this block."""
    found = Interrupts()
    before = {number: signal.signal(number, found) for number in SIGNALS}
    try:
        yield found
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Caller:
    """Runs commands. logs: a folder; lock: a descriptor that children hold, too."""

    folder: Path
    environment: Mapping[str, str]
    logs: Path
    lock: int
    stopping: Interrupts
    shown: Any = field(default_factory=lambda: sys.stdout)

    def __call__(
        self, name: str, command: Sequence[str], until: float = float("inf"), folder: Path | None = None
    ) -> int:
        """The exit status. until: a time.monotonic() at which it is interrupted."""
        self.logs.mkdir(parents=True, exist_ok=True)
        # Into a file, which outlives this process: an engine whose output is a broken pipe dies half-way.
        with self.log(name).open("wb") as log, self.log(name).open("rb") as said:
            process = subprocess.Popen(
                command,
                cwd=folder or self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(self.lock,),
            )
            self._follow(process, said, until)
            return process.wait()

    def log(self, name: str) -> Path:
        """Where what a command said is kept."""
        return self.logs / f"{name.replace(' ', '-')}.log"

    def said(self, name: str) -> str:
        """The last line of it."""
        lines = self.log(name).read_text(errors="replace").strip().splitlines() if self.log(name).exists() else []
        return lines[-1].strip() if lines else ""

    def _follow(self, process: subprocess.Popen, said: BinaryIO, until: float) -> None:
        """Show what it says until it has ended."""
        asked = 0.0
        while process.poll() is None:
            self._show(said)
            time.sleep(TICK)
            now = time.monotonic()
            if not asked and (self.stopping.wanted or now > until):
                # Once: a second interrupt makes Pulumi give up what it is waiting for.
                asked = now
                os.killpg(process.pid, signal.SIGINT)
            elif asked and now > asked + GRACE:
                os.killpg(process.pid, signal.SIGKILL)
        self._show(said)

    def _show(self, said: BinaryIO) -> None:
        self.shown.write(said.read().decode(errors="replace"))
        self.shown.flush()
