"""What the tests of faults share: programs, what the user is told, and how the next run goes on."""

import os
import signal
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.engine.conftest import Project
from tests.engine.faulty import Served, wait_for
from trifold.engine.fork_server import ForkedProcess


def slow(*values: object) -> ParameterSet:
    """A case for `make soak`: another shows the same mechanism in `make test`."""
    return pytest.param(*values, marks=pytest.mark.soak)


UP = ("up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "4")
CHAIN = """
import pulumi
from thing import Thing

before = []
for number in range(4):
    before = [Thing(f"t{{number}}", size={size}, opts=pulumi.ResourceOptions(depends_on=before))]
"""


def chain(size: int = 1) -> str:
    return CHAIN.format(size=size)


def assert_told(output: str, *words: str) -> None:
    """All words are there, and nothing of the engine's inside."""
    for word in words:
        assert word in output, output
    assert "trifold/engine" not in output and "concurrent/futures" not in output, output


def leftovers(project: Project) -> list[str]:
    """Locks, journals and half-written files in the backend."""
    found = (project.folder / "backend").rglob("*")
    return [
        file.name for file in found if ("locks" in file.parts and file.is_file()) or file.suffix in (".tmp", ".journal")
    ]


def assert_goes_on(project: Project, served: Served, things: int = 4) -> str:
    """The next run finishes the work: state and cloud agree, and nothing is left over; what it said."""
    status, output = project.trifold(*UP)
    assert status == 0, output
    assert set(project.things()) == set(served.objects) and len(project.things()) == things, output
    left = [*pending(project), *leftovers(project)]
    assert not left, f"left over: {left}\n{output}"
    return output


def pending(project: Project) -> list[tuple[str, str]]:
    """(kind, name) of the operations that state has open."""
    found = project.state()["pending_operations"]
    return [(one["type"], one["resource"]["urn"].split("::")[-1]) for one in found]


def press(process: ForkedProcess, output: Path, times: int) -> None:
    os.kill(process.pid, signal.SIGINT)
    wait_for(lambda: "^C received" in output.read_text())
    if times == 2:
        os.kill(process.pid, signal.SIGINT)


def running(pid: int) -> bool:
    """Whether the process runs; one that ended and was not fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
