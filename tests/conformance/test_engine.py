"""Pulumi's own options on the kit's components, with an engine between the program and a recording provider."""

import json
import os
import subprocess
import sys

import pytest
import yaml

from tests.conformance import rig
from tests.conformance.recording_provider import serving

PROJECT = {
    "name": "trifold",
    "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}},
    "main": str(rig.OPTIONS),
}


@pytest.fixture
def run(cloud, packages, tmp_path):
    """run("up", "protect", prefix="old-") -> what the engine printed; run.state() -> the resources it keeps."""
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(PROJECT))
    (tmp_path / "backend").mkdir()
    account = rig.configuration(cloud)["trifold:account"]
    with serving(cloud, account) as providers:
        environment = {
            **os.environ,
            "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_DEBUG_PROVIDERS": providers,
            "TRIFOLD_STATE": str(packages),
        }

        def trifold(*arguments):
            command = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", *arguments, "-s", cloud]
            done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
            return done.stdout

        def up(option, prefix="", verb=("up", "--yes", "--skip-preview")):
            given = {**rig.configuration(cloud), "test:option": option, "test:prefix": prefix}
            (tmp_path / f"Pulumi.{cloud}.yaml").write_text(yaml.safe_dump({"config": given, **salt(tmp_path, cloud)}))
            return trifold(*verb)

        def state():
            return json.loads(trifold("stack", "export"))["deployment"]["resources"]

        trifold("stack", "init")
        up.state = state
        yield up


def salt(folder, cloud):
    found = yaml.safe_load((folder / f"Pulumi.{cloud}.yaml").read_text()) or {}
    return {key: value for key, value in found.items() if key.startswith("encryption")}


def made(resources):
    return [one for one in resources if one["custom"] and not one["type"].startswith("pulumi:providers:")]


def test_a_renamed_component_with_an_alias_replaces_nothing(run):
    run("aliases", prefix="old-")
    before = {one["urn"].rpartition("::")[2].removeprefix("old-"): one["id"] for one in made(run.state())}
    printed = run("aliases", verb=("preview",))
    assert not any(word in printed for word in (" create", " delete", " replace")), printed
    run("aliases")
    assert {one["urn"].rpartition("::")[2]: one["id"] for one in made(run.state())} == before


def test_a_transform_and_protect_on_a_component_reach_every_child(run):
    run("both")
    found = made(run.state())
    assert found and all(one["inputs"].get("touched") is True and one.get("protect") for one in found)
