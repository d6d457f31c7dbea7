"""An engine that is killed leaves a state from which the next run goes on: nothing is lost, nothing is orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.engine.conftest import VARIABLE, Project, provider
from tests.engine.replaying import load_replay

COUNT = 6
PROGRAM = """
from thing import Thing

before = None
for number in range({count}):
    Thing(f"t{{number}}", size={size}, replaceMe="{place}")
"""


def finding() -> type:
    """The reference provider, able to find an object by the name its create was given (Read without an id).

    begun: the creates that were asked for, whether they have ended or not.
    """
    load_replay()
    import provider as reference

    class Finding(reference.Provider):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.begun = []

        def answer(self, method, request, context):
            if method == "Create":
                self.begun.append(request.urn)
            return super().answer(method, request, context)

        def do_GetPluginInfo(self, request):
            return reference.plugin_pb2.PluginInfo(version="1.2.3+trifold.local")

        def do_Read(self, request):
            if request.id:
                return super().do_Read(request)
            name, wanted = request.urn.split("::")[-1], reference.plain(request.inputs)
            for ident, thing in self.cloud["objects"].items():
                if thing["name"] == name and thing["inputs"] == wanted:
                    outputs, inputs = reference.to_struct(thing["outputs"]), reference.to_struct(thing["inputs"])
                    return reference.pb.ReadResponse(id=ident, properties=outputs, inputs=inputs)
            return reference.pb.ReadResponse()

    return Finding


def kill_when(project: Project, reached: Callable[[], bool]) -> None:
    """Start `up` with one operation at a time, and kill it once the condition holds."""
    process, output = project.start("up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "1")
    deadline = time.monotonic() + 90
    while not reached():
        assert process.returncode is None and time.monotonic() < deadline, output.read_text()
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(20) != 0


@pytest.mark.parametrize("place", [0, 1, 3, COUNT - 1])
def test_a_create_whose_answer_was_lost_is_adopted(project: Project, place: int) -> None:
    """Killed while the provider creates: the object comes to be, and nobody has recorded its id."""
    project.program(PROGRAM.format(count=COUNT, size=1, place="a"))
    slow = {"delay": {f"t{place}": {"create": 1.0}}}
    with provider(project, finding(), **slow) as served:
        kill_when(project, lambda: len(served.begun) > place)
        while served.running:
            time.sleep(0.02)
        pending = project.state()["pending_operations"]
        assert [one["type"] for one in pending] == ["creating"]
        status, output = project.up()
        assert status == 0, output
        assert "taken over" in output
        assert set(project.things()) == set(served.cloud["objects"]) and len(project.things()) == COUNT
        assert project.state()["pending_operations"] == []


def test_a_create_that_never_reached_the_provider_is_done_anew(project: Project) -> None:
    project.program(PROGRAM.format(count=2, size=1, place="a"))
    with provider(project, finding(), delay={"t1": {"create": 30}}) as served:
        kill_when(project, lambda: len(served.begun) > 1)
    with provider(project, finding()) as served:
        status, output = project.up()
        assert status == 0, output
        assert "knows none" in output
        assert set(project.things()) == set(served.cloud["objects"]) and len(project.things()) == 2


def test_a_replacement_that_was_cut_off_is_carried_through(project: Project) -> None:
    project.program(PROGRAM.format(count=3, size=1, place="a"))
    with provider(project, finding()):
        assert project.up()[0] == 0
    project.program(PROGRAM.format(count=3, size=1, place="b"))
    with provider(project, finding(), delay={"t1": {"create": 1.0}}) as served:
        kill_when(project, lambda: len(served.begun) > 1)
        while served.running:
            time.sleep(0.02)
        status, output = project.up()
        assert status == 0, output
        assert set(project.things()) == set(served.cloud["objects"]) and len(project.things()) == 3
        assert all(thing["inputs"]["replaceMe"] == "b" for thing in served.cloud["objects"].values())


def test_a_delete_that_was_cut_off_is_done_again(project: Project) -> None:
    project.program(PROGRAM.format(count=3, size=1, place="a"))
    with provider(project, finding()):
        assert project.up()[0] == 0
    project.program("import pulumi\n")
    with provider(project, finding(), delay={"t1": {"delete": 30}, "t2": {"delete": 30}, "t0": {"delete": 30}}):
        kill_when(project, lambda: bool(project.state()["pending_operations"]))
    with provider(project, finding()) as served:
        status, output = project.up()
        assert status == 0, output
        assert project.things() == {} and served.cloud["objects"] == {}


def test_the_lock_of_a_killed_engine_does_not_stay(project: Project) -> None:
    project.program(PROGRAM.format(count=1, size=1, place="a"))
    with provider(project, finding(), delay={"t0": {"create": 1.0}}) as served:
        kill_when(project, lambda: served.running > 0)
        assert list((project.folder / "backend").rglob("locks/**/*.json"))
        assert project.up()[0] == 0
        assert not list((project.folder / "backend").rglob("locks/**/*.json"))


def test_an_interrupted_run_finishes_what_runs_and_says_so(project: Project) -> None:
    project.program(PROGRAM.format(count=4, size=1, place="a"))
    with provider(project, finding(), delay={"t1": {"create": 1.0}}) as served:
        process, output = project.start("up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "1")
        while len(served.begun) < 2:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(60) == 1
        assert "finishing what runs" in output.read_text() and "canceled" in output.read_text()
        assert set(project.things()) == set(served.cloud["objects"]) and len(project.things()) == 2
        assert project.up()[0] == 0 and len(project.things()) == 4


NEVER_ENDS = """
import os, pathlib, time

pathlib.Path("pid").write_text(str(os.getpid()))
time.sleep(600)
"""


def test_a_program_ends_with_its_killed_engine(project: Project) -> None:
    """As separate processes, which is how users have them."""
    project.program(NEVER_ENDS)
    found = project.program_folder / "pid"
    command = [sys.executable, "-m", "trifold.cli.main", "up", "--yes", "--skip-preview", "--non-interactive"]
    environment = {name: value for name, value in project.environment.items() if name != VARIABLE}
    where = ["-s", "dev", "-C", str(project.program_folder)]
    with provider(project), subprocess.Popen([*command, *where], env=environment, stdout=subprocess.DEVNULL) as engine:
        wait_for(lambda: found.exists() and found.read_text() != "")
        program = int(found.read_text())
        os.kill(program, 0)
        engine.kill()
        wait_for(lambda: not running(program))


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
