"""Which resource types grant something, and in which of their properties; the names of the widest roles."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from trifold.policy.resource import Hidden, Resource

# AWS: the properties that hold a policy document of rights (not a resource policy), and those that name policies.
AWS_DOCUMENTS: Final = {
    "aws:iam/policy:Policy": ("policy",),
    "aws:iam/rolePolicy:RolePolicy": ("policy",),
    "aws:iam/userPolicy:UserPolicy": ("policy",),
    "aws:iam/groupPolicy:GroupPolicy": ("policy",),
    "aws:iam/role:Role": ("inlinePolicies[*].policy",),
}
AWS_ATTACHMENTS: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn",),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": ("policyArn",),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ("policyArn",),
    "aws:iam/policyAttachment:PolicyAttachment": ("policyArn",),
    "aws:iam/role:Role": ("managedPolicyArns[*]",),
}
# Google Cloud: grants on a project, folder or organization, and those on one resource; to one member, to all of a
# role, or a whole policy as JSON.
KINDS: Final = {"Member": ("member", "role"), "Binding": ("members", "role"), "Policy": ("policyData",)}
_WIDE: Final = tuple(f"{level}/iAM{{0}}:IAM{{0}}" for level in ("projects", "folder", "organizations"))
_NARROW: Final = (
    "artifactregistry/repositoryIam{0}:RepositoryIam{0}",
    "cloudfunctions/functionIam{0}:FunctionIam{0}",
    "cloudfunctionsv2/functionIam{0}:FunctionIam{0}",
    "cloudrun/iam{0}:Iam{0}",
    "cloudrunv2/serviceIam{0}:ServiceIam{0}",
    "kms/cryptoKeyIAM{0}:CryptoKeyIAM{0}",
    "serviceaccount/iAM{0}:IAM{0}",
    "storage/bucketIAM{0}:BucketIAM{0}",
    "vertex/aiEndpointIam{0}:AiEndpointIam{0}",
)


def _reads(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {f"gcp:{name.format(kind)}": paths for name in names for kind, paths in KINDS.items()}


GCP_WIDE: Final = _reads(_WIDE)
GCP_GRANTS: Final = {**GCP_WIDE, **_reads(_NARROW)}
GCP_BASIC: Final = ("roles/owner", "roles/editor", "roles/viewer")
GCP_IMPERSONATING: Final = ("roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator")

# Azure's built-in roles by id (https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles).
AZURE_WIDE: Final = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}


@dataclass(frozen=True)
class Grant:
    """A role for one member; either may be Hidden. path: the property that says the member; role_path: the role."""

    role: Any
    member: Any
    path: str
    role_path: str


def gcp_grants(resource: Resource) -> Iterator[Grant]:
    """All that a resource of Google Cloud's IAM grants."""
    kind = resource.type.rpartition(":")[2]
    if kind.endswith("Policy"):
        yield from _of_policy(resource.at("policyData"))
        return
    role = resource.at("role")
    for path, member in resource.each("members[*]" if kind.endswith("Binding") else "member"):
        yield Grant(role, member, path, "role")


def _of_policy(value: Any) -> Iterator[Grant]:
    path = "policyData"
    if isinstance(value, Hidden):
        yield Grant(value, value, path, path)
        return
    try:
        found = json.loads(value or "{}")
    except (TypeError, ValueError):
        return  # Google Cloud refuses it
    bindings = found.get("bindings") if isinstance(found, Mapping) else None
    for one in bindings if isinstance(bindings, list) else ():
        for member in one.get("members") or () if isinstance(one, Mapping) else ():
            yield Grant(one.get("role"), member, path, path)
