"""What goes wrong with a provider, and ^C, each as processes: the user is told what, where and what next.

After each fault the same holds: no traceback of the engine's, a state that the next `up` uses, the cloud and the state
agree after it, and no lock, journal or half-written file is left.
"""

import pytest

from tests.engine.conftest import Project
from tests.engine.faulty import Served, faulty, wait_for
from tests.engine.outcomes import UP, assert_goes_on, assert_told, chain, leftovers, pending, press, running, slow

NEVER_ENDS = """
import os, pathlib, subprocess, time

child = subprocess.Popen(["sleep", "600"])
pathlib.Path("ready").write_text(f"{os.getpid()} {child.pid}")
while True:
    time.sleep(0.1)
"""


# ---- the provider --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "found"), [slow("die", "knows none"), ("die_after", "taken over")])
def test_a_provider_dies_in_a_create(project: Project, fault: str, found: str) -> None:
    """Whether the object was made or not, it is neither lost nor made twice. Pulumi orphans it."""
    project.program(chain())
    with faulty(project, t1={"create": fault}):
        status, output = project.trifold(*UP)
        assert status == 1
        assert_told(output, "t1: error", "cannot be reached (Create)", "start it again", "its end is not known")
        assert pending(project) == [("creating", "t1")]
    with faulty(project) as served:
        assert found in assert_goes_on(project, served)


@pytest.mark.soak
def test_a_provider_dies_in_an_update(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={"update": "die_after"}):
        status, output = project.trifold(*UP)
        assert status == 1 and pending(project) == [("updating", "t1")]
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
        assert status == 1 and pending(project) == [("deleting", "t3")], output
    with faulty(project) as served:
        assert "it is gone" in assert_goes_on(project, served)
        assert served.calls("Create") == ["t3"]


@pytest.mark.soak
@pytest.mark.parametrize("method", ["check", "diff"])
def test_a_provider_dies_while_it_is_only_asked(project: Project, method: str) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={method: "die"}):
        status, output = project.trifold(*UP)
        assert status == 1 and pending(project) == []
        assert_told(output, f"cannot be reached ({method.title()})")
    with faulty(project) as served:
        assert_goes_on(project, served)


NONSENSE = [
    slow("create", "no_id", "empty resource.ID"),
    slow("create", "empty", "empty resource.ID"),
    ("create", "unknown", "makes no sense: unexpected unknown property value for 'arn'"),
    slow("create", "untagged", "makes no sense: a property value has the unknown signature"),
    slow("create", "not_a_map", "makes no sense: a property value has the unknown signature"),
    ("create", "bytes", "makes no sense: it is no message"),
    slow("check", "bytes", "makes no sense: it is no message"),
]


@pytest.mark.parametrize(("method", "fault", "said"), NONSENSE)
def test_a_provider_answers_nonsense(project: Project, method: str, fault: str, said: str) -> None:
    """What it made all the same is found by the next run."""
    project.program(chain())
    with faulty(project, t1={method: fault}):
        status, output = project.trifold(*UP)
        assert status == 1
        assert_told(output, said)
    with faulty(project) as served:
        assert_goes_on(project, served)


@pytest.mark.soak
@pytest.mark.parametrize("fault", ["unknown", "untagged", "bytes"])
def test_a_provider_answers_an_update_with_nonsense(project: Project, fault: str) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={"update": fault}):
        status, output = project.trifold(*UP)
        assert status == 1 and pending(project) == [("updating", "t1")]
        assert_told(output, "answer to Update makes no sense")
    with faulty(project) as served:
        assert_goes_on(project, served)


@pytest.mark.soak
def test_an_empty_answer_to_diff_means_that_the_engine_compares(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    project.program(chain(2))
    with faulty(project, t1={"diff": "empty"}) as served:
        assert_goes_on(project, served)
        assert served.calls("Update") == ["t0", "t1", "t2", "t3"]


def test_a_run_that_does_not_need_a_provider_ends_after_its_configure(project: Project) -> None:
    """What one run sent is not left to the next one. It is not waited for long: see the twin."""
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    with faulty(project, default={"configure": "late"}) as served:
        before = served.calls("Configure")
        assert project.trifold("destroy", "--preview-only")[0] == 0
        assert served.calls("Configure") == [*before, "default"]


@pytest.mark.soak
def test_a_run_that_does_not_need_a_provider_does_not_hang_with_it(project: Project) -> None:
    project.program(chain())
    with faulty(project):
        assert project.trifold(*UP)[0] == 0
    with faulty(project, default={"configure": "deaf"}):
        assert project.trifold("destroy", "--preview-only")[0] == 0


# ---- Ctrl-C --------------------------------------------------------------------------------------------------------


def interrupted(project: Project, served: Served, times: int) -> tuple[int, str]:
    """Run `up` until t1 is being created, and interrupt it so many times; (status, what it said)."""
    process, output = project.start(*UP)
    wait_for(lambda: "t1" in served.calls("Create"))
    press(process, output, times)
    return process.wait(60), output.read_text()


@pytest.mark.parametrize(("fault", "found"), [slow("hang", "knows none"), ("hang_after", "taken over")])
def test_one_interrupt_cancels_a_provider_that_hangs(project: Project, fault: str, found: str) -> None:
    """As Pulumi: the first ^C asks the providers to cancel what they do."""
    project.program(chain())
    with faulty(project, t1={"create": fault}) as served:
        status, output = interrupted(project, served, 1)
        assert status == 1 and pending(project) == [("creating", "t1")]
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
        assert status == 1 and pending(project) == [("creating", "t1")]
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
        assert process.wait(60) == 1
        assert_told(output.read_text(), "not done: t0, t1", "to go on: trifold destroy -s dev")
    with faulty(project) as served:
        assert project.trifold("destroy", *UP[1:])[0] == 0
        assert served.objects == {} and project.things() == {}


@pytest.mark.parametrize("times", [1, slow(2)])
def test_an_interrupt_ends_a_program_that_never_ends(project: Project, times: int) -> None:
    """And what it started itself."""
    project.program(NEVER_ENDS)
    with faulty(project) as served:
        process, output = project.start(*UP)
        ready = project.program_folder / "ready"
        wait_for(lambda: ready.exists() and ready.read_text() != "")
        press(process, output, times)
        assert process.wait(60) == 1
        assert_told(output.read_text(), "update canceled" if times == 1 else "update terminated", "to go on")
        for pid in map(int, ready.read_text().split()):
            wait_for(lambda pid=pid: not running(pid))
        project.program(chain())
        assert_goes_on(project, served)
