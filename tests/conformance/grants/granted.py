"""What a recorded program grants and locks: one id each, "<resource's name> <what>", such as

foundation-endpoint-pull AcrPull              a role assignment or an IAM member: the role
endpoint-may-read s3:GetObject                a statement of an AWS policy: each of its actions ("Deny s3:*" denies)
storage-account allowBlobPublicAccess=false   a switch that keeps somebody out
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.azure import roles
from tests.conformance.rig import Recording, Registered

BUILT_IN = {
    roles.ACR_PULL: "AcrPull",
    roles.BLOB_READER: "Storage Blob Data Reader",
    roles.BLOB_CONTRIBUTOR: "Storage Blob Data Contributor",
}
# What is locked where a property, at its path, has this value.
LOCKS: Mapping[str, Mapping[str, Any]] = {
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    },
    "aws:ecr/repository:Repository": {"imageTagMutability": "IMMUTABLE"},
    "azure-native:storage:StorageAccount": {
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": False,
        "allowCrossTenantReplication": False,
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
    },
    "azure-native:storage:BlobContainer": {"publicAccess": "None"},
    "azure-native:containerregistry:Registry": {"adminUserEnabled": False, "anonymousPullEnabled": False},
    "azure-native:keyvault:Vault": {"properties.enableRbacAuthorization": True},
    "azure-native:machinelearningservices:Workspace": {"systemDatastoresAuthMode": "Identity"},
    "azure-native:machinelearningservices:OnlineEndpoint": {"properties.authMode": "Key"},
    "gcp:storage/bucket:Bucket": {"publicAccessPrevention": "enforced", "uniformBucketLevelAccess": True},
    "gcp:artifactregistry/repository:Repository": {"dockerConfig.immutableTags": True},
}

# What a property that keeps somebody out is called, in one cloud or another.
SOUNDS_LIKE_ONE = re.compile(
    r"public|anonymous|shared|tls|https|mutab|adminUser|uniform|crossTenant|rbac|authMode", re.I
)
# The kit has no private networks.
OPEN = re.compile(r"publicNetworkAccess(ForIngestion|ForQuery)?$|egressPublicNetworkAccess$")


def unknown(recording: Recording) -> set[str]:
    """The properties that sound like a lock and are none of LOCKS."""
    return {
        f"{one.type} {path}"
        for one in recording.custom
        for path in _paths(one.inputs)
        if SOUNDS_LIKE_ONE.search(path) and not OPEN.search(path) and path not in LOCKS.get(one.type, {})
    }


def granted(recording: Recording) -> set[str]:
    """The ids of all grants and locks."""
    return {f"{_plain(one.name)} {what}" for one in recording.custom for what in _of(one)}


def _plain(name: str) -> str:
    """Without the first characters of a package's digest."""
    return re.sub(r"-[0-9a-f]{8,}$", "", name)


def _of(one: Registered) -> Iterator[str]:
    if "roleDefinitionId" in one.inputs:
        role = one.inputs["roleDefinitionId"].rpartition("/")[2]
        yield BUILT_IN.get(role, role)
    if "role" in one.inputs and {"member", "members"} & set(one.inputs):
        yield one.inputs["role"]
    yield from _stated(one.inputs)
    for path, locked in LOCKS.get(one.type, {}).items():
        if _at(one.inputs, path) == locked:
            yield f"{path.rpartition('.')[2]}={json.dumps(locked).strip(chr(34))}"


def _stated(inputs: Mapping[str, Any]) -> Iterator[str]:
    """The actions of the AWS policies among the inputs."""
    for text in inputs.values():
        if isinstance(text, str) and text.startswith("{") and '"Statement"' in text:
            for statement in json.loads(text)["Statement"]:
                actions = statement["Action"]
                for action in [actions] if isinstance(actions, str) else actions:
                    yield action if statement["Effect"] == "Allow" else f"Deny {action}"


def _paths(inputs: Any, above: str = "") -> Iterator[str]:
    if isinstance(inputs, dict):
        for name, value in inputs.items():
            yield from _paths(value, f"{above}{name}.")
    elif isinstance(inputs, list):
        for value in inputs:
            yield from _paths(value, above)
    else:
        yield above.rstrip(".")


def _at(inputs: Mapping[str, Any], path: str) -> Any:
    found: Any = inputs
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
