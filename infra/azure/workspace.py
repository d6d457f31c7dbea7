"""The Azure ML workspace of an endpoint, and what a workspace needs beside the store: a vault and a place for logs."""

from dataclasses import dataclass

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_azure_native import applicationinsights, keyvault, machinelearningservices, operationalinsights

from infra import keeping
from infra.azure import existing, keys, network
from infra.azure.foundation import Foundation
from infra.azure.storage import Storage
from infra.capabilities.endpoint import EndpointSpec
from infra.naming import Names
from trifold.plugin.resources.azure_names import FreedNames, FreedNamesArgs

STORE = "models"
LOG_DAYS = 30
VAULT_DAYS = 7


@dataclass(frozen=True)
class Workspace:
    """A workspace. name, group: its own and its resource group's; store: the datastore that holds the packages;
    expected: group and name, known before it is made."""

    name: Output[str]
    group: Output[str]
    store: Output[str]
    expected: tuple[str, str]


def make(name: str, spec: EndpointSpec, foundation: Foundation, storage: Storage, parent: pulumi.Resource) -> Workspace:
    """The workspace, made or brought along, and the store as a datastore of it."""
    names, kept = spec.names, "workspace" in spec.kept
    if id := foundation.brought.existing.workspace:
        private, child = foundation.brought.network is not None, ResourceOptions(parent=parent)
        arm = existing.workspace(id, foundation.account.region, private, parent)
        place, group = Output.from_input(arm.names[0]), Output.from_input(arm.group)
        # Others keep datastores there, too.
        own = names("workspace", STORE).replace("-", "_")
        return Workspace(place, group, _datastore(name, own, group, place, storage, child), (arm.group, arm.names[0]))
    freed = [_freed_names(name, spec, foundation, parent)] if spec.ephemeral else []
    child = keeping.options(kept, parent=parent, depends_on=freed)
    made = _workspace(name, names, keeping.tags(kept, spec.tags), foundation, storage, child)
    store = _datastore(name, STORE, foundation.group, made.name, storage, child)
    return Workspace(made.name, foundation.group, store, (foundation.group_name, names("workspace")))


def _freed_names(name: str, spec: EndpointSpec, foundation: Foundation, parent: pulumi.Resource) -> pulumi.Resource:
    """Azure holds the names of what is deleted: docs/decisions/163-names-that-azure-holds.md."""
    return FreedNames(
        f"{name}-freed-names",
        FreedNamesArgs(
            subscription_id=foundation.account.id,
            resource_group_name=foundation.group,
            workspace_name=spec.names("workspace"),
            tags={key: spec.tags[key] for key in ("project", "stack")},
        ),
        opts=ResourceOptions(parent=parent),
    )


def _workspace(
    name: str, names: Names, tags: dict[str, str], foundation: Foundation, storage: Storage, child: ResourceOptions
) -> machinelearningservices.Workspace:
    private, there = foundation.brought.network, foundation.brought.existing
    parent = child.parent
    assert parent is not None
    workspace = machinelearningservices.Workspace(
        f"{name}-workspace",
        workspace_name=names("workspace"),
        resource_group_name=foundation.group,
        location=foundation.account.region,
        kind="Default",
        sku={"name": "Basic", "tier": machinelearningservices.SkuTier.BASIC},
        **keys.of_workspace(foundation.key),
        storage_account=storage.account,
        key_vault=existing.vault(there.vault, parent) if there.vault else _vault(name, foundation, tags, child),
        application_insights=_insights(name, foundation, tags, child),
        **network.of_workspace(private, foundation.registry_id),
        # The workspace's own datastores without the account's key.
        system_datastores_auth_mode=machinelearningservices.SystemDatastoresAuthMode.IDENTITY,
        tags=tags,
        opts=child,
    )
    network.connect(name, foundation.private, "amlworkspace", workspace.id, ResourceOptions(parent=parent))
    return workspace


def _vault(name: str, foundation: Foundation, tags: dict[str, str], child: ResourceOptions) -> Output[str]:
    """The id of the workspace's vault."""
    vault = keyvault.Vault(
        # Its name is left to Pulumi: a deleted vault keeps its name for days.
        f"{name}-vault",
        resource_group_name=foundation.group,
        location=foundation.account.region,
        properties={
            "tenant_id": foundation.account.tenant,
            "sku": {"family": keyvault.SkuFamily.A, "name": keyvault.SkuName.STANDARD},
            "enable_rbac_authorization": True,
            "enable_soft_delete": True,
            "soft_delete_retention_in_days": VAULT_DAYS,
            **network.of_vault(foundation.brought.network),
        },
        tags=tags,
        opts=child,
    )
    network.connect(name, foundation.private, "vault", vault.id, ResourceOptions(parent=child.parent))
    return vault.id


def _insights(name: str, foundation: Foundation, tags: dict[str, str], child: ResourceOptions) -> Output[str]:
    """The id of Application Insights, which keeps its data in a Log Analytics workspace: it can't be made without."""
    private, there = foundation.brought.network, foundation.brought.existing.logs
    parent = child.parent
    assert parent is not None
    logs = existing.logs(there, foundation.account.id, parent) if there else _logs(name, foundation, tags, child)
    insights = applicationinsights.Component(
        f"{name}-insights",
        resource_group_name=foundation.group,
        location=foundation.account.region,
        kind="web",
        application_type=applicationinsights.ApplicationType.WEB,
        ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
        workspace_resource_id=logs,
        **network.of_logs(private),
        tags=tags,
        opts=child,
    )
    return insights.id


def _logs(name: str, foundation: Foundation, tags: dict[str, str], child: ResourceOptions) -> Output[str]:
    """The id of a Log Analytics workspace."""
    logs = operationalinsights.Workspace(
        f"{name}-logs",
        resource_group_name=foundation.group,
        location=foundation.account.region,
        sku={"name": operationalinsights.WorkspaceSkuNameEnum.PER_GB2018},
        retention_in_days=LOG_DAYS,
        **network.of_logs(foundation.brought.network),
        tags=tags,
        opts=child,
    )
    return logs.id


def _datastore(
    name: str,
    store: str,
    group: Output[str],
    workspace: Output[str],
    storage: Storage,
    child: ResourceOptions,
) -> Output[str]:
    """The name of the datastore. It holds no secret: who reads through it needs a role on the container."""
    datastore = machinelearningservices.Datastore(
        f"{name}-store",
        name=store,
        resource_group_name=group,
        workspace_name=workspace,
        properties=machinelearningservices.AzureBlobDatastoreArgs(
            datastore_type="AzureBlob",
            account_name=storage.account_name,
            container_name=storage.name,
            credentials=machinelearningservices.NoneDatastoreCredentialsArgs(credentials_type="None"),
            endpoint="core.windows.net",
            protocol="https",
        ),
        opts=child,
    )
    return datastore.name


def model_uri(subscription: str, workspace: Workspace, path: str) -> Output[str]:
    """A path in the store, as models name it."""
    home = Output.concat(f"azureml://subscriptions/{subscription}/resourcegroups/", workspace.group)
    return Output.concat(home, "/workspaces/", workspace.name, "/datastores/", workspace.store, f"/paths/{path}")
