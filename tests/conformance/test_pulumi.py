"""Pulumi's own engine on the same program and the same local clouds. Runs where `pulumi` is on the PATH."""

import shutil
import subprocess

import pytest

from tests.conformance import rig
from tests.conformance.copied import copy_project

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def pulumi(clouds, project):
    """pulumi("up", "-s", "aws") -> what it printed; AssertionError if it failed."""

    def run(*arguments):
        command = ["pulumi", *arguments, "--non-interactive"]
        done = subprocess.run(command, cwd=project, env=clouds.env, capture_output=True, text=True, timeout=400)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


def test_pulumi_previews_what_trifold_made_and_sees_no_change(stack, pulumi, project, cloud, clouds):
    shutil.copy(clouds.state / "stacks" / f"Pulumi.{cloud}.yaml", project / "stacks" / f"Pulumi.{cloud}.yaml")
    pulumi("preview", "-s", cloud, "--expect-no-changes", "--diff")


def test_pulumi_brings_a_stack_up_and_takes_it_down(pulumi, project, cloud):
    name = f"pulumi-{cloud}"
    shutil.copy(rig.ROOT / "stacks" / f"Pulumi.{cloud}.yaml", project / "stacks" / f"Pulumi.{name}.yaml")
    pulumi("stack", "init", name)
    pulumi("up", "-s", name, "--yes", "--skip-preview")
    pulumi("preview", "-s", name, "--expect-no-changes", "--diff")
    pulumi("destroy", "-s", name, "--yes", "--skip-preview")
    pulumi("stack", "rm", "-s", name, "--yes")
