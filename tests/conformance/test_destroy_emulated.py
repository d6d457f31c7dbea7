"""Destroy and sweep on the local clouds: data stays where it should, what is forgotten is found, nothing else goes."""

import json
import shutil
import subprocess

import pytest

from tests.conformance.copied import copy_project

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.notlive("it takes the state file away, and keeps data on purpose: on an account, that costs"),
]


def sweep(stack, *arguments):
    """(status, the one place that was swept)."""
    done = stack.attempt("sweep", stack.cloud, "--json", *arguments)
    assert done.stdout, done.stderr
    (found,) = json.loads(done.stdout)
    return done.returncode, found


@pytest.fixture
def state(stack):
    """The stack's state file; what a test did to it, and to the account, is put right by another `up`."""
    yield stack.clouds.state / "backend" / ".pulumi" / "stacks" / "trifold" / f"{stack.cloud}.json"
    stack.run("up", "--yes")


def test_a_living_stack_is_counted_and_left_alone(stack):
    held = stack.use("left")
    status, found = sweep(stack)
    assert status == 0, found
    assert found["counts"]["living"] > 3 and sum(found["counts"].values()) == found["counts"]["living"]
    status, found = sweep(stack, "-s", stack.cloud, "--delete", "--kept", "--purge", "--yes")
    assert (status, found["removed"]) == (0, [])
    assert stack.use("left") == held


# The others' removal is tried in tests/sweep, without a whole stack.
@pytest.mark.parametrize(
    "cloud", ["aws", *(pytest.param(other, marks=pytest.mark.soak) for other in ("azure", "gcp"))], indirect=True
)
def test_what_a_forgotten_stack_left_is_found_and_removed_when_told(stack, state):
    outputs, held = stack.outputs(), stack.use("left")
    kept = state.read_bytes()
    state.unlink()
    try:
        status, found = sweep(stack)
        assert status == 1 and set(found["counts"]) - {"forgotten"} == {
            word for word, number in found["counts"].items() if not number
        }
        # Nobody said that the stack is not another backend's.
        status, found = sweep(stack, "--delete", "--yes")
        assert (status, found["removed"]) == (1, [])
        assert stack.use("left", outputs) == held
        status, found = sweep(stack, "-s", stack.cloud, "--delete", "--yes")
        assert (status, len(found["removed"])) == (0, len(found["things"])), found
        assert stack.use("left", outputs) == []
        assert sweep(stack)[0] == 0
    except BaseException:
        state.write_bytes(kept)
        raise


@pytest.fixture
def lasting(stack, state):
    """The stack as one that is not to throw away, brought up so."""
    stack.run("config", "set", "trifold:ephemeral", "false")
    stack.run("up", "--yes")
    yield stack
    stack.run("config", "set", "trifold:ephemeral", "true")


STORES = {"aws": ("bucket", "registry"), "azure": ("group",), "gcp": ("bucket", "registry")}


def stores(stack, held):
    return [one for one in held if one.startswith(STORES[stack.cloud])]


def resources(stack):
    """The types of what the state holds."""
    exported = json.loads(stack.run("stack", "export"))
    return {one["type"] for one in exported["deployment"].get("resources", []) if one.get("custom")}


@pytest.mark.soak
def test_up_destroy_up_keeps_the_data_and_says_so(lasting):
    outputs, held = lasting.outputs(), lasting.use("left")
    refused = lasting.attempt("destroy", "--yes", "-s", lasting.cloud)
    assert refused.returncode == 1 and lasting.use("left", outputs) == held
    assert f"trifold destroy -s {lasting.cloud} --exclude-protected" in refused.stderr

    done = lasting.attempt("destroy", "--yes", "--exclude-protected", "-s", lasting.cloud)
    assert done.returncode == 0, done.stderr
    assert "a month goes on" in done.stderr and "(protected)" in done.stderr
    left = lasting.use("left", outputs)
    assert stores(lasting, left) == stores(lasting, held) and not [one for one in left if one.startswith("endpoint")]
    status, found = sweep(lasting)
    assert status == 0 and found["counts"]["living"] == len(found["things"]), found

    lasting.run("up", "--yes")
    assert lasting.outputs()["store"] == outputs["store"]

    lasting.run("state", "unprotect", "--all", "--yes")
    done = lasting.attempt("destroy", "--yes", "-s", lasting.cloud)
    assert done.returncode == 0, done.stderr
    assert "retained, and no stack's any more" in done.stderr and not resources(lasting)
    assert stores(lasting, lasting.use("left", outputs)) == stores(lasting, held)

    status, found = sweep(lasting, "-s", lasting.cloud, "--delete", "--yes")
    assert (status, found["removed"]) == (0, []) and found["counts"]["kept"] == len(found["things"]) > 1, found
    status, found = sweep(lasting, "-s", lasting.cloud, "--delete", "--kept", "--purge", "--yes")
    assert (status, len(found["removed"])) == (0, len(found["things"])), found
    assert lasting.use("left", outputs) == []


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH")
def test_pulumi_leaves_what_trifold_leaves(lasting, tmp_path):
    """The same three destroys by Pulumi's own engine: refused, without the data, and forgetting it."""
    project, name = copy_project(tmp_path), lasting.cloud
    shutil.copy(lasting.clouds.state / "stacks" / f"Pulumi.{name}.yaml", project / "stacks" / f"Pulumi.{name}.yaml")

    def pulumi(*arguments):
        command = ["pulumi", *arguments, "-s", name, "--yes", "--non-interactive"]
        return subprocess.run(
            command, cwd=project, env=lasting.clouds.env, capture_output=True, text=True, timeout=400, check=False
        )

    outputs, held = lasting.outputs(), lasting.use("left")
    refused = pulumi("destroy")
    assert refused.returncode != 0 and "protect" in refused.stdout + refused.stderr
    assert lasting.use("left", outputs) == held

    done = pulumi("destroy", "--exclude-protected")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    left = lasting.use("left", outputs)
    assert stores(lasting, left) == stores(lasting, held) and not [one for one in left if one.startswith("endpoint")]

    assert pulumi("state", "unprotect", "--all").returncode == 0
    done = pulumi("destroy")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert not resources(lasting) and stores(lasting, lasting.use("left", outputs)) == stores(lasting, held)
    assert sweep(lasting, "-s", name, "--delete", "--kept", "--purge", "--yes")[0] == 0
    assert lasting.use("left", outputs) == []
