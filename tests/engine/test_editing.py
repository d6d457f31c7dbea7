"""A state changed by hand: resources forgotten, protected, unprotected; the stack renamed; lost creates settled."""

import json

import pytest

from tests.engine.conftest import Project, provider

PROGRAM = """
import pulumi
from thing import Group, Thing

group = Group("group")
a = Thing("a", pulumi.ResourceOptions(parent=group, protect=True), size=1)
b = Thing("b", of=a.arn)
c = Thing("c", pulumi.ResourceOptions(deleted_with=a), size=2)
"""
THING = "urn:pulumi:{stack}::proj::{outer}ref:index:Thing::{name}"
A = THING.format(stack="dev", outer="kit:index:Group$", name="a")
B = THING.format(stack="dev", outer="", name="b")


@pytest.fixture
def up(project: Project) -> Project:
    project.program(PROGRAM)
    with provider(project):
        status, output = project.up()
    assert status == 0, output
    return project


def names(project: Project) -> set[str]:
    return set(project.things().values())


def test_resources_are_forgotten_only_where_nothing_needs_them(up: Project) -> None:
    status, said = up.trifold("state", "delete", A, "--yes")
    assert status == 1 and "can't be safely deleted" in said and B in said and names(up) == {"a", "b", "c"}
    status, said = up.trifold("state", "delete", A, "--target-dependents", "--yes")
    assert status == 1 and "protected" in said and names(up) == {"a", "b", "c"}
    status, said = up.trifold("state", "delete", "urn:pulumi:dev::proj::a:b:C::no", "--yes")
    assert status == 1 and "No such resource" in said
    assert up.trifold("state", "delete", B, "--yes")[0] == 0 and names(up) == {"a", "c"}
    assert up.trifold("state", "delete", A, "--target-dependents", "--force", "--yes")[0] == 0 and names(up) == set()


def test_protection_is_taken_and_given(up: Project) -> None:
    assert "1 resource(s) unprotected" in up.trifold("state", "unprotect", A, "--yes")[1]
    assert not [one for one in up.state()["resources"] if one.get("protect")]
    assert "1 resource(s) protected" in up.trifold("state", "protect", B, "--yes")[1]
    assert [one["urn"] for one in up.state()["resources"] if one.get("protect")] == [B]
    assert up.trifold("state", "unprotect", "--all")[0] == 2, "without --yes nobody is there to ask"


def test_a_stack_is_renamed_with_all_that_names_it(up: Project) -> None:
    assert up.trifold("stack", "rename", "new")[0] == 0
    assert not up.checkpoint.exists() and up.trifold("preview")[0] == 6
    text = up.checkpoint.with_name("new.json").read_text()
    assert "urn:pulumi:dev::" not in text and "proj-dev" not in text
    with provider(up):
        status, said = up.trifold("preview", "--expect-no-changes", stack="new")
    assert status == 0, said
    assert len(json.loads(up.trifold("stack", "history", "--json", stack="new")[1])) == 1
    assert up.trifold("stack", "rename", "new", stack="new")[0] == 1, "the name is taken"


def test_a_lost_create_is_taken_in_by_its_id_or_forgotten(project: Project) -> None:
    project.program("from thing import Thing\n\nThing('a', size=1)\nThing('b', size=2)\n")
    with provider(project, kill={"b": {"create": "after"}}) as served:
        process, _ = project.start("up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "1")
        served.kill = process.kill
        process.wait(60)
        lost = next(ident for ident, thing in served.cloud["objects"].items() if thing["name"] == "b")
    refresh = ("refresh", "--yes", "--skip-preview", "--non-interactive")
    urn = B
    with provider(project):
        status, said = project.trifold(*refresh, "--import-pending-creates", urn)
        assert status == 1 and "odd number" in said
        status, said = project.trifold(*refresh, "--import-pending-creates", urn, "--import-pending-creates", lost)
        assert status == 0 and lost in project.things(), said
        assert project.state()["pending_operations"] == []
        assert project.trifold("preview", "--expect-no-changes")[0] == 0
