"""The engine benchmark: the embedded engine beside `pulumi`, on the same programs, with a provider that does nothing.

`python -m benchmarks engine [--sizes 7,100] [--shapes wide,chain] [--no-pulumi] [--note TEXT] [--out FOLDER]` prints
tables; of all sizes and shapes it writes RESULTS.md and results.json beside this file (or in --out), as it goes: a run
that is cut short keeps what it has, and its record says so. Needs Linux.
"""

import argparse
import datetime
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import record
from benchmarks.engine import contenders, report
from benchmarks.engine.measure import Use

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SIZES, SHAPES = (7, 100, 1000, 5000), ("wide", "chain", "components")
# Small stacks are over so soon that what else the machine does shows: the best of several.
ROUNDS = {7: 3, 100: 2}
# The real engine's time grows with the square of the resources.
PULUMI_MOST, PULUMI_OTHERS = 1000, 100
# For each registration the SDK walks all that came before it in a chain, which takes the square for any engine, and at
# 985 is deeper than Python goes (RecursionError in pulumi/runtime/resource_cycle_breaker.py).
LONGEST = {"chain": 900}
SECONDS = 180.0


def main(arguments: Sequence[str]) -> None:
    """Measure, print, write."""
    options = parse(arguments)
    out = options.out or (HERE if (options.sizes, options.shapes) == (SIZES, SHAPES) else None)
    with tempfile.TemporaryDirectory(prefix="trifold-bench-") as scratch:
        for result in run(options, Path(scratch)):
            if out:
                (out / "results.json").write_text(json.dumps(result, indent=1) + "\n")
                (out / "RESULTS.md").write_text(report.render(result))
    print(report.render(result))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks engine")
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="numbers of resources, e.g. 7,100")
    parser.add_argument("--shapes", type=_names, default=SHAPES, help=f"of {', '.join(SHAPES)}")
    parser.add_argument("--no-pulumi", action="store_true", help="the embedded engine alone")
    parser.add_argument("--note", default="", help="a line for RESULTS.md, e.g. what else the machine was doing")
    parser.add_argument("--out", type=Path, help="the folder to write the record to")
    return parser.parse_args(arguments)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def run(options: argparse.Namespace, scratch: Path) -> Iterator[dict[str, Any]]:
    """All numbers so far and what they were measured with, after each stack; the last one holds all of them."""
    began = os.getloadavg()[0]
    engines = contenders.engines(PULUMI_MOST, PULUMI_OTHERS)[: 1 if options.no_pulumi else None]
    stacks = [(shape, size) for shape in options.shapes for size in sizes(shape, options.sizes)]
    rows: list[dict[str, Any]] = []
    for number, (shape, size) in enumerate(stacks, 1):
        rows += measured(engines, shape, size, Path(tempfile.mkdtemp(dir=scratch)))
        unfinished = "" if number == len(stacks) else f"Cut short: {number} of {len(stacks)} stacks were measured."
        yield {
            "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "machine": {
                **record.machine(),
                **{name: version(name) for name in ("pulumi", "grpcio", "protobuf")},
                **{f"{one.name} (engine)": one.version for one in engines},
            },
            "load": [round(began, 2), round(os.getloadavg()[0], 2)],
            "note": " ".join(filter(None, [options.note, unfinished])),
            "rows": rows,
        }


def sizes(shape: str, wanted: Sequence[int]) -> list[int]:
    """Those that the SDK takes of a shape, each once."""
    return list(dict.fromkeys(min(size, LONGEST.get(shape, size)) for size in wanted))


def measured(engines: Sequence[contenders.Engine], shape: str, size: int, scratch: Path) -> list[dict[str, Any]]:
    """The floor's and every engine's numbers for one stack."""

    def attempts(name: str, call: Callable[[Path], dict[str, Use]]) -> dict[str, Any]:
        print(f"{shape} {size:,}: {name} ...", file=sys.stderr, flush=True)
        row: dict[str, Any] = {"shape": shape, "size": size, "name": name}
        try:
            rounds = [call(Path(tempfile.mkdtemp(dir=scratch)) / "run") for _ in range(ROUNDS.get(size, 1))]
        except RuntimeError as error:
            return {**row, "failed": str(error).replace(f"{ROOT}/", "")[-500:]}
        return {**row, "uses": {key: asdict(best([one[key] for one in rounds])) for key in rounds[0]}}

    floor = attempts("floor", lambda folder: {"program": contenders.floor(shape, size, folder, SECONDS)})
    made = [
        attempts(one.name, lambda folder, one=one: one.run(shape, size, folder, SECONDS))  # type: ignore[misc]
        for one in engines
        if size <= one.limit(shape)
    ]
    return [floor, *made]


def best(uses: Sequence[Use]) -> Use:
    """The quickest of several: others can only slow a run down. Of memory, the most."""
    quickest = min(uses, key=lambda one: one.wall)
    most = {name: max(getattr(one, name) for one in uses) for name in ("pss", "rss")}
    return Use(quickest.wall, min(one.cpu for one in uses), **most)


if __name__ == "__main__":
    main(sys.argv[1:])
