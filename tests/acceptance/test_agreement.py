"""The three clouds give the same answers, from the same package, for real flights that the model never saw."""

import json
import subprocess
import sys

import pytest

from tests.acceptance.conftest import BATCH
from tests.conformance import rig
from tests.conformance.emulated import Emulated

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
TOLERANCE = 1e-6


def start(stack: Emulated, flights: list) -> subprocess.Popen:
    command = [sys.executable, "-W", "ignore", "-m", "tests.acceptance.client", stack.cloud, "ask"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, cwd=rig.ROOT, env=stack.clouds.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
    batches = [flights[first : first + BATCH] for first in range(0, len(flights), BATCH)]
    process.stdin.write(json.dumps({"outputs": stack.outputs(), "batches": batches}) + "\n")
    process.stdin.flush()
    return process


def test_a_thousand_flights_get_the_same_answers_on_three_clouds(clouds, flights):
    stacks = [Emulated(clouds, cloud) for cloud in rig.CLOUDS]
    for stack in stacks:
        stack.run("up", "--yes", "--skip-preview")
    answers = {}
    for stack in stacks:
        out, error = start(stack, flights).communicate(timeout=240)
        answers[stack.cloud] = json.loads(out.splitlines()[-1]) if out else pytest.fail(error)
    wanted = [one["late"] for one in answers["aws"]["predictions"]]
    assert len(wanted) == len(flights) and len(set(wanted)) > len(wanted) / 4
    for answer in answers.values():
        assert [one["late"] for one in answer["predictions"]] == pytest.approx(wanted, abs=TOLERANCE)
    assert {digest for answer in answers.values() for digest in answer["digests"]} == {
        stacks[0].outputs()["package_digest"][:32]
    }
