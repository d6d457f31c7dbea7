"""What a stack may ask of each cloud: the regions and instance types that serve one packaged model on CPU.

The image is linux/amd64, so ARM types (SageMaker's m6g, c7g) are left out. A region or size the vendor has added since
is one word to add here; prices are in trifold.facts. Listed: 2026-11, from the pages in `sources`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """One cloud. account: what the vendor calls an account, and what its id looks like; region_key: the configuration
    key of the cloud's own provider that holds the region; fixed: sizes that cannot be scaled by load."""

    account: str
    account_pattern: str
    region_key: str
    regions: tuple[str, ...]
    sizes: tuple[str, ...]
    fixed: tuple[str, ...]
    sources: tuple[str, ...]


def _sizes(template: str, families: str, sizes: str) -> tuple[str, ...]:
    return tuple(template.format(family, size) for family in families.split() for size in sizes.split())


OFFERS: Mapping[str, Offer] = {
    "aws": Offer(
        account="account",
        account_pattern=r"\d{12}",
        region_key="aws:region",
        regions=(
            *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
            *("eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3"),
            *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
        ),
        sizes=(
            *("ml.t2.medium", "ml.t2.large", "ml.t2.xlarge", "ml.t2.2xlarge"),
            *_sizes("ml.{}.{}", "m5 m6i m7i c5 c6i c7i r5 r6i", "large xlarge 2xlarge 4xlarge"),
        ),
        fixed=("ml.t2.medium", "ml.t2.large", "ml.t2.xlarge", "ml.t2.2xlarge"),
        sources=(
            "https://aws.amazon.com/sagemaker/ai/pricing/",
            "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
        ),
    ),
    "azure": Offer(
        account="subscription",
        account_pattern=r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        region_key="azure-native:location",
        regions=(
            *("eastus", "eastus2", "centralus", "northcentralus", "southcentralus", "westus", "westus2", "westus3"),
            *("canadacentral", "brazilsouth", "northeurope", "westeurope", "uksouth", "francecentral"),
            *("germanywestcentral", "swedencentral", "switzerlandnorth", "norwayeast"),
            *("japaneast", "koreacentral", "southeastasia", "centralindia", "australiaeast", "uaenorth"),
        ),
        sizes=(
            *_sizes("Standard_{}{}", "DS", "2_v2 3_v2 4_v2 5_v2"),
            *_sizes("Standard_{}{}", "F", "2s_v2 4s_v2 8s_v2 16s_v2"),
            *_sizes("Standard_{}{}", "D", "2s_v5 4s_v5 8s_v5 2as_v4 4as_v4 8as_v4"),
            *_sizes("Standard_{}{}", "E", "2s_v3 4s_v3 8s_v3"),
        ),
        fixed=(),
        sources=(
            "https://learn.microsoft.com/azure/machine-learning/reference-managed-online-endpoints-vm-sku-list",
            "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas",
        ),
    ),
    "gcp": Offer(
        account="project",
        account_pattern=r"[a-z][a-z0-9-]{3,28}[a-z0-9]",
        region_key="gcp:region",
        regions=(
            *("us-central1", "us-east1", "us-east4", "us-west1", "us-west2", "northamerica-northeast1"),
            *("southamerica-east1", "europe-west1", "europe-west2", "europe-west3", "europe-west4", "europe-west6"),
            *("asia-east1", "asia-northeast1", "asia-northeast3", "asia-south1", "asia-southeast1"),
            "australia-southeast1",
        ),
        sizes=(
            *_sizes("{}-{}", "e2-standard e2-highmem", "2 4 8 16"),
            *_sizes("{}-{}", "e2-highcpu", "4 8 16"),
            *_sizes("{}-{}", "n1-standard n1-highmem", "2 4 8 16"),
            *_sizes("{}-{}", "n1-highcpu", "4 8 16"),
        ),
        fixed=(),
        sources=(
            "https://cloud.google.com/vertex-ai/docs/predictions/configure-compute",
            "https://cloud.google.com/vertex-ai/docs/general/locations",
        ),
    ),
}
