"""What goes wrong with the program, the disk, the lock and the state file: see test_faults.py for what always holds."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import Project
from tests.engine.faulty import faulty, wait_for
from tests.engine.outcomes import UP, assert_goes_on, assert_told, chain, slow

# ---- the program ---------------------------------------------------------------------------------------------------

ENDS = {
    "exit 3": ("import os; os._exit(3)", "Program exited with non-zero exit code: 3"),
    "exit 0": ("import os; os._exit(0)", "left before its end"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "exit code: -9 (SIGKILL)"),
    "raises": ("raise ValueError('boom')", "ValueError: boom"),
    "syntax": ("def (", "SyntaxError: invalid syntax"),
}


@pytest.mark.parametrize("how", [name if name == "exit 0" else slow(name) for name in ENDS])
def test_a_program_that_dies_deletes_nothing(project: Project, how: str) -> None:
    """Not even one that leaves with status 0, after which Pulumi deletes what was not asked for."""
    text, said = ENDS[how]
    project.program(chain())
    with faulty(project) as served:
        assert project.trifold(*UP)[0] == 0
        project.program(f"import pulumi\n{text}\n")
        status, output = project.trifold(*UP)
        assert status == 1 and len(served.objects) == 4
        assert_told(output, said, "update failed")
        project.program(chain())
        assert_goes_on(project, served)


@pytest.mark.soak
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


@pytest.mark.soak
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
        process, _ = project.start(*UP)
        wait_for(lambda: "t1" in served.calls("Create"))
        status, output = project.trifold(*UP)
        assert status == 1
        assert_told(output, "currently locked", f"(pid {process.pid}) at 20", "wait for the other process to end")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(60) == 1
    with faulty(project) as served:
        assert_goes_on(project, served)


@pytest.mark.parametrize("size", [slow(0), slow(1), 0.5, slow(-2)])
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
