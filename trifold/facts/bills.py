"""What one resource costs a month while it is there, by Pulumi resource type: pure, from the price facts.

A price is used for its own region only. What depends on use (what is stored, logged, asked) counts as nothing, and is
then "at least"; what has no price is unknown, never free. A month has 730 hours.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trifold.facts.load import Price, prices

HOURS = 730
EXACT, AT_LEAST, UNKNOWN = "exact", "at least", "unknown"


@dataclass(frozen=True)
class Bill:
    """How a type is charged. service: in the price facts; month: units of the price a month, None where that depends on
    use; instances: the price is of an instance, of the size in its meter's name."""

    service: str
    month: float | None = None
    instances: bool = False


BILLS: Mapping[str, Bill] = {
    "aws:s3/bucket:Bucket": Bill("s3.standard.storage"),
    "aws:ecr/repository:Repository": Bill("ecr.storage"),
    "aws:cloudwatch/logGroup:LogGroup": Bill("cloudwatch.logs.storage"),
    "aws:sagemaker/endpoint:Endpoint": Bill("sagemaker.realtime.instance", HOURS, instances=True),
    "azure-native:storage:StorageAccount": Bill("blob.hot.lrs.storage"),
    "azure-native:containerregistry:Registry": Bill("acr.basic", HOURS / 24),
    "azure-native:keyvault:Vault": Bill("keyvault.operations"),
    "azure-native:operationalinsights:Workspace": Bill("log_analytics.ingest"),
    "azure-native:machinelearningservices:OnlineDeployment": Bill("aml.online_endpoint.vm", HOURS, instances=True),
    "gcp:storage/bucket:Bucket": Bill("gcs.standard.storage"),
    "gcp:artifactregistry/repository:Repository": Bill("artifact_registry.storage"),
    "gcp:vertex/aiEndpoint:AiEndpoint": Bill("vertex.prediction.node", HOURS, instances=True),
}
# What is not charged for itself, by the vendors' price pages: identities and rights, groups, settings of what is listed
# above, and entries that only name something (https://aws.amazon.com/iam/, https://aws.amazon.com/sagemaker/pricing/,
# https://azure.microsoft.com/pricing/details/machine-learning/, https://cloud.google.com/vertex-ai/pricing).
FREE = frozenset(
    (
        *("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:sagemaker/model:Model"),
        *("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:ecr/lifecyclePolicy:LifecyclePolicy"),
        *("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketVersioning:BucketVersioning"),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        *("aws:s3/bucketPolicy:BucketPolicy", "aws:appautoscaling/target:Target"),
        *("azure-native:resources:ResourceGroup", "azure-native:managedidentity:UserAssignedIdentity"),
        *("azure-native:authorization:RoleAssignment", "azure-native:storage:BlobServiceProperties"),
        *("azure-native:storage:BlobContainer", "azure-native:storage:ManagementPolicy"),
        *("azure-native:machinelearningservices:Workspace", "azure-native:machinelearningservices:Datastore"),
        *("azure-native:machinelearningservices:OnlineEndpoint", "azure-native:applicationinsights:Component"),
        "azure-native:monitor:AutoscaleSetting",
        *("gcp:serviceaccount/account:Account", "gcp:projects/service:Service", "trifold:vertex:Model"),
    )
)


@dataclass(frozen=True)
class Cost:
    """US dollars a month, and how sure; dollars is None where it is unknown."""

    dollars: float | None
    certainty: str

    def __str__(self) -> str:
        if self.dollars is None:
            return UNKNOWN
        return f"{'' if self.certainty == EXACT else f'{self.certainty} '}US${self.dollars:,.2f}"


def monthly(type: str, region: str, size: str = "", count: int = 0, known: Iterable[Price] | None = None) -> Cost:
    """What a resource of a type costs. size, count: its instances, where it has some; known: the price facts."""
    if type in FREE:
        return Cost(0.0, EXACT)
    bill = BILLS.get(type)
    price = bill and price_of(bill.service, region, size if bill.instances else "", known)
    if not bill or not price:
        return Cost(None, UNKNOWN)
    if bill.instances:
        # Disks and traffic come on top.
        return Cost(price.price_usd * HOURS * count, AT_LEAST)
    return Cost(price.price_usd * (bill.month or 0), AT_LEAST if bill.month is None else EXACT)


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of what is known; "at least" as soon as one is not exact."""
    found = list(costs)
    certain = all(one.certainty == EXACT for one in found)
    return Cost(sum(one.dollars or 0.0 for one in found), EXACT if certain else AT_LEAST)


def price_of(service: str, region: str, size: str = "", known: Iterable[Price] | None = None) -> Price | None:
    """The price of a service in a region; of several tiers, the first that is paid for. size: a word of the meter."""
    here = (one for one in (prices() if known is None else known) if one.region in (region, "global"))
    fits = [one for one in here if one.service == service and (not size or size in _words(one.sku_or_meter))]
    return min(fits, key=lambda one: (one.tier or {}).get("from") or 0) if fits else None


def _words(meter: str) -> list[str]:
    return re.split(r"[ /:]+", meter)
