"""What each resource of a stack takes to make, change, read and delete, by Pulumi resource type: the one table that
`doctor` asks the clouds about, and that the identities that deploy and preview are made from.

Sources: the calls that terraform-provider-aws, azure-native and terraform-provider-google make for the type, and the
vendors' references of actions: https://docs.aws.amazon.com/service-authorization/latest/reference/,
https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations,
https://cloud.google.com/iam/docs/permissions-reference. Never compared with a real account's denials yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """actions: in the vendor's words. on: what they are asked of, with {name} for the stack's names ("*" where the
    vendor takes nothing else). role: the vendor's own role that grants them, where the mending command names one."""

    actions: tuple[str, ...]
    on: str = "*"
    role: str = ""


def _aws(service: str, names: str, on: str = "*") -> Need:
    return Need(tuple(f"{service}:{name}" for name in names.split()), on)


def _azure(type: str, verbs: str = "read write delete", role: str = "Contributor") -> Need:
    return Need(tuple(f"{type}/{verb}" for verb in verbs.split()), role=role)


def _gcp(resource: str, verbs: str, role: str) -> Need:
    return Need(tuple(f"{resource}.{verb}" for verb in verbs.split()), role=role)


_SAGEMAKER = "arn:aws:sagemaker:{region}:{account}"
_LOGS, _LOG_GROUP = "arn:aws:logs:{region}:{account}:log-group", "/aws/sagemaker/Endpoints/{endpoint}"
_ROLE_ADMIN = "Role Based Access Control Administrator"
_ML = "Microsoft.MachineLearningServices/workspaces"

