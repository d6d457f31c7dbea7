"""Tags and labels that policy.yaml asks for."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import Context, Rule, Said, unsure

# Types that carry tags (labels, to Google Cloud); of any other type, those that come with some are looked at too.
AWS: Final = tuple(
    f"aws:{one}"
    for one in (
        *("cloudwatch/logGroup:LogGroup", "ebs/volume:Volume", "ec2/instance:Instance", "ecr/repository:Repository"),
        *("efs/fileSystem:FileSystem", "iam/policy:Policy", "iam/role:Role", "kms/key:Key", "lambda/function:Function"),
        *("rds/cluster:Cluster", "rds/instance:Instance", "s3/bucket:Bucket", "sagemaker/endpoint:Endpoint"),
        *("sagemaker/endpointConfiguration:EndpointConfiguration", "sagemaker/model:Model"),
        *("sagemaker/notebookInstance:NotebookInstance",),
    )
)
AZURE: Final = tuple(
    f"azure-native:{one}"
    for one in (
        *("applicationinsights:Component", "containerregistry:Registry", "keyvault:Vault"),
        *("machinelearningservices:OnlineDeployment", "machinelearningservices:OnlineEndpoint"),
        *("machinelearningservices:Workspace", "managedidentity:UserAssignedIdentity"),
        *("operationalinsights:Workspace", "resources:ResourceGroup", "storage:StorageAccount", "web:WebApp"),
    )
)
GCP: Final = tuple(
    f"gcp:{one}"
    for one in (
        *("artifactregistry/repository:Repository", "compute/instance:Instance", "kms/cryptoKey:CryptoKey"),
        *("redis/instance:Instance", "storage/bucket:Bucket", "vertex/aiDataset:AiDataset"),
        *("vertex/aiEndpoint:AiEndpoint", "workbench/instance:Instance"),
    )
)
PLACES: Final = {**dict.fromkeys((*AWS, *AZURE), "tags"), **dict.fromkeys((*GCP, "trifold:vertex:Model"), "labels")}


# Where a provider says what all its resources carry.
DEFAULTS: Final = {"aws": ("defaultTags", "tags"), "gcp": ("defaultLabels",)}


def _tags(resource: Resource, context: Context) -> Iterator[Said]:
    place = PLACES.get(resource.type)
    found: Any = resource.at(place or "tags")
    if not context.settings.tags or (not place and not isinstance(found, Mapping)):
        return
    if isinstance(found, Hidden):
        yield unsure(place or "tags", found)
        return
    carried = {**_defaults(resource), **(found or {})}
    absent = [key for key in context.settings.tags if not carried.get(key)]
    if absent:
        yield Said(place or "tags", f"without {', '.join(absent)}")


def _defaults(resource: Resource) -> Mapping[str, Any]:
    """The tags that the provider puts on all; what is inside a provider's setting is JSON in a text."""
    found: Any = resource.provider
    for key in DEFAULTS.get(resource.cloud, ("",)):
        found = found.get(key) if isinstance(found, Mapping) else None
        found = json.loads(found) if isinstance(found, str) and found.startswith("{") else found
    return found if isinstance(found, Mapping) else {}


RULES = (
    Rule(
        id="required-tags",
        severity="medium",
        title="Resources carry the tags that policy.yaml asks for",
        reason="A bill, an owner and what may be swept away are found by tag; what has none is nobody's.",
        fix="tags (labels, on Google Cloud) with the missing keys",
        pages=(
            "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
            "https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources",
            "https://cloud.google.com/resource-manager/docs/best-practices-labels",
        ),
        reads={type: (place,) for type, place in PLACES.items()},
        check=_tags,
        everywhere=True,
    ),
)
