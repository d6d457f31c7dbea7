"""Watches commands that run side by side: a live line each in a terminal, a line at each end in a pipe."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table


@dataclass
class Job:
    """One running command: its output goes to `log`; `seconds` is set when it ended."""

    name: str
    process: subprocess.Popen
    log: Path
    started: float
    seconds: float = field(default=0.0)

    def wait(self) -> "Job":
        self.process.wait()
        self.seconds = time.monotonic() - self.started
        return self


def follow(jobs: list[Job]) -> list[Job]:
    """Show the jobs until all have ended; returns them in the same order."""
    console = Console(highlight=False)
    with ThreadPoolExecutor(len(jobs)) as pool:
        waits = [pool.submit(watch, job, console) for job in jobs]
        if console.is_terminal:
            with Live(get_renderable=lambda: picture(jobs), console=console, refresh_per_second=8, transient=True):
                return [wait.result() for wait in waits]
        return [wait.result() for wait in waits]


def watch(job: Job, console: Console) -> Job:
    """Wait for the job, then say in one line how it ended."""
    job.wait()
    how = f"exit status {job.process.returncode}" if job.process.returncode else "up"
    console.print(f"{job.name}: {how} after {job.seconds:.1f} s")
    return job


def picture(jobs: list[Job]) -> Table:
    table = Table.grid(padding=(0, 2))
    for job in jobs:
        ended = job.seconds > 0
        seconds = job.seconds if ended else time.monotonic() - job.started
        table.add_row(job.name, f"{seconds:.0f} s", "done" if ended else last_line(job.log))
    return table


def last_line(file: Path) -> str:
    lines = [line.strip() for line in file.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:110] if lines else "starting"
