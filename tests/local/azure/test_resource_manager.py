"""Resource Manager: what it takes, how it replaces, and how it refuses."""

import uuid

import pytest

from tests.local.azure.rig import ACCOUNT, GROUP, Local, with_account, with_group
from trifold.local.azure.cloud import OBJECT_ID, SUBSCRIPTION

IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/runner"
READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"


def code(answer) -> str:
    return answer.json()["error"]["code"]


def test_put_replaces_and_patch_merges(local: Local) -> None:
    with_group(local).put(IDENTITY, {"location": "eastus", "tags": {"a": "1", "b": "2"}})
    principal = local.arm("GET", IDENTITY).json()["properties"]["principalId"]
    assert local.arm("PATCH", IDENTITY, {"tags": {"a": "3"}}).json()["tags"] == {"a": "3"}
    replaced = local.put(IDENTITY, {"location": "East US"})
    assert "tags" not in replaced and replaced["location"] == "eastus"
    assert replaced["properties"]["principalId"] == principal


def test_a_group_takes_all_that_is_in_it_along(local: Local) -> None:
    with_account(local)
    answer = local.arm("DELETE", GROUP)
    assert answer.status_code == 202
    assert local.followed(answer)["status"] == "Succeeded"
    assert local.arm("GET", ACCOUNT).status_code == 404
    assert local.arm("GET", f"/subscriptions/{SUBSCRIPTION}/resources").json() == {"value": []}


def test_the_version_is_asked_for_and_checked(local: Local) -> None:
    headers = {"authorization": f"Bearer {local.token}"}
    bare = local.send("GET", f"https://management.azure.com{GROUP}", headers=headers)
    assert code(bare) == "MissingApiVersionParameter"
    other = local.arm("GET", GROUP, version="1999-01-01")
    assert code(other) == "NoRegisteredProviderFound" and "2024-03-01" in other.text


@pytest.mark.parametrize(
    ("path", "body", "status", "named"),
    [
        (f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm", {}, 501, "Microsoft.Compute/virtualMachines"),
        (f"{GROUP}/providers/Microsoft.Consumption/budgets/month", {}, 501, "Microsoft.Consumption/budgets"),
        (ACCOUNT, {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "eastus", "colour": "red"}, 501,
         "colour"),
        (ACCOUNT, {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "eastus",
                   "properties": {"customDomain": {"name": "x"}}}, 501, "properties.customDomain"),
        (ACCOUNT, {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "eastus",
                   "properties": {"allowSharedKeyAccess": "yes"}}, 400, "properties.allowSharedKeyAccess"),
        (ACCOUNT, {"sku": {"name": "Gold"}, "kind": "StorageV2", "location": "eastus"}, 400, "Standard_LRS"),
        (ACCOUNT, {"kind": "StorageV2", "location": "eastus"}, 400, "sku"),
        (ACCOUNT, {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "mars"}, 400, "mars"),
    ],
)  # fmt: skip
def test_what_is_not_declared_is_refused_by_name(local: Local, path: str, body: dict, status: int, named: str) -> None:
    answer = with_group(local).arm("PUT", path, body, version="2024-01-01")
    assert answer.status_code == status and named in answer.json()["error"]["message"]


def test_read_only_fields_are_ignored(local: Local) -> None:
    body = {"location": "eastus", "properties": {"principalId": "mine"}, "id": "/x", "name": "y", "type": "z"}
    made = with_group(local).put(IDENTITY, body)
    assert made["properties"]["principalId"] != "mine" and made["id"] == IDENTITY


def test_what_is_missing_says_what(local: Local) -> None:
    assert code(local.arm("GET", ACCOUNT)) == "ResourceGroupNotFound"
    assert code(with_group(local).arm("GET", ACCOUNT)) == "ResourceNotFound"
    child = f"{ACCOUNT}/blobServices/default/containers/models"
    assert code(local.arm("PUT", child, {})) == "ParentResourceNotFound"
    assert local.arm("DELETE", ACCOUNT).status_code == 204
    other = local.arm("GET", "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/group")
    assert code(other) == "SubscriptionNotFound"


def test_a_storage_accounts_name_is_global(local: Local) -> None:
    with_account(local).put(f"{GROUP}2", {"location": "eastus"})
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    again = local.arm("PUT", ACCOUNT.replace("/group/", "/group2/"), body)
    assert again.status_code == 409 and code(again) == "StorageAccountAlreadyTaken"


def test_a_role_needs_a_principal_and_a_scope_that_exist(local: Local) -> None:
    with_account(local)
    assignment = f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body = {"properties": {"roleDefinitionId": role, "principalId": OBJECT_ID}}
    assert local.put(assignment, body)["properties"]["scope"] == ACCOUNT
    twice = local.arm("PUT", f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", body)
    assert twice.status_code == 409 and code(twice) == "RoleAssignmentExists"
    nobody = {"properties": {**body["properties"], "principalId": str(uuid.uuid4())}}
    assert code(local.arm("PUT", f"{assignment[:-1]}0", nobody)) == "PrincipalNotFound"
    nowhere = assignment.replace("storageAccounts/store", "storageAccounts/other")
    assert local.arm("PUT", nowhere, body).status_code == 404


def test_roles_are_found_by_name(local: Local) -> None:
    path = (
        f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName eq 'AcrPull'"
    )
    (found,) = local.arm("GET", path).json()["value"]
    assert found["name"] == "7f951dda-4ed3-4680-a7ca-43fe172d538d"


def test_keys_are_two_and_can_be_renewed(local: Local) -> None:
    before = with_account(local).arm("POST", f"{ACCOUNT}/listKeys").json()["keys"]
    after = local.arm("POST", f"{ACCOUNT}/regenerateKey", {"keyName": "key1"}).json()["keys"]
    assert after[0]["value"] != before[0]["value"] and after[1] == before[1]


def test_query_parameters_without_effect_are_refused_by_name(local: Local) -> None:
    path = f"{GROUP}/providers/Microsoft.Storage/storageAccounts?$filter=x"
    answer = with_group(local).arm("GET", path, version="2024-01-01")
    assert answer.status_code == 501 and "$filter" in answer.json()["error"]["message"]


def test_an_autoscale_setting_needs_its_target(local: Local) -> None:
    path = f"{GROUP}/providers/Microsoft.Insights/autoscaleSettings/load"
    capacity = {"minimum": "1", "maximum": "3", "default": "1"}
    profile = {"name": "load", "capacity": capacity, "rules": []}
    body = {"location": "eastus", "properties": {"profiles": [profile], "targetResourceUri": ACCOUNT}}
    assert with_group(local).arm("PUT", path, body, version="2022-10-01").status_code == 404
    made = with_account(local).arm("PUT", path, body, version="2022-10-01")
    assert made.status_code == 201 and made.json()["properties"]["profiles"] == [profile]
