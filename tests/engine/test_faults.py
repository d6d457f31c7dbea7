"""What goes wrong around a run, each as processes: the user is told what, where and what next, and the next run goes on.

After each fault the same holds: no traceback of the engine's, a state that the next `up` uses, the cloud and the state
agree after it, and no lock, journal or half-written file is left.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import Project
from tests.engine.faulty import Served, faulty, wait_for
from trifold.engine.fork_server import ForkedProcess

UP = ("up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "4")
CHAIN = """
import pulumi
from thing import Thing

before = []
for number in range(4):
    before = [Thing(f"t{{number}}", size={size}, opts=pulumi.ResourceOptions(depends_on=before))]
"""
NEVER_ENDS = """
import os, pathlib, subprocess, time

child = subprocess.Popen(["sleep", "600"])
pathlib.Path("ready").write_text(f"{os.getpid()} {child.pid}")
while True:
    time.sleep(0.1)
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
        file.name for file in found if "locks" in file.parts and file.is_file() or file.suffix in (".tmp", ".journal")
    ]


def assert_goes_on(project: Project, served: Served, things: int = 4) -> str:
    """The next run finishes the work: state and cloud agree, and nothing is left over; what it said."""
    status, output = project.trifold(*UP)
    assert status == 0, output
    assert set(project.things()) == set(served.objects) and len(project.things()) == things, output
    assert not project.state()["pending_operations"] and leftovers(project) == []
    return output


def pending(project: Project) -> list[tuple[str, str]]:
    """(kind, name) of the operations that state has open."""
    found = project.state()["pending_operations"]
    return [(one["type"], one["resource"]["urn"].split("::")[-1]) for one in found]


# ---- the provider --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "found"), [("die", "knows none"), ("die_after", "taken over")])
def test_a_provider_dies_in_a_create(project: Project, fault: str, found: str) -> None:
    """Whether the object was made or not, it is neither lost nor made twice. Pulumi orphans it."""
    project.program(chain())
    with faulty(project, t1={"create": fault}):
        status, output = project.trifold(*UP)
        assert status == 255
        assert_told(output, "t1: error", "cannot be reached (Create)", "start it again", "its end is not known")
        assert pending(project) == [("creating", "t1")]
    with faulty(project) as served:
        assert found in assert_goes_on(project, served)


def test_a_provider_dies_in_an_update(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={"update": "die_after"}):
        status, output = project.trifold(*UP)
        assert status == 255 and pending(project) == [("updating", "t1")]
        assert_told(output, "cannot be reached (Update)", "its end is not known")
    with faulty(project) as served:
        assert_goes_on(project, served)
        assert served.calls("Update") == ["t2", "t3"]  # t1's had been done: the next run looked


def test_a_provider_dies_in_a_delete(project: Project) -> None:
    """The delete was done, and the program wants the resource again: it is made anew, not taken for there."""
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    with faulty(project, t3={"delete": "die_after"}):
        status, output = project.trifold("destroy", *UP[1:])
        assert status == 255 and pending(project) == [("deleting", "t3")], output
    with faulty(project) as served:
        assert "it is gone" in assert_goes_on(project, served)
        assert served.calls("Create") == ["t3"]


@pytest.mark.parametrize("method", ["check", "diff"])
def test_a_provider_dies_while_it_is_only_asked(project: Project, method: str) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={method: "die"}):
        status, output = project.trifold(*UP)
        assert status == 255 and pending(project) == []
        assert_told(output, f"cannot be reached ({method.title()})")
    with faulty(project) as served:
        assert_goes_on(project, served)


NONSENSE = [
    ("create", "no_id", "empty resource.ID"),
    ("create", "empty", "empty resource.ID"),
    ("create", "unknown", "makes no sense: unexpected unknown property value for 'arn'"),
    ("create", "untagged", "makes no sense: a property value has the unknown signature"),
    ("create", "not_a_map", "makes no sense: a property value has the unknown signature"),
    ("create", "bytes", "makes no sense: it is no message"),
    ("check", "bytes", "makes no sense: it is no message"),
]


@pytest.mark.parametrize(("method", "fault", "said"), NONSENSE)
def test_a_provider_answers_nonsense(project: Project, method: str, fault: str, said: str) -> None:
    """What it made all the same is found by the next run."""
    project.program(chain())
    with faulty(project, t1={method: fault}):
        status, output = project.trifold(*UP)
        assert status == 255
        assert_told(output, said)
    with faulty(project) as served:
        assert_goes_on(project, served)


