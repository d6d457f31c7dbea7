"""The in-process limit: the same graph with no server around it, on one core. Prints one JSON object.

`tensors`: ONNX Runtime's run alone, its input tensors ready made. The others go from the request's bytes to the
answer's: `json` with the standard library's json and what every peer does with rows (apps/graph.py), `own` with the
kit's reader and scorer.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def rate(call: Callable[[], Any], seconds: float) -> float:
    """Calls a second: the best of five tries, as others may use the machine."""
    best = 0.0
    for _ in range(5):
        count, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds / 5:
            for _ in range(20):
                call()
            count += 20
        best = max(best, count / spent)
    return best


def main(bodies: list[str], seconds: float) -> dict[str, dict[str, float]]:
    """For each body: requests a second, by way."""
    sys.path.insert(0, str(Path(__file__).parent / "apps"))
    import graph

    found = {}
    for body in bodies:
        raw = Path(body).read_bytes()
        feeds = graph.feeds(json.loads(raw)["instances"])

        def run(feeds: Any = feeds) -> Any:
            return graph.session.run([graph.output["tensor"]], feeds)

        def text(raw: bytes = raw) -> Any:
            return json.dumps({"predictions": graph.predict(json.loads(raw)["instances"])}).encode()

        ways = {"tensors": run, "json": text, "own": own(raw)}
        found[body] = {name: round(rate(call, seconds), 1) for name, call in ways.items()}
    return found


def own(raw: bytes) -> Callable[[], bytes]:
    """A request through the kit's reader and scorer: what its server does, with no server around it."""
    import msgspec

    from trifold.package import load
    from trifold.serving.rows import Reader
    from trifold.serving.scorer import Scorer

    package = load(os.environ["BENCH_PACKAGE"])
    reader = Reader(package.signature, len(raw))
    scorer = Scorer(package.folder / "model.onnx", package.signature, 1)
    return lambda: msgspec.json.encode({"predictions": scorer.score(reader.read(raw))})


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    print(json.dumps(main(sys.argv[3:], float(sys.argv[2]))))
