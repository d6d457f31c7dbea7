"""The provider: how Pulumi's flat inputs become bodies and come back, for each type of the table."""

import pytest

from trifold.local.azure.provider.bodies import body_of, inputs_of, outputs_of, path_names, path_of, path_values
from trifold.local.azure.provider.server import create
from trifold.local.azure.provider.types import LOCATED, TYPES, ArmType
from trifold.protocol.naming import Request
from trifold.protocol.shapes import load, shape
from trifold.protocol.values import UNKNOWN

BY_TOKEN = {one.token.partition(":")[2]: one for one in TYPES}
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000aa"


@pytest.mark.parametrize("declared", TYPES, ids=lambda one: one.token)
def test_a_record_fits_the_sdks_class(declared: ArmType) -> None:
    inputs = shape(load(declared.arguments)).inputs
    assert set(path_names(declared)) <= set(inputs)
    assert ("location" in inputs) == (declared.token in LOCATED)
    assert set(declared.defaults) <= set(inputs)
    if declared.autoname:
        assert declared.autoname.property == path_names(declared)[-1]
    if declared.nested:
        assert "properties" in inputs


@pytest.mark.parametrize("declared", TYPES, ids=lambda one: one.token)
def test_an_id_holds_the_inputs_that_made_it(declared: ArmType) -> None:
    values = {name: f"a-{name}" for name in path_names(declared)}
    if "scope" in values:
        values["scope"] = "/subscriptions/x/resourceGroups/y"
    assert path_values(declared, path_of(declared, values, SUBSCRIPTION)) == values


def test_properties_are_nested_and_names_are_the_vendors() -> None:
    declared = BY_TOKEN["storage:StorageAccount"]
    inputs = {"accountName": "store", "resourceGroupName": "group", "location": "eastus", "kind": "StorageV2",
              "sku": {"name": "Standard_LRS"}, "enableHttpsTrafficOnly": True, "tags": {"a": "b"}}  # fmt: skip
    body = body_of(declared, inputs)
    assert body["properties"] == {"supportsHttpsTrafficOnly": True}
    assert set(body) == {"location", "kind", "sku", "tags", "properties"}
    path = path_of(declared, inputs, SUBSCRIPTION)
    found = {**body, "id": path, "name": "store", "type": "Microsoft.Storage/storageAccounts"}
    assert inputs_of(declared, path, found) == inputs
    assert outputs_of(declared, found)["azureApiVersion"] == "2024-01-01"


def test_a_sku_may_be_a_property() -> None:
    body = body_of(BY_TOKEN["operationalinsights:Workspace"], {"sku": {"name": "PerGB2018"}, "retentionInDays": 30})
    assert body == {"properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30}}


def test_identities_are_a_list_to_pulumi_and_a_map_to_azure() -> None:
    declared = BY_TOKEN["machinelearningservices:OnlineEndpoint"]
    identity = {"type": "UserAssigned", "userAssignedIdentities": ["/a"]}
    assert body_of(declared, {"identity": identity})["identity"]["userAssignedIdentities"] == {"/a": {}}
    preview = create().preview_create(declared.token, {"identity": identity, "properties": {"authMode": "Key"}})
    assert preview["identity"]["userAssignedIdentities"] == {"/a": UNKNOWN}


def test_unknown_and_missing_inputs_are_refused_by_name() -> None:
    token = "azure-native:storage:BlobContainer"
    _, failures = create().check(None, token, Request("models", b"seed"), {}, {"accountName": "store", "colour": "red"})
    assert {failure.property for failure in failures} == {"colour", "resourceGroupName"}


def test_names_are_made_as_the_official_provider_makes_them() -> None:
    provider = create()
    request = Request("models", b"seed")
    top, _ = provider.check(None, "azure-native:storage:StorageAccount", request, {}, {})
    assert top["accountName"].startswith("models") and len(top["accountName"]) == len("models") + 8
    below, _ = provider.check(None, "azure-native:storage:BlobContainer", request, {}, {})
    assert below["containerName"] == "models"


def test_replacement_follows_the_facts() -> None:
    provider = create()
    old = {"resourceGroupName": "a", "accountName": "b", "location": "East US", "tags": {}}
    moved, first = provider.diff(None, "azure-native:storage:StorageAccount", old, {**old, "location": "westus"})
    assert moved.keys == ("location",) and first
    same, _ = provider.diff(None, "azure-native:storage:StorageAccount", old, {**old, "location": "eastus"})
    assert not same.paths