@pytest.mark.parametrize("fault", ["unknown", "untagged", "bytes"])
def test_a_provider_answers_an_update_with_nonsense(project: Project, fault: str) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={"update": fault}):
        status, output = project.trifold(*UP)
        assert status == 255 and pending(project) == [("updating", "t1")]
        assert_told(output, "answer to Update makes no sense")
    with faulty(project) as served:
        assert_goes_on(project, served)


def test_an_empty_answer_to_diff_means_that_the_engine_compares(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={"diff": "empty"}) as served:
        assert_goes_on(project, served)
        assert served.calls("Update") == ["t0", "t1", "t2", "t3"]


# ---- Ctrl-C --------------------------------------------------------------------------------------------------------


def interrupted(project: Project, served: Served, times: int) -> tuple[int, str]:
    """Run `up` until t1 is being created, and interrupt it so many times; (status, what it said)."""
    process, output = project.start(*UP)
    wait_for(lambda: "t1" in served.calls("Create"))
    press(process, output, times)
    return process.wait(60), output.read_text()


def press(process: ForkedProcess, output: Path, times: int) -> None:
    os.kill(process.pid, signal.SIGINT)
    wait_for(lambda: "^C received" in output.read_text())
    if times == 2:
        os.kill(process.pid, signal.SIGINT)


@pytest.mark.parametrize(("fault", "found"), [("hang", "knows none"), ("hang_after", "taken over")])
def test_one_interrupt_cancels_a_provider_that_hangs(project: Project, fault: str, found: str) -> None:
    """As Pulumi: the first ^C asks the providers to cancel what they do."""
    project.program(chain())
    with faulty(project, t1={"create": fault}) as served:
        status, output = interrupted(project, served, 1)
        assert status == 255 and pending(project) == [("creating", "t1")]
        assert_told(
            output, "Press ^C again", "the operation was canceled", "update canceled", "to go on: trifold up -s dev"
        )
        assert leftovers(project) == []
    with faulty(project) as served:
        assert found in assert_goes_on(project, served)


def test_two_interrupts_end_a_run_whose_provider_is_deaf(project: Project) -> None:
    """Where Pulumi goes on waiting: its provider answers not even Cancel."""
    project.program(chain())
    with faulty(project, t1={"create": "deaf"}) as served:
        status, output = interrupted(project, served, 2)
        assert status == 255 and pending(project) == [("creating", "t1")]
        assert_told(output, "update terminated", "its end is not known", "to go on: trifold up -s dev")
        assert leftovers(project) == []
    with faulty(project) as served:
        assert_goes_on(project, served)


