"""What each operation accepts: the vendor's model of its body, and which fields act or are stored. All else is refused.

Names are Azure's own operation names ("Microsoft.Storage/storageAccounts/write"), as role definitions spell them.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from trifold.local.azure.api import versions
from trifold.local.azure.api.blob import operations as blobs
from trifold.local.azure.api.models import ML, load
from trifold.local.support import Operation

TRACKED = ("location", "tags")
ASSET = ("properties.description", "properties.properties", "properties.tags", "properties.isArchived")


@dataclass(frozen=True)
class Accepted:
    """A resource type. model: "module:Class" of a PUT's body; patch: of a PATCH's, where it differs."""

    model: str
    versions: tuple[str, ...]
    acting: tuple[str, ...]
    stored: tuple[str, ...] = ()
    note: str = ""
    patchable: bool = False
    patch: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.acting, *self.stored)


@dataclass(frozen=True)
class Action:
    """A POST on a resource, or a GET of a view of it. model: of its body, "" for none."""

    acting: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    model: str = ""
    note: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.acting, *self.stored)


_STORAGE = "azure.mgmt.storage.models"
_ML = "Microsoft.MachineLearningServices/workspaces"

TYPES: Mapping[str, Accepted] = {
    "Microsoft.Resources/resourceGroups": Accepted(
        "azure.mgmt.resource.resources.models:ResourceGroup", versions.RESOURCES, TRACKED, ("managedBy",),
        "Deleting one deletes all that lies in it.", patchable=True,
    ),
    "Microsoft.Storage/storageAccounts": Accepted(
        f"{_STORAGE}:StorageAccountCreateParameters", versions.STORAGE,
        (*TRACKED, "kind", "properties.allowSharedKeyAccess", "properties.allowBlobPublicAccess",
         "properties.supportsHttpsTrafficOnly"),
        ("sku.name", "identity", "properties.accessTier", "properties.minimumTlsVersion",
         "properties.allowCrossTenantReplication",
         "properties.defaultToOAuthAuthentication", "properties.publicNetworkAccess", "properties.networkAcls",
         "properties.encryption", "properties.isLocalUserEnabled", "properties.isHnsEnabled",
         "properties.isSftpEnabled", "properties.isNfsV3Enabled", "properties.largeFileSharesState"),
        "Blob service only; kinds StorageV2 and BlobStorage. Everything is kept in memory.",
        patchable=True, patch=f"{_STORAGE}:StorageAccountUpdateParameters",
    ),
    "Microsoft.Storage/storageAccounts/blobServices": Accepted(
        f"{_STORAGE}:BlobServiceProperties", versions.STORAGE, ("properties.isVersioningEnabled",),
        ("properties.deleteRetentionPolicy", "properties.containerDeleteRetentionPolicy", "properties.cors",
         "properties.changeFeed"),
        "Versions are kept in front of Azurite. Soft delete is stored only.",
    ),
    "Microsoft.Storage/storageAccounts/blobServices/containers": Accepted(
        f"{_STORAGE}:BlobContainer", versions.STORAGE, ("properties.publicAccess", "properties.metadata"),
        ("properties.denyEncryptionScopeOverride", "properties.defaultEncryptionScope"), patchable=True,
    ),
    "Microsoft.Storage/storageAccounts/managementPolicies": Accepted(
        f"{_STORAGE}:ManagementPolicy", versions.STORAGE, (), ("properties.policy",), "Rules are kept and never run.",
    ),
    "Microsoft.ManagedIdentity/userAssignedIdentities": Accepted(
        "azure.mgmt.msi.v2024_11_30.models:Identity", versions.IDENTITY, TRACKED, ("properties.isolationScope",),
        "Its principal is what role assignments and deployments are checked for.", patchable=True,
        patch="azure.mgmt.msi.v2024_11_30.models:IdentityUpdate",
    ),
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": Accepted(
        "azure.mgmt.msi.v2024_11_30.models:FederatedIdentityCredential", versions.IDENTITY,
        ("properties.issuer", "properties.subject", "properties.audiences"),
        note="A token of the local issuer with that subject signs in as the identity.",
    ),
    "Microsoft.Authorization/roleDefinitions": Accepted(
        "azure.mgmt.authorization.v2022_04_01.models:RoleDefinition", versions.AUTHORIZATION,
        ("properties.roleName", "properties.permissions", "properties.assignableScopes"),
        ("properties.description", "properties.type"), "Custom roles, beside the built-in ones that stacks use.",
    ),
    "Microsoft.Authorization/roleAssignments": Accepted(
        "azure.mgmt.authorization.v2022_04_01.models:RoleAssignmentCreateParameters", versions.AUTHORIZATION,
        ("properties.roleDefinitionId", "properties.principalId", "properties.principalType", "properties.condition",
         "properties.conditionVersion"),
        ("properties.description",),
        "Checked on every call. Conditions: those on roleAssignments/write and delete.",
    ),
    "Microsoft.KeyVault/vaults": Accepted(
        "azure.mgmt.keyvault.models:VaultCreateOrUpdateParameters", versions.KEY_VAULT, TRACKED,
        ("properties.tenantId", "properties.sku", "properties.accessPolicies", "properties.enabledForDeployment",
         "properties.enabledForDiskEncryption", "properties.enabledForTemplateDeployment",
         "properties.enableSoftDelete",
         "properties.softDeleteRetentionInDays", "properties.enableRbacAuthorization", "properties.createMode",
         "properties.enablePurgeProtection", "properties.networkAcls", "properties.publicNetworkAccess"),
        "No secrets, keys or certificates. A deleted vault is gone at once, but for hostile clouds.",
    ),
    "Microsoft.Insights/components": Accepted(
        "azure.mgmt.applicationinsights.v2020_02_02.models:ApplicationInsightsComponent", versions.INSIGHTS, TRACKED,
        ("kind", "etag", "properties.Application_Type", "properties.Flow_Type", "properties.Request_Source",
         "properties.RetentionInDays", "properties.SamplingPercentage", "properties.DisableIpMasking",
         "properties.WorkspaceResourceId", "properties.publicNetworkAccessForIngestion",
         "properties.publicNetworkAccessForQuery", "properties.IngestionMode", "properties.DisableLocalAuth"),
        "The control plane only: nothing is ingested.",
    ),
    "Microsoft.Insights/autoscaleSettings": Accepted(
        "azure.mgmt.monitor.models:AutoscaleSettingResource", versions.AUTOSCALE,
        (*TRACKED, "properties.targetResourceUri"),
        ("properties.profiles", "properties.enabled", "properties.name", "properties.notifications",
         "properties.targetResourceLocation"),
        "The target must exist. The number of instances does not follow the load.",
    ),
    "Microsoft.OperationalInsights/workspaces": Accepted(
        "azure.mgmt.loganalytics.models:Workspace", versions.LOGS, TRACKED,
        ("properties.sku", "properties.retentionInDays", "properties.workspaceCapping", "properties.features",
         "properties.publicNetworkAccessForIngestion", "properties.publicNetworkAccessForQuery", "identity"),
        "The control plane only: nothing is ingested.",
    ),
    "Microsoft.ContainerRegistry/registries": Accepted(
        "azure.mgmt.containerregistry.models:Registry", versions.REGISTRY, (*TRACKED, "properties.adminUserEnabled"),
        ("sku.name", "identity", "properties.policies", "properties.dataEndpointEnabled",
         "properties.publicNetworkAccess", "properties.networkRuleBypassOptions", "properties.zoneRedundancy",
         "properties.anonymousPullEnabled", "properties.roleAssignmentMode"),
        "The control plane only: images are not pushed here; see the image rule of local clouds.",
        patchable=True, patch="azure.mgmt.containerregistry.models:RegistryUpdateParameters",
    ),
    _ML: Accepted(
        f"{ML}:Workspace", versions.ML,
        (*TRACKED, "identity", "properties.storageAccount", "properties.keyVault", "properties.applicationInsights",
         "properties.containerRegistry", "properties.systemDatastoresAuthMode"),
        ("kind", "sku", "properties.friendlyName", "properties.description", "properties.hbiWorkspace",
         "properties.publicNetworkAccess", "properties.primaryUserAssignedIdentity", "properties.discoveryUrl",
         "properties.v1LegacyMode", "properties.imageBuildCompute",
         "properties.allowPublicAccessWhenBehindVnet", "properties.enableDataIsolation"),
        "Linked resources must exist. A deleted workspace is gone at once, but for hostile clouds.", patchable=True,
        patch=f"{ML}:WorkspaceUpdateParameters",
    ),
    f"{_ML}/datastores": Accepted(
        f"{ML}:Datastore", versions.ML,
        ("properties.datastoreType", "properties.credentials", "properties.accountName", "properties.containerName"),
        ("properties.description", "properties.properties", "properties.tags", "properties.endpoint",
         "properties.protocol", "properties.serviceDataAccessAuthIdentity", "properties.resourceGroup",
         "properties.subscriptionId"),
        "Blob containers only (datastoreType AzureBlob).",
    ),
    f"{_ML}/models": Accepted(f"{ML}:ModelContainer", versions.ML, ("properties.isArchived",), ASSET),
    f"{_ML}/models/versions": Accepted(
        f"{ML}:ModelVersion", versions.ML, ("properties.modelUri", "properties.isArchived"),
        (*ASSET, "properties.isAnonymous", "properties.modelType", "properties.flavors", "properties.stage",
         "properties.jobName"),
        "modelUri: a datastore path, a blob's or container's address, or another model.",
    ),
    f"{_ML}/environments": Accepted(f"{ML}:EnvironmentContainer", versions.ML, ("properties.isArchived",), ASSET),
    f"{_ML}/environments/versions": Accepted(
        f"{ML}:EnvironmentVersion", versions.ML,
        ("properties.image", "properties.inferenceConfig", "properties.isArchived"),
        (*ASSET, "properties.isAnonymous", "properties.osType", "properties.autoRebuild", "properties.stage"),
        "An image with an inferenceConfig; nothing is built, so conda files and build contexts are refused.",
    ),
    f"{_ML}/codes": Accepted(f"{ML}:CodeContainer", versions.ML, (), ASSET),
    f"{_ML}/codes/versions": Accepted(
        f"{ML}:CodeVersion", versions.ML, (), (*ASSET, "properties.codeUri", "properties.isAnonymous"),
        "Kept only: a scoring script needs Microsoft's inference image, which is not here.",
    ),
    f"{_ML}/onlineEndpoints": Accepted(
        f"{ML}:OnlineEndpoint", versions.ML,
        (*TRACKED, "identity", "properties.authMode", "properties.traffic", "properties.mirrorTraffic",
         "properties.keys"),
        ("kind", "sku", "properties.description", "properties.properties", "properties.publicNetworkAccess"),
        "PUT replaces: without traffic the endpoint has none. Mirrored traffic is refused unless empty.",
        patchable=True, patch=f"{ML}:PartialMinimalTrackedResourceWithIdentity",
    ),
    f"{_ML}/onlineEndpoints/deployments": Accepted(
        f"{ML}:OnlineDeployment", versions.ML,
        (*TRACKED, "sku", "properties.endpointComputeType", "properties.model", "properties.environmentId",
         "properties.environmentVariables", "properties.instanceType", "properties.requestSettings",
         "properties.livenessProbe", "properties.readinessProbe", "properties.startupProbe",
         "properties.scaleSettings.scaleType"),
        ("kind", "identity", "properties.description", "properties.properties", "properties.appInsightsEnabled",
         "properties.egressPublicNetworkAccess", "properties.modelMountPath"),
        "Each instance is a process on this machine. Scale type Default only; scoring scripts and data collection "
        "are refused.",
        patchable=True, patch=f"{ML}:PartialMinimalTrackedResourceWithSku",
    ),
}  # fmt: skip

ACTIONS: Mapping[tuple[str, str], Action] = {
    ("Microsoft.Storage/storageAccounts", "listKeys"): Action(),
    ("Microsoft.Storage/storageAccounts", "regenerateKey"): Action(
        ("keyName",), model=f"{_STORAGE}:StorageAccountRegenerateKeyParameters"
    ),
    ("Microsoft.ContainerRegistry/registries", "listCredentials"): Action(note="Of the admin user; they open nothing."),
    (_ML, "listKeys"): Action(note="The storage account's key, and nothing of notebooks."),
    (f"{_ML}/datastores", "listSecrets"): Action(
        ("expirableSecret",), ("expireAfterHours",), f"{ML}:SecretExpiry", "An account key, or a SAS of an hour."
    ),
    (f"{_ML}/onlineEndpoints", "listKeys"): Action(),
    (f"{_ML}/onlineEndpoints", "regenerateKeys"): Action(
        ("keyType", "keyValue"), model=f"{ML}:RegenerateEndpointKeysRequest"
    ),
    (f"{_ML}/onlineEndpoints", "token"): Action(note="For endpoints with authMode AMLToken."),
    (f"{_ML}/onlineEndpoints/deployments", "getLogs"): Action(
        ("tail", "containerType"), model=f"{ML}:DeploymentLogsRequest"
    ),
    (f"{_ML}/onlineEndpoints/deployments", "skus"): Action(note="One SKU, with the limits that are enforced."),
}

# What Resource Manager and its providers tell of the subscription itself: arm/standing.py.
READS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Microsoft.Authorization/permissions/read": ((), "The caller's roles at the scope, as far as they are in effect."),
    "Microsoft.Authorization/checkAccess/action": (("Subject", "Actions"), "Of any principal, in the portal's shape."),
    "Microsoft.Resources/providers/register/action": ((), "Hostile clouds refuse writes until it is done."),
    "Microsoft.Resources/providers/unregister/action": ((), ""),
    "Microsoft.Storage/checkNameAvailability/read": (("name", "type"), "Names in this subscription are taken."),
    "Microsoft.ContainerRegistry/checkNameAvailability/read": (("name", "type"), "Names here are taken."),
    "Microsoft.KeyVault/deletedVaults/read": ((), "None, but for hostile clouds."),
    "Microsoft.KeyVault/locations/deletedVaults/read": ((), "The same."),
    "Microsoft.KeyVault/locations/deletedVaults/purge/action": ((), "Its name is free again."),
    "Microsoft.Insights/eventtypes/values/read": (
        ("$filter", "$select"),
        "The activity log: writes and deletes, by resourceUri or all; on hostile clouds some seconds late.",
    ),
    "Microsoft.MachineLearningServices/locations/vmSizes/read": ((), "Twelve of Azure ML's sizes."),
    "Microsoft.MachineLearningServices/locations/usages/read": ((), "24 cores a family; hostile clouds enforce it."),
}


def accepted(type: str) -> Accepted | None:
    """The declaration of a type, its name compared without case."""
    return next((found for name, found in TYPES.items() if name.lower() == type.lower()), None)


def load_all() -> None:
    """Import the vendor's models, which takes a second or two: better before the first request than in it."""
    for one in TYPES.values():
        load(one.model)
    importlib.import_module("azure.storage.blob")


