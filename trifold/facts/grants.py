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
        "Microsoft.Authorization/roleAssignments/write": "gives roles; by a condition, only those of the kit",
        "Microsoft.Authorization/roleAssignments/delete": "takes them away; by the same condition",
    },
}
VERBS = {
    ("Create", "create", "upload", "deploy"): "makes it",
    ("Get", "List", "Describe", "read", "get", "list"): "reads it, to compare",
    ("Put", "Update", "write", "update", "set"): "makes it what the program says",
    ("Tag", "AddTags"): "tags it",
    ("Untag", "DeleteTags"): "takes tags away that the program has no more",
    ("Delete", "delete", "undeploy"): "takes it away",
}


def why(cloud: str, action: str) -> str:
    """Why who deploys may do it."""
    verb = action.replace(":", "/").replace(".", "/").rpartition("/")[2]
    if action in REASONS.get(cloud, {}):
        return REASONS[cloud][action]
    fits = [(len(start), said) for starts, said in VERBS.items() for start in starts if verb.startswith(start)]
    return max(fits)[1] if fits else "changes it"


def deploying(cloud: str) -> Iterator[tuple[str, Granted, bool]]:
    """(type, grant, whether who previews has it too), in the table's order."""
    for type, need in NEEDS[cloud].items():
        for action in need.actions:
            yield type, Granted(action, need.on, why(cloud, action)), reads(cloud, action)
