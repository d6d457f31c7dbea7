"""Tags and labels that policy.yaml asks for."""

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


def _tags(resource: Resource, context: Context) -> Iterator[Said]:
    place = PLACES.get(resource.type)
    found: Any = resource.at(place or "tags")
    if not place and not isinstance(found, Mapping):
        return
    if isinstance(found, Hidden):
        if context.settings.tags:
            yield unsure(place or "tags", found)
        return
    wanted = context.settings.tags
    absent = [key for key in wanted if not (found or {}).get(key)]
    if absent:
        yield Said(place or "tags", f"without {', '.join(absent)}")


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
