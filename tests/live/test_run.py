"""`make live` from end to end, on the local clouds: by `pulumi` where it is there, else by the embedded engine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.conformance import rig
from tests.conformance.up import TRIFOLD
from tests.live import mark, record, run
from tests.live.plan import HOURS, Wish
from trifold.errors import UserError

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


def wish(cloud, stack="", hours=HOURS):
    """Not all prices are known; what they are of is not made locally."""
    return Wish(cloud, 20, stack, hours, allow_unknown=True)


def steps(found):
    return {one.name: one.why for one in found.steps}


def of(place, cloud):
    """What a sweep finds of the stack; a name that Azure holds is none of it."""
    done = place.asked("sweep", cloud, "-s", f"live-{cloud}", "--json")
    things = [one for found in json.loads(done.stdout) for one in found["things"]]
    return [one for one in things if one["verdict"] != "name held"]


@pytest.mark.soak  # up, the suite with its destroy and up, and destroy
def test_a_run_ends_with_a_record_and_nothing_left(place, cloud, unpinned):
    found = unpinned(wish(cloud), place)
    assert found.passed, found
    assert list(steps(found))[-4:] == ["up", "tests", "destroy", "sweep"]
    assert {one.outcome for one in found.tests} == {"passed", "left out"}
    assert found.resources and found.money.dollars < 20
    assert of(place, cloud) == []
    (page,) = place.records.glob("*.md")
    assert "Not a run on a real account" in page.read_text()
    assert mark.read(place.kept, f"live-{cloud}") is None
    assert record.kept(place.records) == []  # a local run is no record of a real one


@pytest.mark.soak
def test_the_suite_is_tried_on_the_local_cloud_first_and_held_against_it(place, unpinned):
    found = unpinned(wish("aws"), replace(place, rehearse=True))
    assert found.passed, found
    assert [one.outcome for one in found.tests] == [one.outcome for one in found.local]


def test_a_run_that_takes_too_long_is_stopped_and_taken_down(place, unpinned):
    found = unpinned(wish("aws", hours=0.5 / 3600), place)
    assert steps(found)["up"] and not found.passed
    assert found.left == () and of(place, "aws") == []
    assert mark.read(place.kept, "live-aws") is None


def test_what_a_killed_run_left_is_told_and_taken_down(place, unpinned):
    """Killed while `up` works, which goes on: nobody touches the stack before it has ended."""
    runner = begun(place, "created")
    runner.kill()
    runner.wait()
    with pytest.raises(UserError, match="left the stack 'live-aws' on aws") as refused:
        unpinned(wish("aws"), place)
    assert refused.value.next == "make live-down CLOUD=aws STACK=live-aws"

    down = finished(place)
    assert down.left == () and not down.steps[-1].why, down
    assert of(place, "aws") == [] and mark.read(place.kept, "live-aws") is None


def begun(place, said):
    """A run as a process of its own, which has said a word."""
    runner = subprocess.Popen(
        [sys.executable, "-c", RUN, *map(str, (place.folder, place.kept)), *place.engine],
        cwd=rig.ROOT,
        env=place.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in runner.stdout:
        if said in line:
            return runner
    raise AssertionError(f"it ended with {runner.wait()}")


RUN = """
import os, sys
from pathlib import Path
from tests.live import plan, record, run
folder, kept, *engine = sys.argv[1:]
place = plan.Place(Path(folder), Path(kept), Path(kept), engine, os.environ, 0.0, rehearse=False)
wish = plan.Wish("aws", 20, allow_unknown=True)
run._live(wish, place, (plan.wrong_file, plan.too_dear), record.LOCAL)
"""


def finished(place):
    """The teardown, once what was still at work has ended."""
    end = time.monotonic() + 300
    while True:
        try:
            return run.finish("aws", "live-aws", place)
        except UserError as busy:
            assert "still being done" in busy.what and time.monotonic() < end, busy
            time.sleep(0.5)


@pytest.mark.soak
def test_an_interrupt_stops_the_tests_and_takes_the_stack_down(place):
    runner = begun(place, "== tests")
    os.kill(runner.pid, signal.SIGINT)
    said = runner.stdout.read()
    assert runner.wait() == 0, said
    assert "== destroy" in said and "== written" in said
    assert of(place, "aws") == [] and mark.read(place.kept, "live-aws") is None


def test_a_stack_that_is_up_already_is_left_alone(place, unpinned):
    """It was not this kind of run that made it."""
    local = replace(place, engine=TRIFOLD, folder=rig.ROOT)
    assert local.called([*TRIFOLD, "up", "--yes", "--skip-preview", "-s", "aws"]).returncode == 0
    with pytest.raises(UserError, match="'aws' is up already"):
        unpinned(wish("aws", stack="aws"), local)
    assert local.called([*TRIFOLD, "preview", "-s", "aws", "--expect-no-changes"]).returncode == 0


def test_a_mark_says_what_it_costs():
    left = mark.Mark("live-aws", "aws", "us-east-1", "2026-12-01T08:00:00+0000", 0.056)
    told = left.told(datetime(2026, 12, 1, 18, tzinfo=UTC))
    assert "at least US$0.56 in 10.0 hours" in told


def test_the_command_itself_refuses_local_clouds(project, cloud):
    """What `make live` runs has no way around the pin."""
    (project / "bin").mkdir()
    shutil.copy("/bin/true", project / "bin" / "pulumi")
    environment = {**os.environ, "PATH": f"{project / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.live", cloud, "20", "--stack", cloud],
        cwd=rig.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "pinned to the local" in done.stderr or "speaks to the local clouds" in done.stderr
