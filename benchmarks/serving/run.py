"""The serving benchmark: every contender side by side in one run, on the same graph and the same rows.

`python -m benchmarks serving [--quick] [--only NAME] [--note TEXT] [--package FOLDER]` prints the table and writes
RESULTS.md and results.json beside this file (not with --quick or --only). The server is pinned to core 0, the client
to core 1. Needs Linux and two cores.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import record
from benchmarks.serving import install, report, server
from benchmarks.serving.client import Load, measure
from benchmarks.serving.contenders import CONTENDERS, Contender

HERE = Path(__file__).parent
SERVER_CORE, CLIENT_CORE = 0, 1
LOADS = (("1 x 1", 1, 1), ("1 x 16", 1, 16), ("100 x 16", 100, 16))  # name, rows in a request, connections


def main(arguments: Sequence[str]) -> None:
    """Measure, print, write."""
    options = parse(arguments)
    package = options.package or install.ROOT / ".trifold/packages/flights/current/package"
    chosen = [one for one in CONTENDERS if options.only in ("", one.name)]
    with tempfile.TemporaryDirectory(prefix="trifold-bench-") as scratch:
        result = run(chosen, Path(package).resolve(), Path(scratch), options)
    text = report.render(result)
    print(text)
    if not options.quick and not options.only:
        (HERE / "results.json").write_text(json.dumps(result, indent=1) + "\n")
        (HERE / "RESULTS.md").write_text(text)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks serving")
    parser.add_argument("--quick", action="store_true", help="short runs; writes nothing")
    parser.add_argument("--only", default="", help="one contender's name; writes nothing")
    parser.add_argument("--note", default="", help="a line for RESULTS.md, e.g. what else the machine was doing")
    parser.add_argument("--package", type=Path, help="a package folder (default: the current flights package)")
    return parser.parse_args(arguments)


def run(chosen: Sequence[Contender], package: Path, scratch: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All numbers of one run, and what they were measured with."""
    rows = json.loads((package / "sample.json").read_text())["request"]["instances"]
    seconds = 1.0 if options.quick else 4.0
    began = os.getloadavg()[0]
    limits = in_process(package, bodies(rows, "instances", scratch), seconds)
    measured = []
    for one in chosen:
        print(f"{one.name} ...", file=sys.stderr, flush=True)
        measured.append(contender(one, package, rows, scratch, seconds, rounds=1 if options.quick else 3))
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "package": json.loads((package / "manifest.json").read_text())["digest"],
        "machine": machine(),
        "load": [round(began, 2), round(os.getloadavg()[0], 2)],
        "note": options.note,
        "seconds": seconds,
        "limits": limits,
        "contenders": measured,
    }


def bodies(rows: Sequence[Any], member: str, folder: Path) -> dict[int, str]:
    """A request's body in a file, by its number of rows."""
    written = {}
    for count in sorted({rows for _, rows, _ in LOADS}):
        file = folder / f"{member}-{count}.json"
        file.write_text(json.dumps({member: [rows[number % len(rows)] for number in range(count)]}))
        written[count] = str(file)
    return written


def in_process(package: Path, files: dict[int, str], seconds: float) -> dict[str, Any]:
    """The limit by rows of a request, measured in a process of its own with the kit's own environment."""
    python = install.environment("trifold") / "python"
    command = [str(python), str(HERE / "limit.py"), str(SERVER_CORE), str(seconds), *files.values()]
    env = {**os.environ, "BENCH_PACKAGE": str(package), "PYTHONPATH": str(install.ROOT)}
    found = json.loads(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout)
    return {str(count): found[file] for count, file in files.items()}


def contender(
    one: Contender, package: Path, rows: Sequence[Any], scratch: Path, seconds: float, rounds: int
) -> dict[str, Any]:
    """One contender's numbers; {"failed": reason} where it does not install or start."""
    try:
        bin = install.environment(one.requirements)
        files = bodies(rows, one.rows, scratch)
        folder = Path(tempfile.mkdtemp(dir=scratch))
        starts = [timed_start(one, bin, package, folder, files[1]) for _ in range(rounds + 3)][1:]  # the first warms up
        running = server.start(one, bin, package, folder, files[1], SERVER_CORE)
        try:
            loads = {
                name: load(one, running, files[count], connections, seconds, rounds)
                for name, count, connections in LOADS
            }
            memory = running.resident()
        finally:
            running.stop()
    except (RuntimeError, subprocess.SubprocessError) as error:
        return {"name": one.name, "version": "", "failed": str(error)[-500:]}
    start, start_cpu = (round(min(times) * 1000) for times in zip(*starts, strict=True))
    return {
        "name": one.name,
        "version": version(bin, one.version) if one.version else "this checkout",
        "start_ms": start,
        "start_cpu_ms": start_cpu,
        "rss_mb": round(memory, 1),
        "loads": loads,
    }


def timed_start(one: Contender, bin: Path, package: Path, folder: Path, body: str) -> tuple[float, float]:
    """Seconds from the start of the process to the first answer, by the clock and of the processor."""
    running = server.start(one, bin, package, folder, body, SERVER_CORE)
    spent = running.cpu()
    running.stop()
    return running.seconds, spent


def load(
    one: Contender, running: server.Running, body: str, connections: int, seconds: float, rounds: int
) -> dict[str, float]:
    """The round of the most requests a second, of several: others can only slow a round down."""
    found = []
    for _ in range(rounds):
        before = running.cpu()
        numbers = measure(Load(running.port, one.path, body, connections, seconds / 4, seconds, core=CLIENT_CORE))
        spent = (running.cpu() - before) / (numbers["rps"] * seconds * 1.25)  # warming up is a quarter on top
        found.append({**numbers, "cpu_us": round(spent * 1e6, 1)})
    return max(found, key=lambda numbers: numbers["rps"])


def version(bin: Path, name: str) -> str:
    """The installed version of a package in an environment."""
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    return subprocess.run([bin / "python", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def machine() -> dict[str, str]:
    """What it was measured on, and the versions that matter."""
    names = ("onnxruntime", "uvicorn", "uvloop", "httptools", "msgspec", "numpy")
    return {**record.machine(), **{name: version(install.environment("trifold"), name) for name in names}}


if __name__ == "__main__":
    main(sys.argv[1:])
