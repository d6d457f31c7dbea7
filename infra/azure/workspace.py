"""The Azure ML workspace of an endpoint, and what a workspace needs beside the store: a vault and a place for logs."""

from collections.abc import Mapping

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_azure_native import applicationinsights, keyvault, machinelearningservices, operationalinsights

from infra import keeping
from infra.azure.foundation import Foundation
from infra.azure.storage import Storage
from infra.naming import Names

STORE = "models"
LOG_DAYS = 30
VAULT_DAYS = 7


def make(
    name: str,
    names: Names,
    tags: Mapping[str, str],
    foundation: Foundation,
    storage: Storage,
    parent: pulumi.Resource,
    kept: bool,
) -> tuple[machinelearningservices.Workspace, machinelearningservices.Datastore]:
    """The workspace, and the store as a datastore of it. kept: a destroy leaves them, and what they need."""
    location, marked = foundation.account.region, keeping.tags(kept, tags)
    child = keeping.options(kept, parent=parent)
    vault = keyvault.Vault(
        # Its name is left to Pulumi: a deleted vault keeps its name for days.
        f"{name}-vault",
        resource_group_name=foundation.group,
        location=location,
        properties={
            "tenant_id": foundation.account.tenant,
            "sku": {"family": keyvault.SkuFamily.A, "name": keyvault.SkuName.STANDARD},
            "enable_rbac_authorization": True,
            "enable_soft_delete": True,
            "soft_delete_retention_in_days": VAULT_DAYS,
        },
        tags=marked,
        opts=child,
    )
    insights = _insights(name, foundation, marked, child)
    workspace = machinelearningservices.Workspace(
        f"{name}-workspace",
        workspace_name=names("workspace"),
        resource_group_name=foundation.group,
        location=location,
        kind="Default",
        sku={"name": "Basic", "tier": machinelearningservices.SkuTier.BASIC},
        identity={"type": machinelearningservices.ManagedServiceIdentityType.SYSTEM_ASSIGNED},
        storage_account=storage.account,
        key_vault=vault.id,
        application_insights=insights.id,
        public_network_access=machinelearningservices.PublicNetworkAccessType.ENABLED,
        # The workspace's own datastores without the account's key.
        system_datastores_auth_mode=machinelearningservices.SystemDatastoresAuthMode.IDENTITY,
        tags=marked,
        opts=child,
    )
    return workspace, _datastore(name, foundation, storage, workspace, child)


def _insights(
    name: str, foundation: Foundation, tags: dict[str, str], child: ResourceOptions
) -> applicationinsights.Component:
    """Application Insights keeps its data in a Log Analytics workspace; without one it can no longer be made."""
    logs = operationalinsights.Workspace(
        f"{name}-logs",
        resource_group_name=foundation.group,
        location=foundation.account.region,
        sku={"name": operationalinsights.WorkspaceSkuNameEnum.PER_GB2018},
        retention_in_days=LOG_DAYS,
        tags=tags,
        opts=child,
    )
    return applicationinsights.Component(
        f"{name}-insights",
        resource_group_name=foundation.group,
        location=foundation.account.region,
        kind="web",
        application_type=applicationinsights.ApplicationType.WEB,
        ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
        workspace_resource_id=logs.id,
        tags=tags,
        opts=child,
    )


def _datastore(
    name: str,
    foundation: Foundation,
    storage: Storage,
    workspace: machinelearningservices.Workspace,
    child: ResourceOptions,
) -> machinelearningservices.Datastore:
    """Holds no secret: who reads through it needs a role on the container."""
    return machinelearningservices.Datastore(
        f"{name}-store",
        name=STORE,
        resource_group_name=foundation.group,
        workspace_name=workspace.name,
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


def model_uri(
    foundation: Foundation,
    workspace: machinelearningservices.Workspace,
    datastore: machinelearningservices.Datastore,
    path: str,
) -> Output[str]:
    """A path in the store, as models name it."""
    home = Output.concat(f"azureml://subscriptions/{foundation.account.id}/resourcegroups/", foundation.group)
    return Output.concat(home, "/workspaces/", workspace.name, "/datastores/", datastore.name, f"/paths/{path}")