NEEDS: Mapping[str, Mapping[str, Need]] = {
    "aws": {
        "aws:s3/bucket:Bucket": _aws(
            "s3",
            "CreateBucket ListBucket ListBucketVersions DeleteBucket GetBucketTagging PutBucketTagging GetBucketPolicy "
            "PutBucketPolicy DeleteBucketPolicy GetBucketVersioning PutBucketVersioning GetEncryptionConfiguration "
            "PutEncryptionConfiguration GetLifecycleConfiguration PutLifecycleConfiguration GetBucketPublicAccessBlock "
            "PutBucketPublicAccessBlock GetBucketAcl GetBucketCORS GetBucketWebsite GetAccelerateConfiguration "
            "GetBucketRequestPayment GetBucketLogging GetReplicationConfiguration GetBucketObjectLockConfiguration",
            "arn:aws:s3:::{bucket}",
        ),
        "aws:s3/bucketObjectv2:BucketObjectv2": _aws(
            "s3",
            "PutObject GetObject DeleteObjectVersion PutObjectTagging GetObjectTagging",
            "arn:aws:s3:::{bucket}/*",
        ),
        "aws:ecr/repository:Repository": _aws(
            "ecr",
            "CreateRepository DescribeRepositories DeleteRepository TagResource UntagResource ListTagsForResource "
            "PutLifecyclePolicy GetLifecyclePolicy DeleteLifecyclePolicy",
            "arn:aws:ecr:{region}:{account}:repository/{registry}",
        ),
        "aws:iam/role:Role": _aws(
            "iam",
            "CreateRole GetRole DeleteRole TagRole UntagRole PutRolePolicy GetRolePolicy DeleteRolePolicy "
            "ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole PassRole",
            "arn:aws:iam::{account}:role/foundation-endpoint-*",
        ),
        # All but its tags are asked of the group's ARN with something after it, and the list of groups of no group.
        "aws:cloudwatch/logGroup:LogGroup": _aws(
            "logs", "CreateLogGroup DeleteLogGroup PutRetentionPolicy", f"{_LOGS}:{_LOG_GROUP}:*"
        ),
        "aws:cloudwatch/logGroup:LogGroup (tags)": _aws(
            "logs", "TagResource UntagResource ListTagsForResource", f"{_LOGS}:{_LOG_GROUP}"
        ),
        "aws:cloudwatch/logGroup:LogGroup (all)": _aws("logs", "DescribeLogGroups", f"{_LOGS}::log-stream:*"),
        "aws:sagemaker/model:Model": _aws(
            "sagemaker",
            "CreateModel DescribeModel DeleteModel AddTags DeleteTags ListTags",
            f"{_SAGEMAKER}:model/{{model}}*",
        ),
        # An endpoint is made and moved with a right to its configuration, too.
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _aws(
            "sagemaker",
            "CreateEndpointConfig DescribeEndpointConfig DeleteEndpointConfig AddTags DeleteTags ListTags "
            "CreateEndpoint UpdateEndpoint",
            f"{_SAGEMAKER}:endpoint-config/{{configuration}}*",
        ),
        "aws:sagemaker/endpoint:Endpoint": _aws(
            "sagemaker",
            "CreateEndpoint DescribeEndpoint UpdateEndpoint DeleteEndpoint AddTags DeleteTags ListTags",
            f"{_SAGEMAKER}:endpoint/{{endpoint}}",
        ),
    },
    "azure": {
        "azure-native:resources:ResourceGroup": _azure("Microsoft.Resources/subscriptions/resourceGroups"),
        "azure-native:resources:ResourceGroup (until it is gone)": _azure(
            "Microsoft.Resources/subscriptions/operationresults", "read"
        ),
        "azure-native:containerregistry:Registry": _azure("Microsoft.ContainerRegistry/registries"),
        "azure-native:managedidentity:UserAssignedIdentity": _azure(
            "Microsoft.ManagedIdentity/userAssignedIdentities", "read write delete assign/action"
        ),
        "azure-native:authorization:RoleAssignment": _azure(
            "Microsoft.Authorization/roleAssignments", "read write delete", _ROLE_ADMIN
        ),
        "trifold:azureaccess:RoleInEffect": _azure("Microsoft.Authorization/checkAccess", "action", _ROLE_ADMIN),
        "azure-native:storage:StorageAccount": _azure("Microsoft.Storage/storageAccounts"),
        "azure-native:storage:BlobServiceProperties": _azure(
            "Microsoft.Storage/storageAccounts/blobServices", "read write"
        ),
        "azure-native:storage:Blob": _azure("Microsoft.Storage/storageAccounts/listKeys", "action"),
        "azure-native:storage:BlobContainer": _azure("Microsoft.Storage/storageAccounts/blobServices/containers"),
        "azure-native:storage:ManagementPolicy": _azure("Microsoft.Storage/storageAccounts/managementPolicies"),
        "azure-native:keyvault:Vault": _azure("Microsoft.KeyVault/vaults"),
        "azure-native:operationalinsights:Workspace": _azure("Microsoft.OperationalInsights/workspaces"),
        "azure-native:applicationinsights:Component": _azure("Microsoft.Insights/components"),
        "azure-native:machinelearningservices:Workspace": _azure(_ML),
        "azure-native:machinelearningservices:Workspace (until it is made)": _azure(
            "Microsoft.MachineLearningServices/locations/workspaceOperationsStatus", "read"
        ),
        "trifold:azureml:FreedNames": Need(
            (
                *("Microsoft.KeyVault/deletedVaults/read", "Microsoft.KeyVault/locations/deletedVaults/purge/action"),
                *(f"{_ML}/read", f"{_ML}/delete"),
            ),
            role="Contributor",
        ),
        "azure-native:machinelearningservices:Datastore": _azure(f"{_ML}/datastores"),
        "azure-native:machinelearningservices:ModelVersion": _azure(f"{_ML}/models/versions"),
        "azure-native:machinelearningservices:EnvironmentVersion": _azure(f"{_ML}/environments/versions"),
        "azure-native:machinelearningservices:OnlineEndpoint": _azure(f"{_ML}/onlineEndpoints"),
        "azure-native:machinelearningservices:OnlineDeployment": _azure(f"{_ML}/onlineEndpoints/deployments"),
        "azure-native:machinelearningservices:OnlineDeployment (until it serves)": _azure(
            "Microsoft.MachineLearningServices/locations/mfeOperationsStatus", "read"
        ),
        "azure-native:monitor:AutoscaleSetting": _azure("Microsoft.Insights/autoscaleSettings"),
    },
    "gcp": {
        "gcp:projects/service:Service": _gcp(
            "serviceusage.services", "enable list", "roles/serviceusage.serviceUsageAdmin"
        ),
        "gcp:projects/service:Service (until it is on)": _gcp(
            "serviceusage.operations", "get", "roles/serviceusage.serviceUsageAdmin"
        ),
        "gcp:projects/service:Service (the project's number)": _gcp("resourcemanager.projects", "get", "roles/browser"),
        "gcp:artifactregistry/repository:Repository": _gcp(
            "artifactregistry.repositories", "create get update delete", "roles/artifactregistry.admin"
        ),
        "gcp:serviceaccount/account:Account": _gcp(
            "iam.serviceAccounts", "create get delete", "roles/iam.serviceAccountAdmin"
        ),
        "gcp:storage/bucket:Bucket": _gcp(
            "storage.buckets", "create get update delete getIamPolicy setIamPolicy", "roles/storage.admin"
        ),
        "gcp:storage/bucketObject:BucketObject": _gcp(
            "storage.objects", "create get list delete", "roles/storage.admin"
        ),
        "gcp:vertex/aiEndpoint:AiEndpoint": _gcp(
            "aiplatform.endpoints", "create get update delete", "roles/aiplatform.admin"
        ),
        "trifold:vertex:Model": _gcp("aiplatform.models", "upload get list update delete", "roles/aiplatform.admin"),
        "trifold:vertex:ModelDeployment": _gcp("aiplatform.endpoints", "deploy undeploy", "roles/aiplatform.admin"),
        "trifold:vertex:ModelDeployment (until it serves)": _gcp(
            "aiplatform.operations", "list", "roles/aiplatform.admin"
        ),
        "trifold:vertex:ModelDeployment (as the endpoint's account)": _gcp(
            "iam.serviceAccounts", "actAs", "roles/iam.serviceAccountUser"
        ),
    },
}

