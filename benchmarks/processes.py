"""What a process and all that descend from it use, read from /proc."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def members(pid: int) -> list[int]:
    """The process and all that descend from it."""
    parents = {
        int(entry.name): _parent_of(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    }
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found and one not in found}:
        found |= more
    return sorted(found)


def resident(pids: Iterable[int]) -> float:
    """Resident memory in MB (10^6 bytes); what processes share counts in each."""
    pages = [int(found.split()[1]) for pid in pids if (found := _read(pid, "statm"))]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def proportional(pids: Iterable[int]) -> float:
    """Proportional memory (PSS) in MB (10^6 bytes): of what n processes share, each counts an n-th part."""
    found = [PSS.search(_read(pid, "smaps_rollup")) for pid in pids]
    return sum(int(one[1]) for one in found if one) * 1024 / 1e6


def cpu(pids: Iterable[int]) -> float:
    """Processor seconds spent."""
    stats = [_read(pid, "stat").rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in stats if one) / TICK


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


def _parent_of(pid: int) -> int:
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return int(fields[1]) if len(fields) > 1 else -1
