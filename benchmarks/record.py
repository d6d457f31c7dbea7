"""What every benchmark's record says: when and where it ran, and which targets it reached. Pure but for `machine`."""

import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Target:
    """What is wanted of a number. most: the number may be no more than the bound, else no less."""

    text: str
    bound: float
    reached: float
    most: bool = False

    @property
    def good(self) -> bool:
        return self.reached <= self.bound if self.most else self.reached >= self.bound


def machine() -> dict[str, str]:
    """The machine and its Python."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": model[0].partition(": ")[2] if model else platform.machine(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release().split("-")[0],
        "python": platform.python_version(),
    }


def head(title: str, name: str, result: Mapping[str, Any], more: str = "") -> str:
    """The title, and what was measured when, where and with which versions."""
    found = dict(result["machine"])
    where = f"{found.pop('processor')}, {found.pop('cores')} cores, Linux {found.pop('kernel')}"
    versions = ", ".join(f"{one} {version}" for one, version in found.items())
    load = "load average {} at the start, {} at the end".format(*result["load"])
    note = f"\n\n**{result['note']}**" if result["note"] else ""
    return (
        f"# {title}\n\n"
        f"Measured {result['date']} by `python -m benchmarks {name}`, all in one run: {where}; {load}.\n"
        f"Versions: {versions}.{more}{note}"
    )


def table(targets: Iterable[Target]) -> str:
    """Each target, what was reached, and whether that is enough."""
    lines = ["| target | wanted | reached | |", "|---|--:|--:|---|"]
    for one in targets:
        verdict = "reached" if one.good else "**missed**"
        lines.append(f"| {one.text} | {one.bound:g} | {one.reached:.2f} | {verdict} |")
    return "\n".join(lines)
