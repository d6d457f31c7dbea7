"""What a vendor says too shortly is said once more, with the next command; all else is left as it is."""

import pytest

from trifold.cli.explained import Explained

WORKSPACE = "azure-native:machinelearningservices:Workspace"
ROLE = "azure-native:authorization:RoleAssignment"
NAMED = {"workspaceName": "trifold-prod", "resourceGroupName": "team"}
HELD = 'Code="BadRequest" Message="Soft-deleted workspace exists. Please purge or recover it." (status 400)'


def failed(type, said, severity="error", inputs=NAMED):
    urn = f"urn:pulumi:prod::trifold::{type}::endpoint-workspace"
    return [
        {"diagnosticEvent": {"urn": urn, "severity": severity, "message": said}},
        {"resOpFailedEvent": {"metadata": {"urn": urn, "type": type, "new": {"inputs": inputs}}}},
    ]


def told(events, capsys):
    explained = Explained("prod")
    for event in events:
        explained(event)
    explained.tell()
    return capsys.readouterr().err


def test_a_name_that_a_deleted_workspace_holds(capsys):
    said = told(failed(WORKSPACE, HELD), capsys)
    assert said.startswith("error: Azure holds the name trifold-prod")
    assert "where: workspace trifold-prod, resource group team" in said
    assert "next:  trifold sweep azure -s prod --delete --purge" in said and "recover it" in said


def test_a_role_that_others_have_given(capsys):
    given = {"principalId": "some-object-id", "scope": "/subscriptions/x/y", "roleDefinitionId": "/roles/7f95"}
    events = failed(ROLE, 'Code="RoleAssignmentExists" Message="The role assignment already exists."', inputs=given)
    said = told(events, capsys)
    assert "some-object-id has this role there already" in said and "where: /subscriptions/x/y" in said
    assert "az role assignment delete --assignee some-object-id --role 7f95 --scope /subscriptions/x/y" in said


@pytest.mark.parametrize("events", [
    failed(WORKSPACE, "Missing identity in request."), failed("azure-native:keyvault:Vault", HELD),
    failed(WORKSPACE, HELD, "warning"), failed(WORKSPACE, HELD)[:1], failed(WORKSPACE, HELD)[1:],
])  # fmt: skip
def test_what_it_does_not_know_it_leaves(events, capsys):
    assert told(events, capsys) == ""


def test_a_delete_has_no_new_inputs(capsys):
    said, ended = failed(WORKSPACE, "Conflict")
    ended["resOpFailedEvent"]["metadata"]["new"] = None
    assert told([said, ended], capsys) == ""