def _declared() -> dict[tuple[str, str], Operation]:
    made = [Operation(*_split(f"{type}/write"), one.acting, one.stored, one.note) for type, one in TYPES.items()]
    for type, one in TYPES.items():
        made += [Operation(*_split(f"{type}/read"), ()), Operation(*_split(f"{type}/delete"), ())]
        made += [Operation(*_split(f"{type}/update"), one.acting, one.stored, "PATCH")] if one.patchable else []
    for (type, name), action in ACTIONS.items():
        made.append(Operation(*_split(f"{type}/{name}/action"), action.acting, action.stored, action.note))
    made += [Operation(*_split(name), fields, (), note) for name, (fields, note) in READS.items()]
    made += [Operation("Blob service", name, fields, (), blobs.NOTE) for name, fields in blobs.OPERATIONS.items()]
    made.append(
        Operation("Online endpoint", "POST /score", ("azureml-model-deployment", "authorization"), (),
                  "401, 404, 408, 424 and 429 as the service's own; any path of the container is reached.")
    )  # fmt: skip
    made.append(Operation("Microsoft Entra ID", "token", ("grant_type", "client_id", "client_secret", "scope"), (),
                          "Client credentials only."))  # fmt: skip
    return {(one.service, one.name): one for one in made}


def _split(name: str) -> tuple[str, str]:
    service, _, rest = name.partition("/")
    return service, rest


OPERATIONS: Mapping[tuple[str, str], Operation] = _declared()
