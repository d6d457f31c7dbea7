"""The clouds' own ids of what a stack may bring along: what they look like, and what a cloud has no such thing for.

A group of a pattern called `account` or `region` must be the stack's own: what is used together must lie together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_GROUP = rf"/subscriptions/(?P<account>{_UUID})/resourceGroups/[\w().-]{{1,90}}"
_ANY_GROUP = rf"/subscriptions/{_UUID}/resourceGroups/[\w().-]{{1,90}}"
_PROJECT = r"[a-z][a-z0-9-]{3,28}[a-z0-9]"
_AWS_ROLE = r"arn:aws:iam::{}:{}/([\w+=,.@-]+/)*[\w+=,.@-]{{1,64}}"


@dataclass(frozen=True)
class Form:
    """What an id looks like. example: shown with an error; source: the vendor's page."""

    pattern: str
    example: str
    source: str

    def match(self, found: str) -> re.Match[str] | None:
        """The whole id, or None. Azure's ids compare without case."""
        return re.fullmatch(self.pattern, found, re.IGNORECASE if found.startswith("/subscriptions/") else 0)


@dataclass(frozen=True)
class Missing:
    """A cloud has no such part. reason: why; nearest: what to do instead; link: the vendor's page."""

    what: str
    reason: str
    nearest: str
    link: str


def _arm(type: str, example: str, home: str = _GROUP, more: str = "") -> Form:
    pattern = rf"{home}/providers/{re.escape(type)}/[\w.-]+{more}"
    named = f"/subscriptions/01234567-.../resourceGroups/shared/providers/{type}/{example}"
    return Form(
        pattern, named, "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
    )


_GATEWAY = "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html"
_VNET = "https://learn.microsoft.com/azure/private-link/private-endpoint-overview"
_PSC = "https://cloud.google.com/vertex-ai/docs/predictions/private-service-connect"

