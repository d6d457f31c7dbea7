"""The requests of a run: handed in by any thread, taken one by one, and let go of when the run takes no more."""

import threading
from queue import Empty, SimpleQueue
from typing import Any

from trifold.engine.requests import Closed

# Seconds after which whoever waits looks at whether the run was stopped.
LOOK = 0.2


class Inbox:
    """unanswered: once closed, the requests that came to nothing."""

    def __init__(self) -> None:
        self.unanswered: list[Any] = []
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._waiting: dict[Any, Any] = {}

    def post(self, request: Any) -> None:
        """Hand in a request; it is answered through its future. Raises Closed once the run takes none."""
        with self._lock:
            if self._closed:
                raise Closed
            if answer := getattr(request, "answer", None):
                self._waiting[answer] = request
                answer.add_done_callback(lambda done: self._waiting.pop(done, None))
        self._queue.put(request)

    def next(self) -> Any:
        """The next request; None if there is none yet, or somebody woke whoever waits."""
        try:
            return self._queue.get(timeout=LOOK)
        except Empty:
            return None

    def wake(self) -> None:
        self._queue.put(None)

    def close(self) -> None:
        """Take no more requests, and let go of those that will not be answered."""
        with self._lock:
            self._closed = True
        left = dict(self._waiting)
        self.unanswered += left.values()
        for answer in left:
            answer.cancel()
