"""What the backend's stacks hold, and which accounts are asked."""

import json
import os
import socket

import pytest
from typer.testing import CliRunner

from trifold.cli.main import build
from trifold.cli.sweep.places import questions
from trifold.cli.sweep.stacks import known
from trifold.engine.project import find_project
from trifold.errors import UserError

BUCKET = {
    "urn": "urn:pulumi:dev::trifold::aws:s3/bucket:Bucket::b",
    "type": "aws:s3/bucket:Bucket",
    "custom": True,
    "id": "Bucket-1",
    "outputs": {"arn": "arn:aws:s3:::Bucket-1"},
}
COMPONENT = {"urn": "urn:pulumi:dev::trifold::c:c:C::c", "type": "c:c:C", "custom": False}
SECRET = {**BUCKET, "id": "other", "outputs": {"arn": {"4dabf18193072939515e22adb298388d": "x", "ciphertext": "v1:"}}}
FILES = {
    "prod-aws": {"trifold:cloud": "aws", "trifold:account": "123456789012", "aws:region": "eu-west-1"},
    "lab-aws": {"trifold:cloud": "aws", "trifold:account": "123456789012", "aws:region": "eu-west-1"},
    "gcp": {"trifold:cloud": "gcp", "trifold:account": "my-project", "gcp:region": "europe-west1"},
    "unfinished": {"trifold:cloud": "azure"},
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with stack files, and a backend with a stack "dev" of it and one of another project."""
    (tmp_path / "Pulumi.yaml").write_text("name: trifold\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    for name, settings in FILES.items():
        (tmp_path / "stacks" / f"Pulumi.{name}.yaml").write_text(json.dumps({"config": settings}))
    for owner, resources in (("trifold", [COMPONENT, BUCKET]), ("access", [SECRET])):
        folder = tmp_path / "backend" / ".pulumi" / "stacks" / owner
        folder.mkdir(parents=True)
        content = {
            "version": 3,
            "checkpoint": {"stack": f"organization/{owner}/dev", "latest": {"resources": resources}},
        }
        (folder / "dev.json").write_text(json.dumps(content))
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path / 'backend'}")
    monkeypatch.delenv("TRIFOLD_LOCAL", raising=False)
    return find_project(tmp_path)


def places(project, cloud="", stacks=(), account="", region=""):
    found = questions(cloud, list(stacks), account, region, str(project.folder))
    return [(one.place.cloud, one.place.account, one.place.region) for one in found]


def test_a_stack_holds_its_resources_by_id_and_by_arn(project):
    holds = {one.project: one.holds for one in known(project, local=False)}
    type = BUCKET["type"]
    assert holds["trifold"] == {(type, "bucket-1"), (type, "arn:aws:s3:::bucket-1")}
    # Of another project's, too; an ARN that is sealed as a secret stays so.
    assert holds["access"] == {(type, "other")}


def test_a_stack_that_is_locked_is_busy(project, tmp_path):
    assert not any(one.busy for one in known(project, local=False))
    lock = tmp_path / "backend" / ".pulumi" / "locks" / "organization" / "trifold" / "dev" / "1.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"pid": os.getpid(), "hostname": socket.gethostname(), "username": "me"}))
    assert {one.project: one.busy for one in known(project, local=False)} == {"trifold": True, "access": False}


def test_without_a_backend_or_pulumi_nothing_is_called_forgotten(project, monkeypatch):
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="what belongs to a stack is not known"):
        known(project, local=False)


def test_pulumi_tells_the_stacks_of_other_backends(project, monkeypatch, tmp_path):
    """Its own commands, answered as it answers."""
    listed = [{"name": "me/trifold/prod", "updateInProgress": True}, {"name": "dev", "updateInProgress": False}]
    exported = {"version": 3, "deployment": {"resources": [BUCKET]}}
    said = {"ls": json.dumps(listed), "export": json.dumps(exported)}
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text("#!/bin/sh\ncase $2 in\n" + "".join(f"{k}) echo '{v}';;\n" for k, v in said.items()) + "esac\n")
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{pulumi.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
    found = known(project, local=False)
    assert [(one.project, one.name, one.busy) for one in found] == [
        ("trifold", "prod", True),
        ("trifold", "dev", False),
    ]
    assert all(len(one.holds) == 2 for one in found)


def test_each_account_that_a_stack_file_pins_is_asked_once(project):
    prod, lab = ("aws", "123456789012", "eu-west-1"), ("gcp", "my-project", "europe-west1")
    assert places(project) == [lab, prod]
    assert places(project, "aws") == [prod]
    assert places(project, "", ["gcp"]) == [lab]


def test_a_stack_whose_file_is_gone_is_looked_for_everywhere(project):
    assert len(places(project, "", ["gone"])) == 2


def test_an_account_that_no_file_pins_takes_all_three(project):
    assert places(project, "aws", [], "999999999999", "us-east-1") == [("aws", "999999999999", "us-east-1")]
    with pytest.raises(UserError, match="no stack file pins 999999999999 of aws"):
        places(project, "aws", [], "999999999999")
    with pytest.raises(UserError, match="'ibm' is no cloud"):
        places(project, "ibm")


def test_what_only_delete_does_is_refused_without_it(project):
    for flag in ("--kept", "--purge"):
        done = CliRunner().invoke(build("sweep"), ["sweep", "-C", str(project.folder), flag])
        assert isinstance(done.exception, UserError) and done.exception.status == 2
