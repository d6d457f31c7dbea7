"""What each resource of a stack takes to make, change, read and delete, by Pulumi resource type (or function, of what
is looked up): the one table that `doctor` asks the clouds about, and that the identities that deploy and preview are
made from. Which rows are a stack's is said by its features: what its settings turn on.

Sources: the calls that terraform-provider-aws, azure-native and terraform-provider-google make for the type, and the
vendors' references of actions: https://docs.aws.amazon.com/service-authorization/latest/reference/,
https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations,
https://cloud.google.com/iam/docs/permissions-reference. Never compared with a real account's denials yet.
"""

from collections.abc import Collection, Mapping

from trifold.facts.needs import aws, azure, gcp
from trifold.facts.needs.need import FEATURES, Need

__all__ = ["FEATURES", "NEEDS", "Need", "actions", "needs", "reads"]

NEEDS: Mapping[str, Mapping[str, Need]] = {"aws": aws.NEEDS, "azure": azure.NEEDS, "gcp": gcp.NEEDS}

# What reads, but before a change or a deletion only.
TO_CHANGE = (
    "iam:ListInstanceProfilesForRole",
    "iam:ListPolicyVersions",
    "s3:ListBucketVersions",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "cloudwatch:DescribeAlarms",
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
    "Microsoft.Network/locations/operations/read",
    "Microsoft.Network/privateDnsOperationStatuses/read",
)
READING = {
    "aws": ("Get", "List", "Describe", "Head", "View"),
    "azure": ("read",),
    "gcp": ("get", "list", "getIamPolicy", "getIpFilter"),
}


def needs(cloud: str, features: Collection[str] = ()) -> dict[str, Need]:
    """The rows of a cloud that a stack with these features takes; without any, a plain stack's."""
    return {
        type: need
        for type, need in NEEDS[cloud].items()
        if (not need.when or need.when in features) and not set(need.unless) & set(features)
    }


def reads(cloud: str, action: str) -> bool:
    """Whether an action of a need changes nothing, and gives no secret away either (listKeys does)."""
    if action in TO_CHANGE or action in TO_FOLLOW:
        return False
    if cloud == "aws":
        return action.partition(":")[2].startswith(READING["aws"])
    return action.replace("/", ".").rpartition(".")[2] in READING[cloud]


def actions(cloud: str, features: Collection[str] = (), *, reading: bool = False) -> tuple[str, ...]:
    """All that the kit's resources take on a cloud, each once and sorted; reading: what only reads."""
    found = {action for need in needs(cloud, features).values() for action in need.actions}
    return tuple(sorted(action for action in found if not reading or reads(cloud, action)))
