"""What is checked, for whom, and what a check finds; the clouds' files do the asking."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

OK, WARNING, ERROR, UNKNOWN = "ok", "warning", "error", "unknown"
SEVERITIES = (ERROR, WARNING, UNKNOWN, OK)


@dataclass(frozen=True)
class Check:
    """One question. needs: what the caller must be allowed, by cloud, so that it can be asked at all."""

    id: str
    title: str
    needs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Finding:
    """What a check found. what: one sentence; where: the account, resource or file; mend: the command that mends it.

    A check that could not be made is `unknown`, with the reason as `what`: it is never counted as passed.
    """

    check: str
    severity: str
    what: str
    where: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Ask:
    """What a stack asks of its account, as plain values.

    sizes: instance type -> the most instances of it at a time. names: kind -> the name the stack gives it. tags: those
    that tell the stack's own things from others'. configured: the account that the provider's own configuration names
    ("" where it names none). principal: whose permissions are asked for ("" for the caller's).
    untold: check -> why it cannot be made here. regions, offered: those and the sizes the kit knows, to suggest one.
    others: kind of a name that the stack does not make -> id of what it brings along instead (brought.py).
    features: what its settings turn on, and places: what each {name} of the table is for it (trifold.facts.needs).
    """

    cloud: str
    project: str
    stack: str
    account: str
    region: str
    image: str
    sizes: Mapping[str, int]
    names: Mapping[str, str]
    tags: Mapping[str, str]
    region_key: str = ""
    configured: str = ""
    principal: str = ""
    untold: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    features: frozenset[str] = frozenset()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The stack's file, as messages name it."""
        return f"Pulumi.{self.stack}.yaml"

    def sets(self, key: str, value: str) -> str:
        """The command that sets a key of the stack's configuration."""
        return f"pulumi config set -s {self.stack} {key} {value}"


class Unknown(Exception):
    """A check cannot be made; the text says why. mend: what would make it possible."""

    def __init__(self, why: str, mend: str = "") -> None:
        super().__init__(why)
        self.mend = mend


class NoCredentials(Exception):
    """Nobody, or nobody any more, is signed in; the text is the vendor's. mend: how to sign in."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why)
        self.mend = mend


def apart(client: Any, check: str, *parts: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of all parts of a check: one that cannot be made is unknown, and hides none of the others."""
    for part in parts:
        try:
            with client.translated():
                yield from part
        except Unknown as error:
            yield Finding(check, UNKNOWN, str(error), mend=error.mend)


CHECKS = (
    Check("identity", "the credentials are of the pinned account",
          {"aws": (), "azure": ("Microsoft.Resources/subscriptions/read",), "gcp": ("resourcemanager.projects.get",)}),
    Check("permissions", "they may do what the stack does",
          {"aws": ("iam:SimulatePrincipalPolicy", "iam:GetRole"), "azure": (), "gcp": ()}),
    Check("services", "what the stack calls is turned on",
          {"aws": ("account:GetRegionOptStatus",), "azure": ("Microsoft.Resources/subscriptions/providers/read",),
           "gcp": ("serviceusage.services.get",)}),
    Check("placement", "the region has the instance types",
          {"aws": ("servicequotas:ListServiceQuotas",),
           "azure": ("Microsoft.MachineLearningServices/locations/vmSizes/read",),
           "gcp": ("aiplatform.locations.get",)}),
    Check("quota", "the quota is enough for them",
          {"aws": ("servicequotas:ListServiceQuotas",),
           "azure": ("Microsoft.MachineLearningServices/locations/usages/read",), "gcp": ("serviceusage.quotas.get",)}),
    Check("names", "the names are free, or the stack's own",
          {"aws": ("s3:ListBucket", "s3:GetBucketTagging", "sagemaker:DescribeEndpoint", "sagemaker:ListTags",
                   "ecr:DescribeRepositories", "ecr:ListTagsForResource", "logs:DescribeLogGroups",
                   "logs:ListTagsForResource"),
           "azure": ("Microsoft.Storage/checknameavailability/read",
                     "Microsoft.ContainerRegistry/checkNameAvailability/read",
                     "Microsoft.KeyVault/deletedVaults/read", "Microsoft.Resources/subscriptions/resourceGroups/read",
                     "Microsoft.MachineLearningServices/workspaces/read", "Microsoft.Insights/eventtypes/values/Read"),
           "gcp": ("storage.buckets.get", "artifactregistry.repositories.get", "aiplatform.endpoints.get",
                   "iam.serviceAccounts.get")}),
    Check("image", "the image is in the registry, and one the cloud can run",
          {"aws": ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
           "azure": ("Microsoft.ContainerRegistry/registries/pull/read",),
           "gcp": ("artifactregistry.repositories.downloadArtifacts",)}),
)  # fmt: skip
