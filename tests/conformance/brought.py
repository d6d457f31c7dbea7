"""What stacks of the tests bring along, as their stack files say it: by cloud, and by key of `trifold:`."""

import json
from collections.abc import Mapping
from typing import Any

_SHARED = "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/shared"
_PROVIDERS = f"{_SHARED}/providers"
_VNET = f"{_PROVIDERS}/Microsoft.Network/virtualNetworks/hub"
PARTS = ("home", "registry", "store", "identity", "workspace", "vault", "logs")

# A part that is there already, where the cloud has such a part.
EXISTING: Mapping[str, Mapping[str, str]] = {
    "aws": {
        "registry": "arn:aws:ecr:us-east-1:000000000000:repository/team/trifold-serving",
        "store": "team-models",
        "identity": "arn:aws:iam::000000000000:role/team/endpoints",
        "logs": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/trifold-aws",
    },
    "azure": {
        "home": _SHARED,
        "registry": f"{_PROVIDERS}/Microsoft.ContainerRegistry/registries/teamregistry",
        "store": f"{_PROVIDERS}/Microsoft.Storage/storageAccounts/teammodels/blobServices/default/containers/packages",
        "identity": f"{_PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/endpoints",
        "workspace": f"{_PROVIDERS}/Microsoft.MachineLearningServices/workspaces/team",
        "vault": f"{_PROVIDERS}/Microsoft.KeyVault/vaults/team-vault",
        "logs": f"{_PROVIDERS}/Microsoft.OperationalInsights/workspaces/team-logs",
    },
    "gcp": {
        "registry": "projects/local/locations/us-central1/repositories/team",
        "store": "team-models",
        "identity": "endpoints@local.iam.gserviceaccount.com",
    },
}
KEYS: Mapping[str, str] = {
    "aws": "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "azure": f"{_PROVIDERS}/Microsoft.KeyVault/vaults/team-vault/keys/models/versions/{'0123456789abcdef' * 2}",
    "gcp": "projects/local/locations/us-central1/keyRings/team/cryptoKeys/models",
}
NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "aws": {
        "network": "vpc-0123456789abcdef0",
        "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        "securityGroups": ["sg-0123456789abcdef0"],
        "routeTables": ["rtb-0123456789abcdef0"],
    },
    "azure": {"network": _VNET, "subnets": [f"{_VNET}/subnets/private"]},
    "gcp": {"network": "projects/local/global/networks/team"},
}
# The same network, where others have made the private endpoints.
CONNECTED: Mapping[str, Mapping[str, Any]] = {
    "aws": {**{key: value for key, value in NETWORKS["aws"].items() if key != "routeTables"}, "endpoints": "existing"},
    "azure": {"network": _VNET, "endpoints": "existing"},
    "gcp": {**NETWORKS["gcp"], "endpoints": "existing"},
}
TRUSTED: Mapping[str, str] = {
    "aws": "arn:aws:iam::000000000000:role/deploys",
    "azure": "20.42.0.0/24",
    "gcp": "203.0.113.0/24",
}
TAGS: Mapping[str, Mapping[str, str]] = {
    "aws": {"Cost Center": "R&D 42".replace("&", "+")},
    "azure": {"Cost Center": "R&D 42"},
    "gcp": {"cost-center": "rd-42"},
}


def file(**settings: Any) -> dict[str, str]:
    """Settings as a stack file holds them: structured ones as JSON."""
    return {f"trifold:{key}": one if isinstance(one, str) else json.dumps(one) for key, one in settings.items()}


def trusting(network: Mapping[str, Any], cloud: str) -> dict[str, Any]:
    """A network with somebody outside who gets in."""
    return {**network, "trusted": [TRUSTED[cloud]]}
