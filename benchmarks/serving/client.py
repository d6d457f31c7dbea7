"""A load client: raw sockets, keep-alive, a fixed number of connections, each with one request under way.

A process of its own, on a core of its own: `python -m benchmarks.serving.client '{"port": ..., ...}'` prints one JSON
object. It looks at no more of an answer than its status and length, so that it is never what is measured.
"""

import asyncio
import json
import os
import pathlib
import sys
import time
from dataclasses import asdict, dataclass

import httptools
import uvloop


@dataclass(frozen=True)
class Load:
    """port, path, headers and body (a file) of one request; connections; seconds of warming up and of measuring."""

    port: int
    path: str
    body: str
    connections: int
    warm: float
    seconds: float
    content_type: str = "application/json"
    core: int | None = None


class Connection(asyncio.Protocol):
    """One connection: one request under way at any time. Where the server closes after an answer, a new one is made."""

    def __init__(self, request: bytes, port: int, times: list[tuple[float, float, int]]) -> None:
        self.request, self.port, self.times = request, port, times
        self.stopped = False
        self.parser = httptools.HttpResponseParser(self)
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.next()

    def next(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.times.append((self.sent, time.perf_counter(), self.parser.get_status_code()))
        alive = self.parser.should_keep_alive()
        self.parser = httptools.HttpResponseParser(self)
        if alive:
            self.next()
        else:
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.stopped:
            self.connecting = asyncio.ensure_future(self.connect())

    async def connect(self) -> None:
        self.sent = time.perf_counter()
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)


def request(load: Load) -> bytes:
    """The bytes of one request."""
    body = pathlib.Path(load.body).read_bytes()
    head = (
        f"POST {load.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {load.content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(load: Load) -> dict[str, float]:
    """Requests a second and latency in milliseconds, of those that began and ended in the measured time."""
    times: list[tuple[float, float, int]] = []
    made = [Connection(request(load), load.port, times) for _ in range(load.connections)]
    await asyncio.gather(*(one.connect() for one in made))
    await asyncio.sleep(load.warm)
    begin = time.perf_counter()
    await asyncio.sleep(load.seconds)
    end = time.perf_counter()
    counted = [one for one in times if one[0] >= begin and one[1] <= end]
    for one in made:
        one.stopped = True
        one.transport.abort()
    return summary(counted, end - begin)


def summary(counted: list[tuple[float, float, int]], seconds: float) -> dict[str, float]:
    """What the run amounts to. Raises SystemExit where an answer was not 200: such a run measures nothing."""
    bad = [status for _, _, status in counted if status != 200]
    if bad or not counted:
        sys.exit(f"{len(bad)} of {len(counted)} answers were not 200, e.g. {bad[:1]}")
    spent = sorted(ended - sent for sent, ended, _ in counted)
    at = {f"p{q}": round(spent[min(len(spent) - 1, len(spent) * q // 100)] * 1000, 3) for q in (50, 90, 99)}
    return {"rps": round(len(counted) / seconds, 1), "requests": len(counted), **at}


def measure(load: Load) -> dict[str, float]:
    """Run the client as a process and return what it found."""
    import subprocess

    command = [sys.executable, "-m", "benchmarks.serving.client", json.dumps(asdict(load))]
    limit = load.warm + load.seconds + 60
    ended = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    if ended.returncode:
        raise RuntimeError(ended.stderr.strip().splitlines()[-1])
    found: dict[str, float] = json.loads(ended.stdout)
    return found


if __name__ == "__main__":
    given = Load(**json.loads(sys.argv[1]))
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    print(json.dumps(uvloop.run(run(given))))
