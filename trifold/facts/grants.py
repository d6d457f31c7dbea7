"""What each identity of a stack may do, and why: the pages docs/grants/<cloud>.md are made of it (scripts/grants.py).

That of the endpoints is listed here with its reasons; a test holds it against what infra/ asks for. Those that deploy
and preview come from trifold.facts.needs, and so do their reasons: by the verb, but for those that say more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trifold.facts.needs import NEEDS, reads


@dataclass(frozen=True)
class Granted:
    """action: in the vendor's words. on: what it is granted on, said for people. why: who asks for it, and for what."""

    action: str
    on: str
    why: str


_LOG = "the endpoint's log group"
_READ = "the official provider reads it of every bucket, and gives up where it may not"
_OF_EVERY_BUCKET = (
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketWebsite",
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketLogging",
    "s3:GetReplicationConfiguration",
    "s3:GetBucketObjectLockConfiguration",
)
_OF_A_VPC = ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups")
_APPROVALS = (
    "Microsoft.Storage/storageAccounts/PrivateEndpointConnectionsApproval/action",
    "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
    "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action",
    "Microsoft.MachineLearningServices/workspaces/privateEndpointConnectionsApproval/action",
)
_FOLLOWED = "follows an operation to its end"
# cloud -> what the identity of the endpoints may do.
ENDPOINTS: Mapping[str, tuple[Granted, ...]] = {
    "aws": (
        Granted("sts:AssumeRole", "the role, by SageMaker alone and for this account alone",
                "SageMaker works as the role; from no other account (the confused deputy)"),
        Granted("s3:GetObject", "the archive of each package that is served", "SageMaker downloads the model"),
        Granted("ecr:BatchCheckLayerAvailability", "the stack's repository", "SageMaker pulls the server's image"),
        Granted("ecr:BatchGetImage", "the stack's repository", "the same: its manifest"),
        Granted("ecr:GetDownloadUrlForLayer", "the stack's repository", "the same: its layers"),
        Granted("ecr:GetAuthorizationToken", "* (AWS takes nothing else)", "the same: the registry's token"),
        Granted("logs:CreateLogStream", _LOG, "each instance writes to a stream of its own, named by SageMaker"),
        Granted("logs:DescribeLogStreams", _LOG, "SageMaker looks where to go on in a stream"),
        Granted("logs:PutLogEvents", _LOG, "the server's log"),
        Granted("cloudwatch:PutMetricData", "* (AWS takes nothing else), in the namespace /aws/sagemaker/Endpoints",
                "the instances' use of processor, memory and disk"),
    ),
    "azure": (
        Granted("AcrPull", "the stack's registry", "Azure ML pulls the server's image as the identity"),
        Granted("Storage Blob Data Reader", "the stack's container",
                "Azure ML downloads the models as the identity; it documents this role, so no narrower one is made"),
        Granted("Storage Blob Data Contributor", "the stack's container, to who made the stack",
                "on Azure not even a subscription's owner may use objects without it"),
    ),
    "gcp": (
        Granted("roles/storage.objectViewer", "the stack's bucket, and no other",
                "a server lists the folder of its model (storage.objects.list) and reads it (storage.objects.get). No "
                "predefined role gives these two alone; what else this one gives are folders that such a bucket has "
                "none of, and the name of the project"),
    ),
}  # fmt: skip
# What says more than the verb does.
REASONS: Mapping[str, Mapping[str, str]] = {
    "aws": {
        "iam:PassRole": "CreateModel hands the endpoints' role to SageMaker",
        "iam:ListInstanceProfilesForRole": "the official provider looks before it deletes a role",
        "s3:ListBucket": "whether the bucket is there; and that what is missing in it is said to be",
        "s3:ListBucketVersions": "an ephemeral stack's bucket is emptied, and an archive goes with its versions",
        "s3:DeleteObjectVersion": "the same",
        "s3:GetObject": "the archive that is there is compared with the package",
        "logs:DescribeLogGroups": "the official provider finds the group in a list, which AWS takes for that of all",
        **dict.fromkeys(_OF_EVERY_BUCKET, _READ),
        "iam:CreateServiceLinkedRole": "Application Auto Scaling works as a role of AWS's own, made with an account's "
        "first target",
        "sagemaker:UpdateEndpointWeightsAndCapacities": "AWS asks for what a policy does of who makes it",
        "cloudwatch:PutMetricAlarm": "a policy is two alarms, made in the name of who makes it",
        "cloudwatch:DeleteAlarms": "they go with it",
        "cloudwatch:DescribeAlarms": "they are looked for before they go",
        "iam:ListPolicyVersions": "before another version is made, and before the policy goes",
        "iam:CreatePolicyVersion": "another text of the policy is another version of it",
        "iam:SetDefaultPolicyVersion": "and is then the one that counts",
        "iam:DeletePolicyVersion": "the oldest of five makes room, and all go with the policy",
        "ecr:DescribeImages": "the official provider looks for the newest image of a repository that it looks up",
        "ec2:DescribePrefixLists": "the official provider reads the addresses of what each leads to",
        "ec2:DescribeNetworkInterfaces": "and its interfaces in the subnets",
        **dict.fromkeys(_OF_A_VPC, "AWS asks for it beside CreateVpcEndpoint"),
        "route53:AssociateVPCWithHostedZone": "the services' own names lead to it, by a zone of AWS's",
        "kms:DescribeKey": "the key is looked up before anything is made; ECR does, too, in the name of who calls it",
        "kms:CreateGrant": "ECR and SageMaker have the key by grants, made in the name of who calls them",
        "kms:RetireGrant": "ECR gives its grants back",
        "kms:GenerateDataKey": "S3 encrypts the archive",
        "kms:Decrypt": "S3 puts an archive of several parts together, and tells of it",
        "logs:AssociateKmsKey": "encrypts a group that was there without the key",
        "logs:DisassociateKmsKey": "takes the key from it again",
        "iam:PutRolePermissionsBoundary": "another boundary in the stack's file; nobody gets the right to take it off",
    },
    "gcp": {
        "resourcemanager.projects.get": "asks whose project it is, before anything is made",
        "serviceusage.services.enable": "turns an API on that a new project has off",
        "serviceusage.services.list": "looks which APIs are on: the official provider asks for no single one",
        "serviceusage.operations.get": _FOLLOWED,
        "aiplatform.operations.list": "waits for what still goes on at an endpoint",
        "aiplatform.models.list": "a model goes with its last version, so the others are looked for before a deletion",
        "aiplatform.endpoints.update": "moves the traffic to what was deployed",
        "iam.serviceAccounts.actAs": "has the endpoints run as their account; of any account in the project, since the "
        "endpoints' own is made with the stack",
        "storage.buckets.getIamPolicy": "reads who may read the bucket, to change it and to compare",
        "storage.buckets.setIamPolicy": "lets the endpoints' account read the bucket",
        "storage.objects.list": "an ephemeral stack's bucket is emptied before it goes",
        "storage.buckets.setIpFilter": "shuts the bucket to what is outside the network",
        "cloudkms.cryptoKeys.get": "the key is looked up before anything is made",
        "cloudkms.cryptoKeys.getIamPolicy": "reads who may use the key, to change it and to compare",
        "cloudkms.cryptoKeys.setIamPolicy": "lets the services' agents use the key",
        "storage.objects.delete": "the same, and an archive goes with its version of the model",
    },
    "azure": {
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action": "hands the identity to the endpoint",
        "Microsoft.Authorization/checkAccess/action": "asks until a role that was given is in effect",
        "Microsoft.Storage/storageAccounts/listKeys/action": "azure-native reads and writes objects with the account's "
        "key",
        "Microsoft.KeyVault/deletedVaults/read": "finds the vaults that an earlier stack to throw away has left",
        "Microsoft.KeyVault/locations/deletedVaults/purge/action": "frees their names; of a stack that keeps its data "
        "nothing is purged",
        "Microsoft.Resources/subscriptions/operationresults/read": _FOLLOWED,
        "Microsoft.MachineLearningServices/locations/workspaceOperationsStatus/read": _FOLLOWED,
        "Microsoft.MachineLearningServices/locations/mfeOperationsStatus/read": _FOLLOWED,
        "Microsoft.Network/locations/operations/read": _FOLLOWED,
        "Microsoft.Network/privateDnsOperationStatuses/read": _FOLLOWED,
        "Microsoft.Network/virtualNetworks/subnets/join/action": "a private endpoint lies in the subnet",
        "Microsoft.Network/virtualNetworks/join/action": "a zone answers in the network",
        "Microsoft.Network/privateDnsZones/join/action": "a private endpoint has its names in the zones",
        **dict.fromkeys(_APPROVALS, "Azure asks who makes a private endpoint for the consent of what it leads to"),
        "Microsoft.KeyVault/vaults/keys/read": "the key is looked up before anything is made",
        "Microsoft.Authorization/roleAssignments/write": "gives roles; by a condition, only those of the kit",
        "Microsoft.Authorization/roleAssignments/delete": "takes them away; by the same condition",
    },
}
READS, LOOKED_UP = "reads it, to compare", "it is looked up before anything is made"
VERBS = {
    ("Create", "create", "upload", "deploy", "Register"): "makes it",
    ("Get", "List", "Describe", "View", "read", "get", "list"): READS,
    ("Put", "Update", "Set", "Modify", "write", "update", "set"): "makes it what the program says",
    ("Tag", "AddTags", "CreateTags"): "tags it",
    ("Untag", "DeleteTags"): "takes tags away that the program has no more",
    ("Delete", "delete", "undeploy", "Deregister"): "takes it away",
}


def why(cloud: str, action: str, type: str = "") -> str:
    """Why who deploys may do it to a type, or to what a function of the provider looks up."""
    verb = action.replace(":", "/").replace(".", "/").rpartition("/")[2]
    if action in REASONS.get(cloud, {}):
        return REASONS[cloud][action]
    fits = [(len(start), said) for starts, said in VERBS.items() for start in starts if verb.startswith(start)]
    said = max(fits)[1] if fits else "changes it"
    return LOOKED_UP if said == READS and ":get" in type else said


def deploying(cloud: str, when: str = "") -> Iterator[tuple[str, Granted, bool]]:
    """(type, grant, whether who previews has it too), in the table's order. when: what a feature calls for, instead of
    what every stack does."""
    for type, need in NEEDS[cloud].items():
        if need.when == when:
            for action in need.actions:
                yield type, Granted(action, need.on, why(cloud, action, type)), reads(cloud, action)