# What reads, but before a deletion only.
TO_DELETE = (
    "iam:ListInstanceProfilesForRole",
    "s3:ListBucketVersions",
    "storage.objects.list",
    "aiplatform.models.list",
    "Microsoft.KeyVault/deletedVaults/read",
)
# What follows a change to its end.
TO_FOLLOW = (
    "serviceusage.operations.get",
    "aiplatform.operations.list",
    "Microsoft.Resources/subscriptions/operationresults/read",
    "Microsoft.MachineLearningServices/locations/workspaceOperationsStatus/read",
    "Microsoft.MachineLearningServices/locations/mfeOperationsStatus/read",
)
READING = {
    "aws": ("Get", "List", "Describe", "Head"),
    "azure": ("read",),
    "gcp": ("get", "list", "getIamPolicy"),
}


def reads(cloud: str, action: str) -> bool:
    """Whether an action of a need changes nothing, and gives no secret away either (listKeys does)."""
    if cloud == "aws":
        return action not in TO_DELETE and action.partition(":")[2].startswith(READING["aws"])
    follows = action in TO_DELETE or action in TO_FOLLOW
    return not follows and action.replace("/", ".").rpartition(".")[2] in READING[cloud]


def actions(cloud: str, *, reading: bool = False) -> tuple[str, ...]:
    """All that the kit's resources take on a cloud, each once and sorted; reading: what only reads."""
    found = {action for need in NEEDS[cloud].values() for action in need.actions}
    return tuple(sorted(action for action in found if not reading or reads(cloud, action)))
