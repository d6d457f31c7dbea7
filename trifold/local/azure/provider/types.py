"""The resource types, one record each: where it lies, its version, and how Pulumi's flat inputs become a body.

azure-native flattens `properties` of most types into the inputs; ML's and Key Vault's keep it. Read from the SDK's
classes (pulumi-azure-native 3.29) and the REST specifications they were made from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trifold.protocol.declaration import Autoname

TOP = frozenset({"location", "tags", "sku", "kind", "identity", "extendedLocation", "managedBy", "etag", "zones",
                 "properties"})  # fmt: skip
# Types with a location, which the provider's own setting fills in where the program gives none.
LOCATED = frozenset(
    f"azure-native:{name}"
    for name in ("resources:ResourceGroup", "storage:StorageAccount", "managedidentity:UserAssignedIdentity",
                 "keyvault:Vault", "applicationinsights:Component", "operationalinsights:Workspace",
                 "monitor:AutoscaleSetting",
                 "containerregistry:Registry", "machinelearningservices:Workspace",
                 "machinelearningservices:OnlineEndpoint", "machinelearningservices:OnlineDeployment")
)  # fmt: skip
LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class ArmType:
    """path: with the inputs that fill it in braces. nested: `properties` is an input as it is. renamed: input -> name
    in the body. defaults: of inputs. single: always there; a delete puts it back to how it was made."""

    token: str
    arguments: str
    path: str
    version: str
    autoname: Autoname | None = None
    nested: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    single: bool = False
    volatile: tuple[str, ...] = ()


_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_STORAGE = f"{_GROUP}/providers/Microsoft.Storage/storageAccounts/{{accountName}}"
_ML = f"{_GROUP}/providers/Microsoft.MachineLearningServices/workspaces/{{workspaceName}}"
_PACKAGE = "pulumi_azure_native"
_ML_VERSION = "2025-12-01"
_STORAGE_VERSION = "2024-01-01"
# Application Insights writes its properties in the older way.
_CAPITAL = ("HockeyAppId", "SamplingPercentage", "RetentionInDays", "DisableIpMasking", "WorkspaceResourceId",
            "ImmediatePurgeDataOn30Days", "IngestionMode", "DisableLocalAuth", "ForceCustomerStorageForProfiler",
            "ApplicationId", "AppId", "Name", "InstrumentationKey", "ConnectionString", "CreationDate", "TenantId",
            "HockeyAppToken", "PrivateLinkScopedResources")  # fmt: skip
_INSIGHTS = {
    "applicationType": "Application_Type",
    "flowType": "Flow_Type",
    "requestSource": "Request_Source",
    **{name[0].lower() + name[1:]: name for name in _CAPITAL},
}

TYPES: tuple[ArmType, ...] = (
    ArmType("azure-native:resources:ResourceGroup", f"{_PACKAGE}.resources.resource_group:ResourceGroupArgs", _GROUP,
            "2024-03-01", Autoname("resourceGroupName", 90)),
    ArmType("azure-native:storage:StorageAccount", f"{_PACKAGE}.storage.storage_account:StorageAccountArgs", _STORAGE,
            _STORAGE_VERSION, Autoname("accountName", 24, lower=True, alphabet=LOWER),
            renamed={"enableHttpsTrafficOnly": "supportsHttpsTrafficOnly", "networkRuleSet": "networkAcls",
                     "enableNfsV3": "isNfsV3Enabled"}),
    ArmType("azure-native:storage:BlobServiceProperties",
            f"{_PACKAGE}.storage.blob_service_properties:BlobServicePropertiesArgs",
            f"{_STORAGE}/blobServices/{{blobServicesName}}", _STORAGE_VERSION,
            defaults={"blobServicesName": "default"}, single=True),
    ArmType("azure-native:storage:BlobContainer", f"{_PACKAGE}.storage.blob_container:BlobContainerArgs",
            f"{_STORAGE}/blobServices/default/containers/{{containerName}}", _STORAGE_VERSION,
            Autoname("containerName", 63, copy=True)),
    ArmType("azure-native:storage:ManagementPolicy", f"{_PACKAGE}.storage.management_policy:ManagementPolicyArgs",
            f"{_STORAGE}/managementPolicies/{{managementPolicyName}}", _STORAGE_VERSION,
            defaults={"managementPolicyName": "default"}),
    ArmType("azure-native:managedidentity:UserAssignedIdentity",
            f"{_PACKAGE}.managedidentity.user_assigned_identity:UserAssignedIdentityArgs",
            f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}", "2023-01-31",
            Autoname("resourceName", 128)),
    ArmType("azure-native:managedidentity:FederatedIdentityCredential",
            f"{_PACKAGE}.managedidentity.federated_identity_credential:FederatedIdentityCredentialArgs",
            f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"
            "/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}", "2023-01-31",
            Autoname("federatedIdentityCredentialResourceName", 120)),
    ArmType("azure-native:authorization:RoleDefinition",
            f"{_PACKAGE}.authorization.role_definition:RoleDefinitionArgs",
            "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}", "2022-05-01-preview",
            renamed={"roleType": "type"}),
    ArmType("azure-native:authorization:RoleAssignment",
            f"{_PACKAGE}.authorization.role_assignment:RoleAssignmentArgs",
            "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}", "2022-04-01"),
    # The local cloud has no Microsoft.Consumption yet, and says so by name.
    ArmType("azure-native:consumption:Budget", f"{_PACKAGE}.consumption.budget:BudgetArgs",
            "/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}", "2024-08-01", Autoname("budgetName", 63)),
    ArmType("azure-native:keyvault:Vault", f"{_PACKAGE}.keyvault.vault:VaultArgs",
            f"{_GROUP}/providers/Microsoft.KeyVault/vaults/{{vaultName}}", "2024-11-01", Autoname("vaultName", 24),
            nested=True),
    ArmType("azure-native:applicationinsights:Component", f"{_PACKAGE}.applicationinsights.component:ComponentArgs",
            f"{_GROUP}/providers/Microsoft.Insights/components/{{resourceName}}", "2020-02-02",
            Autoname("resourceName", 255),
            renamed=_INSIGHTS),
    ArmType("azure-native:monitor:AutoscaleSetting", f"{_PACKAGE}.monitor.autoscale_setting:AutoscaleSettingArgs",
            f"{_GROUP}/providers/Microsoft.Insights/autoscaleSettings/{{autoscaleSettingName}}", "2022-10-01",
            Autoname("autoscaleSettingName", 260)),
    ArmType("azure-native:operationalinsights:Workspace", f"{_PACKAGE}.operationalinsights.workspace:WorkspaceArgs",
            f"{_GROUP}/providers/Microsoft.OperationalInsights/workspaces/{{workspaceName}}", "2023-09-01",
            Autoname("workspaceName", 63), renamed={"sku": "properties.sku"}),
    ArmType("azure-native:containerregistry:Registry", f"{_PACKAGE}.containerregistry.registry:RegistryArgs",
            f"{_GROUP}/providers/Microsoft.ContainerRegistry/registries/{{registryName}}", "2023-01-01-preview",
            Autoname("registryName", 50, alphabet=LOWER + LOWER.upper())),
    ArmType("azure-native:machinelearningservices:Workspace",
            f"{_PACKAGE}.machinelearningservices.workspace:WorkspaceArgs", _ML, _ML_VERSION,
            Autoname("workspaceName", 33)),
    ArmType("azure-native:machinelearningservices:Datastore",
            f"{_PACKAGE}.machinelearningservices.datastore:DatastoreArgs", f"{_ML}/datastores/{{name}}", _ML_VERSION,
            Autoname("name", 255, copy=True), nested=True),
    ArmType("azure-native:machinelearningservices:ModelContainer",
            f"{_PACKAGE}.machinelearningservices.model_container:ModelContainerArgs", f"{_ML}/models/{{name}}",
            _ML_VERSION, Autoname("name", 255, copy=True), nested=True),
    ArmType("azure-native:machinelearningservices:ModelVersion",
            f"{_PACKAGE}.machinelearningservices.model_version:ModelVersionArgs",
            f"{_ML}/models/{{name}}/versions/{{version}}", _ML_VERSION, Autoname("version", 255, copy=True),
            nested=True),
    ArmType("azure-native:machinelearningservices:EnvironmentContainer",
            f"{_PACKAGE}.machinelearningservices.environment_container:EnvironmentContainerArgs",
            f"{_ML}/environments/{{name}}", _ML_VERSION, Autoname("name", 255, copy=True), nested=True),
    ArmType("azure-native:machinelearningservices:EnvironmentVersion",
            f"{_PACKAGE}.machinelearningservices.environment_version:EnvironmentVersionArgs",
            f"{_ML}/environments/{{name}}/versions/{{version}}", _ML_VERSION, Autoname("version", 255, copy=True),
            nested=True),
    ArmType("azure-native:machinelearningservices:OnlineEndpoint",
            f"{_PACKAGE}.machinelearningservices.online_endpoint:OnlineEndpointArgs",
            f"{_ML}/onlineEndpoints/{{endpointName}}", _ML_VERSION, Autoname("endpointName", 32, copy=True),
            nested=True),
    ArmType("azure-native:machinelearningservices:OnlineDeployment",
            f"{_PACKAGE}.machinelearningservices.online_deployment:OnlineDeploymentArgs",
            f"{_ML}/onlineEndpoints/{{endpointName}}/deployments/{{deploymentName}}", _ML_VERSION,
            Autoname("deploymentName", 32, copy=True), nested=True),
)  # fmt: skip
