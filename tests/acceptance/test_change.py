"""A model is changed under a client that keeps calling: no request fails, whether the new one is good or bad."""

import subprocess

import pytest

from tests.acceptance.conftest import Load, command, packaged
from tests.conformance import rig
from tests.conformance.test_endpoint_emulated import plain

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
AROUND = 3


@pytest.fixture
def load(stack, flights):
    found = Load(stack, flights[:1])
    found.wait_for_answers(AROUND, stack.outputs()["package_digest"])
    yield found
    found.kill()


def test_another_model_takes_over_and_no_request_fails(stack, load, other_package):
    before = stack.outputs()
    with packaged(stack, other_package):
        stack.run("up", "--yes", "--skip-preview")
        load.wait_for_answers(AROUND, other_package.name)
        seen, after = load.end(), stack.outputs()
    assert seen["failures"] == []
    assert {plain(one) for one in (after["endpoint_id"], *seen["endpoints"])} == {plain(before["endpoint_id"])}
    assert set(seen["answers"]) == {before["package_digest"][:32], other_package.name[:32]}
    assert after["package_digest"] == other_package.name


def test_a_bad_package_is_rolled_back_with_its_reason_and_the_old_one_serves_on(stack, load, bad_package, flights):
    before = stack.outputs()
    with packaged(stack, bad_package):
        argv, environment = command(stack, "up", "--yes", "--skip-preview")
        done = subprocess.run(argv, cwd=rig.ROOT, env=environment, capture_output=True, text=True, timeout=400)
        answer, seen = stack.predict({"instances": flights[:1]}), load.end()
    assert done.returncode != 0
    assert "manifest.json" in done.stdout + done.stderr or "model.onnx" in done.stdout + done.stderr, done.stdout
    assert seen["failures"] == []
    assert set(seen["answers"]) == {before["package_digest"][:32]} == {answer["package_digest"][:32]}