def test_an_interrupt_tells_what_was_not_come_to(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    with faulty(project, t2={"delete": "hang"}) as served:
        process, output = project.start("destroy", *UP[1:])
        wait_for(lambda: "t2" in served.calls("Delete"))
        press(process, output, 1)
        assert process.wait(60) == 255
        assert_told(output.read_text(), "not done: t1, t0", "to go on: trifold destroy -s dev")
    with faulty(project) as served:
        assert project.trifold("destroy", *UP[1:])[0] == 0
        assert served.objects == {} and project.things() == {}


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_ends_a_program_that_never_ends(project: Project, times: int) -> None:
    """And what it started itself."""
    project.program(NEVER_ENDS)
    with faulty(project) as served:
        process, output = project.start(*UP)
        ready = project.program_folder / "ready"
        wait_for(lambda: ready.exists() and ready.read_text() != "")
        press(process, output, times)
        assert process.wait(60) == 255
        assert_told(output.read_text(), "update canceled" if times == 1 else "update terminated", "to go on")
        for pid in map(int, ready.read_text().split()):
            wait_for(lambda pid=pid: not running(pid))
        project.program(chain())
        assert_goes_on(project, served)


def running(pid: int) -> bool:
    """Whether the process runs; one that ended and was not fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# ---- the program ---------------------------------------------------------------------------------------------------

ENDS = {
    "exit 3": ("import os; os._exit(3)", "Program exited with non-zero exit code: 3"),
    "exit 0": ("import os; os._exit(0)", "left before its end"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "exit code: -9 (SIGKILL)"),
    "raises": ("raise ValueError('boom')", "ValueError: boom"),
    "syntax": ("def (", "SyntaxError: invalid syntax"),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_program_that_dies_deletes_nothing(project: Project, how: str) -> None:
    """Not even one that leaves with status 0, after which Pulumi deletes what was not asked for."""
    text, said = ENDS[how]
    project.program(chain())
    with faulty(project) as served:
        assert project.trifold(*UP)[0] == 0
        project.program(f"import pulumi\n{text}\n")
        status, output = project.trifold(*UP)
        assert status == 255 and len(served.objects) == 4
        assert_told(output, said, "update failed")
        project.program(chain())
        assert_goes_on(project, served)


def test_a_program_that_ends_by_sys_exit_0_is_through(project: Project) -> None:
    """The twin: as in Pulumi."""
    project.program(chain())
    with faulty(project) as served:
        assert project.trifold(*UP)[0] == 0
        project.program("import sys\nsys.exit(0)\n")
        assert project.trifold(*UP)[0] == 0
        assert served.objects == {}


# ---- the state -----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(project: Project) -> Iterator[Path]:
    """The project's backend on a file system of 256 KB of its own."""
    backend = project.folder / "backend"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", backend], capture_output=True)
    if mounted.returncode:
        pytest.skip("cannot mount a small tmpfs here (it takes root)")
    try:
        yield backend
    finally:
        subprocess.run(["umount", backend], check=True)


BULKY = chain().replace("size=1", 'size=1, blob="x" * 9000').replace("range(4)", "range(12)")


def test_a_full_disk_loses_nothing(project: Project, small_disk: Path) -> None:
    """Pulumi leaves a state file that is cut short."""
    assert project.trifold("stack", "init", "dev", stack="")[0] == 0
    project.program(BULKY)
    with faulty(project) as served:
        status, output = project.trifold(*UP)
        assert status == 1
        assert_told(output, "cannot write state: No space left on device", "dev.json", "make room, then run it again")
        made = len(served.objects)
        assert 0 < made < 12
        subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
        assert_goes_on(project, served, 12)
        assert len(served.calls("Create")) == 12


def test_a_disk_that_is_full_from_the_start_changes_nothing(project: Project, small_disk: Path) -> None:
    assert project.trifold("stack", "init", "dev", stack="")[0] == 0
    project.program(chain())
    with pytest.raises(OSError, match="No space left"), (small_disk / "filler").open("wb") as out:
        while True:
            out.write(b"x" * 4096)
            out.flush()
    with faulty(project) as served:
        status, output = project.trifold(*UP)
        assert status == 1 and served.objects == {}
        assert_told(output, "cannot write state: No space left on device")
        (small_disk / "filler").unlink()
        assert_goes_on(project, served)


def test_two_runs_at_once_are_one_too_many(project: Project) -> None:
    project.program(chain())
    with faulty(project, t1={"create": "hang"}) as served:
        process, first = project.start(*UP)
        wait_for(lambda: "t1" in served.calls("Create"))
        status, output = Project.trifold(project, *UP)
        assert status == 1
        assert_told(output, "currently locked", f"(pid {process.pid}) at 20", "wait for the other process to end")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(60) == 255
    with faulty(project) as served:
        assert_goes_on(project, served)


@pytest.mark.parametrize("size", [0, 1, 0.5, -2])
def test_a_state_file_that_was_cut_short(project: Project, size: float) -> None:
    """The newest whole copy is named; copied over it, nothing is lost."""
    project.program(chain())
    with faulty(project) as served:
        assert project.trifold(*UP)[0] == 0
        whole = project.checkpoint.read_bytes()
        length = int(len(whole) * size) if size == 0.5 else int(size)
        project.checkpoint.write_bytes(whole[:length])
        for command in (UP, ("preview",), ("stack", "output")):
            status, output = project.trifold(*command)
            assert status == 1
            assert_told(output, "the state file is damaged", "dev.json", "  next:  cp ")
        advice = output.partition("  next:  ")[2].split()
        subprocess.run(advice[:3], check=True)
        assert "4 unchanged" not in assert_goes_on(project, served)
        assert len(served.calls("Create")) == 4


def test_copies_that_were_cut_short_are_not_named(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    root = project.folder / "backend" / ".pulumi"
    for copy in [*root.rglob("history/**/*.checkpoint.json"), *root.rglob("backups/**/*.json"), project.checkpoint]:
        copy.write_bytes(copy.read_bytes()[:40])
    assert f"cp {project.checkpoint}.bak {project.checkpoint}" in project.trifold("preview")[1]
    Path(f"{project.checkpoint}.bak").write_text("")
    assert "there is no whole copy of it" in project.trifold("preview")[1]


def test_a_wrong_passphrase_changes_nothing(project: Project) -> None:
    project.program(chain())
    with faulty(project) as served:
        assert project.trifold(*UP)[0] == 0
        before = project.checkpoint.read_bytes()
        status, output = project.trifold(*UP, PULUMI_CONFIG_PASSPHRASE="wrong")
        assert status == 1 and project.checkpoint.read_bytes() == before
        assert_told(output, "incorrect passphrase", "PULUMI_CONFIG_PASSPHRASE")
        assert_goes_on(project, served)
