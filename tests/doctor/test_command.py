"""`trifold doctor` as it is typed: what it says, and how it ends."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from tests.conftest import CHECKOUT
from trifold.cli.main import build


@pytest.fixture
def project(tmp_path):
    """A checkout with stack files only."""
    (tmp_path / "stacks").mkdir()
    shutil.copy(CHECKOUT / "Pulumi.yaml", tmp_path)
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(build("doctor"), ["doctor", *arguments])


def stack(project, **changes: str):
    text = (CHECKOUT / "stacks" / "Pulumi.aws.yaml").read_text()
    for old, new in changes.items():
        text = text.replace(old.replace("__", "-").replace("_", "."), new)
    (project / "stacks" / "Pulumi.prod.yaml").write_text(text)


@pytest.mark.e2e
@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_a_clean_stack(clouds, cloud):
    """All that a local cloud can tell is well; of an image, which it has no registry for, that is said."""
    done = clouds.trifold("doctor", "-s", cloud, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["counts"] == {"error": 0, "warning": 0, "unknown": 1, "ok": 6}, done.stdout
    assert [one["check"] for one in found["findings"] if one["severity"] == "unknown"] == ["image"]


@pytest.mark.e2e
def test_an_error_ends_with_one(clouds, project):
    stack(project, **{"ml_t2_medium": "ml.m5.large"})
    done = clouds.trifold("doctor", "-s", "prod", "-C", str(project))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the quota of ml.m5.large for endpoint usage in us-east-1 is 0 instances" in done.stdout
    assert "mend:  aws service-quotas request-service-quota-increase" in done.stdout


def test_a_stack_that_is_not_configured(project):
    done = run("-s", "prod", "-C", str(project))
    assert done.exit_code == 2
    assert "the stack 'prod' is not configured" in done.stderr and "next:  cp stacks/Pulumi.aws.yaml" in done.stderr


def test_settings_that_the_program_would_refuse(project):
    stack(project, us__east__1="us-east-3", ml_t2_medium="ml.t2.mediom")
    done = run("-s", "prod", "-C", str(project), "--json")
    assert done.exit_code == 1, done.output
    mends = [one["mend"] for one in json.loads(done.stdout)["findings"] if one["check"] == "settings"]
    assert "pulumi config set -s prod aws:region us-east-2" in mends
    assert "pulumi config set -s prod trifold:size ml.t2.medium" in mends
    assert "trifold model build flights" in mends


def test_without_a_project(tmp_path):
    done = run("-s", "prod", "-C", str(tmp_path))
    assert done.exit_code == 2 and "Pulumi.yaml" in done.stderr
