"""Azure: by operation, asked of the stack's group where nothing else is said."""

from collections.abc import Mapping

from trifold.facts.needs.need import Need

_ROLE_ADMIN = "Role Based Access Control Administrator"
_NETWORKS, _ZONES = "Network Contributor", "Private DNS Zone Contributor"
_ML = "Microsoft.MachineLearningServices/workspaces"
_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
_STORAGE = "Microsoft.Storage/storageAccounts"
_REGISTRIES = "Microsoft.ContainerRegistry/registries"
_VAULTS = "Microsoft.KeyVault/vaults"
_LOGS = "Microsoft.OperationalInsights/workspaces"
_PRIVATE = "Microsoft.Network/privateEndpoints"
_DNS = "Microsoft.Network/privateDnsZones"
_OWN_WORKSPACE = ("existing.workspace",)

NO_NETWORK = "no local cloud has a network"
NO_KEYS = "no local cloud has a key service"
NO_BUDGETS = "the local Azure has no Microsoft.Consumption"
NOT_BROUGHT = "no test of who deploys brings such a part along on the local Azure yet"


def _azure(
    type: str, verbs: str = "read write delete", role: str = "Contributor", on: str = "*", when: str = "",
    unless: tuple[str, ...] = (), untried: str = "",
) -> Need:  # fmt: skip
    return Need(tuple(f"{type}/{verb}" for verb in verbs.split()), on, role, when, unless, untried)


def _approved(type: str, verb: str, *unless: str) -> Need:
    """A private endpoint is in use once the resource that it leads to has approved it."""
    return _azure(type, verb, when="network.make", unless=unless, untried=NO_NETWORK)


def _found(type: str, on: str, when: str, verbs: str = "read") -> Need:
    """What a look-up of an existing part takes, and what is done with it."""
    return _azure(type, verbs, "Reader", on, when, untried=NOT_BROUGHT)


