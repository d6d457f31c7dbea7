"""Placement: the regions and the machine sizes that policy.yaml allows."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import Context, Rule, Said, unsure
from trifold.policy.rules.tags import PLACES

REGION_PATHS: Final = {"aws": ("region",), "azure-native": ("location",), "gcp": ("location", "region", "zone")}
# What says the region where the resource does not: of the provider, and of the stack's configuration.
CONFIGURED: Final = {"aws": "region", "azure-native": "location", "gcp": "region"}
# What is everywhere, or in no place of its own: a region says nothing of it.
PLACELESS: Final = (
    *("aws:iam/", "aws:route53/", "aws:cloudfront/", "azure-native:authorization:", "gcp:projects/", "gcp:folder/"),
    *("gcp:organizations/", "gcp:serviceaccount/", "pulumi:"),
)
SIZE_PATHS: Final = {
    "aws:ec2/instance:Instance": ("instanceType",),
    "aws:rds/instance:Instance": ("instanceClass",),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ("productionVariants[*].instanceType",),
    "aws:sagemaker/notebookInstance:NotebookInstance": ("instanceType",),
    "azure-native:machinelearningservices:OnlineDeployment": ("properties.instanceType",),
    "azure-native:machinelearningservices:Compute": ("properties.properties.vmSize",),
    "gcp:compute/instance:Instance": ("machineType",),
    "gcp:workbench/instance:Instance": ("gceSetup.machineType",),
    "trifold:vertex:ModelDeployment": ("deployments[*].machineType",),
}
# To Azure, "global" is no place: what is there (a DNS zone, an alert) has no region to choose.
EVERYWHERE: Final = {"azure-native": ("global",)}
# The kit's own types belong to a cloud too.
CLOUDS: Final = {"trifold:sagemaker": "aws", "trifold:azureml": "azure-native", "trifold:vertex": "gcp"}


def _cloud(resource: Resource) -> str:
    return CLOUDS.get(resource.type.rpartition(":")[0], resource.cloud)


def _regions(resource: Resource, context: Context) -> Iterator[Said]:
    cloud = _cloud(resource)
    allowed = context.settings.regions.get(cloud, ())
    if not allowed or resource.type.startswith(PLACELESS):
        return
    path, value = _region(resource, cloud, context)
    if isinstance(value, Hidden):
        yield unsure(path, value)
    elif value is not None and not _allowed(_plain(value, path), (*allowed, *EVERYWHERE.get(cloud, ()))):
        yield Said(path, f"{value} is not one of {', '.join(allowed)}")


def _region(resource: Resource, cloud: str, context: Context) -> tuple[str, Any]:
    """Where a resource is: by its own word, its provider's, or the stack's configuration; None for nowhere."""
    for path in REGION_PATHS[cloud]:
        value = resource.at(path)
        if value is not None:
            return path, value
    # Only on AWS is whatever does not say so in the provider's region; elsewhere it is where its parent is.
    if cloud != "aws":
        return "", None
    name = CONFIGURED[cloud]
    value = resource.provider.get(name) or context.preview.config.get(f"{cloud}:{name}")
    return f"provider's {name}", value


def _plain(value: Any, path: str) -> str:
    """As the clouds' own lists spell a region: "East US" is eastus, US-CENTRAL1 is us-central1; a zone's region."""
    text = str(value).lower().replace(" ", "")
    return text.rpartition("-")[0] if path == "zone" else text


def _sizes(resource: Resource, context: Context) -> Iterator[Said]:
    allowed = context.settings.sizes.get(_cloud(resource), ())
    for path in SIZE_PATHS.get(resource.type, ()) if allowed else ():
        for place, value in resource.each(path):
            if isinstance(value, Hidden):
                yield unsure(place, value)
            elif value is not None and not _allowed(str(value).lower(), allowed):
                yield Said(place, f"{value} is not one of {', '.join(allowed)}")


def _allowed(value: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(value, one.lower()) for one in globs)


def _placed() -> dict[str, tuple[str, ...]]:
    """The tagged types that have a place, with the argument that says where."""
    made = {}
    for type in PLACES:
        cloud = type.partition(":")[0]
        if cloud in REGION_PATHS and not type.startswith(PLACELESS):
            made[type] = REGION_PATHS[cloud]
    return made


RULES = (
    Rule(
        id="allowed-regions",
        severity="high",
        title="Resources are in the regions that policy.yaml allows",
        reason="Where data may be is a matter of law and contract, and a region nobody watches is where bills grow.",
        fix="location / region of the resource, or the region of its provider; or add the region to policy.yaml",
        pages=(
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html",
            "https://learn.microsoft.com/en-us/azure/governance/policy/samples/built-in-policies",
            "https://cloud.google.com/resource-manager/docs/organization-policy/defining-locations",
        ),
        reads=_placed(),
        check=_regions,
        everywhere=True,
    ),
    Rule(
        id="allowed-sizes",
        severity="high",
        title="Machines are of the sizes that policy.yaml allows",
        reason="One wrong letter in a size is a GPU machine, which costs more in a weekend than the course in a month.",
        fix="instance_type / machine_type of the finding; or add the size to policy.yaml",
        pages=(
            "https://aws.amazon.com/sagemaker/ai/pricing/",
            "https://learn.microsoft.com/en-us/azure/machine-learning/reference-managed-online-endpoints-vm-sku-list",
            "https://cloud.google.com/vertex-ai/docs/predictions/configure-compute",
        ),
        reads=SIZE_PATHS,
        check=_sizes,
    ),
)
