"""Azure: what a platform team has, made and read through Resource Manager's own client and azure-storage-blob.

given: the part's id by its key of `trifold:existing` (tests/conformance/brought.py), account and region.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.storage.blob import BlobServiceClient

ML, STORAGE, VAULTS = "2024-10-01", "2023-05-01", "2023-07-01"
GRANTS = "2022-04-01"
POLL_SECONDS = 0.2
CONTAINER = "/blobServices/default/containers/"


def bring(given: Mapping[str, Any]) -> list[str]:
    """Make it: a group, and in it a registry, an account with a container, an identity, and a workspace with its vault,
    its insights and their logs."""
    with _manager(given) as manager:
        for id in _parts(given):
            _register(manager, id.split("/providers/")[1].partition("/")[0])
        manager.resource_groups.create_or_update(_name(given["home"]), {"location": given["region"]})
        for id, (version, body) in _parts(given).items():
            manager.resources.begin_create_or_update_by_id(id, body, api_version=version).result()
    return brought(given)


def brought(given: Mapping[str, Any]) -> list[str]:
    """What is there of it, with all that is on it and in it."""
    with _manager(given) as manager:
        settings = [manager.resource_groups.get(_name(given["home"])).as_dict()]
        parts = _parts(given)
        settings += [manager.resources.get_by_id(id, api_version=one[0]).as_dict() for id, one in parts.items()]
        others = sorted({*_beside(manager, given), *_in_workspace(manager, given["workspace"])} - set(parts))
    return [*(json.dumps(one, sort_keys=True) for one in settings), *others, *sorted(_in_store(given))]


def take_away(given: Mapping[str, Any]) -> None:
    """Delete it, and free the names that Azure holds."""
    from azure.mgmt.keyvault import KeyVaultManagementClient

    with _manager(given) as manager:
        purge = {"forceToPurge": "true"}
        manager.resources.begin_delete_by_id(given["workspace"], api_version=ML, params=purge).result()
        manager.resource_groups.begin_delete(_name(given["home"])).result()
    with KeyVaultManagementClient(DefaultAzureCredential(), given["account"]) as vaults:
        for one in vaults.vaults.list_deleted():
            if one.properties.vault_id.lower() == given["vault"].lower():
                vaults.vaults.begin_purge_deleted(one.name, given["region"]).result()


def _parts(given: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """id -> (API version, body), each after what it needs."""
    place, account = {"location": given["region"]}, _account(given)
    insights = f"{given['home']}/providers/Microsoft.Insights/components/team-insights"
    tenant = os.environ["AZURE_TENANT_ID"]
    vault = {"tenantId": tenant, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    logged = {"Application_Type": "web", "WorkspaceResourceId": given["logs"]}
    links = {"storageAccount": account, "keyVault": given["vault"], "applicationInsights": insights}
    return {
        given["registry"]: ("2023-07-01", {**place, "sku": {"name": "Standard"}}),
        account: (STORAGE, {**place, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}),
        f"{account}{CONTAINER}packages": (STORAGE, {"properties": {}}),
        given["identity"]: ("2023-01-31", place),
        given["vault"]: (VAULTS, {**place, "properties": vault}),
        given["logs"]: ("2023-09-01", {**place, "properties": {"retentionInDays": 30}}),
        insights: ("2020-02-02", {**place, "kind": "web", "properties": logged}),
        given["workspace"]: (ML, {**place, "identity": {"type": "SystemAssigned"}, "properties": links}),
    }


def _register(manager: ResourceManagementClient, namespace: str) -> None:
    """A new subscription has none, and registers one in a while."""
    manager.providers.register(namespace)
    while manager.providers.get(namespace).registration_state != "Registered":
        time.sleep(POLL_SECONDS)


def _beside(manager: ResourceManagementClient, given: Mapping[str, Any]) -> Iterator[str]:
    """What lies in the group, and the grants on any of it."""
    yield from (one.id for one in manager.resources.list_by_resource_group(_name(given["home"])))
    yield from _listed(manager, f"{given['home']}/providers/Microsoft.Authorization/roleAssignments", GRANTS)


def _in_workspace(manager: ResourceManagementClient, workspace: str) -> Iterator[str]:
    """Endpoints, datastores, and the versions of models and environments."""
    for family in ("onlineEndpoints", "datastores"):
        yield from _listed(manager, f"{workspace}/{family}", ML)
    for family in ("models", "environments"):
        for asset in _listed(manager, f"{workspace}/{family}", ML):
            yield from _listed(manager, f"{asset}/versions", ML)


def _listed(manager: ResourceManagementClient, path: str, version: str) -> list[str]:
    return [one["id"] for one in manager.resources.get_by_id(path, api_version=version)["value"]]


def _in_store(given: Mapping[str, Any]) -> Iterator[str]:
    """The blobs of the container that is brought, or the containers and blobs of the account."""
    account = _account(given)
    with BlobServiceClient(f"https://{_name(account)}.blob.core.windows.net", _key(given, account)) as store:
        only = given["store"].partition(CONTAINER)[2]
        for name in [only] if only else [one.name for one in store.list_containers()]:
            yield from (f"{name}/{one.name}" for one in store.get_container_client(name).list_blobs())
            yield name


def _key(given: Mapping[str, Any], account: str) -> str:
    """Of the account: not even a subscription's owner may read blobs by its own right."""
    from azure.mgmt.storage import StorageManagementClient

    with StorageManagementClient(DefaultAzureCredential(), given["account"]) as client:
        found = client.storage_accounts.list_keys(_name(given["home"]), _name(account))["keys"]
    return str(found[0]["value"])


def _manager(given: Mapping[str, Any]) -> ResourceManagementClient:
    return ResourceManagementClient(DefaultAzureCredential(), given["account"])


def _account(given: Mapping[str, Any]) -> str:
    return str(given["store"]).partition(CONTAINER)[0]


def _name(id: str) -> str:
    return id.rpartition("/")[2]
