"""The policy pack in its own environment: over Pulumi's Analyzer protocol, and in Pulumi's own engine.

Its environment is policy_pack/.venv (docs/policy.md says how to make it), or the one TRIFOLD_POLICY_VENV names.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.conformance import rig
from tests.conformance.test_pulumi import project  # noqa: F401
from tests.policy.cases import BLOCK, BLOCKED, BUCKET, CASES
from trifold.policy.rules import all_rules
from trifold.testing.resources import ANY
from trifold.testing.serving import Host

PACK = rig.ROOT / "policy_pack"
HOME = Path(os.environ.get("TRIFOLD_POLICY_VENV") or PACK / ".venv")
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
RULES = {rule.id: rule for rule in all_rules()}
SETTINGS = """
fail: medium
regions: {aws: ["eu-*"], azure: [westeurope], gcp: [europe-west4]}
sizes: {aws: [ml.m5.*, t3.*, db.t3.*], azure: [Standard_F*], gcp: [e2-*]}
tags: [project, owner]
exceptions:
  - {rule: long-lived-credentials, resource: "*::excepted", reason: a reason, expires: 9999-01-01}
  - {rule: long-lived-credentials, resource: "*::expired", reason: a reason, expires: 2001-01-01}
"""
pytestmark = [
    pytest.mark.skipif(not (HOME / "bin" / "python").exists(), reason="the policy pack's environment is not there"),
    pytest.mark.timeout(300),
]
Told = set[tuple[str, str, str]]


class Analyzer:
    """The running pack, asked as Pulumi's engine asks it."""

    def __init__(self, port: str) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = analyzer_pb2_grpc.AnalyzerStub(self.channel)

    def info(self) -> Any:
        return self.stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=60)

    def one(self, type: str, name: str, inputs: dict[str, Any]) -> Told:
        request = analyzer_pb2.AnalyzeRequest(**self._resource(type, name, inputs))
        return self._told(self.stub.Analyze(request, timeout=60))

    def whole(self, *resources: tuple[str, str, dict[str, Any]]) -> Told:
        found = [analyzer_pb2.AnalyzerResource(**self._resource(*one)) for one in resources]
        return self._told(self.stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=found), timeout=60))

    def _resource(self, type: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        properties = json_format.ParseDict(inputs, struct_pb2.Struct())
        return {"type": type, "urn": f"urn:pulumi:s::p::{type}::{name}", "name": name, "properties": properties}

    def _told(self, response: Any) -> Told:
        """(policy, name of the resource, level) of each diagnostic; what cannot be told is of no resource."""
        levels = analyzer_pb2.EnforcementLevel
        return {
            (one.policyName, one.urn.rpartition("::")[2], levels.Name(one.enforcementLevel).lower())
            for one in response.diagnostics
        }


@pytest.fixture(scope="module")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Analyzer]:
    settings = tmp_path_factory.mktemp("settings") / "policy.yaml"
    settings.write_text(SETTINGS)
    # As Pulumi's Python host starts a pack (sdk/python/cmd/pulumi-language-python, RunPlugin).
    command = [HOME / "bin" / "python", "-u", "-m", "pulumi.policy", "127.0.0.1:1", PACK]
    own = {"PULUMI_PROJECT": "p", "PULUMI_STACK": "s", "PULUMI_DRY_RUN": "true", "PULUMI_CONFIG": "{}"}
    environment = {**os.environ, **own, "TRIFOLD_POLICY_SETTINGS": str(settings)}
    process = subprocess.Popen(command, cwd=PACK, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        found = Analyzer(process.stdout.readline().strip())
        yield found
        found.channel.close()
    finally:
        process.kill()
        process.wait()


def test_each_rule_is_a_policy_of_the_same_name_and_severity(analyzer):
    found = {one.name: one for one in analyzer.info().policies}
    assert set(found) == {*RULES, "written-exceptions"}
    names = analyzer_pb2.PolicySeverity
    for rule in all_rules():
        assert names.Name(found[rule.id].severity) == f"POLICY_SEVERITY_{rule.severity.upper()}"
        fails = rule.severity != "low"
        assert analyzer_pb2.EnforcementLevel.Name(found[rule.id].enforcementLevel) == (
            "MANDATORY" if fails else "ADVISORY"
        )
        assert (found[rule.id].remediation_steps, found[rule.id].url) == (rule.fix, rule.pages[0])


@pytest.mark.parametrize("side", ["bad", "good"])
def test_it_finds_what_trifold_policy_finds(side, analyzer):
    """Every twin again, over the wire: what breaks a rule is told at its resource, and what keeps it is not."""
    wrong = []
    for number, case in enumerate(CASES):
        given = [(type, f"r{place}", inputs) for place, (type, inputs) in enumerate(getattr(case, side))]
        if RULES[case.rule].whole:
            told = analyzer.whole(*given)
        else:
            told = set().union(*(analyzer.one(*one) for one in given))
        level = "advisory" if RULES[case.rule].severity == "low" else "mandatory"
        wanted = {(case.rule, "r0", level)} if side == "bad" else set()
        if {one for one in told if one[0] == case.rule} != wanted:
            wrong.append((number, case.rule, told))
    assert not wrong


def test_what_cannot_be_told_yet_is_advice_and_no_failure(analyzer):
    told = analyzer.one("aws:iam/rolePolicy:RolePolicy", "r", {"policy": UNKNOWN})
    assert told == {("no-wildcard-actions", "", "advisory"), ("no-wildcard-resources", "", "advisory")}


def test_exceptions_count_there_too_and_those_that_do_not_are_told(analyzer):
    key = "aws:iam/accessKey:AccessKey"
    assert analyzer.one(key, "excepted", {"user": "u"}) == set()
    assert analyzer.one(key, "expired", {"user": "u"}) == {("long-lived-credentials", "expired", "mandatory")}
    assert analyzer.whole() == {("written-exceptions", "", "mandatory")}


PROGRAM = f"""
import pulumi
bucket = pulumi.CustomResource("{BUCKET}", "open", {{"bucket": "b", "region": "eu-west-1"}})
if pulumi.Config().get_bool("closed"):
    pulumi.CustomResource("{BLOCK}", "block", {{"bucket": bucket.id, **{BLOCKED}}})
    pulumi.CustomResource("aws:s3/bucketPolicy:BucketPolicy", "policy", {{"bucket": bucket.id, "policy": bucket.id}})
"""


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """The pack, with the environment that is there."""
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "__main__.py").symlink_to(PACK / "__main__.py")
    written = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    written["runtime"]["options"]["virtualenv"] = str(HOME.resolve())
    (folder / "PulumiPolicy.yaml").write_text(yaml.safe_dump(written))
    return str(folder)


