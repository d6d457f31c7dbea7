"""One command measured: wall time, processor time and peak memory of it and of all that takes part."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes

INTERVAL = 0.05


@dataclass(frozen=True)
class Use:
    """Seconds by the clock and of processors; peak proportional (PSS) and resident memory (RSS) in MB (10^6 bytes)."""

    wall: float
    cpu: float
    pss: float
    rss: float


@contextmanager
def service(module: str) -> Iterator[tuple[int, int]]:
    """A process of ours that prints its port: (process id, port). Ended at the end."""
    process = subprocess.Popen([sys.executable, "-m", module], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.pid, int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def measure(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, beside: int, seconds: float, success: int = 0
) -> Use:
    """Run it. beside: the process of the provider, which counts too. RuntimeError where it fails or takes too long."""
    log = folder / "log"
    spent = processes.cpu([beside])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        peak = _Peak(process.pid, beside)
        try:
            status = process.wait(seconds)
        except BaseException as error:  # nothing of it may go on when the benchmark is ended
            for pid in processes.members(process.pid):
                os.kill(pid, signal.SIGKILL)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                raise RuntimeError(f"over {seconds:.0f} s") from None
            raise
        finally:
            wall = time.perf_counter() - began
            peak.end()
    if status != success:
        raise RuntimeError(f"{' '.join(command)} failed with {status}:\n{log.read_text(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Use(wall, own + processes.cpu([beside]) - spent, peak.pss, peak.rss)


class _Peak:
    """Samples the memory of a process, its descendants and one beside them, until `end`."""

    def __init__(self, pid: int, beside: int) -> None:
        self.pss = self.rss = 0.0
        self._pid, self._beside = pid, beside
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def _sample(self) -> None:
        while not self._ended.wait(INTERVAL):
            pids = {*processes.members(self._pid), self._beside}
            self.pss = max(self.pss, processes.proportional(pids))
            self.rss = max(self.rss, processes.resident(pids))

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
