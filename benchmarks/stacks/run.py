"""The kit's own stacks: a preview that finds no change, beside the time that the program's imports take by themselves.

`python -m benchmarks stacks [--rounds 5] [--out FOLDER]` brings the three stacks up on local clouds of its own, and
writes RESULTS.md and results.json beside this file (or in --out).
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import record
from benchmarks.record import Target

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLOUDS = ("aws", "azure", "gcp")
COMMAND = (sys.executable, "-m", "trifold.cli.main")
# All that the program imports, before it does anything.
IMPORTS = "from infra import clouds, costs, settings; clouds.load('{cloud}')"
WANTED = 0.5


def main(arguments: Sequence[str]) -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks stacks")
    parser.add_argument("--rounds", type=int, default=5, help="the best of so many")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder to write the record to")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="trifold-bench-") as state:
        result = run(options.rounds, {**os.environ, "TRIFOLD_STATE": state})
    text = render(result)
    print(text)
    (options.out / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.out / "RESULTS.md").write_text(text)


def run(rounds: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """Seconds by cloud, of stacks that are up."""
    began = os.getloadavg()[0]
    trifold(environment, "model", "build", "flights")
    trifold(environment, "local", "start")
    try:
        rows = [measured(cloud, rounds, environment) for cloud in CLOUDS]
    finally:
        trifold(environment, "local", "stop")
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": {**record.machine(), "pulumi": version("pulumi")},
        "load": [round(began, 2), round(os.getloadavg()[0], 2)],
        "note": "",
        "rows": rows,
    }


def measured(cloud: str, rounds: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """The best of some rounds of both, in turn, so that neither has the quieter machine."""
    print(f"{cloud} ...", file=sys.stderr, flush=True)
    trifold(environment, "up", "--yes", "-s", cloud)
    imports = (sys.executable, "-c", IMPORTS.format(cloud=cloud))
    pairs = [
        (seconds(imports, environment), seconds((*COMMAND, "preview", "--expect-no-changes", "-s", cloud), environment))
        for _ in range(rounds)
    ]
    return {"cloud": cloud, "imports": min(one for one, _ in pairs), "preview": min(one for _, one in pairs)}


def trifold(environment: Mapping[str, str], *arguments: str) -> None:
    seconds((*COMMAND, *arguments), environment)


def seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """By the clock. RuntimeError where it fails."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return time.perf_counter() - started


def render(result: Mapping[str, Any]) -> str:
    """RESULTS.md: pure."""
    lines = ["| stack | the program's imports | preview without a change | beyond |", "|---|--:|--:|--:|"]
    lines += [
        f"| {one['cloud']} | {one['imports']:.2f} | {one['preview']:.2f} | {one['preview'] - one['imports']:.2f} |"
        for one in result["rows"]
    ]
    targets = [
        Target(f"s beyond the imports ({one['cloud']})", WANTED, one["preview"] - one["imports"], most=True)
        for one in result["rows"]
    ]
    how = (
        "Seconds by the clock, the best of several rounds, of whole commands: an interpreter that imports what the\n"
        "program imports, and `trifold preview` of the stack that is up on the local cloud, with everything it starts."
    )
    parts = [record.head("The kit's stacks: a preview", "stacks", result), how, "\n".join(lines), record.table(targets)]
    return "\n\n".join(parts) + "\n"
