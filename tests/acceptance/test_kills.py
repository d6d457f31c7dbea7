"""`kill -9`, of the engine while it brings a stack up, and of a server that an endpoint runs."""

import json
import os
import signal
import subprocess
import time

import pytest

from tests.acceptance.conftest import command
from tests.conformance import rig

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
SAMPLE_OF_POINTS = (9,)
ALL_POINTS = (1, 3, 4, 6, 7, 8, 10, 12, 14, 15)
RECOVERS_WITHIN = 60


def killed_up(stack, lines: int) -> None:
    """Start `up`, and kill it with nine once it has printed this many lines about created resources."""
    argv, environment = command(stack, "up", "--yes", "--skip-preview", "--non-interactive")
    with subprocess.Popen(argv, cwd=rig.ROOT, env=environment, stdout=subprocess.PIPE, text=True) as engine:
        created = (line for line in engine.stdout if "creat" in line)
        for _ in range(lines):
            next(created, None)
        engine.send_signal(signal.SIGKILL)


def converges(stack, point: int) -> None:
    outputs = stack.outputs()
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.use("left", outputs) == []
    killed_up(stack, point)
    stack.run("up", "--yes", "--skip-preview")
    assert stack.outputs()["endpoint_name"] == outputs["endpoint_name"]
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.use("left", outputs) == [], "something was orphaned"


@pytest.mark.parametrize("point", SAMPLE_OF_POINTS)
def test_a_killed_up_goes_on_and_orphans_nothing(stack, point):
    converges(stack, point)


@pytest.mark.soak
@pytest.mark.parametrize("point", ALL_POINTS)
def test_an_up_killed_at_any_point_goes_on_and_orphans_nothing(stack, point):
    converges(stack, point)


def servers(stack) -> list[dict]:
    found = json.loads(stack.clouds.trifold("local", "status", "--json").stdout)
    return [one for one in found["servers"] if one["cloud"] == stack.cloud]


def test_an_endpoint_whose_server_is_killed_recovers(stack, flights):
    body = {"instances": flights[:1]}
    before = stack.predict(body)
    (server,) = servers(stack)
    os.kill(server["pid"], signal.SIGKILL)
    until = time.monotonic() + RECOVERS_WITHIN
    answer = stack.predict(body)
    while "error" in answer and time.monotonic() < until:
        answer = stack.predict(body)
    assert answer.get("predictions") == before["predictions"]
    assert [one["pid"] for one in servers(stack)] != [server["pid"]]
