"""Pulumi's own options on the kit's components, with the engine between the program and a recording provider."""

import pytest

from tests.conformance import rig
from tests.conformance.recording_provider import recording


@pytest.fixture
def stack(cloud, packages, pulumi_stack):
    """The program of options; `test:option` and `test:prefix` of its configuration say which."""
    given = rig.configuration(cloud)
    providers = recording(cloud, given["trifold:account"])
    where = {"TRIFOLD_STATE": str(packages)}
    return pulumi_stack(
        rig.OPTIONS, providers=providers, config=given, name=cloud, project="trifold", environment=where
    )


def test_a_renamed_component_with_an_alias_replaces_nothing(stack):
    stack.config |= {"test:option": "aliases", "test:prefix": "old-"}
    assert stack.up()
    before = {one.name.removeprefix("old-"): one.id for one in stack.resources.custom}
    stack.config["test:prefix"] = ""
    assert set(stack.preview().ops.values()) == {"same"}
    assert stack.up()
    assert {one.name: one.id for one in stack.resources.custom} == before


def test_a_transform_and_protect_on_a_component_reach_every_child(stack):
    stack.config |= {"test:option": "both", "test:prefix": ""}
    assert stack.up()
    found = stack.resources.custom
    assert found and all(one.inputs.get("touched") is True and one.protect for one in found)