NEEDS: Mapping[str, Need] = {
    "azure-native:resources:ResourceGroup": _azure(
        "Microsoft.Resources/subscriptions/resourceGroups", unless=("existing.home",)
    ),
    "azure-native:resources:ResourceGroup (until it is gone)": _azure(
        "Microsoft.Resources/subscriptions/operationresults", "read", unless=("existing.home",)
    ),
    "azure-native:containerregistry:Registry": _azure(_REGISTRIES, unless=("existing.registry",)),
    "azure-native:managedidentity:UserAssignedIdentity": _azure(
        _IDENTITIES, "read write delete assign/action", unless=("existing.identity",)
    ),
    "azure-native:authorization:RoleAssignment": _azure(
        "Microsoft.Authorization/roleAssignments", role=_ROLE_ADMIN, on="{granted}"
    ),
    "trifold:azureaccess:RoleInEffect": _azure(
        "Microsoft.Authorization/checkAccess", "action", _ROLE_ADMIN, on="{granted}"
    ),
    "azure-native:storage:StorageAccount": _azure(_STORAGE, unless=("existing.store",)),
    "azure-native:storage:BlobServiceProperties": _azure(
        f"{_STORAGE}/blobServices", "read write", unless=("existing.store",)
    ),
    "azure-native:storage:Blob": _azure(f"{_STORAGE}/listKeys", "action", on="{store}"),
    "azure-native:storage:BlobContainer": _azure(
        f"{_STORAGE}/blobServices/containers", on="{store}", unless=("existing.container",)
    ),
    "azure-native:storage:ManagementPolicy": _azure(f"{_STORAGE}/managementPolicies", unless=("existing.store",)),
    "azure-native:keyvault:Vault": _azure(_VAULTS, unless=("existing.vault", "existing.workspace")),
    "azure-native:operationalinsights:Workspace": _azure(_LOGS, unless=("existing.logs", "existing.workspace")),
    "azure-native:applicationinsights:Component": _azure("Microsoft.Insights/components", unless=_OWN_WORKSPACE),
    "azure-native:machinelearningservices:Workspace": _azure(_ML, unless=_OWN_WORKSPACE),
    "azure-native:machinelearningservices:Workspace (until it is made)": _azure(
        "Microsoft.MachineLearningServices/locations/workspaceOperationsStatus", "read", unless=_OWN_WORKSPACE
    ),
    "azure-native:machinelearningservices:Datastore": _azure(f"{_ML}/datastores", on="{workspace}"),
    "azure-native:machinelearningservices:ModelVersion": _azure(f"{_ML}/models/versions", on="{workspace}"),
    "azure-native:machinelearningservices:EnvironmentVersion": _azure(
        f"{_ML}/environments/versions", on="{workspace}"
    ),
    "azure-native:machinelearningservices:OnlineEndpoint": _azure(f"{_ML}/onlineEndpoints", on="{workspace}"),
    "azure-native:machinelearningservices:OnlineDeployment": _azure(
        f"{_ML}/onlineEndpoints/deployments", on="{workspace}"
    ),
    "azure-native:machinelearningservices:OnlineDeployment (until it serves)": _azure(
        "Microsoft.MachineLearningServices/locations/mfeOperationsStatus", "read"
    ),
    "azure-native:monitor:AutoscaleSetting": _azure("Microsoft.Insights/autoscaleSettings", when="scaling"),
    "trifold:azureml:FreedNames": Need(
        (
            *("Microsoft.KeyVault/deletedVaults/read", "Microsoft.KeyVault/locations/deletedVaults/purge/action"),
            *(f"{_ML}/read", f"{_ML}/delete"),
        ),
        role="Contributor",
        when="ephemeral",
        unless=_OWN_WORKSPACE,
    ),
    "azure-native:consumption:Budget": _azure(
        "Microsoft.Consumption/budgets", role="Cost Management Contributor", when="budget", untried=NO_BUDGETS
    ),
    "azure-native:network:PrivateEndpoint": _azure(
        _PRIVATE, role=_NETWORKS, when="network.make", untried=NO_NETWORK
    ),
    "azure-native:network:PrivateEndpoint (its subnet)": _azure(
        "Microsoft.Network/virtualNetworks/subnets/join", "action", _NETWORKS, "{subnet}", "network.make",
        untried=NO_NETWORK,
    ),
    "azure-native:network:PrivateEndpoint (until it is made)": _azure(
        "Microsoft.Network/locations/operations", "read", _NETWORKS, when="network.make", untried=NO_NETWORK
    ),
    "azure-native:network:PrivateEndpoint (of the account)": _approved(
        _STORAGE, "PrivateEndpointConnectionsApproval/action", "existing.store"
    ),
    "azure-native:network:PrivateEndpoint (of the registry)": _approved(
        _REGISTRIES, "privateEndpointConnectionsApproval/action", "existing.registry"
    ),
    "azure-native:network:PrivateEndpoint (of the vault)": _approved(
        _VAULTS, "privateEndpointConnectionsApproval/action", "existing.vault", "existing.workspace"
    ),
    "azure-native:network:PrivateEndpoint (of the workspace)": _approved(
        _ML, "privateEndpointConnectionsApproval/action", "existing.workspace"
    ),
    "azure-native:network:PrivateDnsZoneGroup": _azure(
        f"{_PRIVATE}/privateDnsZoneGroups", role=_NETWORKS, when="network.make", untried=NO_NETWORK
    ),
    "azure-native:network:PrivateDnsZoneGroup (its zones)": _azure(
        f"{_DNS}/join", "action", _ZONES, "{zone}", "network.make", untried=NO_NETWORK
    ),
    "azure-native:privatedns:PrivateZone": _azure(_DNS, role=_ZONES, when="network.zones", untried=NO_NETWORK),
    "azure-native:privatedns:PrivateZone (until it is made)": _azure(
        "Microsoft.Network/privateDnsOperationStatuses", "read", _ZONES, when="network.zones", untried=NO_NETWORK
    ),
    "azure-native:privatedns:VirtualNetworkLink": _azure(
        f"{_DNS}/virtualNetworkLinks", role=_ZONES, when="network.zones", untried=NO_NETWORK
    ),
    "azure-native:privatedns:VirtualNetworkLink (to the network)": _azure(
        "Microsoft.Network/virtualNetworks/join", "action", _NETWORKS, "{network}", "network.zones",
        untried=NO_NETWORK,
    ),
    # In another subscription the provider cannot look.
    "azure-native:keyvault:getKey": _azure(
        f"{_VAULTS}/keys", "read", "Reader", "{key_here}", "key", untried=NO_KEYS
    ),
    "azure-native:managedidentity:UserAssignedIdentity (of the key)": _azure(
        _IDENTITIES, "read write delete assign/action", when="key", untried=NO_KEYS
    ),
    "azure-native:authorization:RoleAssignment (on the key)": _azure(
        "Microsoft.Authorization/roleAssignments", role=_ROLE_ADMIN, on="{key}", when="key", untried=NO_KEYS
    ),
    "azure-native:resources:getResourceGroup": _found(
        "Microsoft.Resources/subscriptions/resourceGroups", "*", "existing.home"
    ),
    "azure-native:containerregistry:getRegistry": _found(_REGISTRIES, "{registry}", "existing.registry"),
    "azure-native:managedidentity:getUserAssignedIdentity": _azure(
        _IDENTITIES, "read assign/action", "Managed Identity Operator", "{identity}", "existing.identity",
        untried=NOT_BROUGHT,
    ),
    "azure-native:storage:getStorageAccount": _found(_STORAGE, "{store}", "existing.store"),
    "azure-native:storage:getBlobContainer": _found(
        f"{_STORAGE}/blobServices/containers", "{store}", "existing.container"
    ),
    "azure-native:machinelearningservices:getWorkspace": _found(_ML, "{workspace}", "existing.workspace"),
    "azure-native:keyvault:getVault": _found(_VAULTS, "{vault}", "existing.vault"),
    "azure-native:operationalinsights:getWorkspace": _found(_LOGS, "{logs_here}", "existing.logs"),
}  # fmt: skip