@pytest.fixture
def pulumi(tmp_path: Path) -> Iterator[Any]:
    """pulumi("preview", ...) -> the ended process, in a project whose resources an in-process provider makes."""
    own = tmp_path / "project"
    own.mkdir()
    (own / "policy.yaml").write_text("fail: high\n")
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    (own / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "p", "runtime": runtime}))
    (own / "__main__.py").write_text(PROGRAM)
    host = Host(ANY)
    host.port("aws")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "TRIFOLD_"))},
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DEBUG_PROVIDERS": host.attachments,
        "TRIFOLD_POLICY_SETTINGS": str(own / "policy.yaml"),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
        return subprocess.run(command, cwd=own, env=environment, capture_output=True, text=True, timeout=200)

    try:
        assert run("stack", "init", "s").returncode == 0
        yield run
    finally:
        host.close()


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH")
def test_pulumis_own_engine_refuses_by_the_pack_what_trifold_policy_refuses(pulumi, pack):
    """The twin, with what closes the bucket beside it, is let through; its policy is not known yet, which is advice."""
    preview = ("preview", "-s", "s", "--policy-pack", pack)
    refused = pulumi(*preview)
    assert refused.returncode != 0
    for told in ("[mandatory]", "storage-public-access", "no BucketPublicAccessBlock names this bucket"):
        assert told in refused.stdout, f"{refused.stdout}\n{refused.stderr}"
    digest = pulumi("preview", "-s", "s", "--json").stdout
    assert checked(digest).returncode == 2
    assert pulumi("config", "set", "closed", "true", "-s", "s").returncode == 0
    let = pulumi(*preview)
    assert let.returncode == 0, f"{let.stdout}\n{let.stderr}"
    assert "[advisory]" in let.stdout and "[mandatory]" not in let.stdout
    digest = pulumi("preview", "-s", "s", "--json").stdout
    assert checked(digest).returncode == 0
    assert json.loads(checked(digest, "--json").stdout)["checked"] == 3


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH")
def test_what_pulumis_digest_leaves_out_is_told(pulumi):
    assert pulumi("up", "-s", "s", "--yes", "--skip-preview").returncode == 0
    some = json.loads(checked(pulumi("preview", "-s", "s", "--json").stdout, "--json").stdout)
    assert (some["checked"], some["absent"], some["failing"]) == (0, 1, 0)
    everything = checked(pulumi("preview", "-s", "s", "--json", "--show-sames").stdout, "--json")
    found = json.loads(everything.stdout)
    assert (everything.returncode, found["checked"], found["absent"]) == (2, 1, 0)


@pytest.mark.soak
@pytest.mark.e2e
@pytest.mark.parametrize("cloud", rig.CLOUDS)
@pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH")
def test_the_kits_own_stacks_pass_the_pack_in_pulumis_own_engine(cloud, clouds, project, pack):  # noqa: F811
    name = f"policy-{cloud}"
    shutil.copy(rig.ROOT / "stacks" / f"Pulumi.{cloud}.yaml", project / "stacks" / f"Pulumi.{name}.yaml")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
        return subprocess.run(command, cwd=project, env=clouds.env, capture_output=True, text=True, timeout=250)

    assert run("stack", "init", name).returncode == 0
    try:
        done = run("preview", "-s", name, "--policy-pack", pack)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert "trifold@v1.0.0" in done.stdout and "[advisory]" in done.stdout and "[mandatory]" not in done.stdout
    finally:
        run("stack", "rm", "-s", name, "--yes")


def checked(digest: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`pulumi preview --json | trifold policy --events -`."""
    command = [sys.executable, "-m", "trifold.cli.main", "policy", "--events", "-", "-C", "/", *arguments]
    return subprocess.run(command, input=digest, capture_output=True, text=True, timeout=60, cwd=rig.ROOT)