EXISTING: Mapping[str, Mapping[str, Form | Missing]] = {
    "aws": {
        "registry": Form(
            r"arn:aws:ecr:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):repository/[a-z0-9._/-]{2,256}",
            "arn:aws:ecr:us-east-1:123456789012:repository/team/trifold-serving",
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html",
        ),
        "store": Form(
            r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            "team-models",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
        ),
        "identity": Form(
            _AWS_ROLE.format(r"(?P<account>\d{12})", "role"),
            "arn:aws:iam::123456789012:role/team/endpoints",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        ),
        "logs": Form(
            r"arn:aws:logs:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):log-group:(?P<name>/[\w./#-]+)",
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/NAME",
            "https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html",
        ),
        "home": Missing(
            "a resource group",
            "resources lie in the account itself",
            "tags: trifold:tags",
            "https://docs.aws.amazon.com/ARG/latest/userguide/resource-groups.html",
        ),
        "workspace": Missing(
            "an ML workspace",
            "a SageMaker endpoint lies in none",
            "the endpoint as it is",
            "https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-onboard.html",
        ),
        "vault": Missing(
            "a vault",
            "a SageMaker endpoint needs none",
            "trifold:key for a key of your own",
            "https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html",
        ),
    },
    "azure": {
        "home": Form(
            _GROUP,
            "/subscriptions/01234567-.../resourceGroups/shared",
            "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        ),
        "registry": _arm("Microsoft.ContainerRegistry/registries", "teamregistry"),
        "store": _arm("Microsoft.Storage/storageAccounts", "teammodels/blobServices/default/containers/models",
                      more=r"(/blobServices/default/containers/[a-z0-9-]{3,63})?"),
        "identity": _arm("Microsoft.ManagedIdentity/userAssignedIdentities", "endpoints"),
        "workspace": _arm("Microsoft.MachineLearningServices/workspaces", "team"),
        "vault": _arm("Microsoft.KeyVault/vaults", "team-vault"),
        "logs": _arm("Microsoft.OperationalInsights/workspaces", "team-logs", home=_ANY_GROUP),
    },
    "gcp": {
        "registry": Form(
            rf"projects/(?P<account>{_PROJECT})/locations/(?P<region>[a-z0-9-]+)/repositories/[a-z][a-z0-9-]{{0,62}}",
            "projects/my-project-123/locations/us-central1/repositories/team",
            "https://cloud.google.com/artifact-registry/docs/repositories/create-repos",
        ),
        "store": Form(
            r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", "team-models", "https://cloud.google.com/storage/docs/buckets#naming"
        ),
        "identity": Form(
            rf"[a-z][a-z0-9-]{{4,28}}[a-z0-9]@(?P<account>{_PROJECT})\.iam\.gserviceaccount\.com",
            "endpoints@my-project-123.iam.gserviceaccount.com",
            "https://cloud.google.com/iam/docs/service-accounts-create",
        ),
        "home": Missing(
            "a group within a project",
            "the project is the home, and always there before the stack",
            "trifold:account, which names the project",
            "https://cloud.google.com/resource-manager/docs/cloud-platform-resource-hierarchy",
        ),
        "workspace": Missing(
            "an ML workspace",
            "a Vertex AI endpoint lies in the project",
            "the endpoint as it is",
            "https://cloud.google.com/vertex-ai/docs/start/cloud-environment",
        ),
        "vault": Missing(
            "a vault",
            "a Vertex AI endpoint needs none",
            "trifold:key for a key of your own",
            "https://cloud.google.com/vertex-ai/docs/general/cmek",
        ),
        "logs": Missing(
            "a place for one endpoint's logs",
            "they go to the project's _Default bucket",
            "a sink of the project's, which routes them on",
            "https://cloud.google.com/logging/docs/routing/overview",
        ),
    },
}  # fmt: skip

# A key of another account is for its owner to share; one of another region is refused by every cloud.
KEY: Mapping[str, Form] = {
    "aws": Form(
        rf"arn:aws:kms:(?P<region>[a-z0-9-]+):\d{{12}}:key/({_UUID}|mrk-[0-9a-f]{{32}})",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab (a key, not an alias)",
        "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id",
    ),
    "azure": _arm(
        "Microsoft.KeyVault/vaults", "team-vault/keys/models/versions/<32 hex digits>", home=_ANY_GROUP,
        more=r"/keys/[a-z0-9-]{1,127}/versions/[0-9a-f]{32}",
    ),
    "gcp": Form(
        rf"projects/{_PROJECT}/locations/(?P<region>[a-z0-9-]+)/keyRings/[\w-]{{1,63}}/cryptoKeys/[\w-]{{1,63}}",
        "projects/my-project-123/locations/us-central1/keyRings/team/cryptoKeys/models",
        "https://cloud.google.com/kms/docs/getting-resource-ids",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Many:
    """A list of ids. least, most: how many."""

    form: Form
    least: int
    most: int


NETWORK: Mapping[str, Form] = {
    "aws": Form(r"vpc-([0-9a-f]{8}|[0-9a-f]{17})", "vpc-0123456789abcdef0", _GATEWAY),
    "azure": _arm("Microsoft.Network/virtualNetworks", "hub", home=_ANY_GROUP),
    "gcp": Form(rf"projects/({_PROJECT}|\d+)/global/networks/[a-z][a-z0-9-]{{0,62}}",
                "projects/my-project-123/global/networks/team", _PSC),
}  # fmt: skip
# The lists of a network, by cloud; what is not here is no setting there.
NETWORK_LISTS: Mapping[str, Mapping[str, Many]] = {
    "aws": {
        # "You must create at least two subnets in different availability zones": the page in _GATEWAY.
        "subnets": Many(Form(r"subnet-([0-9a-f]{8}|[0-9a-f]{17})", "subnet-0123456789abcdef0", _GATEWAY), 2, 16),
        "securityGroups": Many(Form(r"sg-([0-9a-f]{8}|[0-9a-f]{17})", "sg-0123456789abcdef0", _GATEWAY), 1, 5),
        "routeTables": Many(Form(r"rtb-([0-9a-f]{8}|[0-9a-f]{17})", "rtb-0123456789abcdef0", _GATEWAY), 0, 20),
        "trusted": Many(
            Form(_AWS_ROLE.format(r"\d{12}", "(role|user)"), "arn:aws:iam::123456789012:role/deploys",
                 "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"), 0, 20),
    },
    "azure": {
        "subnets": Many(_arm("Microsoft.Network/virtualNetworks", "hub/subnets/private", home=_ANY_GROUP,
                             more=r"/subnets/[\w.-]{1,80}"), 0, 1),
        # Single addresses have no prefix: "/31 or /32 are not supported" there.
        "trusted": Many(Form(r"\d{1,3}(\.\d{1,3}){3}(/([0-9]|[12][0-9]|30))?", "203.0.113.0/24",
                             "https://learn.microsoft.com/azure/storage/common/storage-network-security"), 0, 200),
    },
    "gcp": {
        "trusted": Many(Form(r"\d{1,3}(\.\d{1,3}){3}/([0-9]|[12][0-9]|3[0-2])", "203.0.113.0/24",
                             "https://cloud.google.com/storage/docs/ip-filtering-overview"), 0, 200),
    },
}  # fmt: skip
# https://learn.microsoft.com/azure/private-link/private-endpoint-dns
ZONES = (
    "privatelink.api.azureml.ms",
    "privatelink.azurecr.io",
    "privatelink.blob.core.windows.net",
    "privatelink.notebooks.azure.net",
    "privatelink.vaultcore.azure.net",
)
ZONE = _arm("Microsoft.Network/privateDnsZones", "privatelink.azurecr.io", home=_ANY_GROUP)
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
PATH = Form(r"/|/([!-.0-~]+/)+", "/team/", "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html")
BOUNDARY = Form(
    r"arn:aws:iam::((?P<account>\d{12})|aws):policy/([\w+=,.@-]+/)*[\w+=,.@-]{1,128}",
    "arn:aws:iam::123456789012:policy/team-boundary",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
)
ISSUER = Form(
    r"arn:aws:iam::(?P<account>\d{12}):oidc-provider/[\w./-]+",
    "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
)
