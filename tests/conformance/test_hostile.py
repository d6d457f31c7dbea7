"""A sample of `make soak-hostile`: on clouds as hard on their callers as new accounts are, a stack comes up, answers,
goes and comes up again, and nothing here tries anything twice."""

import json
import os

import pytest

from tests.conformance import own
from tests.conformance.emulated import Emulated
from tests.conformance.test_endpoint_emulated import PACKAGE
from tests.conftest import Clouds, build_packages, share_packages

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
SEED = 1


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Hostile local clouds beside the session's friendly ones."""
    from trifold.local import supervisor

    state = tmp_path_factory.mktemp("hostile")
    build_packages()
    share_packages(state)
    supervisor.ensure(state, owner=os.getpid(), hostile=SEED)
    yield Clouds(state, {**supervisor.client_environment(state), "TRIFOLD_STATE": str(state)})
    supervisor.stop(state)


def test_a_stack_comes_up_answers_goes_and_comes_up_again(hostile, cloud):
    sample = json.loads((PACKAGE / "package" / "sample.json").read_text())["request"]
    stack = Emulated(hostile, cloud)
    stack.run("up", "--yes")
    outputs = stack.outputs()
    assert stack.predict(sample)["package_digest"][:32] == outputs["package_digest"][:32]
    stack.run("destroy", "--yes")
    assert stack.use("left", outputs) == []
    stack.run("up", "--yes", "--skip-preview")
    stack.run("preview", "--expect-no-changes")


@pytest.mark.soak
@pytest.mark.never("the others hold no names of what is deleted", clouds=("aws", "gcp"))
def test_a_name_that_is_held_is_told_with_the_command_that_frees_it(hostile, cloud, tmp_path):
    """Of a stack that is not to throw away, and lets its workspace be deleted."""
    stack = own.project(hostile, cloud, tmp_path)
    stack.brings(ephemeral=False, onDestroy="delete")
    stack.run("up", "--yes")
    stack.run("destroy", "--yes")
    frees = f"trifold sweep azure -s {stack.name} --delete --purge"
    held = stack.attempt("up", "--yes", "--skip-preview", "-s", stack.name)
    assert held.returncode == 1 and "Soft-deleted workspace exists" in held.stdout
    assert "error: Azure holds the name" in held.stderr and frees in held.stderr
    assert frees in stack.attempt("doctor", "-s", stack.name).stdout
    freed = stack.attempt(*frees.split()[1:], "--yes")
    assert freed.returncode == 0, freed.stderr
    stack.run("up", "--yes", "--skip-preview")
    stack.run("destroy", "--yes")
