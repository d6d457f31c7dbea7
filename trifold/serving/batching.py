"""Requests that arrive together are scored together; a request that is alone is scored at once.

When a request is ready and others that the server already has are not, it waits for them, at most `wait` seconds.
So there is no waiting at concurrency one, and no guess about requests that may never come.
A run that would keep the event loop longer than `INLINE_SECONDS` goes to a thread: health checks are answered, and
what arrives meanwhile makes the next batch.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from trifold.serving.rows import Row

Score = Callable[[Sequence[Row]], list[Any]]
INLINE_SECONDS = 0.005
SMOOTHING = 0.2  # of the newest run, in the running estimate of a row's cost


class Batcher:
    """Gathers rows and runs the model on them. One event loop, one run at a time.

    score: rows -> one prediction a row. in_flight: how many requests the server has that are not answered yet.
    observe: is told the rows of each run.
    """

    def __init__(
        self, score: Score, in_flight: Callable[[], int], wait: float, rows: int, observe: Callable[[int], None]
    ) -> None:
        self.score, self.in_flight, self.wait, self.rows, self.observe = score, in_flight, wait, rows, observe
        self.queue: list[tuple[list[Row], asyncio.Future[list[Any]]]] = []
        self.queued = 0
        self.timer: asyncio.Handle | None = None
        self.running = False
        self.seconds_a_row = 0.0
        self.thread: ThreadPoolExecutor | None = None

    async def submit(self, rows: list[Row]) -> list[Any]:
        """The predictions for these rows. Raises what the model raises for them, never for another request's."""
        alone = not self.queue and not self.running and self.in_flight() <= 1
        if alone and self.inline(len(rows)):
            return self.timed(rows)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Any]] = loop.create_future()
        self.queue.append((rows, future))
        self.queued += len(rows)
        if self.running:
            pass  # the end of the run takes the queue up
        elif len(self.queue) >= self.in_flight() or self.queued >= self.rows or not self.wait:
            self.flush()
        elif self.timer is None:
            self.timer = loop.call_later(self.wait, self.flush)
        return await future

    def inline(self, rows: int) -> bool:
        """Whether a run is short enough for the event loop's own thread."""
        return rows * self.seconds_a_row <= INLINE_SECONDS

    def flush(self) -> None:
        """Start runs on what is queued; it ends with an empty queue or a run under way in the thread."""
        if self.timer:
            self.timer.cancel()
            self.timer = None
        while self.queue and not self.running:
            batch = self.take()
            if self.inline(sum(len(rows) for rows, _ in batch)):
                deliver(batch, self.run(batch))
            else:
                self.in_thread(batch)

    def take(self) -> list[tuple[list[Row], "asyncio.Future[list[Any]]"]]:
        """The next requests whose rows together make one run; at least one request."""
        count = total = 0
        for rows, _ in self.queue:
            if count and total + len(rows) > self.rows:
                break
            count, total = count + 1, total + len(rows)
        batch, self.queue = self.queue[:count], self.queue[count:]
        self.queued -= total
        return batch

    def in_thread(self, batch: list[tuple[list[Row], "asyncio.Future[list[Any]]"]]) -> None:
        """Run one batch beside the event loop, then go on with what has come."""
        self.thread = self.thread or ThreadPoolExecutor(1, "model")
        self.running = True
        task = asyncio.get_running_loop().run_in_executor(self.thread, self.run, batch)

        def done(ended: "asyncio.Future[list[Any]]") -> None:
            self.running = False
            deliver(batch, ended.result())
            self.flush()

        task.add_done_callback(done)

    def run(self, batch: list[tuple[list[Row], "asyncio.Future[list[Any]]"]]) -> list[Any]:
        """For each request its predictions, or the exception that is its own.

        Where a merged run fails, each request is run by itself: one that the model refuses fails no other.
        """
        if len(batch) == 1:
            return [self.attempt(batch[0][0])]
        try:
            merged = self.timed([row for rows, _ in batch for row in rows])
        except Exception:
            return [self.attempt(rows) for rows, _ in batch]
        parts, start = [], 0
        for rows, _ in batch:
            parts.append(merged[start : start + len(rows)])
            start += len(rows)
        return parts

    def attempt(self, rows: list[Row]) -> Any:
        """Predictions, or the exception as a value."""
        try:
            return self.timed(rows)
        except Exception as error:
            return error

    def timed(self, rows: list[Row]) -> list[Any]:
        """Score, and learn what a row costs."""
        started = time.perf_counter()
        predictions = self.score(rows)
        spent = (time.perf_counter() - started) / len(rows)
        self.seconds_a_row += SMOOTHING * (spent - self.seconds_a_row)
        self.observe(len(rows))
        return predictions

    def close(self) -> None:
        """End the thread."""
        if self.thread:
            self.thread.shutdown()


def deliver(batch: list[tuple[list[Row], "asyncio.Future[list[Any]]"]], results: list[Any]) -> None:
    """Hand each waiting request its own; one whose client went away no longer waits."""
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
