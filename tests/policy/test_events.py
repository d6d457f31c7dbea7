"""What is read of a preview: digests and event logs, of what changes, goes, stays, is unknown or secret."""

import io
import json
from contextlib import redirect_stdout
from typing import Any

import pulumi
import pytest

from trifold.engine.as_json import JsonDigest
from trifold.errors import UserError
from trifold.policy import events
from trifold.policy.resource import SECRET, UNKNOWN, Preview
from trifold.testing import Secret, Stack

ROLE = "aws:iam/role:Role"


def program() -> None:
    config = pulumi.Config()
    made = pulumi.CustomResource(ROLE, "made", {"name": "n", "secret": config.get_secret("word")}, None)
    pulumi.CustomResource(ROLE, "after", {"of": made.id, "list": [made.id, "known"]})
    pulumi.ComponentResource("my:own:Component", "group")
    if config.get_bool("more"):
        pulumi.CustomResource(ROLE, "more", {"name": "m"})


@pytest.fixture(scope="module")
def runs() -> dict[str, list[dict[str, Any]]]:
    """The events of a first preview, and of previews on what was brought up: with one resource more, and all gone."""
    with Stack(program, config={"word": Secret("hush"), "more": False}) as stack:
        found = {"first": stack.preview().events}
        assert stack.up()
        stack.config["more"] = True
        found["more"] = stack.preview().events
        found["destroy"] = stack.destroy(preview=True).events
    return found


def lines(found: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(one) for one in found)


def digest(found: list[dict[str, Any]]) -> str:
    """What `trifold preview --json` prints of these events, which is what `pulumi preview --json` does."""
    out, shown = io.StringIO(), JsonDigest()
    with redirect_stdout(out):
        for one in found:
            shown(one)
        shown.close()
    return out.getvalue()


def inputs(preview: Preview) -> dict[str, Any]:
    return {one.name: dict(one.inputs) for one in preview.resources}


@pytest.mark.parametrize("form", [lines, digest])
def test_unknown_and_secret_values_are_marks(form, runs):
    found = events.read(form(runs["first"]), "here")
    assert inputs(found) == {
        "made": {"name": "n", "secret": SECRET},
        "after": {"of": UNKNOWN, "list": [UNKNOWN, "known"]},
    }
    assert {one.name: set(one.hidden) for one in found.resources} == {"made": {"secret"}, "after": {"of", "list[0]"}}
    assert "hush" not in repr(found)


def test_an_event_log_shows_what_stays(runs):
    found = events.read(lines(runs["more"]), "here")
    assert ({one.name: one.op for one in found.resources}, found.absent) == (
        {"made": "same", "after": "same", "more": "create"},
        0,
    )


def test_a_digest_does_not_and_says_how_many_are_absent(runs):
    found = events.read(digest(runs["more"]), "here")
    assert [one.name for one in found.resources] == ["more"]
    assert found.absent == 3  # two roles and the component


def test_what_goes_is_not_checked(runs):
    assert events.read(lines(runs["destroy"]), "here").resources == ()


def step(op: str, **state: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:s::p::{ROLE}::r"
    new = {"urn": urn, "type": ROLE, "custom": True, "inputs": {}, **state}
    return {"resourcePreEvent": {"metadata": {"op": op, "urn": urn, "type": ROLE, "new": new}}}


def test_the_last_word_on_a_replaced_resource_counts():
    found = events.preview(
        [
            step("create-replacement", inputs={"name": "new"}),
            step("replace", inputs={"name": "new"}),
            step("delete-replaced"),
        ]
    )
    assert inputs(found) == {"r": {"name": "new"}}


def test_what_is_only_read_is_not_checked():
    assert events.preview([step("read", external=True)]).resources == ()


def test_the_providers_own_inputs_come_with_a_resource():
    urn = "urn:pulumi:s::p::pulumi:providers:aws::default"
    provider = {"urn": urn, "type": "pulumi:providers:aws", "custom": True, "inputs": {"region": "eu-west-1"}}
    made = {"resourcePreEvent": {"metadata": {"op": "create", "urn": urn, "type": provider["type"], "new": provider}}}
    (found,) = events.preview([made, step("create", provider=f"{urn}::id")]).resources
    assert found.provider == {"region": "eu-west-1"}


def test_an_api_version_in_a_type_does_not_hide_it():
    found = events.preview([step("create", type="azure-native:storage/v20240101:StorageAccount")])
    assert [one.type for one in found.resources] == ["azure-native:storage:StorageAccount"]


@pytest.mark.parametrize("name", ["", "Logging", "ServerSideEncryptionConfiguration"])
def test_the_older_names_of_buckets_and_their_settings_are_known(name):
    (found,) = events.preview([step("create", type=f"aws:s3/bucket{name}V2:Bucket{name}V2")]).resources
    assert found.type == f"aws:s3/bucket{name}:Bucket{name}"


def test_secrets_and_outputs_of_the_wire_are_marks_too():
    secret = {events.SIGNATURE: events.SECRET_SIGNATURE, "value": "hush"}
    known = {events.SIGNATURE: events.OUTPUT_SIGNATURE, "value": {"a": 1}}
    unknown = {events.SIGNATURE: events.OUTPUT_SIGNATURE}
    assert events.plain({"s": [secret], "k": known, "u": unknown}) == {"s": [SECRET], "k": {"a": 1}, "u": UNKNOWN}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("error: no stack", "not JSON"),
        ('{"steps": [', "not JSON"),
        ("[]", "not of a preview"),
        ("3", "not of a preview"),
        ("{}", "not of a preview"),
        ('{"name": "trifold"}', "not of a preview"),
        ('{"steps": [1]}', "not what Pulumi writes"),
        ('{"steps": [{"urn": "a::b::c::d"}]}', "not what Pulumi writes"),
        ('{"steps": [{"urn": "odd", "op": "create"}]}', "not what Pulumi writes"),
        ('{"steps": [{"urn": "a::b::c::d", "op": "create", "newState": {"inputs": 3}}]}', "not what Pulumi writes"),
        ('{"steps": [], "changeSummary": 3}', "not what Pulumi writes"),
        ('{"resourcePreEvent": 3}', "not what Pulumi writes"),
        ('{"resourcePreEvent": {"metadata": {}}}', "not what Pulumi writes"),
        ('{"steps": {"a": 1}}', "not what Pulumi writes"),
        (
            '{"diagnostics": [{"severity": "error", "message": "no such\\nthing"}], "changeSummary": {}}',
            "nothing is checked: no such",
        ),
    ],
)
def test_what_is_no_preview_is_refused_with_what_where_and_next(text, what):
    with pytest.raises(UserError) as told:
        events.read(text, "some file")
    assert what in told.value.what
    assert "some file" in told.value.where and told.value.next


def test_a_preview_of_which_nothing_changes_is_one():
    found = events.read('{"config": {}, "duration": 1, "changeSummary": {"same": 4}}', "here")
    assert (found.resources, found.absent) == ((), 4)
