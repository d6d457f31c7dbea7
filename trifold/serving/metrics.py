"""/metrics in Prometheus' text format, 0.0.4."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000)


class Histogram:
    """Counts by upper bound."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds, self.counts, self.sum = tuple(bounds), [0] * (len(bounds) + 1), 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def lines(self, name: str, help: str) -> Iterator[str]:
        yield from (f"# HELP {name} {help}", f"# TYPE {name} histogram")
        total = 0
        for bound, count in zip((*self.bounds, "+Inf"), self.counts, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield from (f"{name}_sum {self.sum:.9g}", f"{name}_count {total}")


class Metrics:
    """What is counted. Only the event loop's thread writes here."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels, self.started = dict(labels), time.time()
        self.requests: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds, self.batch = Histogram(SECONDS), Histogram(ROWS)
        self.rows = 0

    def render(self, in_flight: int) -> bytes:
        """The page."""
        return ("\n".join(self.lines(in_flight)) + "\n").encode()

    def lines(self, in_flight: int) -> Iterator[str]:
        labels = ",".join(f'{name}="{escaped(value)}"' for name, value in self.labels.items())
        yield from single("trifold_model_info", "gauge", "The package that answers.", {f"{{{labels}}}": 1})
        codes = {f'{{code="{code}"}}': count for code, count in sorted(self.requests.items())}
        yield from single("trifold_requests_total", "counter", "Scoring requests answered, by status.", codes)
        reasons = {f'{{reason="{reason}"}}': count for reason, count in sorted(self.refused.items())}
        yield from single("trifold_refused_total", "counter", "Requests refused, by reason.", reasons)
        yield from single("trifold_rows_total", "counter", "Rows scored.", {"": self.rows})
        yield from single("trifold_requests_in_flight", "gauge", "Requests being answered.", {"": in_flight})
        yield from self.seconds.lines("trifold_request_seconds", "From the request's head to its answer.")
        yield from self.batch.lines("trifold_batch_rows", "Rows in one run of the model.")
        memory = {"": resident()}
        yield from single("process_resident_memory_bytes", "gauge", "Resident memory.", memory)
        start = {"": f"{self.started:.3f}"}
        yield from single("process_start_time_seconds", "gauge", "When the server started, Unix time.", start)


def single(name: str, kind: str, help: str, values: Mapping[str, object]) -> Iterator[str]:
    """A metric's lines; values by their label set as written."""
    yield from (f"# HELP {name} {help}", f"# TYPE {name} {kind}")
    yield from (f"{name}{labels} {value}" for labels, value in values.items())


def escaped(text: str) -> str:
    """A label's value as the format wants it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def resident() -> int:
    """Bytes of memory in use; 0 where /proc does not say."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
