"""IAM policies: who may do what, and how a policy is read, changed (with its etag) and kept.

Only predefined roles, and of them those listed here, grant anything; any other role is kept and grants nothing.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid, refused

READ_OBJECTS = ("storage.objects.get", "storage.objects.list")
WRITE_OBJECTS = (*READ_OBJECTS, "storage.objects.create", "storage.objects.delete", "storage.objects.update")
BUCKETS = ("storage.buckets.*", "storage.objects.*")
# cloud.google.com/iam/docs/roles-permissions: the part of each role that this cloud's operations ask for.
ROLES: Mapping[str, tuple[str, ...]] = {
    "roles/owner": ("*",),
    "roles/editor": ("*",),
    "roles/viewer": ("*.get", "*.list"),
    "roles/storage.admin": BUCKETS,
    "roles/storage.objectAdmin": WRITE_OBJECTS,
    "roles/storage.objectUser": WRITE_OBJECTS,
    "roles/storage.objectCreator": ("storage.objects.create",),
    "roles/storage.objectViewer": READ_OBJECTS,
    "roles/storage.bucketViewer": ("storage.buckets.get", "storage.buckets.list"),
    "roles/storage.legacyBucketOwner": (
        "storage.buckets.get",
        "storage.buckets.getIamPolicy",
        "storage.buckets.setIamPolicy",
        "storage.buckets.update",
        "storage.objects.create",
        "storage.objects.delete",
        "storage.objects.list",
    ),
    "roles/storage.legacyBucketReader": ("storage.buckets.get", "storage.objects.list"),
    "roles/storage.legacyBucketWriter": (
        "storage.buckets.get",
        "storage.objects.create",
        "storage.objects.delete",
        "storage.objects.list",
    ),
    "roles/storage.legacyObjectReader": ("storage.objects.get",),
    "roles/storage.legacyObjectOwner": ("storage.objects.get", "storage.objects.update"),
    "roles/aiplatform.admin": ("aiplatform.*",),
    "roles/aiplatform.user": ("aiplatform.*",),
    "roles/aiplatform.viewer": ("aiplatform.*.get", "aiplatform.*.list"),
    "roles/artifactregistry.admin": ("artifactregistry.*",),
    "roles/artifactregistry.reader": ("artifactregistry.repositories.get", "artifactregistry.repositories.list"),
    "roles/iam.serviceAccountUser": ("iam.serviceAccounts.actAs", "iam.serviceAccounts.get"),
    "roles/iam.serviceAccountAdmin": ("iam.serviceAccounts.*",),
}
MEMBER_KINDS = ("user:", "serviceAccount:", "group:", "domain:", "principal:", "principalSet:", "deleted:", "project")
PUBLIC = ("allUsers", "allAuthenticatedUsers")


def grants(policy: Mapping[str, Any], member: str, permission: str) -> bool:
    """Whether a policy's bindings give a member ("serviceAccount:x@y"; without an address: nobody) a permission."""
    for binding in policy.get("bindings", ()):
        members = binding.get("members", ())
        everyone = PUBLIC if member != "serviceAccount:" else PUBLIC[:1]
        if (member in members or any(one in members for one in everyone)) and role_has(binding["role"], permission):
            return True
    return False


def role_has(role: str, permission: str) -> bool:
    return any(_matches(pattern, permission) for pattern in ROLES.get(role, ()))


def _matches(pattern: str, permission: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith("*."):
        return permission.endswith(pattern[1:])
    head, star, tail = pattern.partition(".*")
    return permission.startswith(f"{head}.") and permission.endswith(tail) if star else pattern == permission


def empty() -> dict[str, Any]:
    return with_etag({"version": 1, "bindings": []})


def with_etag(policy: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in policy.items() if name != "etag"}
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).digest()[:8]
    return {**kept, "etag": base64.b64encode(digest).decode()}


def replaced(old: Mapping[str, Any], new: Mapping[str, Any], http: int | None = None) -> dict[str, Any]:
    """The policy to keep. Raises ABORTED where the etag is an older one, INVALID_ARGUMENT for a bad member or role.
    http: the status of the ABORTED answer, where a service has another one (Cloud Storage: 412)."""
    if new.get("etag") and new["etag"] != old["etag"]:
        message = (
            "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff."
        )
        raise GoogleError("ABORTED", message, http=http)
    bindings: dict[str, list[str]] = {}
    for binding in new.get("bindings", ()):
        if binding.get("condition"):
            raise refused("the field policy.bindings[].condition of setIamPolicy")
        _check(binding)
        bindings.setdefault(binding["role"], []).extend(binding.get("members", ()))
    kept = [{"role": role, "members": sorted(set(members))} for role, members in bindings.items() if members]
    return with_etag({"version": 1, "bindings": kept})


def _check(binding: Mapping[str, Any]) -> None:
    role = binding.get("role", "")
    if not role.startswith(("roles/", "projects/", "organizations/")):
        raise invalid(f"Role {role} is not supported for this resource.")
    for member in binding.get("members", ()):
        if member not in PUBLIC and not member.startswith(MEMBER_KINDS):
            raise invalid(f"The member {member} is of an unknown type. Please set a valid type prefix for the member.")


def members(policy: Mapping[str, Any]) -> Iterable[str]:
    for binding in policy.get("bindings", ()):
        yield from binding.get("members", ())


def allowed_of(policies: Sequence[Mapping[str, Any]], caller: str, permission: str) -> bool:
    """Whether any of the policies (project's, resource's) lets the caller do it."""
    return any(grants(policy, f"serviceAccount:{caller}", permission) for policy in policies)
